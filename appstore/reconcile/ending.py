"""Rows 9 to 11: what nobody wants any more is tagged, put to sleep, later deleted."""

from datetime import date

from appstore.reconcile.decision import Act, Action, Decision, Step, Wait
from appstore.reconcile.ruling import Ruling, Seen
from appstore.reconcile.status import ASLEEP, CREATE_FAILED, SUSPEND_FAILED, State
from appstore.reconcile.timing import end_of_grace, next_hourly
from appstore.wanted.states import Gone


def end(gone: Gone, base: bool, seen: Seen) -> Ruling:
    """The row for a settled stack of ours that is not wanted; a base is tagged, never asleep."""
    if not gone.grace or seen.status == CREATE_FAILED:
        return Ruling(9, _delete(gone, gone.why))
    if seen.tags.ending is None:
        return Ruling(10, _begin(gone, base, seen))
    return Ruling(11, _go_on(gone, base, seen, seen.tags.ending))


def _delete(gone: Gone, why: str) -> Act:
    return Act(Action.DELETE, (Step.DELETE,), why, gone.cause)


def _begin(gone: Gone, base: bool, seen: Seen) -> Act:
    # Heat takes no PATCH for a stack whose suspend ended, well or not.
    wake = (Step.RESUME,) if seen.status in (ASLEEP, SUSPEND_FAILED) else ()
    sleep = () if base else (Step.SUSPEND,)
    days = gone.grace.days
    why = f"{gone.why}; it is deleted after {days} days unless it comes back"
    return Act(Action.END, (*wake, Step.TAG_ENDING, *sleep), why, gone.cause)


def _go_on(gone: Gone, base: bool, seen: Seen, ending: date) -> Decision:
    over = end_of_grace(ending, gone.grace, seen.now)
    if seen.now >= over:
        return _delete(gone, f"{gone.why}; its grace since {ending} is over")
    if seen.status == ASLEEP or base:
        return Wait(f"{gone.why}; it is deleted after its grace", over)
    if seen.status.state is State.FAILED and seen.now < (at := next_hourly(seen.live)):
        return Wait("it could not be put to sleep, which is repeated hourly", at)
    return Act(Action.SUSPEND, (Step.SUSPEND,), f"{gone.why}; it sleeps until then", gone.cause)
