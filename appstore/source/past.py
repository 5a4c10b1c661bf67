"""What a branch says about the past of some files: which merges touched them, and what they held.

Only the first parents are followed: a merge stands for everything that it brought in.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from appstore.errors import AppstoreError
from appstore.source.command import output
from appstore.source.commits import commit_ids, no_commit
from appstore.source.records import RECORDS

_FULL_ID = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Landed:
    """One commit of the branch and which of the files asked for it changed.

    `author`, `title` and the paths are text that anybody may have written.
    """

    commit: str
    at: datetime
    author: str
    title: str
    paths: tuple[str, ...]


def landed(repo: Path, rev: str, paths: Collection[str]) -> tuple[Landed, ...]:
    """The commits of `rev`'s first-parent line that touched these files or folders; oldest first.

    Raises InvalidInput for a rev that names no commit.
    """
    return _log(repo, rev, paths, ())


def landed_with(repo: Path, rev: str, folder: str, ref: str) -> tuple[Landed, ...]:
    """Those commits that brought `ref` (`name@1.0.0`) into a file of the folder, or took it out."""
    return _log(repo, rev, (folder,), (f"-S{ref}",))


def _log(
    repo: Path, rev: str, paths: Collection[str], choice: tuple[str, ...]
) -> tuple[Landed, ...]:
    (tip,) = commit_ids(repo, [rev])
    if tip is None:
        raise no_commit(repo, rev)
    if not paths:
        return ()
    text = output(
        repo,
        "log",
        "--first-parent",
        "--diff-merges=first-parent",
        "--reverse",
        "--no-renames",
        "--name-only",
        "-z",
        "--format=%H%x00%ct%x00%an%x00%s",
        *choice,
        "--stdin",
        given=[tip, "--", *sorted(paths)],
    )
    return tuple(_read_log(text.split(b"\0")))


def _read_log(fields: Sequence[bytes]) -> Iterator[Landed]:
    """Four fields a commit, then its paths up to the next id: a path of ours lies in a folder."""
    at = 0
    while at + 4 < len(fields):
        commit, seconds, author, title = (_text(field) for field in fields[at : at + 4])
        at += 4
        paths = []
        while at < len(fields) and not _FULL_ID.fullmatch(fields[at]):
            paths.append(_text(fields[at]).lstrip("\n"))
            at += 1
        when = datetime.fromtimestamp(int(seconds), UTC)
        yield Landed(commit, when, author, title, tuple(filter(None, paths)))


def _text(field: bytes) -> str:
    return field.decode("utf-8", "replace")


def contents(repo: Path, wanted: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], bytes]:
    """What these files held at these commits (full id, path); left out where they did not exist."""
    if not wanted:
        return {}
    stream = output(repo, "cat-file", "--batch", given=[f"{id_}:{path}" for id_, path in wanted])
    found: dict[tuple[str, str], bytes] = {}
    start = 0
    for asked in wanted:
        end = stream.index(b"\n", start)
        header = stream[start:end]
        start = end + 1
        if header.endswith(b" missing"):
            continue
        size = int(header.rsplit(b" ", 1)[1])
        if b" blob " in header:
            found[asked] = stream[start : start + size]
        start += size + 1
    return found


def records(repo: Path) -> Mapping[str, bytes] | None:
    """The documents on the records branch, by path; the remote's where this clone knows it.

    None where this clone has no such branch. Raises AppstoreError when git has lost a document.
    """
    names = [f"refs/remotes/origin/{RECORDS}", f"refs/heads/{RECORDS}"]
    tip = next((found for found in commit_ids(repo, names) if found), None)
    if tip is None:
        return None
    listing = output(repo, "ls-tree", "-r", "-z", "--name-only", "--full-tree", tip)
    paths = [raw.decode("utf-8", "replace") for raw in listing.split(b"\0") if raw]
    usable = [path for path in paths if path.endswith(".json") and path.isprintable()]
    held = contents(repo, [(tip, path) for path in usable])
    if len(held) != len(usable):
        raise AppstoreError("A record is missing from this clone.", "Check it with: git fsck")
    return {path: data for (_, path), data in held.items()}
