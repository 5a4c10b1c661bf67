"""Questions to the history of a repository, and where it lies."""

import re
from collections.abc import Collection
from pathlib import Path

from appstore.errors import InvalidInput
from appstore.source.command import output
from appstore.source.commits import commit_ids, no_commit
from appstore.source.names import printable

_FULL_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def ancestors(repo: Path, commit: str, candidates: Collection[str]) -> frozenset[str]:
    """Which of these full ids are ancestors of `commit` or the commit itself; two git processes.

    Candidates come from live tags: text that is no full id, and ids that this clone does not
    hold, are simply not among them.
    """
    ids = sorted(text for text in set(candidates) if _FULL_ID.fullmatch(text))
    tip, *known = commit_ids(repo, [commit, *ids])
    if tip is None:
        raise no_commit(repo, commit)
    here = {text for text, found in zip(ids, known, strict=True) if text == found}
    if not here - {tip}:
        return frozenset(here)
    # What rev-list prints is reachable from the candidates but not from the tip.
    beyond = output(repo, "rev-list", "--stdin", given=[*sorted(here), f"^{tip}"]).decode().split()
    return frozenset(here.difference(beyond))


def changed_paths(repo: Path, base: str, head: str) -> frozenset[str]:
    """The paths whose content or mode differs between two commits; a rename is two paths."""
    ids = commit_ids(repo, [base, head])
    for rev, commit in zip((base, head), ids, strict=True):
        if commit is None:
            raise no_commit(repo, rev)
    return differing(repo, *(commit for commit in ids if commit))


def differing(repo: Path, one: str, other: str) -> frozenset[str]:
    """The paths in which two commits or trees, by their full ids, differ."""
    listing = output(repo, "diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other)
    return frozenset(printable(path) for path in listing.split(b"\0") if path)


def find_repository(start: Path) -> Path:
    """The root of the repository that `start` lies in; raises InvalidInput when there is none."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    raise InvalidInput(
        f"{start} does not lie in a git repository.",
        "Go into a clone of your registry, or name one with --repo DIR.",
    )


def git_version(repo: Path) -> tuple[int, ...]:
    """The version of the program git, such as (2, 39, 5); empty when it does not say it so."""
    found = re.match(r"git version ([0-9]+(?:\.[0-9]+)+)", output(repo, "version").decode())
    return tuple(map(int, found[1].split("."))) if found else ()
