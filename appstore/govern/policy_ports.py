"""Which ports a version's templates open, and to whom; which ones its endpoints explain.

A rule without a source, or from a range that is not named, is open to the world. What cannot be
read from the files (a parameter that lecturers choose) counts as the widest that it may be.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from appstore.documents.catalog import Endpoint
from appstore.documents.marks import JsonValue, Path
from appstore.registry.registry import TemplateVersion
from appstore.wanted.hot import Resource, Template, mapping

ALL_PORTS = (1, 65535)
_HARMLESS = frozenset(("icmp", "icmpv6", "ipv6-icmp", "1", "58"))
"""Reaches no service: names and numbers of the protocol."""
_PORT_IN_TEXT = re.compile(r":([0-9]{1,5})(?![0-9])|-p ?([0-9]{1,5})(?![0-9])")
_USUAL = {"browser": (80, 443), "ssh": (22,), "guacamole": ()}


@dataclass(frozen=True, slots=True)
class Opening:
    """Ports from `first` to `last` that `source` may reach; None is the world.

    `unclear` names what cannot be told from the files.
    """

    template: Template
    at: Path
    first: int
    last: int
    source: str | None
    unclear: str = ""

    @property
    def ports(self) -> str:
        """`22`, `8000-8100`, or `all ports`."""
        if (self.first, self.last) == ALL_PORTS:
            return "all ports"
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def openings(version: TemplateVersion, template: Template, resource: Resource) -> Iterator[Opening]:
    """What one resource opens for connections from outside."""
    match resource.type:
        case "OS::Neutron::SecurityGroup":
            rules = resource.properties.get("rules", [])
            if not isinstance(rules, list):
                yield Opening(template, resource.place("rules"), *ALL_PORTS, None, "the rules")
                return
            for index, rule in enumerate(rules):
                at = (*resource.place("rules"), index)
                yield from _opening(version, template, at, mapping(rule))
        case "OS::Neutron::SecurityGroupRule":
            yield from _opening(version, template, resource.place(), resource.properties)
        case "OS::Octavia::Listener":
            yield from _listener(version, template, resource)


def endpoint_ports(version: TemplateVersion) -> frozenset[int]:
    """The ports that the declared endpoints are reached at, by their kind and their output.

    A port in the output's text (`http://$address:8080/`, `ssh -p 2222`) stands for the usual one.
    """
    outputs = mapping(version.heat.model.get("outputs"))
    return frozenset(
        port
        for endpoint in version.contract.model.endpoints.values()
        for port in _ports_of(endpoint, outputs.get(endpoint.output))
    )


def _ports_of(endpoint: Endpoint, output: JsonValue) -> frozenset[int]:
    written = {
        int(one or other) for text in _texts(output) for one, other in _PORT_IN_TEXT.findall(text)
    }
    return frozenset(written or _USUAL[endpoint.kind])


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)


def _opening(
    version: TemplateVersion, template: Template, at: Path, rule: Mapping[str, JsonValue]
) -> Iterator[Opening]:
    if rule.get("direction") == "egress":
        return
    protocol = _known(version, template, rule.get("protocol"))
    if isinstance(protocol, str | int) and str(protocol).lower() in _HARMLESS:
        return
    if rule.get("remote_mode") == "remote_group_id" or _names(rule.get("remote_group")):
        return  # only machines of a group
    first, last = rule.get("port_range_min"), rule.get("port_range_max")
    low, high = _known(version, template, first), _known(version, template, last)
    unclear = ""
    if not (_is_port(low) and _is_port(high)):
        unclear = "the ports" if (first, last) != (None, None) else ""
        low, high = ALL_PORTS
    source = _known(version, template, rule.get("remote_ip_prefix"))
    if not isinstance(source, str):
        unclear = unclear if rule.get("remote_ip_prefix") is None else "from where"
        source = None
    yield Opening(template, at, int(str(low)), int(str(high)), source, unclear)


def _listener(
    version: TemplateVersion, template: Template, resource: Resource
) -> Iterator[Opening]:
    port = _known(version, template, resource.properties.get("protocol_port"))
    sources = resource.properties.get("allowed_cidrs") or [None]
    first, last = (int(str(port)),) * 2 if _is_port(port) else ALL_PORTS
    for source in sources if isinstance(sources, list) else [None]:
        known = _known(version, template, source)
        named = known if isinstance(known, str) else None
        yield Opening(template, resource.place(), first, last, named)


def _known(version: TemplateVersion, template: Template, value: JsonValue) -> JsonValue:
    """The value, through a parameter that the contract fixes; None where it can vary."""
    if not isinstance(value, dict):
        return value
    parameter = value.get("get_param") if len(value) == 1 else None
    if template is not version.heat or not isinstance(parameter, str):
        return None
    contract = version.contract.model.parameters.get(parameter)
    fixed = contract.fixed if contract else None
    return fixed if isinstance(fixed, str | int) else None


def _names(group: JsonValue) -> bool:
    """Whether this is a group for sure: an empty one would mean the world."""
    return bool(group) if isinstance(group, str) else "get_resource" in mapping(group)


def _is_port(value: JsonValue) -> bool:
    return (
        not isinstance(value, bool)
        and isinstance(value, int | str)
        and str(value).isascii()
        and str(value).isdigit()
        and 0 <= int(value) <= 65535
    )


def is_within(source: str, ranges: tuple[str, ...]) -> bool:
    """Whether a source lies inside of one of these ranges; one that is no range does not."""
    try:
        inner = ip_network(source, strict=False)
    except ValueError:
        return False
    for one in ranges:
        match inner, ip_network(one):
            case IPv4Network() as narrow, IPv4Network() as wide:
                within = narrow.subnet_of(wide)
            case IPv6Network() as narrow, IPv6Network() as wide:
                within = narrow.subnet_of(wide)
            case _:
                within = False
        if within:
            return True
    return False
