"""What is wanted of one instance now, as a closed type (README of appstore, decision table)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Cause:
    """The line of the merged tree that orders something: `state: absent` at `path:line`.

    `kind` is `date` where the line has long been there and its day has come.
    """

    path: str
    line: int
    text: str
    kind: Literal["line", "date"] = "line"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Running:
    """Up and awake."""


@dataclass(frozen=True, slots=True)
class Asleep:
    """Suspended; `prewarm` when it shall exist already although it never ran."""

    cause: Cause
    prewarm: bool = False


@dataclass(frozen=True, slots=True)
class NotYet:
    """Before its course starts."""

    starts: date


@dataclass(frozen=True, slots=True)
class Gone:
    """No longer wanted; without a cause nobody ordered it (a file is gone)."""

    cause: Cause | None
    grace: timedelta
    why: str


Wanted = Running | Asleep | NotYet | Gone
