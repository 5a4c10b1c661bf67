"""`deployments/<lecturer>/<course>/course.yaml`: one teaching unit in one term."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from appstore.documents.base import Day, Line, Model, Text
from appstore.documents.names import MemberName, Term

Days = Annotated[int, Field(ge=0, le=366)]


class Seats(Model):
    """Numbered seats without personal data: `s01` ..., and spares `x01` ..."""

    seats: Annotated[int, Field(ge=1, le=999)]
    spares: Annotated[int, Field(ge=0, le=99)] = 0


class Pseudonyms(Model):
    """Seats named by pseudonyms; never a real name, an e-mail address or a student number."""

    members: Annotated[tuple[MemberName, ...], Field(strict=False, min_length=1, max_length=999)]
    spares: Annotated[int, Field(ge=0, le=99)] = 0


class Staff(Model):
    """Forge accounts of the people who run the course with the lecturer."""

    lead: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    assistant: Annotated[tuple[Line, ...], Field(strict=False)] = ()


class CourseException(Model):
    """A dated consent to pass a rail inside one course (DESIGN.md section 6)."""

    rule: Literal["protected"]
    scope: Line
    reason: Line
    until: Day


class Course(Model):
    """Term, time zone, dates, roster and groups; `grace` and `removal_grace` are days."""

    title: Text
    term: Term
    timezone: Line = "Europe/Berlin"
    starts: Day
    ends: Day
    grace: Days = 14
    removal_grace: Days = 7
    roster: Seats | Pseudonyms | None = None
    groups: Mapping[MemberName, Annotated[tuple[MemberName, ...], Field(strict=False)]] = {}
    staff: Staff = Staff()
    exceptions: Annotated[tuple[CourseException, ...], Field(strict=False)] = ()
