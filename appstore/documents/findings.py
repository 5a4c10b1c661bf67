"""What is wrong in a file, as a value: findings are collected, never raised one by one."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops what depends on the file; a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong at one place.

    `line` and `column` count from 1, 0 where a whole file is meant.

    `rule` is a stable id (`yaml/duplicate-key`), `message` one sentence, `hint` the way out.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
