"""What OpenStack counts per project."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """One thing that is limited; the value is the option of `openstack quota set`.

    STACKS is the exception: only Heat's own configuration limits them. RAM is in MiB, GIGABYTES in
    GiB; KEY_PAIRS belong to the user who makes the stacks, all others to the project.
    """

    STACKS = "stacks"
    INSTANCES = "instances"
    CORES = "cores"
    RAM = "ram"
    KEY_PAIRS = "key-pairs"
    SERVER_GROUPS = "server-groups"
    FLOATING_IPS = "floating-ips"
    NETWORKS = "networks"
    SUBNETS = "subnets"
    ROUTERS = "routers"
    PORTS = "ports"
    SECURITY_GROUPS = "secgroups"
    SECURITY_GROUP_RULES = "secgroup-rules"
    VOLUMES = "volumes"
    GIGABYTES = "gigabytes"


WORDS: Mapping[Kind, str] = {
    Kind.INSTANCES: "servers",
    Kind.RAM: "MiB of memory",
    Kind.KEY_PAIRS: "key pairs",
    Kind.SERVER_GROUPS: "server groups",
    Kind.FLOATING_IPS: "floating IPs",
    Kind.SECURITY_GROUPS: "security groups",
    Kind.SECURITY_GROUP_RULES: "security group rules",
    Kind.GIGABYTES: "GB of volumes",
}


def words(kind: Kind) -> str:
    """How people call it."""
    return WORDS.get(kind, str(kind))
