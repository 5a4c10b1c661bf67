"""Rail 3: a lecturer's folder lost everything, while stacks live."""

from collections.abc import Iterator

from appstore.reconcile.decision import Act, Refuse
from appstore.reconcile.plan import Entry, Farewell
from appstore.reconcile.rails.exceptions import SITE, how_to_except
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.wanted.stacks import HeldStack, WantedStack
from appstore.wanted.states import Gone


def emptied(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Nothing is wanted any more, and nobody ordered that: not even the ending begins."""
    if any(_wanted(entry) for entry in entries):
        return
    for entry in entries:
        if _lost_its_file(entry) and not rules.excepted("emptied", entry):
            yield entry, _refusal(entry.lecturer, len(entries))


def _wanted(entry: Entry) -> bool:
    match entry.subject:
        case HeldStack():
            return True
        case WantedStack(wanted=wanted):
            return not isinstance(wanted, Gone)
        case Farewell():
            return False


def _lost_its_file(entry: Entry) -> bool:
    match entry.subject:
        case Farewell(gone=Gone(cause=None)) | WantedStack(wanted=Gone(cause=None)):
            delete_failed = entry.live is not None and entry.live.status == "DELETE_FAILED"
            return isinstance(entry.decision, Act) and not delete_failed
        case _:
            return False


def _refusal(lecturer: str, stacks: int) -> Refuse:
    return Refuse(
        "emptied",
        f"the files want nothing of {lecturer} any more, and {stacks} stacks live",
        "Restore the files and set `state: absent` where it is meant, or "
        + how_to_except(SITE, "emptied", lecturer),
    )
