"""Rail 7: what is marked `protect: true` is neither lost nor ended."""

from collections.abc import Iterator

from appstore.reconcile.decision import Act, Refuse
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.ruling import is_gone
from appstore.wanted.stacks import WantedStack


def protected(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Nothing destructive and no ending; the course may except it for some days."""
    for entry in entries:
        match entry.subject, entry.decision:
            case WantedStack(protect=True, path=path) as stack, Act(action=action) if (
                entry.destructive or is_gone(stack)
            ) and not rules.excepted("protected", entry):
                yield (
                    entry,
                    Refuse(
                        "protected",
                        f"{path} says `protect: true`, and this would {action} it",
                        f"Remove `protect` from {path} first, in a change of its own.",
                    ),
                )
