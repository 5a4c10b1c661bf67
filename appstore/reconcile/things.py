"""What Heat makes of a stack in other services, and how that is known again; the cloud fills it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ThingKind(StrEnum):
    """What is looked up after a delete, in the word that people read."""

    SERVER = "server"
    KEY_PAIR = "key pair"
    PORT = "port"
    FLOATING_IP = "floating IP"
    SECURITY_GROUP = "security group"
    NETWORK = "network"
    SUBNET = "subnet"
    ROUTER = "router"
    VOLUME = "volume"


KINDS: Mapping[str, ThingKind] = {
    "OS::Nova::Server": ThingKind.SERVER,
    "OS::Nova::KeyPair": ThingKind.KEY_PAIR,
    "OS::Neutron::Port": ThingKind.PORT,
    "OS::Neutron::FloatingIP": ThingKind.FLOATING_IP,
    "OS::Neutron::SecurityGroup": ThingKind.SECURITY_GROUP,
    "OS::Neutron::Net": ThingKind.NETWORK,
    "OS::Neutron::Subnet": ThingKind.SUBNET,
    "OS::Neutron::Router": ThingKind.ROUTER,
    "OS::Cinder::Volume": ThingKind.VOLUME,
}
"""The kind that a resource type makes; a type that is not here makes nothing that is looked up."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One row of a listing: `name` as people know it (an address for a floating IP).

    `status` is the service's own word or empty; `uses` holds the ids of what it rests on: the
    networks, subnets and security groups of a port, the server or router that it serves, the port
    and router of a floating IP, the server of a volume.
    """

    kind: ThingKind
    id: str
    name: str
    status: str = ""
    uses: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[ThingKind, str]:
        """What tells it from all others of its project: a key pair's id is only a name."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class StackResource:
    """A leaf of a stack; `path` leads through nested stacks (`group/0/port`)."""

    path: str
    type: str
    physical_id: str
