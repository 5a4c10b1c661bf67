"""Which commit wrote a line, and which ones last changed each file of the default branch."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appstore.source.command import ask, output
from appstore.source.entries import ROOTS
from appstore.source.names import printable

_FIRST = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) \d+ \d+")


@dataclass(frozen=True, slots=True)
class Merge:
    """One step of the default branch: its commit, and its parents, of which the first is before.

    `age` counts the steps that came after it: 0 is the newest one.
    """

    commit: str
    parents: tuple[str, ...]
    age: int


def writer_of(repo: Path, commit: str, path: str, line: int) -> str | None:
    """The commit that wrote this line as it stands in `commit`; None where there is no such line.

    Only the first line of git's answer is read: what the file says cannot pass for it. No filter
    or ignore list of a configuration has a say.
    """
    words = ("--porcelain", "--no-textconv", "--ignore-revs-file=", f"-L{line},{line}")
    answer = ask(repo, "blame", *words, commit, "--", path)
    found = _FIRST.match(answer.output) if answer.status == 0 else None
    return found[1].decode() if found else None


def merges(repo: Path, commit: str) -> Mapping[str, tuple[Merge, ...]]:
    """For every path ever below our folders the steps that changed it, the newest first.

    Follows first parents, so that a merge counts as one step, and a deleted file has one too.
    """
    listing = output(
        repo, "log", "--first-parent", "--diff-merges=first-parent", "--no-renames", "--name-only",
        "--no-show-signature", "-z", "--format=%x01%H %P", commit, "--", *ROOTS,
    )  # fmt: skip
    found: defaultdict[str, list[Merge]] = defaultdict(list)
    merge, age = Merge(commit, (), 0), -1
    for part in listing.split(b"\0"):
        if part.startswith(b"\x01"):  # no path does: they all begin with a folder of ours
            one, *parents = part[1:].decode().split()
            age += 1
            merge = Merge(one, tuple(parents), age)
        elif name := part.removeprefix(b"\n"):
            found[printable(name)].append(merge)
    return {path: tuple(steps) for path, steps in found.items()}
