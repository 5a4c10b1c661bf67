"""What one reading of the repository gives to the pure rooms."""

from collections.abc import Mapping
from dataclasses import dataclass

from appstore.documents.findings import Finding


@dataclass(frozen=True, slots=True)
class Tree:
    """The files below `catalog/` and `deployments/`, as bytes by path with forward slashes.

    `commit` is the full id the files belong to (for a work tree that of HEAD; None without a
    commit, and for a merge result, which nobody committed yet), `edited` whether a person's edits
    are in `files` (work tree) or were left out of it (commit). `findings` name what was not read
    and why: links, submodules, too large, names that no file may have.
    """

    files: Mapping[str, bytes]
    commit: str | None
    edited: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two commits that git cannot merge by itself; one finding per file in conflict."""

    base: str
    head: str
    findings: tuple[Finding, ...]
