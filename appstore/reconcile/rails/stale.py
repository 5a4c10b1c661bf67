"""Reviewed = applied: what is destructive must equal what somebody saw."""

from collections.abc import Iterator
from typing import assert_never

from appstore.reconcile.decision import Act, Action, Refuse, Step
from appstore.reconcile.digest import Fingerprint, fingerprint
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.reviewed import Consent, Reviewed, ReviewedPlan, Scheduled
from appstore.reconcile.tags import Ours, read_tags

_WORDS = {
    "action": "action",
    "spec": "wanted spec",
    "generation": "wanted generation",
    "live_id": "stack",
    "live_spec": "its spec",
    "live_generation": "its generation",
    "health": "its health",
}


def stale(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Destructive entries that differ from what was reviewed; a person's own run is a review."""
    if rules.consent is None:
        return
    for entry in entries:
        if not isinstance(act := entry.decision, Act) or not entry.destructive:
            continue
        if _free(entry, act, rules.consent):
            continue
        now = fingerprint(entry, rules.owner)
        plans = _plans(act, rules.consent)
        seen = [plan.changes[now.id] for plan in plans if now and now.id in plan.changes]
        if now is not None and now not in seen and not _announced(entry, now, seen, rules):
            yield entry, _refusal(now, seen[-1] if seen else None, rules.consent)


def _free(entry: Entry, act: Act, consent: Consent) -> bool:
    """What needs no equal entry: a delete that goes on, and unattended also what a date orders."""
    if entry.live is not None and entry.live.status == "DELETE_FAILED":
        return act.steps == (Step.DELETE,)
    match consent:
        case Reviewed():
            return False
        case Scheduled():
            # without a cause it waits for a person anyway (see unattended.py)
            return act.cause is None or act.cause.kind == "date"
        case _:
            assert_never(consent)


def _announced(entry: Entry, now: Fingerprint, seen: list[Fingerprint], rules: Rules) -> bool:
    """Whoever saw an end saw its delete: a schedule carries that out once the grace is over.

    Else a removed seat would sleep for ever where only a schedule applies.
    """
    if not isinstance(rules.consent, Scheduled) or entry.live is None:
        return False
    tags = read_tags(entry.live.tags, rules.owner)
    ended = now.action == Action.DELETE and isinstance(tags, Ours) and tags.ending is not None
    return ended and now._replace(action=Action.END) in seen


def _plans(act: Act, consent: Consent) -> tuple[ReviewedPlan, ...]:
    match consent:
        case Reviewed(plans):
            return plans
        case Scheduled(plans, of_merge):
            return (*plans, *(of_merge(act.cause) if act.cause else ()))
        case _:
            assert_never(consent)


def _refusal(now: Fingerprint, seen: Fingerprint | None, consent: Consent) -> Refuse:
    if seen is None:
        why = f"its {now.action} is in no reviewed plan"
    else:
        sides = [
            f"{words} {getattr(seen, field) or 'none'} -> {getattr(now, field) or 'none'}"
            for field, words in _WORDS.items()
            if getattr(seen, field) != getattr(now, field)
        ]
        why = f"its {now.action} is not what was reviewed (then -> now): {', '.join(sides)}"
    match consent:
        case Reviewed():
            step = "Make a new plan, have it reviewed, and apply that one."
        case Scheduled():
            step = "A new merge whose plan shows it, or a person's own apply, carries it out."
        case _:
            assert_never(consent)
    return Refuse("stale", why, step)
