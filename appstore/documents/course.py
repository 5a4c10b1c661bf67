"""`deployments/<lecturer>/<course>/course.yaml`: one teaching unit in one term."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from appstore.documents.base import Account, Day, Line, Model, Text
from appstore.documents.names import GroupName, MemberName, Pseudonym, Term
from appstore.documents.problems import wrong
from appstore.documents.schedule import ExamReset, Freeze, Prewarm, Schedule, WallTime

Days = Annotated[int, Field(ge=0, le=366)]


@cache
def _is_time_zone(name: str) -> bool:
    """Asks for the one zone: `zoneinfo.available_timezones()` takes 60 ms."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"


def _time_zone(name: str) -> str:
    if not _is_time_zone(name):
        raise wrong(
            "course/time-zone",
            "is not a time zone",
            "Write it as a continent and a city, such as Europe/Berlin, or UTC.",
        )
    return name


class Seats(Model):
    """Numbered seats without personal data: `s01` ..., and spares `x01` ..."""

    seats: Annotated[int, Field(ge=1, le=999, description="How many: s01, s02 and so on.")]
    spares: Annotated[int, Field(ge=0, le=99, description="Machines in reserve: x01, x02.")] = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The seats without the spares, in order."""
        return tuple(f"s{number:02d}" for number in range(1, self.seats + 1))


class Pseudonyms(Model):
    """Seats named by pseudonyms; never a real name, an e-mail address or a student number."""

    members: Annotated[
        tuple[Pseudonym, ...],
        Field(
            strict=False,
            min_length=1,
            max_length=999,
            description="Pseudonyms, one per seat; no names, e-mail addresses, student numbers.",
        ),
    ]
    spares: Annotated[int, Field(ge=0, le=99, description="Machines in reserve: x01, x02.")] = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The seats without the spares, in order."""
        return self.members


def _one_way(value: object) -> object:
    if not isinstance(value, dict) or not value or {"members", "seats"} <= value.keys():
        raise wrong(
            "course/roster",
            "must say either how many seats there are or who the members are",
            'Write "seats: 30" below it, or "members:" with a list of pseudonyms.',
        )
    return value


def _tag_of_roster(value: object) -> str:
    return "<pseudonyms>" if isinstance(value, dict) and "members" in value else "<seats>"


Roster = Annotated[
    Annotated[Seats, Tag("<seats>")] | Annotated[Pseudonyms, Tag("<pseudonyms>")],
    Discriminator(_tag_of_roster),
    BeforeValidator(_one_way),
]


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise wrong("course/duplicate-member", f'names "{twice}" twice', "Delete one of the two.")
    return names


class Staff(Model):
    """Forge accounts of the people who run the course with the lecturer."""

    lead: Annotated[
        tuple[Account, ...],
        Field(strict=False, description="They may do what the lecturer may in this course."),
    ] = ()
    assistant: Annotated[
        tuple[Account, ...],
        Field(strict=False, description="They may reset and restart single seats."),
    ] = ()


Group = Annotated[
    tuple[MemberName, ...],
    Field(strict=False, min_length=1, max_length=999),
    AfterValidator(_each_once),
]


class CourseException(Model):
    """A dated consent to pass a rail inside one course (README of appstore)."""

    rule: Annotated[
        Literal["freeze", "protected", "renamed"], Field(description="The rail that may be passed.")
    ]
    scope: Annotated[
        Line,
        Field(description="What it holds for: an id or a pattern such as ada/net101/web/*."),
    ]
    reason: Annotated[Line, Field(description="Why; it is shown where the exception is used.")]
    until: Annotated[Day, Field(description="The last day it holds, at most 14 days ahead.")]


class Course(Model):
    """Term, time zone, dates, schedule, exams, roster; `grace` and `removal_grace` are days."""

    title: Annotated[Text, Field(description="How the course is shown to people.")]
    term: Annotated[Term, Field(description="The term, such as ws26 or 2026-1.")]
    timezone: Annotated[
        Line,
        AfterValidator(_time_zone),
        Field(description="The time zone of all dates and times, such as Europe/Berlin."),
    ] = "Europe/Berlin"
    starts: Annotated[
        Day,
        Field(description="The first day, YYYY-MM-DD; without a schedule machines are made then."),
    ]
    ends: Annotated[Day, Field(description="The last day: machines are ended after it.")]
    ready_by: Annotated[
        WallTime | None,
        Field(description="When all machines are there; otherwise a day before the first class."),
    ] = None
    schedule: Annotated[
        Schedule | None,
        Field(description="When machines are awake; without it always until the end."),
    ] = None
    prewarm: Annotated[
        Prewarm, Field(description="How many machines are made at a time, and how long it takes.")
    ] = Prewarm()
    freezes: Annotated[
        tuple[Freeze, ...],
        Field(strict=False, description="Exams: machines run, and nothing else happens to them."),
    ] = ()
    exam_resets: Annotated[
        tuple[ExamReset, ...],
        Field(strict=False, description="Seats that may be reset during an exam, with the reason."),
    ] = ()
    grace: Annotated[
        Days, Field(description="Days between the end and the deletion of the machines.")
    ] = 14
    removal_grace: Annotated[
        Days, Field(description="Days between the removal of a seat and its deletion.")
    ] = 7
    roster: Annotated[
        Roster | None, Field(description="Who takes part: numbered seats, or pseudonyms.")
    ] = None
    groups: Annotated[
        Mapping[GroupName, Group],
        Field(description="Groups that share one machine: name to members of the roster."),
    ] = {}
    staff: Annotated[Staff, Field(description="Who runs the course with the lecturer.")] = Staff()
    exceptions: Annotated[
        tuple[CourseException, ...],
        Field(strict=False, description="Dated consents to pass a rail."),
    ] = ()
