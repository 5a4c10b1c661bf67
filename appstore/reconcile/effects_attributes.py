"""Which attributes of a resource stay as they are, though the resource changes.

Heat reads attributes anew after an update. An attribute follows from few properties: as long as
these are the same it is the same too, whatever else changes. Source: `_resolve_attribute` of the
resource classes of Heat 27; the table is proven on the real Nova and Neutron by
tests/reconcile/test_effects_on_nova.py.
"""

from collections.abc import Mapping

from appstore.reconcile.difference import Effect
from appstore.reconcile.hot.fates import Fate, Sameness
from appstore.reconcile.hot.values import Value

_FOLLOWS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "OS::Nova::Server": {
        "name": ("name",),
        "networks": ("networks",),
        "addresses": ("networks",),
        "first_address": ("networks",),
        "instance_name": (),
    },
    "OS::Nova::KeyPair": {"public_key": ("public_key",), "private_key": ()},
    "OS::Neutron::Net": {"name": ("name",)},
    "OS::Neutron::Subnet": {
        "name": ("name",),
        "cidr": ("cidr",),
        "ip_version": ("ip_version",),
        "network_id": ("network", "network_id"),
        "gateway_ip": ("gateway_ip", "cidr"),
        "allocation_pools": ("allocation_pools", "gateway_ip", "cidr"),
        "dns_nameservers": ("dns_nameservers",),
        "host_routes": ("host_routes",),
        "enable_dhcp": ("enable_dhcp",),
    },
    "OS::Neutron::Router": {
        "name": ("name",),
        "external_gateway_info": ("external_gateway_info",),
    },
    "OS::Neutron::Port": {
        "name": ("name",),
        "mac_address": ("mac_address",),
        "network_id": ("network", "network_id"),
        "fixed_ips": ("fixed_ips",),
        "security_groups": ("security_groups",),
        "allowed_address_pairs": ("allowed_address_pairs",),
    },
    "OS::Neutron::FloatingIP": {
        "floating_ip_address": ("floating_ip_address",),
        "floating_network_id": ("floating_network", "floating_network_id"),
        "fixed_ip_address": ("fixed_ip_address", "port_id"),
        "port_id": ("port_id",),
    },
    "OS::Heat::RandomString": {"value": ()},
    "OS::Heat::Value": {"value": ("value",)},
}
"""The properties from which an attribute follows, by type and attribute."""

_ECHOES = frozenset({"name", "cidr", "ip_version", "mac_address", "public_key", "value"})
"""Attributes that give back what their property of the same name says, where it is given."""

ADDRESSES = frozenset({"networks", "addresses", "first_address", "fixed_ips", "fixed_ip_address"})
"""Attributes that change when something that the resource is attached to gets another address."""

_IDENTITIES: Mapping[str, str] = {"OS::Nova::KeyPair": "name"}
"""The property that is the id, so that a replaced resource may keep its id."""


def fate(
    kind: str,
    effect: Effect,
    differing: Mapping[str, Sameness],
    given: frozenset[str],
    moved: bool,
) -> Fate:
    """What an update leaves of a resource of a type for those that refer to it.

    `differing` are its properties that are not the same, `given` those that both sides give,
    `moved` is whether something that it is attached to may get another address.
    """
    identity = _IDENTITIES.get(kind)
    keeps_id = identity in given and identity not in differing
    attributes = {
        name: _attribute(name, effect, [differing.get(p, Sameness.SAME) for p in follows], given)
        for name, follows in _FOLLOWS.get(kind, {}).items()
    }
    if moved:
        attributes |= {
            name: max(attributes.get(name, Sameness.MAYBE), Sameness.MAYBE) for name in ADDRESSES
        }
    return Fate(effect, Sameness.SAME if keeps_id else None, attributes)


def moves(differing: Mapping[str, Sameness]) -> bool:
    """Whether a resource with these differing properties may get other addresses."""
    return not {"fixed_ips", "networks", "port_id", "fixed_ip_address"}.isdisjoint(differing)


def given_by_both(old: Value, new: Value) -> frozenset[str]:
    """The properties that both sides write."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return frozenset()
    return frozenset(n for n in old.keys() & new.keys() if old[n] is not None is not new[n])


def _attribute(
    name: str, effect: Effect, follows: list[Sameness], given: frozenset[str]
) -> Sameness:
    worst = max(follows, default=Sameness.SAME)
    if name in _ECHOES and name in given:
        return worst
    match effect:
        case Effect.UNCHANGED | Effect.UPDATED | Effect.REBUILT:
            return min(worst, Sameness.MAYBE)
        case Effect.REPLACED | Effect.ADDED:
            return Sameness.DIFFERS
        case _:
            return Sameness.MAYBE
