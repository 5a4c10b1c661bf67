"""The options that every verb shares, and how they become a tree."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from appstore.source.tree import Tree

F = TypeVar("F", bound=Callable[..., object])


def shared(function: F) -> F:
    """`--repo`, `--rev`, `--json`, `--log-json` on one verb."""
    for option in (
        click.option("--log-json", is_flag=True, help="Write the log to stderr, one JSON a line."),
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option(
            "--rev", metavar="REV", help="Read this commit instead of the files as they lie."
        ),
        click.option(
            "--repo", metavar="DIR", help="The registry's repository; default: the one around here."
        ),
    ):
        function = option(function)
    return function


def start_log(log_json: bool) -> None:
    """Open the log of this run."""
    from appstore.cli import logs

    logs.start(log_json)


def repository(repo: str | None) -> str:
    """The folder of the repository to read: the one named, or the one around the current folder."""
    from pathlib import Path

    from appstore.source.repository import find_repository

    return str(find_repository(Path(repo) if repo else Path.cwd()))


def tree_of(repo: str | None, rev: str | None) -> "Tree":
    """The files of `rev`, or what lies in the work tree with a person's edits."""
    from pathlib import Path

    from appstore.source.commit import commit_tree
    from appstore.source.worktree import worktree

    root = Path(repository(repo))
    return commit_tree(root, rev) if rev else worktree(root)
