"""What one project's Nova, Neutron and Cinder list, to find what a deleted stack left behind."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from keystoneauth1.adapter import Adapter
from keystoneauth1.exceptions import EndpointNotFound

from appstore.cloud.errors import CloudError
from appstore.cloud.projects import Project
from appstore.cloud.translate import translated
from appstore.reconcile.things import Thing, ThingKind

MOST_PAGES = 200

# Rows of the services' JSON; Any because each field is checked when it is read.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a kind is listed; `fields` spares Neutron what nobody reads."""

    service: str
    path: str
    rows: str
    fields: tuple[str, ...] = ()
    uses: Callable[[Row], Iterator[str | None]] = lambda row: iter(())
    name: Callable[[Row], object] = lambda row: row["name"]


def _of_port(row: Row) -> Iterator[str | None]:
    yield row["network_id"]
    yield row["device_id"]
    yield from row["security_groups"]
    yield from (address["subnet_id"] for address in row["fixed_ips"])


def _of_floating_ip(row: Row) -> Iterator[str | None]:
    yield row["port_id"]
    yield row["router_id"]


def _of_volume(row: Row) -> Iterator[str | None]:
    yield from (attachment["server_id"] for attachment in row["attachments"])


def _address(row: Row) -> object:
    return row["floating_ip_address"]


_STATE = ("id", "name", "status")
_PORT = (*_STATE, "network_id", "device_id", "device_owner", "security_groups", "fixed_ips")
_FLOATING = ("id", "floating_ip_address", "status", "port_id", "router_id")
_NAMED = ("id", "name")

_SOURCES: Mapping[ThingKind, _Source] = {
    ThingKind.SERVER: _Source("compute", "/servers/detail", "servers"),
    ThingKind.KEY_PAIR: _Source("compute", "/os-keypairs", "keypairs"),
    ThingKind.PORT: _Source("network", "/v2.0/ports", "ports", _PORT, _of_port),
    ThingKind.FLOATING_IP: _Source(
        "network", "/v2.0/floatingips", "floatingips", _FLOATING, _of_floating_ip, _address
    ),
    ThingKind.SECURITY_GROUP: _Source(
        "network", "/v2.0/security-groups", "security_groups", _NAMED
    ),
    ThingKind.NETWORK: _Source("network", "/v2.0/networks", "networks", _STATE),
    ThingKind.SUBNET: _Source("network", "/v2.0/subnets", "subnets", _NAMED),
    ThingKind.ROUTER: _Source("network", "/v2.0/routers", "routers", _STATE),
    ThingKind.VOLUME: _Source("block-storage", "/volumes/detail", "volumes", uses=_of_volume),
}


class ProjectThings:
    """`appstore.apply.protocols.Leftovers` over plain adapters; `service` gives one by its type.

    May be used by many threads at once; nothing is asked for before it is needed.
    """

    def __init__(self, service: Callable[[str], Adapter], cloud: str, project: Project) -> None:
        self._service = service
        self._cloud = cloud
        self._project = project

    def listed(self, kinds: Collection[ThingKind]) -> tuple[Thing, ...]:
        """Everything of these kinds, one request for each kind and page.

        A service that the cloud does not have holds nothing. Raises CloudError when a listing
        fails or does not end: what is not listed would count as gone.
        """
        return tuple(thing for kind in sorted(kinds) for thing in self._of_kind(kind))

    def _of_kind(self, kind: ThingKind) -> list[Thing]:
        source = _SOURCES[kind]
        doing = f"the look at the {kind}s in project '{self._project.name}'"
        with translated(self._cloud, doing):
            adapter = self._service(source.service)
            try:
                endpoint = adapter.get_endpoint()
            except EndpointNotFound:
                endpoint = None
            if not endpoint:
                return []
            # Some catalogs hold Neutron's address with its version.
            root = str(endpoint).rstrip("/").removesuffix("/v2.0")
            rows = self._rows(adapter, root + source.path, source, doing)
            return [_thing(kind, source, row) for row in rows if _counts(row)]

    def _rows(self, adapter: Adapter, url: str, source: _Source, doing: str) -> Iterator[Row]:
        query: dict[str, list[str]] = {"fields": list(source.fields)} if source.fields else {}
        for _ in range(MOST_PAGES):
            body = adapter.get(url, params=query).json()
            yield from body[source.rows]
            links = body.get(f"{source.rows}_links", ())
            following = next((link["href"] for link in links if link["rel"] == "next"), None)
            if following is None:
                return
            # Only the query: behind a proxy the link may name a host that is not ours to ask.
            query = parse_qs(urlsplit(following).query)
        raise CloudError(
            f"Cloud '{self._cloud}' did not end {doing} after {MOST_PAGES} pages.",
            "Run again; if it stays so, ask the cloud's operators.",
        )


def _thing(kind: ThingKind, source: _Source, row: Row) -> Thing:
    if kind is ThingKind.KEY_PAIR:
        name = str(row["keypair"]["name"])
        return Thing(kind, name, name)
    return Thing(
        kind,
        str(row["id"]),
        str(source.name(row) or ""),
        str(row.get("status") or ""),
        frozenset(filter(None, source.uses(row))),
    )


def _counts(row: Row) -> bool:
    """Neutron makes and removes the ports of its own DHCP servers by itself."""
    return row.get("device_owner") != "network:dhcp"
