"""Where in a file a value was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from appstore.documents.findings import Finding, Severity

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
Path = tuple[str | int, ...]
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document(Generic[T_co]):
    """A model together with the file it came from and the place of each of its values.

    `marks` maps the path of a value (`("roster", "seats")`) to the place of its key, for list
    items to the place of the item, and `()` to the start of the document.
    """

    path: str
    model: T_co
    marks: Mapping[Path, Mark]

    def mark(self, *at: str | int) -> Mark:
        """The place of the value at this path, or of the nearest thing around it that has one."""
        for depth in range(len(at), -1, -1):
            if (mark := self.marks.get(at[:depth])) is not None:
                return mark
        return Mark(1, 1)

    def finding(
        self,
        rule: str,
        message: str,
        hint: str = "",
        at: Path = (),
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """A finding at the place of the value at `at`."""
        mark = self.mark(*at)
        return Finding(self.path, mark.line, mark.column, rule, message, hint, severity)
