"""One tree as policy reads it: the bytes of its files, and the registry that they make."""

from collections.abc import Mapping
from dataclasses import dataclass

from appstore.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Side:
    """The target branch, or what merging a proposal gives; `files` below our two folders."""

    files: Mapping[str, bytes]
    registry: Registry
