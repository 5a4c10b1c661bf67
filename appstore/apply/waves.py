"""In which order the entries of one project act: pure, decided before anything is sent."""

from collections.abc import Sequence
from enum import IntEnum

from appstore.reconcile.decision import Act, Action, Step
from appstore.reconcile.needs.claims import is_base, makes_room, takes_room
from appstore.reconcile.plan import Entry
from appstore.wanted.identity import InstanceId

Wave = tuple[tuple[int, Entry], ...]


class Rank(IntEnum):
    """When an entry acts among those of its project; every rank waits for the one before."""

    BASE = 0
    MAKE_ROOM = 1
    CREATE_AND_UPDATE = 2
    DELETE = 3
    DELETE_BASE = 4


def waves(entries: Sequence[tuple[int, Entry]]) -> tuple[Wave, ...]:
    """One project's numbered acting entries in waves; empty waves are left out.

    Ordered deletes go first where something is made or grows, which may need their room.
    """
    crowded = any(takes_room(entry) for _, entry in entries)
    by_rank: dict[Rank, list[tuple[int, Entry]]] = {}
    for number, entry in entries:
        by_rank.setdefault(_rank(entry, crowded), []).append((number, entry))
    return tuple(tuple(by_rank[rank]) for rank in sorted(by_rank))


def unordered_delete(entry: Entry) -> bool:
    """A delete that no line of the tree orders: it waits for failures of its own deployment."""
    act = entry.decision
    return isinstance(act, Act) and act.action is Action.DELETE and act.cause is None


def deployment(entry: Entry) -> str:
    """The id of the entry's deployment: the instance id without its member."""
    id_ = entry.subject.id
    parsed = InstanceId.parse(id_) if isinstance(id_, str) else id_
    if parsed is None:
        return str(id_)
    return str(InstanceId(parsed.course, parsed.deployment, None))


def _rank(entry: Entry, crowded: bool) -> Rank:
    act = entry.decision
    deletes = isinstance(act, Act) and act.action is Action.DELETE
    if is_base(entry):
        return Rank.DELETE_BASE if deletes else Rank.BASE
    if not deletes:
        return Rank.CREATE_AND_UPDATE
    return Rank.MAKE_ROOM if crowded and makes_room(entry) else Rank.DELETE


def builds_on_base(entry: Entry) -> bool:
    """Whether it sends a template that may attach to what the base of its project makes."""
    act = entry.decision
    sends = isinstance(act, Act) and not {Step.CREATE, Step.UPDATE}.isdisjoint(act.steps)
    return sends and not is_base(entry)
