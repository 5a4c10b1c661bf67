"""The verb `validate`."""

import json
from datetime import UTC, datetime

import click

from appstore.cli.options import repository, shared, start_log, tree_of
from appstore.report.findings import findings_json, findings_text, summary
from appstore.report.wording import counted


@click.command()
@shared
def validate(repo: str | None, rev: str | None, as_json: bool, log_json: bool) -> int:
    """Check every file of the registry; needs no cloud and no password.

    Example: appstore validate --repo my-registry
    """
    start_log(log_json)
    from appstore.runs.validate import validate as run

    result = run(tree_of(repository(repo), rev), datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"findings": findings_json(result.findings)}, indent=2))
    else:
        for line in findings_text(result.findings):
            click.echo(line)
        click.echo(
            f"{counted(result.files, 'file')}, {counted(result.lecturers, 'lecturer')}, "
            f"{counted(result.instances, 'instance')}: {summary(result.findings)}"
        )
    return 0 if result.valid else 2
