"""The verb `ci`: what the pipelines of GitHub and GitLab do with a merge request."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from appstore.cli.options import F, repository, start_log

if TYPE_CHECKING:
    from pydantic import BaseModel

    from appstore.documents.outcome_file import OutcomeFile
    from appstore.runs.ci.request import Desk

LARGEST = 32 * 1024 * 1024
"""Bytes of a document that another job wrote."""


def _shared(function: F) -> F:
    """`--repo` and `--log-json` on every command of a pipeline."""
    log = click.option("--log-json", is_flag=True, help="Write the log to stderr, one JSON a line.")
    return log(
        click.option(
            "--repo", metavar="DIR", help="The registry's clone; default: the one around here."
        )(function)
    )


number = click.option(
    "--request",
    "number",
    metavar="N",
    type=click.IntRange(min=1),
    required=True,
    help="The merge request's number.",
)
base = click.option(
    "--base",
    metavar="REV",
    default="HEAD",
    show_default=True,
    help="The default branch, whose policy counts.",
)
outcome = click.option("--outcome", metavar="FILE", required=True, help="What apply --out wrote.")


@click.group()
def ci() -> None:
    """What pipelines do: review, note, merge, report, record.

    Which forge and project is read from the environment of the job, the token from GITHUB_TOKEN or
    APPSTORE_FORGE_TOKEN. People use review, plan and audit instead, which need no token.

    Example: appstore ci review --request 12
    """


@ci.command()
@number
@base
@click.option("--out", metavar="FILE", help="Write the review there, as JSON.")
@_shared
def review(number: int, base: str, out: str | None, repo: str | None, log_json: bool) -> int:
    """Decide about a merge request, as a commit status.

    Sets appstore/review. Exit code 0: enough; 3: a review is missing; 2: files are wrong.

    Example: appstore ci review --request 12 --out review.json
    """
    start_log(log_json)
    from appstore.cli.plan_files import write_file
    from appstore.cli.review import EXIT_CODES
    from appstore.report.review import review_text
    from appstore.runs.ci.review import review_request

    made = review_request(_desk(repo, base), number).review
    if out:
        write_file(out, f"{made.model_dump_json(indent=2)}\n")
    for line in review_text(made):
        click.echo(line)
    return EXIT_CODES[made.verdict]


@ci.command()
@number
@base
@click.option("--plan", metavar="FILE", help="What plan --out wrote; left out where it failed.")
@click.option("--review", metavar="FILE", help="What ci review --out wrote.")
@_shared
def note(
    number: int, base: str, plan: str | None, review: str | None, repo: str | None, log_json: bool
) -> int:
    """Write the one note of a merge request, or edit it in place.

    Example: appstore ci note --request 12 --plan plan.json --review review.json
    """
    start_log(log_json)
    from appstore.documents.plan_file import PlanFile
    from appstore.documents.review_file import ReviewFile
    from appstore.errors import InvalidInput
    from appstore.runs.ci.note import write_note

    planned = _document(PlanFile, plan) if plan and Path(plan).exists() else None
    reviewed = _document(ReviewFile, review) if review and Path(review).exists() else None
    if planned is None and reviewed is None:
        raise InvalidInput(
            "There is neither a plan nor a review to write about.",
            "Look at the jobs that should have made them.",
        )
    write_note(_desk(repo, base), number, planned, reviewed)
    return 0


@ci.command()
@number
@base
@_shared
def merge(number: int, base: str, repo: str | None, log_json: bool) -> int:
    """Merge a merge request if it needs nobody; else leave it to people.

    Decides anew and trusts no other job.

    Example: appstore ci merge --request 12
    """
    start_log(log_json)
    from appstore.runs.ci.merge import LeftToPeople, MergedAs, merge_request

    match merge_request(_desk(repo, base), number):
        case MergedAs(commit):
            click.echo(f"merged as {commit}")
        case LeftToPeople(why):
            click.echo(f"not merged: {why}")
    return 0


@ci.command()
@outcome
@_shared
def report(outcome: str, repo: str | None, log_json: bool) -> int:
    """Say how an apply ended, in the note and as a status.

    The note is that of the merge request that brought the commit.

    Example: appstore ci report --outcome outcome.json
    """
    start_log(log_json)
    from appstore.runs.ci.note import report as run

    request = run(_desk(repo, "HEAD"), _outcome(outcome))
    click.echo(f"reported to {request.url}" if request else "no merge request brought this commit")
    return 0


@ci.command()
@outcome
@_shared
def record(outcome: str, repo: str | None, log_json: bool) -> int:
    """Append what an apply did to the branch appstore-records.

    Example: appstore ci record --outcome outcome.json
    """
    start_log(log_json)
    from appstore.forge.here import place
    from appstore.runs.ci.record import record as run
    from appstore.source.remote import login

    here = place(os.environ)
    under = login(here.server, here.login, here.token)
    path = run(repository(repo), _outcome(outcome), under, time.sleep)
    click.echo(f"recorded as {path}")
    return 0


def _desk(repo: str | None, base: str) -> "Desk":
    from appstore.forge.here import open_forge, place
    from appstore.runs.ci.request import Desk
    from appstore.source.remote import login

    here = place(os.environ)
    under = login(here.server, here.login, here.token)
    now = datetime.now(UTC)
    return Desk(repository(repo), open_forge(here), here.kind, under, now, base, _page())


def _page() -> str:
    """The page of this job, as the forge calls it in the environment."""
    if page := os.environ.get("CI_JOB_URL"):
        return page
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, project, run = (os.environ.get(name, "") for name in names)
    return f"{server}/{project}/actions/runs/{run}" if server and project and run else ""


def _outcome(name: str) -> "OutcomeFile":
    from appstore.documents.outcome_file import OutcomeFile

    return _document(OutcomeFile, name)


M = TypeVar("M", bound="BaseModel")


def _document(model: type[M], name: str) -> M:
    """A document that another job wrote, checked as one of anybody; raises InvalidInput."""
    from pydantic import ValidationError

    from appstore.errors import InvalidInput

    try:
        with Path(name).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.", "Name a file.") from error
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        return model.model_validate_json(data)
    except (ValidationError, ValueError) as error:
        raise InvalidInput(
            f"{name} is not what it should be: a document of this tool.",
            "Give the file as the other command wrote it with --out.",
        ) from error
