"""What is wanted of a deployment's instances at a moment: rules, of which the first that speaks.

An exam goes before everything; then what ends a deployment; then `state` in its file; then a
revocation of its version; then the schedule. Nothing depends on when a machine was made or how
long it ran. Days are those of the course's time zone; `ends` is the last day on which it is there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from appstore.documents.catalog import Approval, Revocation
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.marks import Document
from appstore.registry.registry import DeploymentFile
from appstore.wanted.members import cause
from appstore.wanted.moments import DEFAULT_ZONE, day_begins
from appstore.wanted.schedule import (
    ONE_DAY,
    exam_at,
    exams,
    lesson_at,
    next_lesson,
    ready_by,
)
from appstore.wanted.states import Asleep, Cause, Gone, NotYet, Running, Wanted

UNORDERED_GRACE = timedelta(days=14)
"""For what has no course to say how long its data is kept (README of deployments)."""

SHORTEST_GRACE = timedelta(days=3)
"""However few days are written, what no `state: absent` ends leaves so long to object."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One instance at one moment, in UTC.

    `course` is None for a deployment without one; `begins` is when the instance is to be made,
    None for at once. `approval` is that of the version that it uses.
    """

    file: DeploymentFile
    course: Document[Course] | None
    now: datetime
    begins: datetime | None = None
    approval: Document[Approval] | None = None

    @property
    def deployment(self) -> Document[Deployment]:
        """What the file says."""
        return self.file.document

    @property
    def grace(self) -> timedelta:
        """How long data is kept after the last day."""
        return grace(self.course.model.grace) if self.course else UNORDERED_GRACE


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of a deployment, the line that says so, and what ends on it."""

    day: date
    cause: Cause
    what: str

    def over(self, zone: str) -> datetime:
        """The first moment after it."""
        return day_begins(self.day + ONE_DAY, zone)


def grace(days: int) -> timedelta:
    """How long an ended machine is kept where a course writes so many days."""
    return max(timedelta(days=days), SHORTEST_GRACE)


def zone_of(course: Document[Course] | None) -> str:
    """The time zone in which days and times of a deployment are meant."""
    return course.model.timezone if course else DEFAULT_ZONE


def last_day(deployment: Document[Deployment], course: Document[Course] | None) -> LastDay | None:
    """The deployment's own last day or its course's, whichever comes first."""
    found = []
    if (ends := deployment.model.ends) is not None:
        ordered = replace(cause(deployment, f"ends: {ends}", "ends"), kind="date")
        found.append(LastDay(ends, ordered, "it"))
    if course is not None:
        ends = course.model.ends
        ordered = Cause(course.path, course.mark("ends").line, f"ends: {ends}", "date")
        found.append(LastDay(ends, ordered, "the course"))
    return min(found, key=lambda last: last.day, default=None)


def revocation(
    approval: Document[Approval] | None, course: Document[Course] | None
) -> datetime | None:
    """The first moment at which what runs of a revoked version sleeps; None: it is not revoked."""
    if approval is None or approval.model.revoked is None:
        return None
    return _sleeps(approval.model.revoked, course)


def _sleeps(revoked: Revocation, course: Document[Course] | None) -> datetime:
    return day_begins(revoked.date + revoked.grace * ONE_DAY, zone_of(course))


def wanted_state(situation: Situation) -> Wanted:
    """What is wanted of the instance."""
    wanted = next((said for rule in RULES if (said := rule(situation))), Running())
    course = situation.course
    if course and (exam := exam_at(course, situation.file.name, situation.now)):
        return Running(exam, keep=isinstance(wanted, Gone))
    return wanted


def absent(deployment: Document[Deployment]) -> Gone | None:
    """`state: absent` takes effect at once."""
    if deployment.model.state != "absent":
        return None
    return Gone(cause(deployment, "state: absent", "state"), timedelta(0), "state is absent")


def _absent(situation: Situation) -> Gone | None:
    return absent(situation.deployment)


def _ended(situation: Situation) -> Gone | None:
    last = last_day(situation.deployment, situation.course)
    if last is None or situation.now < last.over(zone_of(situation.course)):
        return None
    return Gone(last.cause, situation.grace, f"{last.what} ended on {last.day}")


def _too_early(situation: Situation) -> NotYet | None:
    if situation.begins is None or situation.now >= situation.begins:
        return None
    return NotYet(situation.begins)


def _suspended(situation: Situation) -> Asleep | None:
    deployment = situation.deployment
    if deployment.model.state != "suspended" or deployment.model.base:
        return None  # everything else of the project needs its base
    return Asleep(cause(deployment, "state: suspended", "state"))


def _revoked(situation: Situation) -> Asleep | None:
    """What runs of a revoked version sleeps after its grace, until it moves to another one."""
    approval = situation.approval
    if approval is None or (revoked := approval.model.revoked) is None:
        return None
    if situation.now < _sleeps(revoked, situation.course):
        return None
    text = f"revoked: {revoked.reason}"
    return Asleep(Cause(approval.path, approval.mark("revoked").line, text, "date"))


def _made_ahead(situation: Situation) -> Asleep | None:
    """Without a schedule machines run from `ready_by` on; made in waves, they sleep until then."""
    course = situation.course
    if course is None or course.model.schedule is not None:
        return None
    ready = ready_by(course)
    if ready is None or situation.now >= ready:
        return None
    ordered = Cause(course.path, course.mark("ready_by").line, "ready_by")
    return Asleep(ordered, prewarm=True, wakes=ready)


def _scheduled(situation: Situation) -> Running | Asleep | None:
    course = situation.course
    if course is None or course.model.schedule is None:
        return None
    if (lesson := lesson_at(course, situation.now)) is not None:
        return Running(lesson.occasion)
    ordered = Cause(course.path, course.mark("schedule").line, "schedule: no class now")
    return Asleep(ordered, prewarm=True, wakes=_wakes(situation, course))


def _wakes(situation: Situation, course: Document[Course]) -> datetime | None:
    """The next class, homework hours or exam that this deployment lives to see."""
    now, last = situation.now, last_day(situation.deployment, course)
    spans = [span for span in exams(course, situation.file.name) if span.at > now]
    if (lesson := next_lesson(course, now)) is not None:
        spans.append(lesson)
    over = last.over(course.model.timezone) if last else None
    return min((span.at for span in spans if over is None or span.at < over), default=None)


RULES: tuple[Callable[[Situation], Wanted | None], ...] = (
    _absent,
    _ended,
    _too_early,
    _suspended,
    _revoked,
    _made_ahead,
    _scheduled,
)
"""In this order, below an exam; where none speaks it runs."""
