"""The options that every verb shares, and how they become a tree."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from appstore.source.tree import Tree

F = TypeVar("F", bound=Callable[..., object])


def shared(function: F) -> F:
    """`--repo`, `--rev`, `--json`, `--log-json` on a verb that reads."""
    return shared_by_edits(
        click.option(
            "--rev",
            metavar="REV",
            help="Read this commit; default: the files as they lie (apply, audit: HEAD).",
        )(function)
    )


def shared_by_edits(function: F) -> F:
    """`--repo`, `--json`, `--log-json` on a verb that edits: a commit cannot be edited."""
    for option in (
        click.option("--log-json", is_flag=True, help="Write the log to stderr, one JSON a line."),
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option(
            "--repo", metavar="DIR", help="The registry's repository; default: the one around here."
        ),
    ):
        function = option(function)
    return function


def deadline(default: float | None) -> Callable[[F], F]:
    """`--deadline MINUTES`: how long the run may wait for clouds; see `end_of_run`."""
    return click.option(
        "--deadline",
        metavar="MINUTES",
        type=click.FloatRange(min=0, min_open=True),
        default=default,
        show_default=default is not None,
        help="End the run after this time.",
    )


def end_of_run(minutes: float | None) -> datetime | None:
    """When a run that begins now and may take so long has to end."""
    return datetime.now(UTC) + timedelta(minutes=minutes) if minutes else None


def instances(function: F) -> F:
    """`ID ...`: which instances the verb is about; none means all."""
    return click.argument("ids", metavar="[ID]...", nargs=-1)(function)


def at(function: F) -> F:
    """`--at`: the moment for which to answer, instead of now; plan, status and calendar take it."""
    return click.option(
        "--at",
        metavar="MOMENT",
        help="Answer for this moment, YYYY-MM-DDTHH:MM in the courses' time zone (the same on "
        "every machine), or with an offset such as +01:00.",
    )(function)


def start_log(log_json: bool) -> None:
    """Open the log of this run."""
    from appstore.cli import logs

    logs.start(log_json)


def repository(repo: str | None) -> Path:
    """The root of the repository to read: the one named, or the one around the current folder."""
    from appstore.source.history import find_repository

    return find_repository(Path(repo) if repo else Path.cwd())


def tree_of(root: Path, rev: str | None) -> "Tree":
    """The files of `rev`, or what lies in the work tree with a person's edits."""
    from appstore.source.commits import commit_tree
    from appstore.source.worktree import worktree

    return commit_tree(root, rev) if rev else worktree(root)
