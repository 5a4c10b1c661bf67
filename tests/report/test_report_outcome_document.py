"""How a run ended as a document: every kind of end, and who acts next."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from reconcile_samples import NOW, OWNER, REV, stack

from appstore.documents.findings import Finding
from appstore.documents.outcome_file import OutcomeFile
from appstore.reconcile.decision import Act, Action, Refuse, Step, Stuck, Wait
from appstore.reconcile.outcome import Done, Failed, Outcome, Result, Skipped, Unfinished
from appstore.reconcile.plan import Entry, Health, Plan
from appstore.report.outcome_document import outcome_document
from appstore.wanted.identity import InstanceId

RUN = "req-12345678-1234-4234-8234-123456789abc"
CREATE = Action.CREATE
PLAN = Plan(OWNER, REV, NOW, (), (), (), (), (), "1.digest")
ACT = Act(CREATE, (Step.CREATE,), "")
ENTRY = Entry("ada", "main", "p", stack(InstanceId("net", "lab", "s01")), None, Health.ABSENT, ACT)
BEGAN = datetime(2026, 10, 1, 10, 15, 0, 250_000, tzinfo=timezone(timedelta(hours=2)))


def document(result: Result, plan: Plan = PLAN) -> OutcomeFile:
    moments = (BEGAN, BEGAN + timedelta(minutes=1))
    return outcome_document(plan, (Outcome(ENTRY, result),), ("ada/net/lab/s02",), RUN, moments)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (Done(CREATE, timedelta(seconds=3)), ("create", "done", "", "", "", "")),
        (
            Failed(CREATE, "Full.", "server", "openstack-admin", "Ask.", "req-1"),
            ("create", "failed", "Full.", "Ask.", "openstack-admin", "req-1"),
        ),
        (Unfinished(CREATE, "Time."), ("create", "still running", "Time.", "", "", "")),
        (
            Skipped(CREATE, "Stopped.", "Again."),
            ("create", "not started", "Stopped.", "Again.", "", ""),
        ),
        (
            Refuse("foreign", "Other's.", "Rename."),
            ("", "refused", "Other's.", "Rename.", "admin", ""),
        ),
        (
            Refuse("not-reviewed", "Past review.", "Open one."),
            ("", "refused", "Past review.", "Open one.", "lecturer", ""),
        ),
        (
            Refuse("stale", "Other.", "Again."),
            ("", "stale", "Other.", "Again.", "lecturer", ""),
        ),
        (Stuck("Held.", "Reset."), ("", "need a person", "Held.", "Reset.", "lecturer", "")),
        (Wait("Exam."), ("", "waiting", "Exam.", "", "", "")),
    ],
)
def test_every_kind_of_end(result: Result, told: tuple[str, ...]) -> None:
    (one,) = document(result).outcomes
    assert (one.id, one.stack) == ("ada/net/lab/s01", "net--lab--s01")
    assert (one.action, one.result, one.why, one.next_step, one.owner, one.request) == told


def test_the_run_and_its_moments_in_utc() -> None:
    finding = Finding("deployments/site.yaml", 3, 1, "x/y", "Wrong.", "Mend it.")
    made = document(Wait("Exam."), replace(PLAN, findings=(finding,)))
    assert (made.run, made.commit, made.plan) == (RUN, REV, "1.digest")
    assert (made.started, made.ended) == ("2026-10-01T08:15:00+00:00", "2026-10-01T08:16:00+00:00")
    assert made.already == ("ada/net/lab/s02",)
    assert made.findings[0].message == "Wrong."
    assert OutcomeFile.model_validate_json(made.model_dump_json()) == made
