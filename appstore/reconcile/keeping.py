"""Rows 12 to 15, 20 and 21: a settled stack of ours that is wanted."""

from dataclasses import replace

from appstore.reconcile.causes import told
from appstore.reconcile.decision import Act, Action, Decision, Look, Settled, Sight, Step, Wait
from appstore.reconcile.failures import failed, send_again
from appstore.reconcile.ownership import no_such_stack
from appstore.reconcile.ruling import Ruling, Seen, same_spec
from appstore.reconcile.status import ASLEEP, SUSPEND_FAILED, State, hides_failure
from appstore.wanted.moments import shown
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Asleep, NotYet, Occasion, Running

Kept = Running | Asleep | NotYet


def make(stack: WantedStack, wanted: Kept) -> Ruling:
    """The row for an instance that has no stack."""
    match wanted:
        case NotYet():
            return Ruling(13, Settled(_is_made(stack, wanted)))
        case _ if stack.adopt is not None:
            return Ruling(14, no_such_stack(stack))
        case Running(keep=True):
            return Ruling(14, Settled("it is gone; an exam only keeps what is there"))
        case Running():
            return Ruling(14, Act(Action.CREATE, (Step.CREATE,), ""))
        case Asleep() if stack.generation or wanted.prewarm:
            steps = (Step.CREATE, Step.SUSPEND)
            return Ruling(14, Act(Action.CREATE, steps, "made ahead of its first use"))
        case Asleep():
            return Ruling(14, Settled("it is made when it is first needed"))


def keep(stack: WantedStack, wanted: Kept, seen: Seen) -> Ruling:
    """The row for a stack at rest."""
    if seen.tags.ending is not None:
        return Ruling(12, _revive(stack, wanted, seen))
    if isinstance(wanted, NotYet):
        return Ruling(13, _too_early(stack, wanted, seen))
    if stack.generation > seen.tags.generation:
        return Ruling(15, _recreate(stack, wanted))
    if ruling := failed(stack, wanted, seen):
        return ruling
    if not same_spec(stack, seen.tags):
        return Ruling(20, _update(stack, wanted, seen))
    return Ruling(21, _in_sync(stack, wanted, seen))


def _revive(stack: WantedStack, wanted: Kept, seen: Seen) -> Decision:
    if isinstance(wanted, Running) and wanted.occasion and wanted.occasion.kind == "exam":
        return _revive_after(stack, wanted, wanted.occasion, seen)
    wake = (Step.RESUME,) if seen.status in (ASLEEP, SUSPEND_FAILED) else ()
    steps = (*wake, Step.UNTAG_ENDING)
    why = "it was ending and is wanted again"
    match keep(stack, wanted, seen.revived()).decision:
        case Act(action=Action.RECREATE) as reset:
            return reset
        case Act() as rest:
            joined = (*steps, *rest.steps)
            return Act(Action.REVIVE, joined, why, rest.cause, rest.tries, rest.unguarded)
        case _:
            return Act(Action.REVIVE, steps, why)


def _revive_after(stack: WantedStack, wanted: Running, exam: Occasion, seen: Seen) -> Decision:
    """In an exam it is only woken, and healed where it failed; the tag goes afterwards."""
    if seen.status in (ASLEEP, SUSPEND_FAILED):
        return Act(Action.RESUME, (Step.RESUME,), "an exam needs it awake", exam.cause)
    if seen.status.state is State.FAILED:
        untagged = replace(seen, tags=replace(seen.tags, ending=None))
        return keep(stack, wanted, untagged).decision
    return Wait("it is ending, and an exam holds it until then", exam.ends)


def _too_early(stack: WantedStack, wanted: NotYet, seen: Seen) -> Decision:
    why = _is_made(stack, wanted)
    if seen.status.state is State.FAILED:
        return Wait(f"it failed, and {why}: {told(seen.live.reason)}", wanted.begins)
    if seen.status == ASLEEP or stack.base:
        return Settled(why)
    return Act(Action.SUSPEND, (Step.SUSPEND,), why)


def _is_made(stack: WantedStack, wanted: NotYet) -> str:
    return f"its course needs it from {shown(wanted.begins, stack.zone)} on"


def _recreate(stack: WantedStack, wanted: Running | Asleep) -> Act:
    # The check comes first: a machine is only given up for a request that Heat accepts.
    steps = (Step.CHECK_CREATE, Step.DELETE, Step.CREATE, *_sleep(wanted))
    return Act(Action.RECREATE, steps, "a reset is ordered", stack.reset_cause)


def _update(stack: WantedStack, wanted: Running | Asleep, seen: Seen) -> Decision:
    if isinstance(wanted, Running) and wanted.occasion:
        return _update_after(wanted.occasion, seen)
    wake = (Step.RESUME,) if seen.status == ASLEEP else ()
    steps = (*wake, Step.UPDATE, *_sleep(wanted))
    return Act(Action.UPDATE, steps, "", stack.replace_cause)


def _update_after(occasion: Occasion, seen: Seen) -> Decision:
    """Nobody's machine is changed under a class or an exam, nor is it late because of a change.

    The wait lasts for the whole class: an update that was put off before it must not come in it.
    """
    if seen.status == ASLEEP:
        why = f"{_article(occasion)} needs it awake; what has changed follows after it"
        return Act(Action.RESUME, (Step.RESUME,), why, occasion.cause)
    return Wait(
        f"its files ask for something else, which is done after {_article(occasion)}; until then "
        "only a reset of single seats brings it",
        occasion.ends,
    )


def _article(occasion: Occasion) -> str:
    return "an exam" if occasion.kind == "exam" else "a class"


def _sleep(wanted: Running | Asleep) -> tuple[Step, ...]:
    return (Step.SUSPEND,) if isinstance(wanted, Asleep) else ()


def _in_sync(stack: WantedStack, wanted: Running | Asleep, seen: Seen) -> Decision:
    if hides_failure(seen.status):
        if seen.looks.failed is None:
            return Look(Sight.FAILED_RESOURCES)
        if seen.looks.failed:
            return send_again(stack, seen)
    asleep = seen.status == ASLEEP
    match wanted:
        case Asleep() if not asleep:
            return Act(Action.SUSPEND, (Step.SUSPEND,), wanted.cause.text, wanted.cause)
        case Running() if asleep:
            return Act(Action.RESUME, (Step.RESUME,), "")
        case Asleep(wakes=wakes) if wakes is not None:
            return Settled(f"it sleeps until {shown(wakes, stack.zone)}")
        case _:
            return Settled()
