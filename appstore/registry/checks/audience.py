"""For whom a deployment is: its members, and what it says about single ones."""

from collections.abc import Iterator, Mapping

from appstore.documents.course import Course
from appstore.documents.findings import Finding
from appstore.registry.draft import Draft
from appstore.registry.members import members_for
from appstore.registry.nearest import known_instead
from appstore.registry.registry import DeploymentFile


def check_audiences(draft: Draft) -> Iterator[Finding]:
    """`for` fits the course; `reset` and `adopt` name its members."""
    for file in draft.deployments:
        if file.course is None:
            yield from _without_course(file)
        elif (course := draft.course_of(file)) is not None:
            yield from _in_course(file, course.model)


def _without_course(file: DeploymentFile) -> Iterator[Finding]:
    if file.document.model.for_ is not None:
        yield file.document.finding(
            "registry/for",
            "A deployment without a course is one instance; it is for nobody in particular.",
            "Remove this line, or move the file into the folder of a course.",
            ("for",),
        )
    yield from _resets(file, ())
    yield from _adopts(file, ())


def _in_course(file: DeploymentFile, course: Course) -> Iterator[Finding]:
    document = file.document
    match document.model.for_:
        case None:
            yield document.finding(
                "registry/for",
                "It is not said for whom this deployment is.",
                "Add a line: for: course, for: group or for: student.",
            )
            return
        case "group" if not course.groups:
            yield document.finding(
                "registry/for",
                "The course has no groups.",
                "Add `groups` to course.yaml, or write for: student or for: course.",
                ("for",),
            )
            return
        case "student" if course.roster is None:
            yield document.finding(
                "registry/for",
                "The course has no roster.",
                "Add `roster` to course.yaml, for example: roster: {seats: 30}.",
                ("for",),
            )
            return
        case audience:
            pass
    if not document.model.reset and document.model.adopt is None:
        return
    members = members_for(course, audience)
    yield from _resets(file, members)
    yield from _adopts(file, () if audience == "course" else members)


def _resets(file: DeploymentFile, members: tuple[str, ...]) -> Iterator[Finding]:
    for name in file.document.model.reset:
        if name != "all" and name not in members:
            yield _unknown(file, "reset", name, ("all", *members))


def _adopts(file: DeploymentFile, members: tuple[str, ...]) -> Iterator[Finding]:
    """`members` are those of a class or of groups; none where there is a single machine."""
    document = file.document
    match document.model.adopt:
        case None:
            return
        case str() if members:
            yield document.finding(
                "registry/adopt",
                "It is not said which member takes over the stack.",
                f"Name it, for example: adopt: {{{members[0]}: <stack id>}}.",
                ("adopt",),
            )
        case str():
            return
        case _ if not members:
            yield document.finding(
                "registry/adopt",
                "This deployment has a single machine, so no member is named.",
                "Write the id alone: adopt: <stack id>.",
                ("adopt",),
            )
        case ids:
            yield from _adopts_each(file, ids, members)


def _adopts_each(
    file: DeploymentFile, ids: Mapping[str, str], members: tuple[str, ...]
) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name, id_ in ids.items():
        if name not in members:
            yield _unknown(file, "adopt", name, members)
        elif (other := first.setdefault(id_, name)) != name:
            yield file.document.finding(
                "registry/adopt",
                f"{other} and {name} cannot take over the same stack.",
                "Write the id of each member's own stack; without it `appstore plan` shows it.",
                ("adopt", name),
            )


def _unknown(file: DeploymentFile, field: str, name: str, known: tuple[str, ...]) -> Finding:
    return file.document.finding(
        "registry/unknown-member",
        f'This deployment has no member "{name}".',
        known_instead(name, known),
        (field, name),
    )
