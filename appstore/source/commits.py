"""The files of one commit, read as git blobs: what is checked out does not matter."""

import re
from collections.abc import Sequence
from pathlib import Path

from appstore.errors import AppstoreError, InvalidInput
from appstore.source.command import ask, failure, output
from appstore.source.entries import ROOTS, Entry, Kind, admit
from appstore.source.names import spelled_out
from appstore.source.tree import Tree

_FOUND = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) commit \d+")
_FILE_MODES = ("100644", "100755")


def commit_tree(repo: Path, rev: str) -> Tree:
    """The tree of the commit that `rev` names (a branch, a tag, an id, `HEAD~1`).

    Raises InvalidInput when there is no such commit or no repository.
    """
    commit, head = commit_ids(repo, [rev, "HEAD"])
    if commit is None:
        raise no_commit(repo, rev)
    return tree_of(repo, commit, commit=commit, edited=commit == head and has_edits(repo))


def commit_ids(repo: Path, revs: Sequence[str]) -> list[str | None]:
    """The full id of the commit that each rev names, None where it names none; one git process.

    Revs go to git's stdin, where no text (`--upload-pack=x`) can be taken for an option.
    """
    usable = [rev if rev and rev.isprintable() else "\ufffd" for rev in revs]
    answers = output(
        repo, "cat-file", "--batch-check", given=(f"{rev}^{{commit}}" for rev in usable)
    ).splitlines()
    found = map(_FOUND.fullmatch, answers)
    return [match[1].decode() if match else None for match in found]


def no_commit(repo: Path, rev: str) -> InvalidInput:
    """What to tell a person whose rev names no commit here."""
    shallow = ask(repo, "rev-parse", "--is-shallow-repository").output.strip() == b"true"
    hint = (
        "This clone is shallow and may lack it; fetch more: git fetch --unshallow"
        if shallow
        else "See what there is with: git log --oneline --all"
    )
    return InvalidInput(f'There is no commit "{spelled_out(rev[:100])}" in {repo}.', hint)


def has_edits(repo: Path) -> bool:
    """Whether the work tree differs from HEAD below our folders; a bare repository never does."""
    # Submodules have a configuration of their own, so git must not look into them. A clean filter
    # of the person's own configuration (git-lfs) may run, as it already did at their checkout.
    answer = ask(
        repo, "status", "--porcelain", "-z", "--ignore-submodules=all", "--no-renames", "--", *ROOTS
    )
    if answer.status != 0 and "work tree" not in answer.errors:
        raise failure("status", answer)
    return answer.output != b""


def tree_of(repo: Path, treeish: str, *, commit: str | None, edited: bool) -> Tree:
    """The tree behind a full object id, in two git processes: one listing, one batch of blobs."""
    listing = output(repo, "ls-tree", "-r", "-z", "-l", "--full-tree", treeish, "--", *ROOTS)
    admitted, findings = admit([_entry(line) for line in listing.split(b"\0") if line])
    blobs = _blobs(repo, {entry.oid: entry.size for entry in admitted})
    files = {entry.path: blobs[entry.oid] for entry in admitted}
    return Tree(files, commit, edited, findings)


def _entry(line: bytes) -> Entry:
    about, _, raw = line.partition(b"\t")
    mode, _, oid, size = about.decode().split()
    if mode in _FILE_MODES:
        return Entry(raw, Kind.FILE, int(size), oid)
    return Entry(raw, {"120000": Kind.LINK, "160000": Kind.SUBMODULE}.get(mode, Kind.OTHER), 0)


def _blobs(repo: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    """The content of blobs by id; each comes as `<id> blob <size>`, a line break, the bytes."""
    if not sizes:
        return {}
    stream = memoryview(output(repo, "cat-file", "--batch", given=sizes))
    blobs: dict[str, bytes] = {}
    start = 0
    for oid, size in sizes.items():
        header = f"{oid} blob {size}\n".encode()
        if stream[start : start + len(header)] != header:
            raise AppstoreError(f"git has lost the blob {oid}.", "Check the clone with: git fsck")
        start += len(header)
        blobs[oid] = bytes(stream[start : start + size])
        start += size + 1
    return blobs
