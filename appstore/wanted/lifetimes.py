"""Whether a deployment is wanted now, and awake: a list of rules, of which the first that speaks.

Days are whole days in the course's time zone; `ends` is the last day on which it is there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.marks import Document
from appstore.wanted.members import cause
from appstore.wanted.states import Asleep, Cause, Gone, NotYet, Running, Wanted

DEFAULT_ZONE = "Europe/Berlin"
"""The zone of deployments without a course, and the default of `course.yaml`."""

UNORDERED_GRACE = timedelta(days=14)
"""For what has no course to say how long its data is kept (README of deployments)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One deployment on one day; `course` is None for a deployment without one."""

    deployment: Document[Deployment]
    course: Document[Course] | None
    today: date

    @property
    def grace(self) -> timedelta:
        """How long data is kept after the last day."""
        return timedelta(days=self.course.model.grace) if self.course else UNORDERED_GRACE


def today(course: Course | None, now: datetime) -> date:
    """The day that `now` (aware) is for people of this course."""
    return now.astimezone(ZoneInfo(course.timezone if course else DEFAULT_ZONE)).date()


def wanted_state(situation: Situation) -> Wanted:
    """What is wanted of every member of the deployment."""
    for rule in RULES:
        if (wanted := rule(situation)) is not None:
            return wanted
    return Running()


def absent(deployment: Document[Deployment]) -> Gone | None:
    """`state: absent` takes effect at once."""
    if deployment.model.state != "absent":
        return None
    return Gone(cause(deployment, "state: absent", "state"), timedelta(0), "state is absent")


def _absent(situation: Situation) -> Gone | None:
    return absent(situation.deployment)


def _own_end(situation: Situation) -> Gone | None:
    ends = situation.deployment.model.ends
    if ends is None or situation.today <= ends:
        return None
    ordered = replace(cause(situation.deployment, f"ends: {ends}", "ends"), kind="date")
    return Gone(ordered, situation.grace, f"it ended on {ends}")


def _course_end(situation: Situation) -> Gone | None:
    course = situation.course
    if course is None or situation.today <= course.model.ends:
        return None
    ends = course.model.ends
    ordered = Cause(course.path, course.mark("ends").line, f"ends: {ends}", "date")
    return Gone(ordered, situation.grace, f"the course ended on {ends}")


def _before_start(situation: Situation) -> NotYet | None:
    course = situation.course
    if course is None or situation.today >= course.model.starts:
        return None
    return NotYet(course.model.starts)


def _suspended(situation: Situation) -> Asleep | None:
    deployment = situation.deployment
    if deployment.model.state != "suspended" or deployment.model.base:
        return None  # everything else of the project needs its base
    return Asleep(cause(deployment, "state: suspended", "state"))


RULES: tuple[Callable[[Situation], Wanted | None], ...] = (
    _absent,
    _own_end,
    _course_end,
    _before_start,
    _suspended,
)
