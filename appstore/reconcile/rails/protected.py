"""Rail 7: what is marked `protect: true` is neither lost nor ended."""

from collections.abc import Iterator

from appstore.reconcile.decision import Act, Action, Refuse
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.exceptions import how_to_except
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.ruling import is_gone
from appstore.reconcile.scope import address
from appstore.wanted.stacks import WantedStack


def protected(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Nothing destructive and no ending; the course may except it for some days."""
    for entry in entries:
        match entry.subject, entry.decision:
            case WantedStack(protect=True) as stack, Act(action=action) if (
                entry.destructive or is_gone(stack)
            ) and not rules.excepted("protected", entry):
                yield entry, _refusal(entry, stack, action)


def _refusal(entry: Entry, stack: WantedStack, action: Action) -> Refuse:
    way_out = f"Remove `protect` from {stack.path} first, in a change of its own"
    if stack.id.course:
        course = f"{stack.path.rpartition('/')[0]}/course.yaml"
        way_out += f"; or {how_to_except(course, 'protected', address(entry))}"
    return Refuse(
        "protected", f"{stack.path} says `protect: true`, and this would {action} it", way_out
    )
