"""When a course needs its machines awake: classes, homework hours, days off, exams.

Times are those of a clock on the wall in the course's time zone, to the minute.
"""

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from appstore.documents.base import Day, Line, Model
from appstore.documents.names import DeploymentName, MemberName
from appstore.documents.problems import wrong

CLOCK = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
CLOCK_IN_WORDS = (
    "must be a time of day",
    "Write hours and minutes with two digits each, such as 08:15; a day ends at 24:00.",
)
WALL_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$"
WALL_TIME_IN_WORDS = (
    "must be a day and a time between 2000 and 2100, without a zone",
    "Write YYYY-MM-DDTHH:MM in the course's time zone, for example 2027-02-10T09:00.",
)


def _minute(value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(CLOCK, value):
        raise wrong("course/clock", *CLOCK_IN_WORDS)
    return int(value[:2]) * 60 + int(value[3:])


def _wall_time(value: object) -> datetime:
    try:
        if isinstance(value, str) and re.fullmatch(WALL_TIME, value):
            moment = datetime.fromisoformat(value)
            if 2000 <= moment.year <= 2100:
                return moment
    except ValueError:
        pass
    raise wrong("course/moment", *WALL_TIME_IN_WORDS)


Minute = Annotated[
    int, BeforeValidator(_minute), WithJsonSchema({"type": "string", "pattern": CLOCK})
]
"""A time of day, in minutes since midnight on the wall; 1440 is the end of the day."""

WallTime = Annotated[
    datetime, BeforeValidator(_wall_time), WithJsonSchema({"type": "string", "pattern": WALL_TIME})
]
"""A moment on the wall of the course's zone, so without a zone of its own."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DayName = Literal[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "workdays",
    "daily",
]
Lead = Annotated[int, Field(ge=0, le=12 * 60)]


class Slot(Model):
    """The same hours in every week, within one day."""

    day: Annotated[
        DayName,
        Field(description="The day of the week; workdays is Monday to Friday."),
    ]
    from_: Annotated[Minute, Field(alias="from", description="When it begins, such as 08:15.")]
    to: Annotated[Minute, Field(description="When it ends, on the same day, such as 09:45.")]

    def falls_on(self, day: date) -> bool:
        """Whether it is on this day of the week."""
        match self.day:
            case "daily":
                return True
            case "workdays":
                return day.weekday() < 5
            case name:
                return WEEKDAYS[day.weekday()] == name


class DayRange(Model):
    """Days in a row, the first and the last included."""

    from_: Annotated[Day, Field(alias="from", description="The first day off, YYYY-MM-DD.")]
    to: Annotated[Day, Field(description="The last day off, YYYY-MM-DD.")]


def _day_or_range(value: object) -> object:
    if not isinstance(value, str | dict):
        raise wrong(
            "course/days-off",
            "must be a day, or the first and the last day",
            "Write for example 2026-12-24, or {from: 2026-12-24, to: 2027-01-06}.",
        )
    return value


def _tag_of_days(value: object) -> str:
    return "<days>" if isinstance(value, dict) else "<day>"


DaysOff = Annotated[
    Annotated[Day, Tag("<day>")] | Annotated[DayRange, Tag("<days>")],
    Discriminator(_tag_of_days),
    BeforeValidator(_day_or_range),
]


class Schedule(Model):
    """Machines are awake for classes and in homework hours, and asleep at every other time."""

    lead: Annotated[
        Lead, Field(description="Minutes before a class from which machines are awake.")
    ] = 45
    classes: Annotated[
        tuple[Slot, ...],
        Field(strict=False, description="The weekly classes; nothing is changed during them."),
    ] = ()
    homework: Annotated[
        tuple[Slot, ...],
        Field(strict=False, description="Weekly hours in which machines are awake as well."),
    ] = ()
    days_off: Annotated[
        tuple[DaysOff, ...],
        Field(strict=False, description="Days without classes and homework hours."),
    ] = ()

    def is_off(self, day: date) -> bool:
        """Whether it has neither classes nor homework hours."""
        return any(
            off.from_ <= day <= off.to if isinstance(off, DayRange) else off == day
            for off in self.days_off
        )


class Prewarm(Model):
    """How fast machines may be made before the first class: so many at a time."""

    at_once: Annotated[
        int, Field(ge=1, le=100, description="How many machines are made at the same time.")
    ] = 10
    minutes: Annotated[
        int, Field(ge=1, le=240, description="Minutes that one such wave takes, with a reserve.")
    ] = 15


class Freeze(Model):
    """An exam: machines run from the lead to the end, and nothing else happens to them."""

    from_: Annotated[
        WallTime, Field(alias="from", description="When the exam begins: YYYY-MM-DDTHH:MM.")
    ]
    to: Annotated[WallTime, Field(description="When the exam ends: YYYY-MM-DDTHH:MM.")]
    lead: Annotated[
        Lead, Field(description="Minutes before the exam from which it holds already.")
    ] = 120
    title: Annotated[Line | None, Field(description="What it is called, such as Midterm.")] = None
    deployments: Annotated[
        tuple[DeploymentName, ...],
        Field(strict=False, description="The deployments it is about; none means all."),
    ] = ()


class ExamReset(Model):
    """Break-glass: the record that one seat may be reset during an exam.

    It lets the reset pass that `reset` in the deployment's file orders; alone it does nothing.
    """

    deployment: Annotated[DeploymentName, Field(description="The name of the deployment.")]
    member: Annotated[MemberName, Field(description="The seat or group, such as s07.")]
    reason: Annotated[Line, Field(description="Why it could not wait; it stays on record.")]
    on: Annotated[Day, Field(description="The day of the exam, YYYY-MM-DD.")]
