"""How an entry that did not end well is told: reason, failing resource, who acts next, and how."""

from collections.abc import Iterable, Sequence

from appstore.apply.waiting import Until
from appstore.cloud.errors import CloudError, Forbidden, Rejected, Unreachable
from appstore.reconcile.causes import explain
from appstore.reconcile.decision import Action, Refuse
from appstore.reconcile.failure_texts import request_id, shortened, without_secrets
from appstore.reconcile.live import FailedResource, LiveStack
from appstore.reconcile.outcome import Failed

RUN_AGAIN = "Run apply again."
OVERTAKEN = Refuse(
    "overtaken",
    "Another run or a person changed it at the same time.",
    "Run plan again: it shows what is left to do.",
)


def refused(action: Action, error: CloudError, hidden: Iterable[str]) -> Failed:
    """The cloud did not accept a request."""
    message = shortened(without_secrets(error.message, hidden))
    failed = Failed(action, message, "", "admin", error.hint, error.request_id or "")
    match error:
        case Rejected() | Forbidden():
            why = explain(without_secrets(error.message, hidden))
            if not why.known:
                return failed
            return Failed(action, why.reason, "", why.owner, why.next_step, failed.request_id)
        case Unreachable():
            return Failed(action, message, "", "openstack-admin", error.hint, failed.request_id)
        case _:
            return failed


def root_cause(
    action: Action, stack: LiveStack, failed: Sequence[FailedResource], hidden: Iterable[str]
) -> Failed:
    """Heat carried the request out and failed: a leaf's reason, best one that we know."""
    hidden = frozenset(hidden)
    texts: list[tuple[str, FailedResource | None]] = [
        (without_secrets(leaf.reason, hidden), leaf) for leaf in failed if leaf.reason
    ]
    texts.append((without_secrets(stack.reason, hidden), None))
    text, leaf = next((each for each in texts if explain(each[0]).known), texts[0])
    why = explain(text)
    leaf = leaf or next(iter(failed), None)
    resource = f"{leaf.path} ({leaf.type})" if leaf else ""
    if len(failed) > 1:
        resource += f" and {len(failed) - 1} more"
    return Failed(action, why.reason, resource, why.owner, why.next_step, request_id(text))


def never_begun(action: Action, doubt: Unreachable) -> Failed:
    """The request left no trace; `doubt` is the error in place of its answer."""
    return Failed(
        action,
        doubt.message,
        "",
        "openstack-admin",
        doubt.hint or RUN_AGAIN,
        doubt.request_id or "",
    )


def wedged(action: Action, until: Until, status: str) -> Failed:
    """Heat works on it for longer than Heat itself allows."""
    minutes = int(until.timeout.total_seconds() // 60)
    return Failed(
        action,
        f"Heat has left it in {status} for more than its {minutes} minutes.",
        "",
        "openstack-admin",
        f"This is for a person: ask your OpenStack admin to look at stack {until.name} "
        f"({until.id or 'id unknown'}); nothing can safely be sent to it.",
        "",
    )


def bug(action: Action, error: BaseException, run_id: str) -> Failed:
    """An error of ours; its text stays in the log, since it could hold anything."""
    return Failed(
        action,
        f"The app store itself made a mistake ({type(error).__name__}); other instances went on.",
        "",
        "admin",
        f"Look up run {run_id} in the log, and report it.",
        run_id,
    )
