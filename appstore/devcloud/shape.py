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

    `health` is a path that answers without a token. `catalog` is the service type in Keystone's
    catalog with the path of its endpoint; `early` services need no other one to start.
    """

    name: str
    health: str
    databases: tuple[str, ...] = ()
    catalog: tuple[str, str] | None = None
    early: bool = True
    threads: int = 16


KEYSTONE: Final = Service("keystone", "/v3", ("keystone",))
HEAT: Final = Service("heat", "/", ("heat",), ("orchestration", "/v1/%(tenant_id)s"), threads=32)

SERVICES: Final[dict[Variant, tuple[Service, ...]]] = {
    Variant.LITE: (KEYSTONE, HEAT),
    Variant.FULL: (KEYSTONE, HEAT),
}

HOST: Final = "127.0.0.1"
REGION: Final = "RegionOne"
PROJECTS: Final = ("lecturer-a", "lecturer-b", "lecturer-c")
APPLY_USER: Final = "appstore-apply"
PLAN_USER: Final = "appstore-plan"


def service(variant: Variant, name: str) -> Service:
    """The service of that name in that variant."""
    return next(one for one in SERVICES[variant] if one.name == name)
