"""The verb `calendar`."""

import json
from datetime import UTC, datetime

import click

from appstore.cli.options import at, instances, repository, shared, start_log, tree_of


@click.command()
@instances
@click.option(
    "--weeks", type=click.IntRange(1, 60), default=4, show_default=True, help="How far to look."
)
@at
@shared
def calendar(
    ids: tuple[str, ...],
    weeks: int,
    at: str | None,
    repo: str | None,
    rev: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Show what will happen when, if the files stay as they are; needs no cloud.

    Machines made, classes, exams, ending notices, ends and deletions of each course; between
    classes and homework hours machines sleep. ID is <lecturer>[/<course>[/<deployment>]].

    Example: appstore calendar lecturer-a/net101 --weeks 20
    """
    start_log(log_json)
    from appstore.report.calendar import page_json, page_text
    from appstore.runs.calendar import look_ahead
    from appstore.runs.moment import moment

    tree = tree_of(repository(repo), rev)
    now = moment(at, tree) if at else datetime.now(UTC)
    seen = look_ahead(tree, now, weeks, ids)
    names = ["/".join(filter(None, (page.lecturer, page.course))) for page in seen.pages]
    if as_json:
        pages = [
            page_json(name, p.zone, p.events) for name, p in zip(names, seen.pages, strict=True)
        ]
        click.echo(json.dumps({"pages": pages, "held": list(seen.held)}, indent=2))
        return 0
    for name, page in zip(names, seen.pages, strict=True):
        for line in page_text(name, page.zone, page.deployments, page.events):
            click.echo(line)
        click.echo()
    for lecturer in seen.held:
        click.echo(f"{lecturer}: its files have findings; appstore validate says which.")
    if not seen.pages and not seen.held:
        click.echo("There is no deployment yet.")
    return 0
