"""What will happen to a deployment and when, if its files stay as they are.

Nothing is sampled: what is wanted can only change at a few moments, and it is asked at each.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from appstore.documents.catalog import Approval
from appstore.documents.course import Course
from appstore.documents.marks import Document
from appstore.reconcile.timing import end_of_grace
from appstore.registry.registry import CourseFolder, DeploymentFile
from appstore.wanted.lifetimes import Situation, last_day, revocation, wanted_state, zone_of
from appstore.wanted.members import instance_ids
from appstore.wanted.moments import day_begins, local
from appstore.wanted.notices import DAYS_BEFORE
from appstore.wanted.prewarm import beginnings
from appstore.wanted.schedule import ONE_DAY, exams, lessons, ready_by
from appstore.wanted.states import Asleep, Gone, NotYet, Running, Wanted


class Kind(StrEnum):
    """What happens; CLASS, EXAM and AWAKE last, and machines sleep between them."""

    MADE = "made"
    CLASS = "class"
    EXAM = "exam"
    AWAKE = "awake"
    REVOKED = "revoked"
    NOTICE = "notice"
    ENDS = "ends"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a calendar shows, in UTC, the end not included."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `at` until `until` the same is wanted."""

    at: datetime
    until: datetime
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens to a deployment, in UTC.

    `until` is set for what lasts and ends within the window; `begins` is when the class or exam
    itself begins, after the lead.
    """

    at: datetime
    kind: Kind
    deployment: str
    machines: int
    until: datetime | None = None
    begins: datetime | None = None


def agenda(
    file: DeploymentFile,
    course: CourseFolder | None,
    approval: Document[Approval] | None,
    window: Window,
) -> tuple[Event, ...]:
    """The events of one deployment within the window, by time; `approval` is its version's."""
    ids = instance_ids(file, course)
    begins = beginnings(course) if course else {}
    waves = Counter(begins.get(id_) for id_ in ids)
    document = course.document if course else None
    events: list[Event] = []
    for wave, machines in waves.items():
        line = timeline(file, document, approval, wave, window)
        events += _made(file, line, machines)
    first = min((wave for wave in waves if wave is not None), default=None)
    line = timeline(file, document, approval, first, window)
    for stretch in line:
        events += _during(file, document, stretch, window, len(ids))
    if approval is not None:
        events += _revoked(file, approval, line, len(ids))
    events += _notices(file, document, window, len(ids))
    return tuple(sorted(events, key=lambda event: (event.at, event.kind)))


def timeline(
    file: DeploymentFile,
    course: Document[Course] | None,
    approval: Document[Approval] | None,
    begins: datetime | None,
    window: Window,
) -> tuple[Stretch, ...]:
    """What is wanted of an instance that is made from `begins` on, without a gap."""
    points = {point for point in _points(file, course, window) if window.start < point < window.end}
    for point in (begins, revocation(approval, course)):
        if point is not None and window.start < point < window.end:
            points.add(point)
    stretches: list[Stretch] = []
    for at, until in pairwise(sorted({window.start, window.end} | points)):
        wanted = wanted_state(Situation(file, course, at, begins, approval))
        if stretches and stretches[-1].wanted == wanted:
            at = stretches.pop().at
        stretches.append(Stretch(at, until, wanted))
    return tuple(stretches)


def _points(
    file: DeploymentFile, course: Document[Course] | None, window: Window
) -> Iterator[datetime]:
    """Every moment at which what is wanted can change, beside its own begin and a revocation."""
    if (last := last_day(file.document, course)) is not None:
        yield last.over(zone_of(course))
    if course is None:
        return
    if (ready := ready_by(course)) is not None:
        yield ready
    for span in exams(course):
        yield from (span.at, span.until)
    day = local(window.start, course.model.timezone).date() - ONE_DAY
    while day <= local(window.end, course.model.timezone).date() + ONE_DAY:
        for span in lessons(course, day):
            yield from (span.at, span.until)
        day += ONE_DAY


def _made(file: DeploymentFile, line: tuple[Stretch, ...], machines: int) -> Iterator[Event]:
    for before, after in pairwise(line):
        match before.wanted, after.wanted:
            case NotYet(), Running() | Asleep(prewarm=True):
                yield Event(after.at, Kind.MADE, file.id, machines)


def _during(
    file: DeploymentFile,
    course: Document[Course] | None,
    stretch: Stretch,
    window: Window,
    machines: int,
) -> Iterator[Event]:
    until = stretch.until if stretch.until < window.end else None
    match stretch.wanted:
        case Running(occasion=None):
            yield Event(stretch.at, Kind.AWAKE, file.id, machines, until)
        case Running(occasion=occasion) if occasion is not None:
            kind = Kind.EXAM if occasion.kind == "exam" else Kind.CLASS
            yield Event(stretch.at, kind, file.id, machines, until, occasion.begins)
        case Gone(grace=grace):
            yield from _end(file, course, stretch, window, machines, grace)
        case _:
            pass


def _revoked(
    file: DeploymentFile,
    approval: Document[Approval],
    line: tuple[Stretch, ...],
    machines: int,
) -> Iterator[Event]:
    """From when on it sleeps because its version is revoked; once, though an exam may wake it."""
    for stretch in line:
        match stretch.wanted:
            case Asleep(cause=cause) if cause.path == approval.path:
                yield Event(stretch.at, Kind.REVOKED, file.id, machines)
                return


def _end(
    file: DeploymentFile,
    course: Document[Course] | None,
    stretch: Stretch,
    window: Window,
    machines: int,
    grace: timedelta,
) -> Iterator[Event]:
    """The end, where it lies in the window, and the deletion when its grace is over."""
    ended, last = stretch.at, last_day(file.document, course)
    if ended > window.start:
        yield Event(ended, Kind.ENDS, file.id, machines)
    elif last is not None:
        ended = min(ended, last.over(zone_of(course)))
    if grace:
        deleted = end_of_grace(ended.date(), grace, ended)
        if window.start < deleted < window.end:
            yield Event(deleted, Kind.DELETED, file.id, machines)


def _notices(
    file: DeploymentFile, course: Document[Course] | None, window: Window, machines: int
) -> Iterator[Event]:
    last = last_day(file.document, course)
    if last is None or file.document.model.state == "absent":
        return
    for days in DAYS_BEFORE:
        at = day_begins(last.day - days * ONE_DAY, zone_of(course))
        if window.start < at < window.end:
            yield Event(at, Kind.NOTICE, file.id, machines)
