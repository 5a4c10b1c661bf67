"""What one resource of each type takes of a quota.

Measured on the embedded Nova and Neutron (tests/cloud/test_cloud_quotas.py): the port of a
router's gateway and that of a floating IP belong to nobody; the port of a router's interface and
those that Nova makes for a server belong to the project.
"""

from collections import Counter
from collections.abc import Callable, Mapping

from appstore.reconcile.hot.values import SYMBOLS, Value
from appstore.reconcile.needs.kinds import Kind

SERVER = "OS::Nova::Server"
Counts = Counter[Kind]
Properties = Mapping[str, Value]


class CannotTell(Exception):
    """A number depends on what only Heat knows; the text completes "its ... "."""


def _one(kind: Kind) -> Callable[[Properties], Counts]:
    return lambda properties: Counter({kind: 1})


def _server(properties: Properties) -> Counts:
    """The server, the ports that Nova makes for it, and the volumes it boots from."""
    devices = [each for each in _list(properties, "block_device_mapping_v2") if _makes(each)]
    sizes = [number(each.get("volume_size"), "volume size") for each in devices]
    return Counter(
        {
            Kind.INSTANCES: 1,
            Kind.PORTS: _ports(properties),
            Kind.VOLUMES: len(devices),
            Kind.GIGABYTES: sum(sizes),
        }
    )


def _ports(properties: Properties) -> int:
    """One for each network without a port of the template's own; by default Nova takes one."""
    if properties.get("networks") is None:
        return 1
    return sum(
        each.get("port") is None and each.get("allocate_network") != "none"
        for each in _list(properties, "networks")
    )


def _makes(device: Properties) -> bool:
    """Whether Nova makes a volume for this block device, from an image or a snapshot."""
    if device.get("volume_size") is None:
        return False
    return any(device.get(key) is not None for key in ("image", "image_id", "snapshot_id"))


def _interface(properties: Properties) -> Counts:
    return Counter({Kind.PORTS: int(properties.get("port") is None)})


DEFAULT_RULES = 2
"""Neutron gives each new group two rules that let everything out."""


def _security_group(properties: Properties) -> Counts:
    """Heat takes the default rules away as soon as one rule about the way out is written."""
    rules = _list(properties, "rules")
    outward = any(rule.get("direction") == "egress" for rule in rules)
    default = 0 if outward else DEFAULT_RULES
    return Counter({Kind.SECURITY_GROUPS: 1, Kind.SECURITY_GROUP_RULES: len(rules) + default})


def _volume(properties: Properties) -> Counts:
    return Counter({Kind.VOLUMES: 1, Kind.GIGABYTES: number(properties.get("size"), "size")})


TAKES: Mapping[str, Callable[[Properties], Counts]] = {
    SERVER: _server,
    "OS::Nova::KeyPair": _one(Kind.KEY_PAIRS),
    "OS::Nova::ServerGroup": _one(Kind.SERVER_GROUPS),
    "OS::Neutron::FloatingIP": _one(Kind.FLOATING_IPS),
    "OS::Neutron::Net": _one(Kind.NETWORKS),
    "OS::Neutron::Subnet": _one(Kind.SUBNETS),
    "OS::Neutron::Router": _one(Kind.ROUTERS),
    "OS::Neutron::RouterInterface": _interface,
    "OS::Neutron::Port": _one(Kind.PORTS),
    "OS::Neutron::SecurityGroup": _security_group,
    "OS::Neutron::SecurityGroupRule": _one(Kind.SECURITY_GROUP_RULES),
    "OS::Cinder::Volume": _volume,
}

TAKES_NOTHING = (
    *("OS::Aodh::", "OS::Barbican::", "OS::Cinder::", "OS::Designate::", "OS::Glance::"),
    *("OS::Heat::", "OS::Keystone::", "OS::Mistral::", "OS::Neutron::", "OS::Nova::"),
    *("OS::Swift::", "OS::Zaqar::"),
)
"""Other types of these services make nothing that is counted here; those of the rest may."""

HIDDEN_MAKERS = frozenset(
    {
        *("OS::Heat::Stack", "OS::Heat::ResourceChain", "OS::Heat::InstanceGroup"),
        "OS::Neutron::LoadBalancer",
    }
)


def counts(type_: str, properties: Properties) -> Counts:
    """What one resource of this type takes, without its flavor; raises CannotTell."""
    if (takes := TAKES.get(type_)) is not None:
        return takes(properties)
    if type_ in HIDDEN_MAKERS or not type_.startswith(TAKES_NOTHING):
        raise CannotTell("contents")
    return Counter()


def number(value: Value, what: str) -> int:
    """A whole number, also one written as text; raises CannotTell."""
    if value is not None and not isinstance(value, (bool, list, dict, *SYMBOLS)):
        try:
            return max(0, int(str(value)))
        except ValueError:
            pass
    raise CannotTell(what)


def _list(properties: Properties, name: str) -> list[Properties]:
    """A list of mappings; raises CannotTell where it is computed by Heat."""
    value = properties.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise CannotTell(name)
    return [each if isinstance(each, dict) else {} for each in value]
