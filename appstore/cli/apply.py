"""The verb `apply`."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NamedTuple

import click

from appstore.cli.ending import worst
from appstore.cli.options import deadline, end_of_run, instances, repository, shared, start_log
from appstore.cli.runid import RUN_ID
from appstore.cli.session import clouds, order

if TYPE_CHECKING:
    from appstore.apply.clock import Stop
    from appstore.documents.outcome_file import OutcomeFile
    from appstore.reconcile.decision import Refuse
    from appstore.reconcile.plan import Entry
    from appstore.reconcile.reviewed import Consent, ReviewedPlan


@click.command()
@instances
@deadline(None)
@click.option(
    "--reviewed",
    metavar="FILE",
    multiple=True,
    help="A plan that was reviewed: what is destructive must be in it. May be repeated.",
)
@click.option(
    "--scheduled",
    is_flag=True,
    help="Nobody looks on: nothing destructive but what a date or a reviewed plan orders.",
)
@click.option(
    "--forge",
    is_flag=True,
    help="In CI: compare with the plans that were reviewed, and check once more that each file was "
    "reviewed as policy asks.",
)
@click.option("--out", metavar="FILE", help="Write how it ended there, as JSON.")
@shared
def apply(
    ids: tuple[str, ...],
    deadline: float | None,
    reviewed: tuple[str, ...],
    scheduled: bool,
    forge: bool,
    out: str | None,
    repo: str | None,
    rev: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Make the cloud as the commit wants it; wait until every instance has ended.

    Reads HEAD (or --rev), never edits that are not committed. Ctrl-C ends it cleanly: what Heat
    was asked for goes on there, and the next run goes on from what it finds.

    Example: appstore apply lecturer-a/net101
    """
    start_log(log_json)
    from appstore.apply.clock import Stop, WallClock
    from appstore.apply.run import Settings
    from appstore.cli import progress
    from appstore.cli.plan_files import read_plans
    from appstore.cloud.credentials import Purpose
    from appstore.reconcile.rails.rules import Attendance
    from appstore.report.applied import applied_json, applied_text, exit_codes
    from appstore.report.outcome_document import outcome_document
    from appstore.runs.apply import Surroundings
    from appstore.runs.apply import apply as run
    from appstore.source.commits import commit_tree, has_edits

    began = datetime.now(UTC)
    plans = read_plans(reviewed)
    root = repository(repo)
    tree = commit_tree(root, rev or "HEAD")
    if forge:
        known = _told_by_forge(root, tree.commit or "", plans, scheduled)
    else:
        known = _without_forge(plans, scheduled)
    if not rev and has_edits(root):
        click.echo("note: edits that are not committed are left out.", err=True)
    stop = Stop()
    clock = WallClock(stop)
    until = end_of_run(deadline)
    with stopping(stop), clouds(Purpose.WRITE, until) as open_cloud, progress.shown() as live:
        settings = Settings(run_id=RUN_ID, deadline=until, newer=known.newer)
        around = Surroundings(clock, stop, live, settings, os.environ, known.objection)
        asked = replace(order(root, tree, ids), consent=known.consent)
        if scheduled:
            asked = replace(asked, attendance=Attendance.UNATTENDED)
        applied = run(asked, open_cloud, around)
    told = (applied.plan, applied.outcomes, applied.already, RUN_ID)
    if out:
        _write(out, outcome_document(*told, (began, datetime.now(UTC))))
    if as_json:
        click.echo(json.dumps(applied_json(*told), indent=2))
    else:
        for line in applied_text(*told):
            click.echo(line)
    return worst(exit_codes(applied.plan, applied.outcomes))


class Known(NamedTuple):
    """What was reviewed; what speaks against an entry; whether there is a newer commit."""

    consent: "Consent | None"
    objection: "Callable[[Entry], Refuse | None]" = lambda entry: None
    newer: Callable[[], bool] = lambda: False


def _without_forge(plans: "tuple[ReviewedPlan, ...]", scheduled: bool) -> Known:
    """By the plans at hand alone; with none a person's own run is the review."""
    from appstore.reconcile.reviewed import Reviewed, Scheduled

    if scheduled:
        return Known(Scheduled(plans, lambda cause: ()))
    return Known(Reviewed(plans) if plans else None)


def _told_by_forge(
    root: Path, commit: str, plans: "tuple[ReviewedPlan, ...]", scheduled: bool
) -> Known:
    """By the merge requests that brought what stands in the commit, and by the default branch."""
    from appstore.forge.here import open_forge, place
    from appstore.reconcile.reviewed import Scheduled
    from appstore.runs.merged_again import objections
    from appstore.runs.merged_plans import MergedPlans, MergedRequests
    from appstore.runs.merged_steps import Merged
    from appstore.runs.newer import newer_on
    from appstore.source.remote import login

    here = place(os.environ)
    opened = open_forge(here)
    requests = MergedRequests(opened)
    under = login(here.server, here.login, here.token)
    merged = Merged(root, commit, requests, here.kind, under)
    merged_plans = MergedPlans(root, commit, requests)
    return Known(
        Scheduled(
            plans if scheduled else (*plans, *merged_plans.of_commit()), merged_plans.of_cause
        ),
        objections(merged),
        newer_on(root, opened.default_branch(), commit, under),
    )


def _write(name: str, outcome: "OutcomeFile") -> None:
    """The document, without any value that this run was given as a secret."""
    from appstore.cli.logs import secrets_of
    from appstore.cli.plan_files import write_file

    text = outcome.model_dump_json(indent=2)
    for secret in secrets_of(dict(os.environ)):
        text = text.replace(json.dumps(secret, ensure_ascii=False)[1:-1], "(secret)")
    write_file(name, f"{text}\n")


@contextmanager
def stopping(stop: "Stop") -> Iterator[None]:
    """The first Ctrl-C or SIGTERM asks the run to end cleanly, the second ends it at once."""

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        click.echo("stopping: nothing new is sent; once more ends at once.", err=True)
        stop.set()

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
