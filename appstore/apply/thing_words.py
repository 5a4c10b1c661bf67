"""Ports, floating IPs and their like in words: what stays, why, and what a person can do."""

from collections.abc import Iterable, Sequence

from appstore.reconcile.causes import Explanation
from appstore.reconcile.things import Thing, ThingKind

_NOUNS = {ThingKind.KEY_PAIR: "keypair", ThingKind.FLOATING_IP: "floating ip"}
"""The client's nouns, where they are not ours."""


def in_the_way(path: str, users: Sequence[Thing], things: Iterable[Thing]) -> Explanation:
    """A delete that failed because of `users`; `things` tell what a port serves."""
    known = {thing.id: thing for thing in things}
    verb = "uses" if len(users) == 1 else "use"
    return Explanation(
        f'"{path}" cannot be deleted: {_joined(_described(user, known) for user in users)} '
        f"still {verb} it, and {_pick(users, 'is', 'are')} not part of this instance.",
        "lecturer",
        f"Take {_pick(users, 'it', 'them')} away: "
        f"{'; '.join(_release(user, known) for user in users)}. "
        "A later apply deletes again, at most once an hour.",
    )


def staying(left: Sequence[Thing], things: Iterable[Thing]) -> Explanation:
    """What is still there after its stack is gone, and what `things` show as the cause."""
    known = {thing.id: thing for thing in things}
    told = "; ".join(f"{_described(thing, known)}: {_cause(thing, known)}" for thing in left)
    broken = any(thing.status.upper() == "ERROR" for thing in left)
    return Explanation(
        f"The stack is gone, but {_pick(left, 'something', 'some things')} of it stayed: {told}.",
        "openstack-admin" if broken else "lecturer",
        f"Remove {_pick(left, 'it', 'them')}, no run will: "
        f"{'; '.join(_delete(thing) for thing in left)}.",
    )


def _described(thing: Thing, known: dict[str, Thing]) -> str:
    """`port "web" (<id>) of server "web01"`."""
    name = "" if thing.name in ("", thing.id) else f' "{thing.name}"'
    if thing.kind is ThingKind.FLOATING_IP:
        name = f" {thing.name}"
    id_ = "" if thing.kind is ThingKind.KEY_PAIR else f" ({thing.id})"
    device = _device(thing, known)
    return f"{thing.kind}{name}{id_}" + (f' of {device.kind} "{device.name}"' if device else "")


def _device(thing: Thing, known: dict[str, Thing]) -> Thing | None:
    """The server or router that a port serves, where it is listed."""
    used = (known.get(id_) for id_ in sorted(thing.uses))
    devices = (ThingKind.SERVER, ThingKind.ROUTER)
    if thing.kind is not ThingKind.PORT:
        return None
    return next((each for each in used if each and each.kind in devices), None)


def _cause(thing: Thing, known: dict[str, Thing]) -> str:
    if thing.status.upper() == "ERROR":
        return "OpenStack has it in ERROR"
    users = [each for each in known.values() if thing.id in each.uses]
    if users:
        verb = "uses" if len(users) == 1 else "use"
        return f"{_joined(_described(user, known) for user in users)} still {verb} it"
    return "OpenStack still lists it and gives no reason"


def _release(thing: Thing, known: dict[str, Thing]) -> str:
    """The command that frees what the thing uses, and destroys no more than it must."""
    device = _device(thing, known)
    if thing.kind is ThingKind.FLOATING_IP:
        return f"openstack floating ip unset --port {thing.id}"
    if device is None:
        return _delete(thing)
    return f"openstack {device.kind} remove port {device.id} {thing.id}"


def _delete(thing: Thing) -> str:
    return f"openstack {_NOUNS.get(thing.kind, thing.kind)} delete {thing.id}"


def _pick(things: Sequence[Thing], one: str, many: str) -> str:
    return one if len(things) == 1 else many


def _joined(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
