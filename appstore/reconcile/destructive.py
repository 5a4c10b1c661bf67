"""What takes something from somebody (README of appstore), and whether anybody ordered it."""

from appstore.reconcile.decision import Act, Decision, Step
from appstore.reconcile.difference import Difference, Effect, ResourceEffect
from appstore.reconcile.plan import Entry
from appstore.wanted.guards import GUARDED
from appstore.wanted.stacks import WantedStack

LOSSES = (Effect.REPLACED, Effect.REBUILT, Effect.DELETED)


def lost(act: Act, difference: Difference | None) -> tuple[ResourceEffect, ...]:
    """The servers and volumes that an update takes from somebody, or replaces or rebuilds."""
    effects = difference.effects if difference else ()
    return tuple(
        e
        for e in effects
        if e.type in GUARDED and e.effect in LOSSES and _path(e.name) not in act.unguarded
    )


def _path(name: str) -> str:
    """`group[3]/server` of an effect is `group/3/server` of a failed resource."""
    return name.replace("[", "/").replace("]", "")


def is_destructive(entry: Entry) -> bool:
    """A delete, a recreation, or an update that loses a server or a volume.

    Where an update may replace them and nobody could say whether it does, it counts as if it did.
    """
    match entry.decision:
        case Act(steps=steps) if Step.DELETE in steps:
            return True
        case Act(steps=steps) as act if Step.UPDATE in steps:
            if entry.difference is None:
                return isinstance(entry.subject, WantedStack) and entry.subject.spec.accept_replace
            return bool(lost(act, entry.difference))
        case _:
            return False


def unordered(decision: Decision) -> bool:
    """Whether no line of the merged tree asks for this action."""
    return isinstance(decision, Act) and decision.cause is None


def unordered_loss(entry: Entry) -> bool:
    """Something is lost that nobody ordered; going on with a failed delete loses nothing more."""
    return (
        entry.destructive
        and unordered(entry.decision)
        and entry.live is not None
        and entry.live.status != "DELETE_FAILED"
    )
