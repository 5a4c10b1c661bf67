"""Rail 2: a filtered run never deletes what nobody ordered to delete."""

from collections.abc import Iterator

from appstore.reconcile.decision import Refuse
from appstore.reconcile.destructive import unordered_loss
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Rules, Verdict


def filtered(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """A choice that takes a whole project is no filter for it."""
    if rules.choice is None or all(map(rules.choice.takes, entries)):
        return
    for entry in filter(unordered_loss, entries):
        yield (
            entry,
            Refuse(
                "filtered-delete",
                "no line in a file orders this delete, and a run about a part of a project does "
                "not carry out such a one",
                f"Run apply for all of {entry.lecturer}, or order the delete with `state: absent`.",
            ),
        )
