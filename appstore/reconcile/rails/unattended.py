"""What nobody ordered is deleted only while a person looks on."""

from collections.abc import Iterator

from appstore.reconcile.decision import Wait
from appstore.reconcile.destructive import unordered_loss
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Attendance, Rules, Verdict


def unattended(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """In CI and on a schedule an unordered delete waits for a person's apply."""
    if rules.attendance is Attendance.UNATTENDED:
        for entry in filter(unordered_loss, entries):
            yield (
                entry,
                Wait(
                    "no line in a file orders this delete",
                    next_step="A person runs apply, or orders it with `state: absent`.",
                ),
            )
