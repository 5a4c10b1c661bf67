"""What this lecturer may not use is neither made nor changed, whatever was merged.

What runs stays, sleeps by its timetable and wakes by it, and may be ended.
"""

from collections.abc import Iterator
from functools import cache

from appstore.govern.use import Denied, Use
from appstore.reconcile.decision import Act, Action, Refuse
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.scope import address
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Running

SENDS = {
    Action.CREATE: Use.GROW,
    Action.ADOPT: Use.GROW,
    Action.UPDATE: Use.UPDATE,
    Action.RETRY: Use.UPDATE,
    Action.RECREATE: Use.RESET,
}
"""The actions that send the version to Heat, in a deployment that has it already."""


def approved(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Refuses what the lives of versions and their visibility deny (`govern/use.py`)."""

    @cache
    def running() -> frozenset[tuple[str, str | None]]:
        return frozenset(_running(entries, rules.owner))

    for entry in entries:
        match entry.subject, entry.decision:
            case WantedStack() as stack, Act(action=action):
                ref = stack.spec.version
                denied = _denied(rules, entry, ref, _use(stack, action))
                if denied is None and action in SENDS:
                    # Asked last, because it reads the tags of all; mostly nothing is denied.
                    begins = _denied(rules, entry, ref, Use.BEGIN)
                    here = stack.id.deployment_id
                    # A reset that was ordered before may have lost its stack half-way.
                    if begins and not stack.generation and (here, ref) not in running():
                        denied = begins
                if denied is not None:
                    yield entry, Refuse(denied.rule, denied.why, denied.way_out)


def _use(stack: WantedStack, action: Action) -> Use:
    match action:
        case Action.RESUME:
            timetable = isinstance(stack.wanted, Running) and stack.wanted.occasion is not None
            return Use.WAKE if timetable else Use.RESUME
        case Action.REVIVE:
            return Use.RESUME
        case Action.SUSPEND:
            return Use.SUSPEND
        case Action.END | Action.DELETE:
            return Use.REMOVE
        case _:
            return SENDS[action]


def _denied(rules: Rules, entry: Entry, ref: str, use: Use) -> Denied | None:
    verdict = rules.may_use(entry.lecturer, ref, use)
    if not isinstance(verdict, Denied):
        return None
    in_exam = any(frozen.holds(address(entry)) for frozen in rules.frozen)
    # A freeze beats revocation: a seat of an exam is still healed.
    return None if in_exam and verdict.rule == "revoked" and use is not Use.BEGIN else verdict


def _running(entries: tuple[Entry, ...], owner: str) -> Iterator[tuple[str, str | None]]:
    """Which versions each deployment runs, by the tags of what lives."""
    for entry in entries:
        if entry.live is not None:
            tags = read_tags(entry.live.tags, owner)
            if isinstance(tags, Ours):
                yield tags.id.deployment_id, tags.template
