"""What is wrong in a file, as a value: findings are collected, never raised one by one."""

from collections import Counter
from collections.abc import Iterable
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

    @property
    def where(self) -> str:
        """`path:line`, or the path alone where the whole file is meant."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def gist(self) -> tuple[str, str, str]:
        """What stays of it when lines move."""
        return self.path, self.rule, self.message


def brought(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of `after` that `before` does not have, wherever in their files they stand."""
    known = Counter(finding.gist for finding in before)
    new = []
    for finding in after:
        if known[finding.gist]:
            known[finding.gist] -= 1
        else:
            new.append(finding)
    return tuple(new)
