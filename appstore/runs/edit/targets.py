"""Which deployments, members and courses the ids on the command line mean."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from appstore.documents.course import Course
from appstore.documents.marks import Document
from appstore.errors import InvalidInput
from appstore.reconcile.scope import matches
from appstore.registry.draft import Draft
from appstore.registry.members import members_for
from appstore.registry.nearest import known_instead
from appstore.registry.registry import DeploymentFile


@dataclass(frozen=True, slots=True)
class Target:
    """A deployment, and who of it is meant: `named` members, or None for the whole.

    `everybody` are all its members; none without a course, where `course` is None.
    """

    file: DeploymentFile
    course: Document[Course] | None
    everybody: tuple[str, ...]
    named: tuple[str, ...] | None

    @property
    def address(self) -> str:
        """`<lecturer>/<course>/<deployment>`, as people type it."""
        return f"{self.file.lecturer}/{self.file.id}"

    @property
    def addresses(self) -> tuple[str, ...]:
        """The address of the whole, or of each named member."""
        if self.named is None:
            return (self.address,)
        return tuple(f"{self.address}/{member}" for member in self.named)


@dataclass(frozen=True, slots=True)
class CourseTarget:
    """A course as a whole."""

    lecturer: str
    name: str
    document: Document[Course]

    @property
    def address(self) -> str:
        """`<lecturer>/<course>`."""
        return f"{self.lecturer}/{self.name}"


def deployments(draft: Draft) -> tuple[Target, ...]:
    """Every deployment that can be read, with its course where it lies in one."""
    return tuple(
        Target(file, course, _members(file, course), None)
        for file in draft.deployments
        if (course := draft.course_of(file)) is not None or file.course is None
    )


def courses(draft: Draft) -> tuple[CourseTarget, ...]:
    """Every course that can be read."""
    return tuple(CourseTarget(*key, document) for key, document in draft.courses.items())


def meant(draft: Draft, patterns: Sequence[str], member: str | None) -> tuple[Target, ...]:
    """The deployments that the patterns name, wholly or by their members; `member` narrows.

    Raises InvalidInput for a pattern or a member that nothing is called by.
    """
    every = deployments(draft)
    for pattern in patterns:
        if not any(_narrowed(one, [pattern]) for one in every):
            raise _unknown(draft, pattern)
    found = [target for one in every if (target := _narrowed(one, patterns))]
    if member is None:
        return tuple(found)
    return tuple(_only(target, member) for target in found)


def meant_seats(draft: Draft, patterns: Sequence[str]) -> tuple[Target, ...]:
    """The seats that the patterns name, with every machine that is theirs alone.

    `<lecturer>/<course>/<seat>` names a seat, and so does one of its machines.
    Raises InvalidInput for a pattern that names no seat.
    """
    own = [one for one in deployments(draft) if one.file.document.model.for_ == "student"]
    called: defaultdict[_Seat, list[str]] = defaultdict(list)
    for one in own:
        for member in one.everybody:
            seat = _seat(one, member)
            called[seat] += [f"{one.address}/{member}", "/".join(seat)]
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for names in called.values() for name in names):
            raise _no_seat(pattern, ["/".join(seat) for seat in called])
    seats = {
        seat
        for seat, names in called.items()
        if any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
    }
    return tuple(
        replace(one, named=named)
        for one in own
        if (named := tuple(m for m in one.everybody if _seat(one, m) in seats))
    )


def shared_with(draft: Draft, seats: Sequence[Target]) -> tuple[Target, ...]:
    """The machines of the groups that these seats belong to, one target a machine."""
    leaving = {_seat(one, member) for one in seats for member in one.named or ()}
    return tuple(
        replace(one, named=(group,))
        for one in deployments(draft)
        if one.course is not None and one.file.document.model.for_ == "group"
        for group, inside in one.course.model.groups.items()
        if any(_seat(one, member) in leaving for member in inside)
    )


_Seat = tuple[str, str, str]
"""Lecturer, course, member."""


def _seat(target: Target, member: str) -> _Seat:
    return target.file.lecturer, target.file.course or "", member


def _members(file: DeploymentFile, course: Document[Course] | None) -> tuple[str, ...]:
    return members_for(course.model, file.document.model.for_ or "course") if course else ()


def _narrowed(target: Target, patterns: Sequence[str]) -> Target | None:
    """The part of a deployment that the patterns mean."""
    if any(matches(pattern, target.address) for pattern in patterns):
        return target
    named = tuple(
        member
        for member in target.everybody
        if any(matches(pattern, f"{target.address}/{member}") for pattern in patterns)
    )
    return replace(target, named=named) if named else None


def _only(target: Target, member: str) -> Target:
    if member not in target.everybody or member not in (target.named or (member,)):
        raise _no_member(target, member)
    return replace(target, named=(member,))


def _unknown(draft: Draft, pattern: str) -> InvalidInput:
    head, _, tail = pattern.rpartition("/")
    every = deployments(draft)
    for one in every:
        if one.address == head:
            return _no_member(one, tail)
    hint = "A name is LECTURER/COURSE/DEPLOYMENT, as `appstore status` shows it."
    if every:
        hint = known_instead(pattern, [one.address for one in every])
    return InvalidInput(f'Nothing is called "{pattern}".', hint)


def _no_member(target: Target, member: str) -> InvalidInput:
    if not target.everybody:
        return InvalidInput(
            f"{target.address} is one machine without members.", f"Name it as {target.address}."
        )
    return InvalidInput(
        f'{target.address} has no member "{member}".', known_instead(member, target.everybody)
    )


def _no_seat(pattern: str, known: Collection[str]) -> InvalidInput:
    return InvalidInput(f'No seat is called "{pattern}".', known_instead(pattern, known))
