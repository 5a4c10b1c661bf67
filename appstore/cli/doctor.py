"""The verb `doctor`."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from appstore.cli.options import repository, shared_by_edits, start_log, tree_of
from appstore.cli.runid import RUN_ID
from appstore.errors import AppstoreError, InvalidInput

if TYPE_CHECKING:
    from appstore.registry.registry import Registry
    from appstore.report.doctor import Check


@click.command()
@click.option("--forge", "only_forge", is_flag=True, help="Look at the forge, at no cloud.")
@click.option("--cloud", "only_cloud", metavar="NAME", help="Look at this cloud, at no forge.")
@shared_by_edits
def doctor(
    only_forge: bool, only_cloud: str | None, repo: str | None, as_json: bool, log_json: bool
) -> int:
    """Check this machine, the clouds and the forge, and say what to mend.

    Nothing is changed: what a credential may do is asked by requests that cannot succeed. Run it
    with both credentials, the one that plans and the one that applies.

    Example: appstore doctor --cloud campus
    """
    start_log(log_json)
    from appstore.registry.read import read_registry
    from appstore.report.doctor import Level, doctor_json, doctor_text

    root = repository(repo)
    tree = tree_of(root, None)
    registry = read_registry(tree.files, tree.findings)
    checks = [*_runner(root)]
    if not only_forge:
        checks += _clouds(registry, only_cloud)
    if only_cloud is None:
        checks += _forge()
    if as_json:
        click.echo(json.dumps({"checks": doctor_json(checks)}, indent=2))
    for line in () if as_json else doctor_text(checks):
        click.echo(line)
    return int(any(check.level is Level.PROBLEM for check in checks))


def _runner(root: Path) -> "Iterator[Check]":
    from appstore.runs.doctor.doctor import runner_checks
    from appstore.source.history import git_version

    return runner_checks(sys.version_info[:3], git_version(root))


def _clouds(registry: "Registry", only: str | None) -> "Iterator[Check]":
    from appstore.cloud.cloud import open_cloud
    from appstore.registry.nearest import known_instead
    from appstore.runs.doctor.cloud import cloud_checks
    from appstore.runs.doctor.facts import look_at_cloud

    if registry.site is None:
        raise InvalidInput(
            "deployments/site.yaml is missing or has errors.", "See: appstore validate"
        )
    every = registry.site.model.clouds
    if only is not None and only not in every:
        raise InvalidInput(f'There is no cloud "{only}" in site.yaml.', known_instead(only, every))
    people = [
        *(folder.document.model for folder in registry.lecturers.values()),
        *(held.model for held in registry.held_lecturers.values() if held),
    ]
    for name in [only] if only else every:
        projects = list(dict.fromkeys(one.project for one in people if one.cloud == name))
        with ExitStack() as stack:
            seen = look_at_cloud(
                name,
                projects,
                lambda cloud, purpose: stack.enter_context(open_cloud(cloud, purpose, RUN_ID)),
                lambda: datetime.now(UTC),
            )
        yield from cloud_checks(seen, every[name], _template_versions(registry))


def _template_versions(registry: "Registry") -> frozenset[str]:
    return frozenset(
        str(version.heat.model.get("heat_template_version")) for version in registry.versions()
    )


def _forge() -> "Iterator[Check]":
    from appstore.forge.here import open_forge, place
    from appstore.report.doctor import Check, Level
    from appstore.runs.doctor.doctor import forge_checks, unlisted_checks

    try:
        here = place(os.environ)
        yield from forge_checks(open_forge(here).protections())
        yield from unlisted_checks(here.kind)
    except AppstoreError as error:
        yield Check("forge", Level.UNKNOWN, error.message, error.hint)
