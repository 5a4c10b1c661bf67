"""Why Heat could not delete a stack: what else in the project holds on to its resources."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from appstore.apply.failures import root_cause
from appstore.apply.script import Job, Script, seek
from appstore.apply.thing_words import in_the_way
from appstore.apply.waiting import Seek
from appstore.cloud.errors import CloudError
from appstore.reconcile.live import FailedResource, LiveStack
from appstore.reconcile.outcome import Failed
from appstore.reconcile.things import KINDS, StackResource, Thing, ThingKind

BLOCKING = frozenset((ThingKind.PORT, ThingKind.FLOATING_IP, ThingKind.SERVER, ThingKind.ROUTER))
"""What can be in the way of a delete, and what a port may serve."""
_DEVICES = frozenset((ThingKind.SERVER, ThingKind.ROUTER))


def blocked(
    job: Job, stack: LiveStack, failed: Sequence[FailedResource], made: Sequence[StackResource]
) -> Script[Failed]:
    """The delete failed; names what is in the way where it is seen, else what Heat says."""
    told = root_cause(job.act.action, stack, failed, job.hidden)
    try:
        things = yield from seek(Seek(BLOCKING))
    except CloudError:
        return told
    for leaf in failed:
        if users := foreign_users(leaf.physical_id, things, made):
            why = in_the_way(leaf.path, users, things)
            return replace(
                told,
                reason=why.reason,
                resource=f"{leaf.path} ({leaf.type})",
                owner=why.owner,
                next_step=why.next_step,
            )
    return told


def foreign_users(
    physical_id: str, things: Iterable[Thing], made: Iterable[StackResource]
) -> tuple[Thing, ...]:
    """The things that use this one and are not of the stack that is `made` of these resources.

    A router's interface (`<router>:subnet_id=<subnet>`) is held by the floating IPs that reach a
    port of that subnet through the router.
    """
    ours = {resource.physical_id for resource in made}
    devices = {each.physical_id for each in made if KINDS.get(each.type) in _DEVICES}
    foreign = [
        thing
        for thing in things
        if thing.id not in ours and not thing.uses & (devices - {physical_id})
    ]
    router, _, subnet = physical_id.partition(":subnet_id=")
    if not subnet:
        return tuple(thing for thing in foreign if physical_id in thing.uses)
    ports = {t.id for t in things if t.kind is ThingKind.PORT and subnet in t.uses}
    return tuple(
        thing
        for thing in things
        if thing.kind is ThingKind.FLOATING_IP
        and thing.id not in ours
        and router in thing.uses
        and thing.uses & ports
    )
