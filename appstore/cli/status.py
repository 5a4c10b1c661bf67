"""The verb `status`."""

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
from appstore.cli.session import clouds, order


@click.command()
@instances
@at
@deadline(10)
@click.option(
    "--deep",
    is_flag=True,
    help="Look behind the stacks: finds what was stopped, deleted or changed by hand.",
)
@shared
def status(
    ids: tuple[str, ...],
    at: str | None,
    deadline: float,
    deep: bool,
    repo: str | None,
    rev: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Show every instance: its state, why, since when, ways in, and who acts next.

    Exit 1 when something failed or has drifted, 3 when something is refused.

    Example: appstore status lecturer-a/net101
    """
    start_log(log_json)
    from appstore.cloud.credentials import Purpose
    from appstore.report.notices import notices_text
    from appstore.report.plan import exit_codes, left_out_text
    from appstore.report.status import exit_codes as standing_codes
    from appstore.report.status import status_json, status_text
    from appstore.runs.status import look, look_deep

    root = repository(repo)
    with clouds(Purpose.READ, end_of_run(deadline)) as open_cloud:
        asked = order(root, tree_of(root, rev), ids, at)
        seen = look_deep(asked, open_cloud) if deep else look(asked, open_cloud)
    if as_json:
        click.echo(json.dumps(status_json(seen.shown, seen.plan.now), indent=2))
    else:
        for line in status_text(seen.shown, seen.plan.now):
            click.echo(line)
        for line in (*notices_text(seen.plan.entries), *left_out_text(seen.plan)):
            click.echo(line)
    return worst([*exit_codes(seen.plan, detailed=False), *standing_codes(seen.shown)])
