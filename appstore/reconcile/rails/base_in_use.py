"""Rail 7, bases: what others stand on is neither deleted nor made anew under them."""

from collections.abc import Iterator

from appstore.reconcile.decision import Act, Refuse, Step, Wait
from appstore.reconcile.plan import Entry, Farewell
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.stacks import HeldStack, WantedStack
from appstore.wanted.states import Gone


def base_in_use(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Other stacks of ours in the project keep a base where it is, until they are gone."""
    deleting = [e for e in entries if _is_base(e, rules.owner) and _deletes(e)]
    if not deleting:
        return
    others = [e for e in entries if not _is_base(e, rules.owner) and _lives(e, rules.owner)]
    for entry in deleting if others else ():
        yield entry, _verdict(entry, others)


def _deletes(entry: Entry) -> bool:
    return isinstance(entry.decision, Act) and Step.DELETE in entry.decision.steps


def _lives(entry: Entry, owner: str) -> bool:
    return entry.live is not None and isinstance(read_tags(entry.live.tags, owner), Ours)


def _is_base(entry: Entry, owner: str) -> bool:
    match entry.subject:
        case WantedStack(base=base):
            return base
        case Farewell() if entry.live is not None:
            tags = read_tags(entry.live.tags, owner)
            return isinstance(tags, Ours) and tags.base
        case _:
            return False


def _goes(entry: Entry) -> bool:
    match entry.subject:
        case WantedStack(wanted=wanted):
            return isinstance(wanted, Gone)
        case Farewell():
            return True
        case HeldStack():
            return False


def _verdict(entry: Entry, others: list[Entry]) -> Refuse | Wait:
    stay = [other for other in others if not _goes(other)]
    if not stay and _goes(entry):
        return Wait(f"it is a base, and goes after the last of {len(others)} stacks on it")
    names = ", ".join(other.subject.name for other in (stay or others)[:3])
    return Refuse(
        "base-in-use",
        f"it is a base, and {len(others)} other stacks live in its project ({names} ...)",
        "End those first, or leave the base as it is.",
    )
