"""All rails around a proposal: the last pass to a plan."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from appstore.reconcile.decision import Act, Look, Refuse, Wait
from appstore.reconcile.digest import plan_digest
from appstore.reconcile.needs.shortage import Shortage, Use
from appstore.reconcile.plan import Entry, Plan
from appstore.reconcile.propose import Proposal
from appstore.reconcile.rails.approved import approved
from appstore.reconcile.rails.base_in_use import base_in_use
from appstore.reconcile.rails.emptied import emptied
from appstore.reconcile.rails.filtered import filtered
from appstore.reconcile.rails.freeze import freeze, with_reason
from appstore.reconcile.rails.many_deletes import many_deletes
from appstore.reconcile.rails.newer_run import newer_run
from appstore.reconcile.rails.protected import protected
from appstore.reconcile.rails.quota import Fitted, quota
from appstore.reconcile.rails.renamed import renamed
from appstore.reconcile.rails.replace_guard import replace_guard
from appstore.reconcile.rails.rules import Rail, Rules
from appstore.reconcile.rails.stale import stale
from appstore.reconcile.rails.unattended import unattended
from appstore.reconcile.rollout import in_turn, roll_outs
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Cause

RAILS: tuple[Rail, ...] = (
    newer_run,
    approved,
    freeze,
    protected,
    base_in_use,
    replace_guard,
    renamed,
    emptied,
    many_deletes,
    filtered,
    unattended,
    stale,
)


def guarded(proposal: Proposal, rules: Rules) -> Plan:
    """The plan: every rail is asked about the whole project, then the choice is cut out."""
    entries: list[Entry] = []
    shortages: list[Shortage] = []
    uses: list[Use] = []
    for _, group in groupby(proposal.entries, key=lambda entry: entry.lecturer):
        railed = _railed(tuple(with_reason(_closed(entry), rules) for entry in group), rules)
        fitted = quota(railed, rules)
        entries += _within(railed, fitted)
        shortages += fitted.shortages
        uses += fitted.uses
    rollings = tuple(roll_outs(entries, proposal.owner))
    entries = list(in_turn(entries, rollings))
    if rules.choice is not None:
        entries = [entry for entry in entries if rules.choice.takes(entry)]
    return Plan(
        owner=proposal.owner,
        commit=proposal.commit,
        now=proposal.now,
        entries=tuple(entries),
        unplanned=proposal.unplanned,
        held=proposal.held,
        orphans=proposal.orphans,
        findings=proposal.findings,
        digest=plan_digest(proposal.owner, entries),
        writes_off=rules.writes_off,
        roll_outs=rollings,
        shortages=tuple(shortages),
        uses=tuple(uses),
    )


def _closed(entry: Entry) -> Entry:
    """What was not read stays as it is; what an update loses was ordered by its deployment."""
    match entry.decision, entry.subject:
        case Look(at=at), _:
            why = f"its {at} could not be read, and without them nothing is decided"
            return replace(entry, decision=Refuse("unread", why, "Run again."))
        case Act(cause=None) as act, WantedStack() as stack if (
            entry.destructive and entry.difference is not None
        ):
            cause = Cause(stack.path, stack.line, f"template: {stack.spec.version}")
            return replace(entry, decision=replace(act, cause=cause))
        case _:
            return entry


def _railed(entries: tuple[Entry, ...], rules: Rules) -> tuple[Entry, ...]:
    """The first refusal decides, the others are said too; a wait counts less than a refusal."""
    stopped: dict[str, list[Refuse | Wait]] = {}
    for rail in RAILS:
        for entry, verdict in rail(entries, rules):
            stopped.setdefault(entry.subject.name, []).append(verdict)
    return tuple(_stopped(entry, stopped.get(entry.subject.name)) for entry in entries)


def _within(entries: tuple[Entry, ...], fitted: Fitted) -> Iterator[Entry]:
    """What other rails let pass, held back where it does not fit into the quota."""
    refusals = {entry.subject.name: [verdict] for entry, verdict in fitted.verdicts}
    for entry in entries:
        name = entry.subject.name
        unsure = fitted.warnings.get(name, ())
        yield _stopped(replace(entry, warnings=(*entry.warnings, *unsure)), refusals.get(name))


def _stopped(entry: Entry, verdicts: list[Refuse | Wait] | None) -> Entry:
    if not verdicts:
        return entry
    first, *more = sorted(verdicts, key=lambda verdict: isinstance(verdict, Wait))
    also = tuple(f"also: {verdict.why}" for verdict in more)
    return replace(entry, decision=first, destructive=False, warnings=(*entry.warnings, *also))
