"""The verb `review`."""

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from appstore.cli.options import repository, shared_by_edits, start_log
from appstore.cli.plan_files import write_file

if TYPE_CHECKING:
    from appstore.govern.people import ForgeName

EXIT_CODES = {"enough": 0, "missing": 3, "invalid": 2}


@click.command()
@click.option("--base", metavar="REV", required=True, help="The branch that it goes onto.")
@click.option("--head", metavar="REV", required=True, help="What is proposed.")
@click.option("--author", metavar="ACCOUNT", required=True, help="Who opened the merge request.")
@click.option(
    "--reviewed-by",
    metavar="ACCOUNT",
    multiple=True,
    help="Who approved it after the last push; may be given several times.",
)
@click.option(
    "--forge",
    type=click.Choice(["github", "gitlab"]),
    help="Whose account names these are; default: that of the CI around, else both count.",
)
@click.option("--out", metavar="FILE", help="Write the review there too, as JSON.")
@shared_by_edits
def review(
    base: str,
    head: str,
    author: str,
    reviewed_by: tuple[str, ...],
    forge: "ForgeName | None",
    out: str | None,
    repo: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Decide whether a merge request may be merged; needs no cloud, no forge and no password.

    Who may do what is read from the target branch, never from what is proposed. Exit code 0: it may
    be merged; 3: reviews are missing; 2: files are wrong.

    Example: appstore review --base origin/main --head HEAD --author anna --reviewed-by carl
    """
    start_log(log_json)
    from appstore.govern.people import People
    from appstore.report.review import review_text
    from appstore.runs.review import review as run
    from appstore.source.proposal import read_proposal

    people = People(author, reviewed_by, forge or forge_around())
    made = run(read_proposal(repository(repo), base, head), people, datetime.now(UTC))
    text = made.model_dump_json(indent=2)
    if out:
        write_file(out, f"{text}\n")
    if as_json:
        click.echo(text)
    else:
        for line in review_text(made):
            click.echo(line)
    return EXIT_CODES[made.verdict]


def forge_around() -> "ForgeName | None":
    """The forge whose CI runs this, by the variables that it sets."""
    if os.environ.get("GITHUB_ACTIONS"):
        return "github"
    return "gitlab" if os.environ.get("GITLAB_CI") else None
