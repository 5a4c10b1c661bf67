"""The verb `audit`."""

import json
import os
from typing import TYPE_CHECKING

import click

from appstore.cli.options import deadline, end_of_run, repository, shared, start_log
from appstore.cli.session import clouds

if TYPE_CHECKING:
    from appstore.forge.protocol import Forge


@click.command()
@click.argument("name", metavar="[ID | NAME@VERSION]", required=False)
@click.option("--course", metavar="LECTURER/COURSE", help="Everything of this course instead.")
@deadline(10)
@shared
def audit(
    name: str | None,
    course: str | None,
    deadline: float,
    repo: str | None,
    rev: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Show who asked for something, who approved it, and what was done when.

    Reads the branch's history, the merge requests (where a token for the forge is in the
    environment), the records that runs left, and Heat's events; also after the stack is gone.
    Exit 1 when one of these could not be read. ID is <lecturer>/<course>/<deployment>[/<member>].

    Example: appstore audit lecturer-a/net101/signup/s03
    """
    start_log(log_json)
    from appstore.cloud.credentials import Purpose
    from appstore.report.audit import audit_json, audit_text, exit_code
    from appstore.runs.audit.audit import audit as run
    from appstore.runs.audit.audit import subject_of
    from appstore.runs.audit.subject import Sources

    subject = subject_of(name, course)
    with clouds(Purpose.READ, end_of_run(deadline)) as open_cloud:
        found = run(subject, Sources(repository(repo), rev or "HEAD", open_cloud, _forge()))
    if as_json:
        click.echo(json.dumps(audit_json(found), indent=2))
    else:
        for line in audit_text(found):
            click.echo(line)
    return exit_code(found)


def _forge() -> "Forge | str":
    """The forge of this environment, or why there is none."""
    from appstore.forge.errors import NoForge
    from appstore.forge.here import open_forge, place

    try:
        return open_forge(place(os.environ))
    except NoForge as error:
        return f"The forge was not asked, so people are named as git does. {error} {error.hint}"
