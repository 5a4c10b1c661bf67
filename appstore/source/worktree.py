"""A person's edits, read under the same rules as a commit."""

import os
import stat
from functools import cache
from pathlib import Path

from appstore.documents.findings import Finding
from appstore.source.command import output
from appstore.source.commits import commit_ids, has_edits
from appstore.source.entries import ROOTS, Entry, Kind, admit
from appstore.source.tree import Tree


def worktree(repo: Path) -> Tree:
    """What lies on disk below our folders: tracked files and new ones, not those git ignores.

    Raises InvalidInput when `repo` is not the root of a git repository.
    """
    (head,) = commit_ids(repo, ["HEAD"])
    listing = output(
        repo, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *ROOTS
    )
    # A path in a merge conflict is listed three times; a foreign repository ends in a slash.
    paths = {path.rstrip(b"/") for path in listing.split(b"\0") if path}
    admitted, findings = admit(_entries(repo, paths))
    files: dict[str, bytes] = {}
    unread: list[Finding] = []
    for entry in admitted:
        match _read(repo, entry):
            case bytes() as content:
                files[entry.path] = content
            case Finding() as finding:
                unread.append(finding)
    return Tree(files, head, has_edits(repo), (*findings, *unread))


def _entries(repo: Path, paths: set[bytes]) -> list[Entry]:
    root = os.fsencode(repo)

    @cache
    def leads_through_link(folder: bytes) -> bool:
        if not folder:
            return False
        above = os.path.dirname(folder)
        return os.path.islink(os.path.join(root, folder)) or leads_through_link(above)

    entries = []
    for path in paths:
        try:
            seen = os.lstat(os.path.join(root, path))
        except (FileNotFoundError, NotADirectoryError):
            continue  # deleted on disk, still in the index
        linked = leads_through_link(os.path.dirname(path))
        entries.append(Entry(path, Kind.LINK if linked else _kind(seen.st_mode), seen.st_size))
    return entries


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    if stat.S_ISLNK(mode):
        return Kind.LINK
    return Kind.SUBMODULE if stat.S_ISDIR(mode) else Kind.OTHER


def _read(repo: Path, entry: Entry) -> bytes | Finding:
    try:
        # Never through a link put there since the listing, never waiting for a FIFO's writer.
        file = os.open(repo / entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(file, "rb") as stream:
            return stream.read(entry.size)
    except OSError as error:
        return Finding(
            entry.path,
            0,
            0,
            "source/unreadable",
            f"The file cannot be read: {error.strerror}.",
            "Check who may read it.",
        )
