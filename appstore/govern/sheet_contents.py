"""What a version holds that a reviewer asks about: types, ports, images, downloads, footprint."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.marks import JsonValue
from appstore.documents.site import Site
from appstore.govern.policy_ports import endpoint_ports, openings
from appstore.registry.registry import TemplateVersion
from appstore.wanted.closure import closure
from appstore.wanted.hot import Resource, Template, every, mapping, member, resources

_ADDRESS = re.compile(r"\b(?:https?|ftp|git|ssh|oci|docker)://[^\s\"'<>)\]}]+", re.IGNORECASE)
_FETCHING = re.compile(
    r"\b(?:apt(?:-get)?|dnf|yum|zypper|apk|snap|pip3?|npm|gem|cargo|go)\s+(?:\S+\s+)*?"
    r"(?:install|add|get)\b|\b(?:curl|wget)\s|\bgit\s+clone\b|\b(?:docker|podman)\s+(?:pull|run)\b"
    r"|^\s*(?:packages|package_update|package_upgrade|apt_sources|snap):"
)
_OUR_OWN = ("http://$", "https://$", "http://127.0.0.1", "http://localhost")
"""Addresses of the instance itself, or of no host that can be told: no download."""
_FOR_PEOPLE = (".md", ".txt")
_COUNTED = {
    "OS::Nova::Server": ("server", "servers"),
    "OS::Cinder::Volume": ("volume", "volumes"),
    "OS::Neutron::FloatingIP": ("public address", "public addresses"),
    "OS::Neutron::Net": ("network", "networks"),
    "OS::Neutron::Router": ("router", "routers"),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """One version, section by section, each a list of short lines without an end."""

    resource_types: tuple[str, ...]
    open_ports: tuple[str, ...]
    images: tuple[str, ...]
    downloads: tuple[str, ...]
    footprint: tuple[str, ...]
    lasting: tuple[str, ...]


def contents(version: TemplateVersion, site: Site) -> Contents:
    """What the files say; what is chosen at a deployment is named as such."""
    nested = closure(version).templates
    templates = (version.heat, *nested.values())
    types = {
        resource.type
        for template in templates
        for resource in every(template)
        if resource.type and resource.template is None
    }
    return Contents(
        resource_types=tuple(sorted(types)),
        open_ports=tuple(sorted({line for t in templates for line in _ports(version, t)})),
        images=tuple(sorted({line for t in templates for line in _images(version, t, site)})),
        downloads=tuple(_downloads(version)),
        footprint=tuple(_footprint(version, nested)),
        lasting=tuple(sorted({line for t in templates for line in _lasting(t)})),
    )


def _ports(version: TemplateVersion, template: Template) -> Iterator[str]:
    declared = endpoint_ports(version)
    for resource in every(template):
        for one in openings(version, template, resource):
            whom = one.source or "the whole world"
            why = " (a declared endpoint)" if {one.first, one.last} <= declared else ""
            unclear = f" ({one.unclear} cannot be told from the files)" if one.unclear else ""
            yield f"{one.ports} from {whom}, by {resource.name}{why}{unclear}"


def _images(version: TemplateVersion, template: Template, site: Site) -> Iterator[str]:
    for resource in every(template):
        found = [resource.properties.get("image")]
        devices = resource.properties.get("block_device_mapping_v2")
        for device in devices if isinstance(devices, list) else ():
            found += [mapping(device).get("image"), mapping(device).get("image_id")]
        for image in found:
            if image is not None:
                yield from _image(version, template, image, site)


def _image(
    version: TemplateVersion, template: Template, image: JsonValue, site: Site
) -> Iterator[str]:
    """A literal name, or what the contract lets a parameter be."""
    name = mapping(image).get("get_param")
    if isinstance(image, str):
        yield image
        return
    parameter = version.contract.model.parameters.get(name) if isinstance(name, str) else None
    if template is not version.heat or parameter is None:
        yield "one that the files do not name"
    elif parameter.fixed is not None:
        yield str(parameter.fixed)
    elif isinstance(choice := parameter.narrow.get("enum"), list):
        yield from map(str, choice)
    elif parameter.bind == "image":
        known = sorted({logical for cloud in site.clouds.values() for logical in cloud.images})
        yield f"any image of the site ({', '.join(known)})"
    else:
        yield f"any that a deployment names as {name}"


def _downloads(version: TemplateVersion) -> Iterator[str]:
    """Addresses, and lines that install or fetch, each with its place."""
    for path, data in sorted(version.content.items()):
        if path.endswith(_FOR_PEOPLE):
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
            addresses = [one for one in _ADDRESS.findall(line) if not one.startswith(_OUR_OWN)]
            for address in addresses:
                yield f"{address} ({path}:{number})"
            if not addresses and _FETCHING.search(line):
                yield f"{line.strip()} ({path}:{number})"


def _lasting(template: Template) -> Iterator[str]:
    """What a delete of the stack leaves behind: what it shall keep, or never made."""
    for resource in every(template):
        body: JsonValue = dict(template.model)
        for key in resource.at:
            body = mapping(body).get(str(key))
        written = mapping(body)
        if "external_id" in written:
            yield f"{resource.name} is taken in, somebody else made it (external_id)"
        elif str(written.get("deletion_policy", "Delete")).lower() != "delete":
            yield f"{resource.name} stays when its stack goes (deletion_policy)"


def _footprint(version: TemplateVersion, nested: Mapping[str, Template]) -> Iterator[str]:
    """What the contract declares, then what the templates list."""
    if (told := version.contract.model.footprint) is not None:
        yield (
            f"declared: {told.instances} servers, {told.cores} cores, {told.ram_mb} MiB of memory, "
            f"{told.floating_ips} public addresses"
        )
    counted = _count(version.heat, nested)
    for type_, (one, many) in _COUNTED.items():
        if number := counted[type_]:
            yield f"{number} {one if number == 1 else many}"


def _count(template: Template, nested: Mapping[str, Template], level: int = 0) -> Counter[str]:
    """Resources by type, with the written number of groups, at least one member each."""
    found: Counter[str] = Counter()
    for resource in resources(template):
        times, inner = 1, resource
        while (repeated := member(inner)) is not None:
            times, inner = times * _members(inner), repeated
        if inner.template is None:
            found[inner.type or ""] += times
        elif inner.template in nested and level < 5:  # a cycle is a finding elsewhere
            within = _count(nested[inner.template], nested, level + 1)
            found.update({type_: times * number for type_, number in within.items()})
    return found


def _members(group: Resource) -> int:
    count = group.properties.get("count", group.properties.get("desired_capacity"))
    return max(count, 1) if isinstance(count, int) else 1
