"""The verb `plan`."""

import json

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
from appstore.cli.plan_files import write_plan
from appstore.cli.session import clouds, order


@click.command()
@instances
@click.option("--detailed-exitcode", is_flag=True, help="Exit 4 when something would change.")
@click.option("--out", metavar="FILE", help="Write the plan there too, for apply --reviewed.")
@at
@deadline(10)
@shared
def plan(
    ids: tuple[str, ...],
    detailed_exitcode: bool,
    out: str | None,
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
    """
    if out and at:
        raise click.UsageError("A plan for another moment cannot be reviewed for apply: no --out.")
    start_log(log_json)
    from appstore.cloud.credentials import Purpose
    from appstore.report.plan import exit_codes, plan_text
    from appstore.report.plan_json import plan_json
    from appstore.runs.plan import make_plan

    root = repository(repo)
    with clouds(Purpose.READ, end_of_run(deadline)) as open_cloud:
        made = make_plan(order(root, tree_of(root, rev), ids, at), open_cloud).plan
    if out:
        write_plan(out, json.dumps(plan_json(made), indent=2) + "\n")
    if as_json:
        click.echo(json.dumps(plan_json(made), indent=2))
    else:
        for line in plan_text(made):
            click.echo(line)
    return worst(exit_codes(made, detailed_exitcode))
