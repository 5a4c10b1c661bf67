"""What `get_attr` gives after the resource has changed: the same, another value, or who knows."""

from collections.abc import Callable

import pytest
from effects_samples import SCHEMAS, Template, effects, live, spec, values

from appstore.reconcile.effects import difference

NET = {"type": "OS::Neutron::Net", "properties": {"name": "lab"}}
SUBNET = {
    "type": "OS::Neutron::Subnet",
    "properties": {"network": {"get_resource": "net"}, "cidr": "10.0.0.0/24"},
}
PORT = {
    "type": "OS::Neutron::Port",
    "properties": {"network": {"get_resource": "net"}, "fixed_ips": [{"ip_address": "10.0.0.9"}]},
}
SERVER = {
    "type": "OS::Nova::Server",
    "properties": {"name": "s", "flavor": "f", "networks": [{"port": {"get_resource": "port"}}]},
}
FIP = {
    "type": "OS::Neutron::FloatingIP",
    "properties": {"floating_network": "public", "port_id": {"get_resource": "port"}},
}
KEY = {"type": "OS::Nova::KeyPair", "properties": {"name": "k", "public_key": "one"}}
LAB = {"net": NET, "subnet": SUBNET, "port": PORT, "server": SERVER, "fip": FIP, "key": KEY}


def seen(attribute: list[str | int], changed: str, **properties: object) -> str:
    """What becomes of a text made from an attribute when these properties of a resource change."""

    def template(edited: bool) -> Template:
        resources = {
            name: {**one, "properties": dict(one["properties"])} for name, one in LAB.items()
        }
        if edited:
            resources[changed]["properties"] |= properties
        value = {"list_join": ["-", ["x", {"get_attr": attribute}]]}
        reader = {"type": "OS::Heat::RandomString", "properties": {"salt": value}}
        return {"resources": {**resources, "reader": reader}}

    old, new = spec(template(False)), spec(template(True))
    found = effects(difference(live(old), new, values({}), SCHEMAS, frozenset()))
    return found.get("reader", "unchanged")


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (lambda: seen(["subnet", "cidr"], "subnet", dns_nameservers=["9.9.9.9"]), "unchanged"),
        (lambda: seen(["subnet", "cidr"], "subnet", cidr="10.1.0.0/24"), "replaced"),
        (
            lambda: seen(["subnet", "gateway_ip"], "subnet", dns_nameservers=["9.9.9.9"]),
            "unchanged",
        ),
        (lambda: seen(["subnet", "gateway_ip"], "subnet", cidr="10.1.0.0/24"), "replaced"),
        (lambda: seen(["subnet", "gateway_ip"], "subnet", gateway_ip="10.0.0.7"), "unknown"),
        (lambda: seen(["subnet", "show"], "subnet", dns_nameservers=["9.9.9.9"]), "unknown"),
        (lambda: seen(["net", "name"], "net", name="other"), "replaced"),
        (lambda: seen(["net", "name"], "net", admin_state_up=False), "unchanged"),
        (lambda: seen(["net", "subnets"], "net", name="other"), "unknown"),
        (lambda: seen(["port", "mac_address"], "port", security_groups=[]), "unchanged"),
        (lambda: seen(["port", "mac_address"], "port", network="other"), "unknown"),
        (
            lambda: seen(["port", "fixed_ips", 0, "ip_address"], "port", security_groups=[]),
            "unchanged",
        ),
        (lambda: seen(["port", "fixed_ips", 0, "ip_address"], "port", fixed_ips=[]), "unknown"),
        (lambda: seen(["server", "first_address"], "server", flavor="big"), "unchanged"),
        (lambda: seen(["server", "first_address"], "port", security_groups=[]), "unchanged"),
        (lambda: seen(["server", "first_address"], "port", fixed_ips=[]), "unknown"),
        (lambda: seen(["server", "name"], "server", name="t"), "replaced"),
        (lambda: seen(["server", "name"], "port", fixed_ips=[]), "unchanged"),
        (lambda: seen(["fip", "floating_ip_address"], "fip", port_id=None), "unchanged"),
        (lambda: seen(["fip", "floating_ip_address"], "fip", floating_network="other"), "replaced"),
        (lambda: seen(["fip", "fixed_ip_address"], "port", fixed_ips=[]), "unknown"),
        (lambda: seen(["key", "public_key"], "key", name="other"), "unchanged"),
        (lambda: seen(["key", "public_key"], "key", public_key="two"), "replaced"),
        (lambda: seen(["key", "private_key"], "key", public_key="two"), "replaced"),
    ],
)
def test_an_attribute_after_an_update(found: Callable[[], str], wanted: str) -> None:
    assert found() == wanted
