"""What Heat does not say: a server stopped or deleted by hand leaves its stack COMPLETE (pure).

Nova's listing names no stack. A server that its template leaves unnamed, or names after the stack,
bears the stack's name (README of appstore, fact 5.12): where as many bear it as the template makes,
and all of them run, the stack is well. Of every other stack the resources have to be read, and
only their ids tell what is wrong.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from appstore.reconcile.live import LiveStack
from appstore.reconcile.needs.count import needs_of_spec
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.plan import Entry, Health
from appstore.reconcile.ruling import same_spec
from appstore.reconcile.scope import address
from appstore.reconcile.status import ASLEEP, read_status
from appstore.reconcile.tags import Ours, read_tags
from appstore.reconcile.things import KINDS, StackResource, Thing, ThingKind
from appstore.reconcile.timing import last_action
from appstore.reconcile.vocabulary import Owner, Standing, Word, standing
from appstore.wanted.stacks import WantedStack

_MEANT_TO_LIVE = (Word.READY, Word.ASLEEP, Word.SUSPENDED, Word.OUTDATED, Word.WAITING)
_PASSING = frozenset(
    ("BUILD", "HARD_REBOOT", "MIGRATING", "PASSWORD", "REBOOT", "REBUILD", "RESIZE")
)
"""Nova is at it, and it ends by itself."""
_WAYS_BACK = {
    "PAUSED": ("is paused", "unpause"),
    "RESCUE": ("is in rescue mode", "unrescue"),
    "SHELVED": ("is shelved", "unshelve"),
    "SHELVED_OFFLOADED": ("is shelved", "unshelve"),
    "SHUTOFF": ("is stopped", "start"),
    "SUSPENDED": ("is suspended though its stack is awake", "resume"),
    "VERIFY_RESIZE": ("waits until its new size is confirmed", "resize confirm"),
}
"""By Nova's status: what it means, and the word of `openstack server` that ends it."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A stack whose servers shall run; `servers` is how many it has, None where that is open."""

    entry: Entry
    live: LiveStack
    servers: int | None

    @property
    def asleep(self) -> bool:
        """Whether its servers may sleep."""
        return read_status(self.live.status) == ASLEEP

    def well(self, named: Collection[Thing]) -> bool:
        """Whether the servers that bear its name leave no doubt."""
        return len(named) == self.servers and all(self._runs(server) for server in named)

    def standing(
        self, resources: Iterable[StackResource], servers: Mapping[str, Thing]
    ) -> Standing | None:
        """How it stands by the ids of its servers; None where they are all as they should be."""
        mine = (each for each in resources if KINDS.get(each.type) is ThingKind.SERVER)
        found = ((each, servers.get(each.physical_id)) for each in mine)
        told = [_told(each, one) for each, one in found if one is None or not self._runs(one)]
        if not told:
            return None
        reason = "; ".join(why for why, _ in told)
        steps = [step for _, step in told if step]
        last_resort = "or, if nothing on it has to stay: " if steps else ""
        steps.append(f"{last_resort}appstore reset {address(self.entry)}")
        since = last_action(self.live)
        return Standing(Word.DRIFTED, reason, Owner.LECTURER, "\n".join(steps), since)

    def _runs(self, server: Thing) -> bool:
        # One that is awake in a stack that sleeps is no harm: Heat's resume passes it over.
        asleep = self.asleep and server.status == "SUSPENDED"
        return asleep or server.status == "ACTIVE" or server.status in _PASSING


def at_rest(entries: Iterable[Entry]) -> Iterator[tuple[Entry, WantedStack, LiveStack]]:
    """The stacks of ours that shall live on and of which Heat says that all is well."""
    for entry in entries:
        if not isinstance(entry.subject, WantedStack) or entry.live is None:
            continue
        if entry.health is Health.HEALTHY and standing(entry).word in _MEANT_TO_LIVE:
            yield entry, entry.subject, entry.live


def bearers(entries: Iterable[Entry], owner: str) -> tuple[Bearer, ...]:
    """The stacks of ours that shall live on, are at rest, and may have servers."""
    known: dict[int, int | None] = {}
    found = []
    for entry, wanted, live in at_rest(entries):
        tags, spec = read_tags(live.tags, owner), wanted.spec
        if id(spec) not in known:
            needs = needs_of_spec(spec)
            known[id(spec)] = None if needs.unknown else needs.counts.get(Kind.INSTANCES, 0)
        as_sent = isinstance(tags, Ours) and same_spec(wanted, tags)
        servers = known[id(spec)] if as_sent else None
        if servers != 0:
            found.append(Bearer(entry, live, servers))
    return tuple(found)


def unseen(live: LiveStack, why: str, next_step: str) -> Standing:
    """How a stack stands when what is behind it cannot be looked at."""
    return Standing(Word.UNKNOWN, why, Owner.OPENSTACK_ADMIN, next_step, last_action(live))


def by_name(stacks: Collection[str], servers: Iterable[Thing]) -> Mapping[str, list[Thing]]:
    """The servers that bear each stack's name: as it is, or with `-` and more behind it.

    Where several stacks fit, the longest name counts.
    """
    names = frozenset(stacks)
    found: dict[str, list[Thing]] = defaultdict(list)
    for server in servers:
        start = server.name
        while start and start not in names:
            start = start.rpartition("-")[0]
        if start:
            found[start].append(server)
    return found


def _told(resource: StackResource, server: Thing | None) -> tuple[str, str]:
    """What is wrong with one server, and how it comes back, if it can."""
    which = f'its server "{resource.path}" ({resource.physical_id})'
    if server is None:
        return f"{which} is gone, and no run of ours deleted it", ""
    if server.status in _WAYS_BACK:
        why, verb = _WAYS_BACK[server.status]
        return f"{which} {why}", f"openstack server {verb} {server.id}"
    if server.status == "ERROR":
        return f"{which} is in ERROR (openstack server show -c fault {server.id})", ""
    return f"{which} has a status that this program does not know: {server.status}", ""
