"""Rows 5 to 7: something is happening to the stack, or a delete of it failed."""

from appstore.reconcile.causes import told
from appstore.reconcile.decision import Act, Action, Decision, Refuse, Step, Stuck, Wait
from appstore.reconcile.live import LiveStack
from appstore.reconcile.plan import Farewell
from appstore.reconcile.ruling import Ruling, Seen, Subject, same_spec, timeout_of, wanted_of
from appstore.reconcile.status import DELETE_FAILED, DELETED, State, Verb
from appstore.reconcile.timing import last_action, next_hourly, over_time
from appstore.wanted.states import Cause, Gone, NotYet

_OUR_VERBS = (Verb.DELETE, Verb.SUSPEND, Verb.RESUME)


def moving(subject: Subject, seen: Seen) -> Ruling | None:
    """The row for a stack that is not at rest, None for one that is."""
    live, status = seen.live, seen.status
    if status == DELETE_FAILED:
        return Ruling(7, _delete_again(subject, seen))
    if status.state is not State.IN_PROGRESS and status != DELETED:
        return None
    row = 5 if status == DELETED or _looks_like_ours(subject, seen) else 6
    if over_time(live, timeout_of(subject), seen.now):
        return Ruling(row, _too_long(live))
    if row == 5:
        return Ruling(row, Wait(f"an earlier run is still at it ({live.status})"))
    return Ruling(row, _busy(live))


def _looks_like_ours(subject: Subject, seen: Seen) -> bool:
    return (
        seen.status.verb in _OUR_VERBS
        or isinstance(wanted_of(subject), Gone | NotYet)
        or same_spec(subject, seen.tags)
    )


def _too_long(live: LiveStack) -> Stuck:
    return Stuck(
        f"{live.status} since {last_action(live):%Y-%m-%d %H:%M} UTC, longer than its timeout",
        f"Nothing is sent into a running action. Ask the OpenStack admins about stack {live.id}.",
    )


def _busy(live: LiveStack) -> Refuse:
    return Refuse(
        "busy",
        f"something else is being done to it ({live.status}); an action sent into a running one "
        "can block the stack for good",
        "Nothing to do: the next run tries again once it is at rest.",
    )


def _delete_again(subject: Subject, seen: Seen) -> Decision:
    if seen.now < (at := next_hourly(seen.live)):
        return Wait(f"its delete failed and is repeated hourly: {told(seen.live.reason)}", at)
    why = f"its delete failed and is repeated: {told(seen.live.reason)}"
    return Act(Action.DELETE, (Step.DELETE,), why, _deleted_by(subject, seen))


def _deleted_by(subject: Subject, seen: Seen) -> Cause | None:
    match wanted_of(subject):
        case Gone(cause=cause):
            return cause
    if isinstance(subject, Farewell) or subject.generation <= seen.tags.generation:
        return None
    return subject.reset_cause
