"""The rules for what is read at all; the same for a commit and for a work tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from appstore.documents.findings import Finding
from appstore.source.names import folded, objection, printable

ROOTS = ("catalog", "deployments")
MAX_FILES = 50_000
MAX_TOTAL = 48 * 2**20
# Heat takes a template of 512 KiB (max_template_size); our own documents are far smaller.
MAX_SIZE = {"catalog": 512 * 2**10, "deployments": 256 * 2**10}


class Kind(StrEnum):
    """What lies at a path."""

    FILE = "file"
    LINK = "link"
    SUBMODULE = "submodule"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a listing, with its size in bytes; `oid` is git's id of a committed blob."""

    raw: bytes
    kind: Kind
    size: int
    oid: str = ""

    @property
    def path(self) -> str:
        """The path as text; only for admitted entries, whose bytes are UTF-8."""
        return self.raw.decode()


def admit(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The entries that may be read, sorted by path, and a finding for every other one.

    Decided before a byte of content is read. Too many files or too many bytes: nothing is
    admitted, because nobody can say which part of the tree would be missing.
    """
    if len(entries) > MAX_FILES:
        return (), (_too_many(len(entries)),)
    admitted: list[Entry] = []
    findings: list[Finding] = []
    for entry in sorted(entries, key=lambda entry: entry.raw):
        if (finding := _objection(entry)) is None:
            admitted.append(entry)
        else:
            findings.append(finding)
    if (total := sum(entry.size for entry in admitted)) > MAX_TOTAL:
        return (), (*findings, _too_much(total))
    clashes = _case_clashes(entry.path for entry in admitted)
    clashing = {finding.path for finding in clashes}
    return (
        tuple(entry for entry in admitted if clashing.isdisjoint(_prefixes(entry.path))),
        (*findings, *clashes),
    )


def _objection(entry: Entry) -> Finding | None:
    path = printable(entry.raw)
    if (why := objection(entry.raw)) is not None:
        return Finding(path, 0, 0, "source/name", f"This path {why}.", "Rename it.")
    match entry.kind:
        case Kind.FILE:
            pass
        case Kind.LINK:
            return Finding(
                path,
                0,
                0,
                "source/link",
                "This is a symbolic link; links are never followed.",
                "Put a copy of the file here.",
            )
        case Kind.SUBMODULE:
            return Finding(
                path,
                0,
                0,
                "source/submodule",
                "This is another git repository (a submodule); its files are not read.",
                "Put the files themselves here.",
            )
        case Kind.OTHER:
            return Finding(
                path, 0, 0, "source/not-a-file", "This is not a regular file.", "Remove it."
            )
    limit = MAX_SIZE[path.split("/")[0]]
    if entry.size > limit:
        return Finding(
            path,
            0,
            0,
            "source/too-large",
            f"The file has {entry.size:,} bytes; at most {limit:,} are read.",
            "Make it smaller, or let the machine download the data when it starts.",
        )
    return None


def _too_many(count: int) -> Finding:
    return Finding(
        ".",
        0,
        0,
        "source/too-many-files",
        f"catalog/ and deployments/ hold {count:,} files; at most {MAX_FILES:,} are read.",
        "Remove what does not belong here, or use a second registry repository.",
    )


def _too_much(total: int) -> Finding:
    return Finding(
        ".",
        0,
        0,
        "source/too-much",
        f"catalog/ and deployments/ hold {total:,} bytes; at most {MAX_TOTAL:,} are read.",
        "Keep large files out of the registry, or use a second registry repository.",
    )


def _prefixes(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def _case_clashes(paths: Iterable[str]) -> tuple[Finding, ...]:
    """One finding for each file or folder that differs from another one only by case."""
    seen: dict[str, str] = {}
    findings: dict[str, Finding] = {}
    for path in paths:
        for prefix in _prefixes(path):
            other = seen.setdefault(folded(prefix), prefix)
            if other != prefix and prefix not in findings:
                findings[prefix] = Finding(
                    prefix,
                    0,
                    0,
                    "source/case-clash",
                    f"This differs from {other} only by upper and lower case.",
                    "Rename one of the two; many machines cannot hold both.",
                )
    return tuple(findings.values())
