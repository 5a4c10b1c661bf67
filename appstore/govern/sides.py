"""One tree as policy reads it: the bytes of its files, and the registry that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appstore.documents.findings import Finding
from appstore.registry.read import read_registry
from appstore.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Side:
    """The target branch, or what merging a proposal gives; `files` below our two folders."""

    files: Mapping[str, bytes]
    registry: Registry


def side_of(files: Mapping[str, bytes], findings: Sequence[Finding] = ()) -> Side:
    """The side of a tree; `findings` are those of reading its files from git."""
    return Side(files, read_registry(files, findings))
