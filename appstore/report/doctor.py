"""What `doctor` found, as text and JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from appstore.report.escape import plain
from appstore.report.wording import counted
from appstore.report.wrapping import wrapped

_INDENT = " " * 11


class Level(StrEnum):
    """How one check ended; what nobody could look at is `UNKNOWN`, never `OK`."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `remedy` is empty only where all is well."""

    about: str
    level: Level
    what: str
    remedy: str = ""


def doctor_text(checks: Sequence[Check]) -> Iterator[str]:
    """One block for each part, one line for each check, its remedy below it; then the counts."""
    for about, group in groupby(checks, lambda check: check.about):
        yield plain(about)
        for check in group:
            yield from _wrapped(check.what, f"  {check.level:<9}", _INDENT)
            if check.remedy:
                yield from _wrapped(check.remedy, f"{_INDENT}-> ", f"{_INDENT}   ")
    yield ""
    yield ", ".join(
        f"{number} {level}" if level in (Level.OK, Level.UNKNOWN) else counted(number, level)
        for level in Level
        if (number := sum(check.level is level for check in checks))
    )


def doctor_json(checks: Sequence[Check]) -> list[dict[str, str]]:
    """The same as plain values."""
    return [
        {"about": one.about, "level": one.level, "what": one.what, "remedy": one.remedy}
        for one in checks
    ]


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return wrapped(plain(text, 2000), first, rest)
