"""The ports, servers and so on that the stacks of a stand-in Heat consist of."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from heat_standin_work import Stack

from appstore.cloud.errors import CloudError
from appstore.reconcile.things import KINDS, StackResource, Thing, ThingKind


def stack_resources(stack: Stack) -> tuple[StackResource, ...]:
    """What Heat has made of a stack that is not deleted."""
    return tuple(
        StackResource(name, resource.type, physical_id(stack, name))
        for name, resource in stack.resources.items()
        if resource.state != ("DELETE", "COMPLETE")
    )


def physical_id(stack: Stack, name: str) -> str:
    """Different for each stack and resource."""
    return f"{stack.id}-{name}"


class StandInLeftovers:
    """`appstore.apply.protocols.Leftovers` over the stand-in's stacks.

    `asked` are the listings so far, by kind. A resource with `deletion_policy: retain` stays.
    """

    def __init__(self, stacks: Callable[[], Iterable[Stack]], now: Callable[[], datetime]) -> None:
        self.asked: list[ThingKind] = []
        self._stacks = stacks
        self._now = now
        self._foreign: list[Thing] = []
        self._late: dict[str, datetime] = {}
        self._error: CloudError | None = None

    # What a test arranges

    def add(self, thing: Thing) -> None:
        """Somebody makes this by hand."""
        self._foreign.append(thing)

    def stay(self, id_: str, until: datetime) -> None:
        """A resource with this id vanishes no earlier than then, whatever Heat says."""
        self._late[id_] = until

    def fail(self, error: CloudError | None) -> None:
        """From now on every listing raises this; None ends that."""
        self._error = error

    # The protocol

    def listed(self, kinds: Collection[ThingKind]) -> tuple[Thing, ...]:
        """Everything of these kinds."""
        self.asked += sorted(kinds)
        if self._error:
            raise self._error
        made = (thing for stack in self._stacks() for thing in self._of(stack))
        return tuple(thing for thing in (*made, *self._foreign) if thing.kind in kinds)

    def _of(self, stack: Stack) -> Iterable[Thing]:
        for name, resource in stack.resources.items():
            id_ = physical_id(stack, name)
            gone = resource.state == ("DELETE", "COMPLETE") and not self._kept(stack, name)
            late = self._now() < self._late.get(id_, self._now())
            if resource.type in KINDS and (late or not gone):
                yield Thing(KINDS[resource.type], id_, name)

    def _kept(self, stack: Stack, name: str) -> bool:
        return stack.template["resources"][name].get("deletion_policy") == "retain"
