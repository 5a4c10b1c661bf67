"""The verbs about the life of a version; each writes its approval.yaml."""

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Unpack

import click

from appstore.cli.editing import Act, Common, settle, writes
from appstore.cli.options import F, repository, start_log, tree_of
from appstore.errors import InvalidInput

if TYPE_CHECKING:
    from appstore.runs.approve import Verb


def about_a_version(function: F) -> F:
    """`NAME@VERSION`, `--account`, and the options of every verb that edits."""
    ref = click.argument("ref", metavar="NAME@VERSION")
    account = click.option(
        "--account",
        metavar="NAME",
        help="Your account on the forge. Default: that of the CI job, else github.user or "
        "gitlab.user in git's configuration.",
    )
    return ref(account(writes(function)))


REASON = click.option("--reason", metavar="TEXT", help="Why; lecturers read it.")


@click.command()
@click.option(
    "--visibility",
    required=True,
    type=click.Choice(["tenant", "global"]),
    help="For the lecturers of one tenant, or for all.",
)
@click.option("--tenant", metavar="T", help="With --visibility tenant: which.")
@click.option("--note", metavar="TEXT", help="For those who read the approval later.")
@click.option("--checked", metavar="TEXT", multiple=True, help="What was checked; repeatable.")
@about_a_version
def approve(
    ref: str,
    account: str | None,
    visibility: Literal["tenant", "global"],
    tenant: str | None,
    note: str | None,
    checked: tuple[str, ...],
    **common: Unpack[Common],
) -> int:
    """Write an admin's consent to a version, exactly as it is committed.

    It counts once it is merged, and only for this content. A draft needs none as long as its
    owner alone uses it.

    Example: appstore approve web-lab@1.0.0 --visibility global --checked "no open ports but 8080"
    """
    from appstore.runs.approve import Approve

    return _say("Approve", Approve(visibility, tenant, note, checked), ref, account, **common)


@click.command()
@REASON
@about_a_version
def deprecate(ref: str, account: str | None, reason: str | None, **common: Unpack[Common]) -> int:
    """Let nothing new begin with a version; what runs of it stays.

    Example: appstore deprecate web-lab@1.0.0 --reason "1.1.0 boots faster"
    """
    from appstore.runs.approve import Deprecate

    return _say("Deprecate", Deprecate(reason), ref, account, **common)


@click.command()
@REASON
@about_a_version
def retire(ref: str, account: str | None, reason: str | None, **common: Unpack[Common]) -> int:
    """Close a version; refused while a deployment uses it.

    Example: appstore retire web-lab@1.0.0
    """
    from appstore.runs.approve import Retire

    return _say("Retire", Retire(reason), ref, account, **common)


@click.command()
@click.option("--reason", metavar="TEXT", required=True, help="Why; lecturers read it.")
@click.option(
    "--grace",
    metavar="DAYS",
    type=click.IntRange(0, 90),
    default=7,
    show_default=True,
    help="Days until what runs of it is put to sleep.",
)
@about_a_version
def revoke(ref: str, account: str | None, reason: str, grace: int, **common: Unpack[Common]) -> int:
    """Stop the use of a version: nothing new, and what runs sleeps after the grace.

    A deployment that moves to another version goes on. An exam is waited for.

    Example: appstore revoke web-lab@1.0.0 --reason "CVE-2026-1234 in its web server"
    """
    from appstore.runs.approve import Revoke

    return _say("Revoke", Revoke(reason, grace), ref, account, **common)


def _say(name: str, verb: "Verb", ref: str, account: str | None, **common: Unpack[Common]) -> int:
    start_log(common["log_json"])
    from appstore.runs.approve import Said, say
    from appstore.source.account import account as account_of
    from appstore.source.account import edited_paths

    root = repository(common["repo"])
    by = account or account_of(root, os.environ)
    if by is None:
        raise InvalidInput(
            "Nobody knows by which forge account this is said.",
            "Name yours with --account, or once and for all: git config --global github.user NAME",
        )
    said = Said(verb, ref, by, datetime.now(UTC).date())
    edited = say(said, tree_of(root, None), tree_of(root, "HEAD").files, edited_paths(root))
    look = Act(name, "appstore validate", "checks every file once more")
    return settle(look, edited, root, **common)
