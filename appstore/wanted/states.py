"""What is wanted of one instance now, as a closed type (README of appstore, decision table)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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
class Occasion:
    """A class or an exam; it holds from its lead on until `ends`, and nothing is changed then."""

    kind: Literal["class", "exam"]
    begins: datetime
    ends: datetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class Running:
    """Up and awake; `occasion` is the class or exam that needs it, from its lead on.

    `keep` where only an exam holds what would be gone: what is not there is not made for it.
    """

    occasion: Occasion | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Asleep:
    """Suspended; `prewarm` when it shall exist already although it never ran.

    `wakes` is when it is wanted awake next, None where that is not known.
    """

    cause: Cause
    prewarm: bool = False
    wakes: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """Before its course needs it; it is made from `begins` on."""

    begins: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """No longer wanted; without a cause nobody ordered it (a file is gone)."""

    cause: Cause | None
    grace: timedelta
    why: str


Wanted = Running | Asleep | NotYet | Gone
