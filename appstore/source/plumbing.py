"""New commits without a checkout: no file, no index and no branch of this clone is touched."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from appstore.errors import InvalidInput
from appstore.source.command import ask, failure, output

_NULL = "0" * 40


def commit_of(
    repo: Path,
    parent: str | None,
    files: Mapping[str, bytes | None],
    message: str,
    author: Mapping[str, str],
) -> str:
    """The id of a new commit: the parent's tree with these files put in, or taken out by None.

    Modes of files that are there stay. `author` are git's variables for who wrote it, empty for
    the person whom git knows here.
    """
    modes = _modes(repo, parent, files)
    lines = []
    for path, data in files.items():
        if data is None:
            lines.append(f"0 {_NULL}\t{path}\0")
        else:
            blob = output(repo, "hash-object", "-w", "--stdin", given=data).decode().strip()
            lines.append(f"{modes.get(path, '100644')} {blob}\t{path}\0")
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        if parent:
            output(repo, "read-tree", parent, under=index)
        entries = "".join(lines).encode()
        output(repo, "update-index", "-z", "--index-info", given=entries, under=index)
        tree = output(repo, "write-tree", under=index).decode().strip()
    parents = ("-p", parent) if parent else ()
    words = ("commit-tree", tree, *parents, "-F", "-")
    made = ask(repo, *words, given=message.encode(), under=author)
    if made.status != 0 and "tell me who you are" in made.errors:
        raise InvalidInput(
            "Git does not know who you are, so it cannot commit.",
            'Say it once: git config --global user.name "..." and user.email "...".',
        )
    if made.status != 0:
        raise failure("commit-tree", made)
    return made.output.decode().strip()


def blob_at(repo: Path, commit: str, path: str) -> bytes | None:
    """The content of one file of a commit; None where it has none of this path."""
    listed = output(repo, "ls-tree", "-z", "--full-tree", commit, "--", path).split(b"\0")[0]
    if not listed:
        return None
    _, kind, oid = listed.partition(b"\t")[0].decode().split()
    return output(repo, "cat-file", "blob", oid) if kind == "blob" else None


def _modes(repo: Path, parent: str | None, files: Mapping[str, bytes | None]) -> dict[str, str]:
    if parent is None or not files:
        return {}
    listing = output(repo, "ls-tree", "-z", "--full-tree", parent, "--", *files).split(b"\0")
    rows = (line.partition(b"\t") for line in listing if line)
    return {path.decode(): about.decode().split()[0] for about, _, path in rows}
