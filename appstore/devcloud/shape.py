"""What an embedded cloud consists of: its services, their databases, their catalog entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Variant(StrEnum):
    """How much OpenStack: `lite` answers for stacks alone, `full` has servers and networks too."""

    LITE = "lite"
    FULL = "full"


@dataclass(frozen=True)
class Service:
    """One process of the cloud.

    `health` is a path that answers without a token; `catalog` is the type in Keystone's catalog
    with the path of the endpoint. Services of one wave start together, the next wave needs them
    and their seed.
    """

    name: str
    health: str = "/"
    databases: tuple[str, ...] = ()
    catalog: tuple[str, str] | None = None
    wave: int = 0


_STACKS: Final = (
    Service("keystone", "/v3", ("keystone",)),
    Service("heat", "/", ("heat",), ("orchestration", "/v1/%(tenant_id)s")),
)
_SERVERS: Final = (
    Service("glance", "/", ("glance",), ("image", "")),
    Service("placement", "/", ("placement",), ("placement", "")),
    Service("neutron", "/", ("neutron",), ("network", "")),
    Service("barbican", "/", ("barbican",), ("key-manager", "")),
    Service("nova", "/", ("nova_api", "nova_cell0", "nova_cell1"), ("compute", "/v2.1"), wave=1),
    Service("guests", wave=2),
)

SERVICES: Final[dict[Variant, tuple[Service, ...]]] = {
    Variant.LITE: _STACKS,
    Variant.FULL: _STACKS + _SERVERS,
}

# What is filled in once a wave of services runs.
SEEDS: Final = {
    Variant.LITE: ("identity",),
    Variant.FULL: ("identity", "resources"),
}

HOST: Final = "127.0.0.1"
REGION: Final = "RegionOne"
PROJECTS: Final = ("lecturer-a", "lecturer-b", "lecturer-c")
APPLY_USER: Final = "appstore-apply"
PLAN_USER: Final = "appstore-plan"
