"""How a run ended as the document that other jobs, records and audits read."""

from datetime import UTC, datetime
from typing import assert_never

from appstore.documents.outcome_file import InstanceOutcome, OutcomeFile
from appstore.documents.plan_file import FileFinding
from appstore.reconcile.decision import Refuse, Stuck, Wait
from appstore.reconcile.outcome import Done, Failed, Outcome, Skipped, Unfinished
from appstore.reconcile.plan import Plan
from appstore.reconcile.vocabulary import refusals_owner, stuck_owner
from appstore.report.outcomes import word
from appstore.report.subjects import full_id


def outcome_document(
    plan: Plan,
    outcomes: tuple[Outcome, ...],
    already: tuple[str, ...],
    run: str,
    began_ended: tuple[datetime, datetime],
) -> OutcomeFile:
    """The whole run; the plan is one of a commit."""
    started, ended = (moment.astimezone(UTC).isoformat("T", "seconds") for moment in began_ended)
    return OutcomeFile(
        format="1",
        run=run,
        commit=plan.commit or "",
        plan=plan.digest,
        started=started,
        ended=ended,
        outcomes=tuple(map(_instance, outcomes)),
        already=already,
        findings=tuple(map(FileFinding.of, sorted(plan.findings))),
    )


def _instance(outcome: Outcome) -> InstanceOutcome:
    def ended(
        action: str, why: str = "", step: str = "", owner: str = "", request: str = ""
    ) -> InstanceOutcome:
        return InstanceOutcome(
            id=full_id(outcome.entry),
            stack=outcome.entry.subject.name,
            action=action,
            result=word(outcome.result),
            why=why,
            next_step=step,
            owner=owner,
            request=request,
        )

    match outcome.result:
        case Done(action):
            return ended(str(action))
        case Failed(action, reason, _, owner, step, request):
            return ended(str(action), reason, step, owner, request)
        case Unfinished(action, reason):
            return ended(str(action), reason)
        case Skipped(action, reason, step):
            return ended(str(action), reason, step)
        case Refuse(rule, reason, step):
            return ended("", reason, step, refusals_owner(rule))
        case Stuck(reason, step):
            return ended("", reason, step, stuck_owner(outcome.entry))
        case Wait(reason, _, step):
            return ended("", reason, step or "")
        case _:
            assert_never(outcome.result)
