"""What git knows about this clone beside its commits: who works here, and what is not committed."""

from collections.abc import Mapping
from pathlib import Path

from appstore.source.command import ask, output
from appstore.source.entries import ROOTS
from appstore.source.names import printable

_OF_A_JOB = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN")
_OF_A_CLONE = ("github.user", "gitlab.user")


def account(repo: Path, environment: Mapping[str, str]) -> str | None:
    """The forge account of whoever runs this: a job's own, else `github.user` or `gitlab.user`.

    Those two keys of git's configuration are what other tools use for it too.
    """
    for name in _OF_A_JOB:
        if environment.get(name):
            return environment[name]
    for key in _OF_A_CLONE:
        if said := ask(repo, "config", "--get", key).output.decode(errors="replace").strip():
            return said
    return None


def edited_paths(repo: Path) -> frozenset[str]:
    """The paths below our folders in which the work tree differs from HEAD, new files included."""
    listing = output(
        *(repo, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"),
        *("--ignore-submodules=all", "--", *ROOTS),
    )
    return frozenset(printable(line[3:]) for line in listing.split(b"\0") if line)
