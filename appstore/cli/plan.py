"""The verb `plan`."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from appstore.cli.ending import worst
from appstore.cli.options import (
    at,
    deadline,
    end_of_run,
    instances,
    repository,
    shared,
    start_log,
    tree_of,
)
from appstore.cli.plan_files import append_file, write_file
from appstore.cli.session import clouds, order, order_onto

if TYPE_CHECKING:
    from appstore.reconcile.plan import Plan


@click.command()
@instances
@click.option("--detailed-exitcode", is_flag=True, help="Exit 4 when something would change.")
@click.option(
    "--onto",
    metavar="TARGET",
    help="Plan what merging HEAD (or --rev) into TARGET changes, without what waits there anyway.",
)
@click.option("--out", metavar="FILE", help="Write the plan there too, for apply --reviewed.")
@click.option("--widget", metavar="FILE", help="Write the counts for GitLab's terraform widget.")
@click.option("--summary", metavar="FILE", help="Append the plan as Markdown: GITHUB_STEP_SUMMARY.")
@click.option(
    "--lecturers",
    metavar="FILE",
    help="Write for whom there is something to do, as a JSON list of ids for apply: names, or "
    "groups of names where a pipeline cannot start so many jobs.",
)
@at
@deadline(10)
@shared
def plan(
    ids: tuple[str, ...],
    detailed_exitcode: bool,
    onto: str | None,
    out: str | None,
    widget: str | None,
    summary: str | None,
    lecturers: str | None,
    at: str | None,
    deadline: float,
    repo: str | None,
    rev: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Show what would be done to make the cloud as the files want it; changes nothing.

    ID is <lecturer>/<course>/<deployment>[/<member>], shell patterns allowed; none means all.

    Example: appstore plan 'lecturer-a/net101/*'

    Before a merge: appstore plan --onto origin/main
    """
    if out and at:
        raise click.UsageError("A plan for another moment cannot be reviewed for apply: no --out.")
    start_log(log_json)
    from appstore.documents.plan_file import PlanFile
    from appstore.reconcile.jobs import jobs_of
    from appstore.report.note import summary_text
    from appstore.report.plan import exit_codes, plan_text
    from appstore.report.plan_json import plan_json
    from appstore.report.widget import widget_json

    made, paths = _plan(ids, onto, at, deadline, repo, rev)
    written = json.dumps(plan_json(made), indent=2)
    if out:
        write_file(out, written + "\n")
    if widget:
        write_file(widget, json.dumps(widget_json(made)) + "\n")
    if summary:
        append_file(summary, summary_text(PlanFile.model_validate_json(written)))
    if lecturers:
        write_file(lecturers, json.dumps(jobs_of(made, paths)) + "\n")
    if as_json:
        click.echo(written)
    else:
        for line in plan_text(made):
            click.echo(line)
    return worst(exit_codes(made, detailed_exitcode))


def _plan(
    ids: tuple[str, ...],
    onto: str | None,
    at: str | None,
    deadline: float,
    repo: str | None,
    rev: str | None,
) -> "tuple[Plan, Collection[str]]":
    """The plan, and the paths of the tree as it is or shall be merged into."""
    from appstore.cloud.credentials import Purpose
    from appstore.runs.plan import make_plan
    from appstore.runs.proposal import plan_proposal
    from appstore.source.commits import has_edits
    from appstore.source.proposal import read_proposal

    root = repository(repo)
    with clouds(Purpose.READ, end_of_run(deadline)) as open_cloud:
        if onto is None:
            tree = tree_of(root, rev)
            return make_plan(order(root, tree, ids, at), open_cloud).plan, tree.files
        if not rev and has_edits(root):
            click.echo("note: edits that are not committed are left out.", err=True)
        proposed = read_proposal(root, onto, rev or "HEAD")
        made = plan_proposal(order_onto(root, proposed, ids, at), proposed, open_cloud)
        return made, proposed.target.files
