"""What a verb orders for one file, or why it orders nothing, and the edits that this gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appstore.documents.edit import Edit
from appstore.documents.findings import Finding
from appstore.documents.marks import JsonValue, Path
from appstore.registry.read import read_registry


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


def brought(
    before: Mapping[str, bytes], after: Mapping[str, bytes], findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """The findings that the edits bring with them; lines below an edit have moved.

    `findings` are those of reading the tree.
    """
    known = {(f.path, f.rule, f.message) for f in read_registry(before, findings).findings}
    return tuple(
        f
        for f in read_registry(after, findings).findings
        if (f.path, f.rule, f.message) not in known
    )
