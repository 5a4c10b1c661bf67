"""Rail 4: many losses at once that nobody ordered are a mistake until an admin says otherwise."""

from collections.abc import Iterator

from appstore.reconcile.decision import Refuse
from appstore.reconcile.destructive import unordered_loss
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.exceptions import SITE, DatedException, how_to_except
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.scope import address

ALWAYS_ALLOWED = 3
ONE_IN = 5


def many_deletes(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Above max(3, 20 %) of the lecturer's stacks all of them are refused, with the numbers."""
    losing = [entry for entry in entries if unordered_loss(entry)]
    for exception in rules.exceptions:
        if exception.rule == "many-deletes":
            losing = _without(losing, exception)
    stacks = sum(entry.live is not None for entry in entries)
    if len(losing) > max(ALWAYS_ALLOWED, stacks // ONE_IN):
        for entry in losing:
            yield entry, _refusal(entry.lecturer, len(losing), stacks)


def _without(losing: list[Entry], exception: DatedException) -> list[Entry]:
    """An exception for fewer than there are is none."""
    covered = [entry for entry in losing if exception.covers(address(entry))]
    if exception.max is not None and len(covered) > exception.max:
        return losing
    return [entry for entry in losing if entry not in covered]


def _refusal(lecturer: str, number: int, stacks: int) -> Refuse:
    return Refuse(
        "many-deletes",
        f"{number} of the {stacks} stacks of {lecturer} would be lost without a line in a file "
        f"that orders it; at most {max(ALWAYS_ALLOWED, stacks // ONE_IN)} are allowed at once",
        "Restore the files, with `state: absent` where a delete is meant, or "
        + how_to_except(SITE, "many-deletes", lecturer, number),
    )
