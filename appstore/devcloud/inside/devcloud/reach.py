"""Which guest can be reached where: asks Nova and Neutron, and reads their security groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .seed import Cloud

# A rule for a bigger range opens only those of its ports where people expect something.
SMALL_RANGE = 16
WELL_KNOWN = (22, 80, 443, 3000, 5000, 6443, 8000, 8080, 8443, 8787, 8888, 9090)

# The guests' ports and rules change rarely: they are asked for in every so many looks only.
LOOKS_PER_RULES = 4

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Guest:
    """A server that can be reached at an address on some ports."""

    address: str
    server: str
    name: str
    ports: frozenset[int]


def opened_by(rule: Rule) -> frozenset[int]:
    """The ports that a security group rule opens to the outside.

    Where the visitor comes from is not looked at: on this machine everyone comes from loopback and
    plays whomever the rule has in mind. Rules for a group's own members let in no visitor.
    """
    outside = rule["direction"] == "ingress" and rule["ethertype"] == "IPv4"
    tcp = rule["protocol"] in (None, "tcp", "6", "any")
    if not (outside and tcp) or rule["remote_group_id"]:
        return frozenset()
    first = rule["port_range_min"] or 1
    last = rule["port_range_max"] or 65535
    if last - first < SMALL_RANGE:
        return frozenset(range(first, last + 1))
    return frozenset(port for port in WELL_KNOWN if first <= port <= last)


def opened_on(port: Mapping[str, Any], rules: Iterable[Rule]) -> frozenset[int]:
    """The TCP ports that a Neutron port lets in; everything where its security is switched off."""
    if not port.get("port_security_enabled", True):
        return frozenset(WELL_KNOWN)
    groups = set(port["security_groups"])
    return frozenset().union(
        *(opened_by(one) for one in rules if one["security_group_id"] in groups)
    )


class Reach:
    """Looks at the cloud again and again, with few and cheap questions."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.ports: dict[str, frozenset[int]] = {}
        self.looks_until_rules = 0

    def guests(self) -> list[Guest]:
        """Every server that is ACTIVE and has a floating IP on loopback."""
        floating = [
            one
            for one in self._network("floatingips")
            if one["port_id"] and one["floating_ip_address"].startswith("127.")
        ]
        if not floating:
            return []
        self._refresh({one["port_id"] for one in floating})
        active = self._active_servers()
        found = []
        for one in floating:
            server = (one.get("port_details") or {}).get("device_id", "")
            if server in active:
                ports = self.ports.get(one["port_id"], frozenset())
                found.append(Guest(one["floating_ip_address"], server, active[server], ports))
        return found

    def _refresh(self, wanted: set[str]) -> None:
        self.looks_until_rules -= 1
        if self.looks_until_rules > 0 and wanted <= self.ports.keys():
            return
        rules = self._network("security-group-rules", direction="ingress")
        ports = self._network("ports")
        self.ports = {one["id"]: opened_on(one, rules) for one in ports if one["id"] in wanted}
        self.looks_until_rules = LOOKS_PER_RULES

    def _network(self, kind: str, **query: str) -> list[dict[str, Any]]:
        url = f"{self.cloud.url('neutron')}/v2.0/{kind}"
        found: list[dict[str, Any]] = self._get(url, **query)[kind.replace("-", "_")]
        return found

    def _active_servers(self) -> dict[str, str]:
        # The plain listing: the detailed one costs Nova several times as much.
        url = f"{self.cloud.url('nova')}/v2.1/servers"
        servers = self._get(url, all_tenants="1", status="ACTIVE")["servers"]
        return {one["id"]: one["name"] for one in servers}

    def _get(self, url: str, **query: str) -> Any:
        return self.cloud.session.get(url, params=query, timeout=30).json()
