"""Rows 16 to 19: a stack whose last action failed, and that is wanted."""

from appstore.reconcile.causes import explain, forbidden, told
from appstore.reconcile.decision import (
    Act,
    Action,
    Decision,
    Look,
    Sight,
    Step,
    Stuck,
    Wait,
)
from appstore.reconcile.looks import failures_in_a_row, never_served
from appstore.reconcile.ruling import Ruling, Seen, same_spec
from appstore.reconcile.status import (
    CHECK_FAILED,
    RESUME_FAILED,
    SUSPEND_FAILED,
    not_what_was_sent,
)
from appstore.reconcile.timing import next_hourly, next_update
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Asleep, Running

SUSPENDS_BEFORE_RESUME = 3


def failed(stack: WantedStack, wanted: Running | Asleep, seen: Seen) -> Ruling | None:
    """The row for a failed stack, None for a healthy one."""
    match seen.status:
        case status if status == CHECK_FAILED:
            return Ruling(16, _drifted(stack, seen))
        case status if status == SUSPEND_FAILED:
            return Ruling(17, _not_suspended(wanted, seen))
        case status if status == RESUME_FAILED:
            return Ruling(18, _update(stack, seen, "it did not wake up; an update heals that"))
        case status if not_what_was_sent(status):
            return Ruling(19, _send(stack, seen))
        case _:
            return None


def _drifted(stack: WantedStack, seen: Seen) -> Stuck:
    return Stuck(
        f"what lives differs from what was made: {told(seen.live.reason)}",
        f"An update would replace the server. Reset it in {stack.path}, or mend it by hand and "
        "let the OpenStack admins run a check.",
    )


def _not_suspended(wanted: Running | Asleep, seen: Seen) -> Decision:
    if isinstance(wanted, Running):
        return Act(Action.RESUME, (Step.RESUME,), "its suspend failed and it is wanted awake")
    if seen.now < (at := next_hourly(seen.live)):
        return Wait(f"its suspend failed and is repeated hourly: {told(seen.live.reason)}", at)
    if seen.looks.events is None:
        return Look(Sight.EVENTS)
    if failures_in_a_row(seen.looks.events, seen.live.status) >= SUSPENDS_BEFORE_RESUME:
        return Act(Action.RESUME, (Step.RESUME,), "its suspend keeps failing; a resume frees it")
    return Act(Action.SUSPEND, (Step.SUSPEND,), "its suspend failed and is repeated", wanted.cause)


def _send(stack: WantedStack, seen: Seen) -> Decision:
    if same_spec(stack, seen.tags):
        return send_again(stack, seen)
    if seen.looks.failed is None:
        return Look(Sight.FAILED_RESOURCES)
    return _update(stack, seen, "it failed, and what is wanted has changed since")


def _update(stack: WantedStack, seen: Seen, why: str) -> Act:
    action = Action.RETRY if same_spec(stack, seen.tags) else Action.UPDATE
    unguarded = never_served(seen.looks.failed or ())
    return Act(action, (Step.UPDATE,), why, stack.replace_cause, unguarded=unguarded)


def send_again(stack: WantedStack, seen: Seen) -> Decision:
    """The same spec again, after its back-off; a raised `retry` begins anew at once."""
    fresh = stack.retry > seen.tags.retry
    if not fresh:
        if forbidden(seen.live.reason):
            return Stuck(
                f"its update was refused: {told(seen.live.reason)}",
                f"{explain(seen.live.reason).next_step} It is not tried again before "
                f"{stack.path} changes.",
            )
        at = next_update(seen.live, seen.tags.tries)
        if at is None:
            return _held(stack, seen)
        if seen.now < at:
            return Wait(f"it failed and is tried again: {told(seen.live.reason)}", at)
    if seen.looks.failed is None:
        return Look(Sight.FAILED_RESOURCES)
    return Act(
        Action.RETRY,
        (Step.UPDATE,),
        f"it failed and is tried again: {told(seen.live.reason)}",
        stack.replace_cause,
        tries=0 if fresh else seen.tags.tries + 1,
        unguarded=never_served(seen.looks.failed),
    )


def _held(stack: WantedStack, seen: Seen) -> Stuck:
    cause = explain(seen.live.reason)
    first = cause.next_step if cause.known else "Mend the cause."
    return Stuck(
        f"it failed {seen.tags.tries + 1} times: {cause.reason}",
        f"{first} Then raise `retry` in {stack.path} to try again, or reset it there to make it "
        "anew.",
    )
