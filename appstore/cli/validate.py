"""The verb `validate`."""

import json
from datetime import UTC, datetime
from secrets import token_hex

import click

from appstore.cli.options import repository, shared, start_log, tree_of
from appstore.cli.plan_files import write_file
from appstore.report.annotations import annotations as commands
from appstore.report.annotations import quietly
from appstore.report.findings import findings_json, findings_text, summary
from appstore.report.junit import junit_xml
from appstore.report.wording import counted


@click.command()
@click.option("--junit", metavar="FILE", help="Write the findings as JUnit XML, for GitLab.")
@click.option("--annotations", is_flag=True, help="Print them as GitHub workflow commands too.")
@shared
def validate(
    junit: str | None,
    annotations: bool,
    repo: str | None,
    rev: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Check every file of the registry; needs no cloud and no password.

    Example: appstore validate --repo my-registry
    """
    start_log(log_json)
    from appstore.runs.validate import validate as run

    result = run(tree_of(repository(repo), rev), datetime.now(UTC))
    if junit:
        write_file(junit, junit_xml(result.files, result.findings))
    if as_json:
        lines = [json.dumps({"findings": findings_json(result.findings)}, indent=2)]
    else:
        lines = [
            *findings_text(result.findings),
            f"{counted(len(result.files), 'file')}, {counted(result.lecturers, 'lecturer')}, "
            f"{counted(result.instances, 'instance')}: {summary(result.findings)}",
        ]
    if annotations:
        lines = [*quietly(lines, token_hex(16)), *commands(result.findings)]
    for line in lines:
        click.echo(line)
    return 0 if result.valid else 2
