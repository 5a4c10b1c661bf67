"""A whole apply: what of the plan was done, and what of it was not even tried."""

from collections.abc import Iterator, Sequence

from appstore.documents.findings import Severity
from appstore.reconcile.outcome import Outcome
from appstore.reconcile.plan import Plan
from appstore.report import outcomes as ended
from appstore.report import plan as planned
from appstore.report.escape import plain
from appstore.report.findings import findings_json
from appstore.report.wording import counted


def applied_text(
    plan: Plan, outcomes: Sequence[Outcome], already: Sequence[str], run_id: str
) -> Iterator[str]:
    """What did not end well, what was held, then the counts and the run id.

    `already` are reviewed changes that were done before this run, or are on their way.
    """
    yield from planned.left_out_text(plan)
    if already:
        names = ", ".join(map(plain, already[:3])) + (" ..." if len(already) > 3 else "")
        yield f"{counted(len(already), 'reviewed change')} done already: {names}"
    yield from ended.outcomes_text(outcomes, planned.not_planned(plan))
    yield f"run {run_id}"


def applied_json(
    plan: Plan, outcomes: Sequence[Outcome], already: Sequence[str], run_id: str
) -> dict[str, object]:
    """The same as plain values."""
    return {
        "run": run_id,
        "commit": plan.commit,
        "plan": plan.digest,
        "outcomes": ended.outcomes_json(outcomes),
        "already": list(already),
        "findings": findings_json(plan.findings),
    }


def exit_codes(plan: Plan, outcomes: Sequence[Outcome]) -> Iterator[int]:
    """The exit codes that this apply gives reason for; the caller takes the worst."""
    if any(f.severity is Severity.ERROR for f in plan.findings):
        yield 2
    yield from planned.unplanned_codes(plan)
    yield from ended.exit_codes(outcomes)
