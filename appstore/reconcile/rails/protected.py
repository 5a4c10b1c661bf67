"""Rail 7: what is marked `protect: true` is neither lost nor ended."""

from collections.abc import Iterator
from typing import assert_never

from appstore.reconcile.decision import Act, Action, Refuse
from appstore.reconcile.plan import Entry, Farewell
from appstore.reconcile.rails.exceptions import how_to_except
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.ruling import is_gone
from appstore.reconcile.scope import address
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldStack, WantedStack


def protected(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Nothing destructive and no ending; the course may except it for some days.

    A member that its file has no longer is protected by the members that it still has.
    """
    protecting = [
        subject
        for entry in entries
        if isinstance(subject := entry.subject, WantedStack) and subject.protect
    ]
    for entry in entries:
        stack = _protects(entry.subject, protecting)
        if (
            stack is not None
            and isinstance(act := entry.decision, Act)
            and (entry.destructive or isinstance(entry.subject, Farewell) or is_gone(stack))
            and not rules.excepted("protected", entry)
        ):
            yield entry, _refusal(entry, stack, act.action)


def _protects(
    subject: WantedStack | HeldStack | Farewell, protecting: list[WantedStack]
) -> WantedStack | None:
    """The instance itself, or for one that its file has no longer another of the same file."""
    match subject:
        case WantedStack(protect=protect):
            return subject if protect else None
        case Farewell(id=text):
            id_ = InstanceId.parse(text)
            of_file = (s for s in protecting if id_ and s.id.deployment_id == id_.deployment_id)
            return next(of_file, None)
        case HeldStack():
            return None
        case _:
            assert_never(subject)


def _refusal(entry: Entry, stack: WantedStack, action: Action) -> Refuse:
    way_out = f"Remove `protect` from {stack.path} first, in a change of its own"
    if stack.id.course:
        course = f"{stack.path.rpartition('/')[0]}/course.yaml"
        way_out += f"; or {how_to_except(course, 'protected', address(entry))}"
    return Refuse(
        "protected", f"{stack.path} says `protect: true`, and this would {action} it", way_out
    )
