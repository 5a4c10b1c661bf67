"""What differs between two documents of one kind, as kinds of change with the line of each.

Total functions: every field of a model is named here or falls to the general kind of its document.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar  # a field's value may be of any type

from pydantic import BaseModel

from appstore.documents.catalog import WIDTH, Approval, Template
from appstore.documents.course import Course
from appstore.documents.deployment import Adopted, Deployment
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document
from appstore.documents.policy import ChangeKind
from appstore.registry.members import roster_members
from appstore.wanted.members import ALL

ModelT = TypeVar("ModelT", bound=BaseModel)
Found = tuple[ChangeKind, int, str]
"""Kind, line in the proposal (0: the whole file), a sentence without its dot."""


def deployment_fields(
    old: Document[Deployment], new: Document[Deployment], days: int
) -> Iterator[Found]:
    """A deployment that is there before and after; `days` is the site's limit of an extension."""
    before, after = old.model, new.model
    for field, was, now, line in _differing(old, new):
        match field:
            case "reset":
                yield from _resets(before, after, line)
            case "retry" if now > was:
                yield "retry", line, "tries again what was given up"
            case "state" if now == "absent":
                yield "removal", line, "orders its machines to be deleted"
            case "state":
                yield "state", line, f"is {now} from now on"
            case "ends":
                yield from _ends(was, now, line, days)
            case "accept_replace" if now is not None:
                yield "reset", line, f"accepts that {now} replaces its servers"
            case "protect" if was:
                yield "safeguard", line, "is protected no longer"
            case "adopt" if _taken(now) - _taken(was):
                yield "safeguard", line, "takes over a living stack"
            case "base":
                yield "base", line, "becomes a base" if now else "is a base no longer"
            case "template":
                yield "deployment", line, f"moves from {was} to {now}"
            case _:
                yield "deployment", line, f"changes {field}"
    if after.base and before != after:
        yield "base", 1, "changes the shared network of the project"


def _differing(old: Document[ModelT], new: Document[ModelT]) -> Iterator[tuple[str, Any, Any, int]]:
    """Each field in which they differ, as people write it: both values, its line in the new one."""
    for name in sorted(type(new.model).model_fields):
        was, now = getattr(old.model, name), getattr(new.model, name)
        if was != now:
            field = name.rstrip("_")
            yield field, was, now, new.mark(field).line


def _taken(adopt: Adopted | None) -> set[tuple[str, str]]:
    """Which stack by which member, "" where there is but one."""
    match adopt:
        case None:
            return set()
        case str() as id_:
            return {("", id_)}
        case ids:
            return set(ids.items())


def _resets(before: Deployment, after: Deployment, line: int) -> Iterator[Found]:
    raised = {
        member
        for member in after.reset.keys() | before.reset.keys()
        if after.reset.get(member, 0) > before.reset.get(member, 0)
    }
    if ALL in raised:
        yield "reset", line, "makes all its machines anew"
    elif raised:
        yield "seat-reset", line, f"makes {', '.join(sorted(raised))} anew"
    lowered = (before.reset.keys() | after.reset.keys()) - raised
    if any(after.reset.get(member, 0) < before.reset.get(member, 0) for member in lowered):
        yield "deployment", line, "lowers a reset counter, which does nothing"


def _ends(was: date | None, now: date | None, line: int, days: int) -> Iterator[Found]:
    match was, now:
        case date(), date() if now > was:
            yield _later(was, now, days), line, f"ends on {now} instead of {was}"
        case date(), date():
            yield "removal", line, f"ends on {now} already, not on {was}"
        case _:
            # With or without a date of its own it may end earlier or later than before.
            yield "long-extension", line, f"ends on {now or 'the last day of its course'}"


def _later(was: date, now: date, days: int) -> ChangeKind:
    return "extension" if (now - was).days <= days else "long-extension"


def course_fields(old: Document[Course], new: Document[Course], days: int) -> Iterator[Found]:
    """A course that is there before and after."""
    before, after = old.model, new.model
    for field, was, now, line in _differing(old, new):
        match field:
            case "ends" if before.term == after.term:
                yield from _ends(was, now, line, days)
            case "staff":
                yield "staff", line, "changes who runs the course"
            case "exceptions":
                yield "safeguard", line, "changes its exceptions from a rail"
            case "exam_resets":
                yield "reset", line, "resets seats during an exam"
            case "roster" | "groups" if _people(before) - _people(after):
                yield "removal", line, "removes seats or groups"
            case _:
                yield "course", line, f"changes {field}"


def _people(course: Course) -> set[str]:
    return {*roster_members(course), *course.groups}


def lecturer_fields(old: Document[Lecturer], new: Document[Lecturer]) -> Iterator[Found]:
    """A lecturer who is there before and after."""
    for field, _, _, line in _differing(old, new):
        match field:
            case "title" | "language":
                yield "profile", line, f"changes {field}"
            case "accounts":
                yield "accounts", line, "changes whose folder this is"
            case _:
                yield "mapping", line, f"changes the lecturer's {field}"


def card_fields(old: Document[Template], new: Document[Template]) -> Iterator[Found]:
    """A card that is there before and after."""
    for field, was, now, line in _differing(old, new):
        match field:
            case "owner":
                yield "ownership", line, f"goes from {was} to {now}"
            case "visibility" if WIDTH[now] > WIDTH[was]:
                yield "visibility", line, f"is offered to more people: {was} -> {now}"
            case _:
                yield "card", line, f"changes the card's {field}"


def withdraws(old: Approval, new: Approval) -> bool:
    """Whether all that differs is one more withdrawal, and none is taken back."""
    ways = ("deprecated", "retired", "revoked")
    same = all(
        getattr(old, field) == getattr(new, field)
        for field in type(new).model_fields
        if field not in ways
    )
    kept = all(getattr(old, way) in (None, getattr(new, way)) for way in ways)
    return same and kept and old != new
