"""Which entries of a plan take room in a quota, and which make some first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from appstore.reconcile.decision import Act, Action, Step
from appstore.reconcile.needs.count import needs_of_spec
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import NOTHING, Needs
from appstore.reconcile.needs.room import Room
from appstore.reconcile.plan import Entry
from appstore.reconcile.tags import MARK
from appstore.wanted.stacks import WantedStack


@dataclass(frozen=True, slots=True)
class Claim:
    """What one entry adds to its project: what it takes `after` less what it takes `before`.

    Counted per kind and never below zero: what an update gives back comes too late for others.
    """

    entry: Entry
    before: Needs
    after: Needs

    def kinds(self) -> frozenset[Kind]:
        """What of the quota it may add to."""
        more = Counter(self.after.counts) - Counter(self.before.counts)
        resized = self.after.flavors != self.before.flavors
        return frozenset(more) | (frozenset((Kind.CORES, Kind.RAM)) if resized else frozenset())

    def amounts(self, room: Room) -> Counter[Kind]:
        """How much it adds, as far as that is known."""
        more = self.after.amounts(room.flavors) - self.before.amounts(room.flavors)
        if self.before.flavors.keys() <= room.flavors.keys():
            return more
        # A running server's flavor is gone from the cloud: how much larger the new one is nobody
        # can tell, and what may fit is not refused.
        return Counter({k: n for k, n in more.items() if k not in (Kind.CORES, Kind.RAM)})

    def unknown(self, room: Room) -> tuple[str, ...]:
        """What of it is not known; sentences."""
        flavors = self.after.flavors.keys() | self.before.flavors.keys()
        missing = sorted(flavors - room.flavors.keys()) if room.sized else []
        return (*self.after.unknown, *(f'the cloud has no flavor "{name}"' for name in missing))


def claims(entries: Iterable[Entry]) -> tuple[Claim, ...]:
    """What each entry adds, in their order; those that add nothing are left out.

    A reset makes the same again in the room of what it deletes. Members share their deployment's
    spec, so each is counted once.
    """
    known: dict[int, Needs] = {}
    found: list[Claim] = []
    for entry in entries:
        match entry.decision, entry.subject:
            case Act(action=Action.CREATE), WantedStack(spec=spec):
                if id(spec) not in known:
                    known[id(spec)] = with_stack(needs_of_spec(spec))
                found.append(Claim(entry, NOTHING, known[id(spec)]))
            case _ if (growing := _growth(entry)) is not None:
                found.append(growing)
    return tuple(found)


def _growth(entry: Entry) -> Claim | None:
    """What an update adds to a live stack."""
    match entry.decision:
        case Act(steps=steps) if Step.UPDATE in steps and entry.difference is not None:
            if entry.difference.needs is not None:
                found = Claim(entry, *entry.difference.needs)
                return found if found.kinds() else None
    return None


def with_stack(needs: Needs) -> Needs:
    """The needs of a whole instance: Heat counts its stack as well."""
    return replace(needs, counts={**needs.counts, Kind.STACKS: 1})


def takes_room(entry: Entry) -> bool:
    """Whether it may need the room of something that is deleted in the same run."""
    match entry.decision:
        case Act(action=Action.CREATE | Action.RECREATE):
            return True
        case _:
            return _growth(entry) is not None


def makes_room(entry: Entry) -> bool:
    """Whether it is a delete that goes first: one that a line orders, and not of a base."""
    match entry.decision:
        case Act(action=Action.DELETE, cause=cause):
            return cause is not None and not is_base(entry)
        case _:
            return False


def is_base(entry: Entry) -> bool:
    """Whether others of its project build on it; a base whose file is gone says so by its tag."""
    if isinstance(entry.subject, WantedStack):
        return entry.subject.base
    return entry.live is not None and f"{MARK}:base" in entry.live.tags
