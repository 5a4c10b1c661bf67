"""What a verb orders for one file, or why it orders nothing, and the edits that this gives."""

from dataclasses import dataclass

from appstore.documents.edit import Edit
from appstore.documents.findings import Finding
from appstore.documents.marks import JsonValue, Path


@dataclass(frozen=True, slots=True)
class Order:
    """What one file is to say from now on: values by path; `meaning` is for the lecturer.

    `addresses` are the instances, deployments, courses or versions that it is about. A new file
    is an edit without `puts`.
    """

    path: str
    addresses: tuple[str, ...]
    puts: tuple[tuple[Path, JsonValue], ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class NoOrder:
    """Why nothing is written for this address, and the way out."""

    address: str
    why: str
    hint: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The files to write and why, what is left out and why, and warnings that the edits bring.

    Without an order there is nothing to write.
    """

    orders: tuple[Order, ...]
    edits: tuple[Edit, ...]
    passed: tuple[NoOrder, ...]
    warnings: tuple[Finding, ...]
