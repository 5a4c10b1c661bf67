"""What a version may do: resource types, what it shares, which ports it opens (pure).

Asked of a merge request's new and changed versions, with the policy of the target branch. What an
admin allowed once is not asked again when the policy becomes stricter; what runs stays.
"""

from collections.abc import Iterator

from appstore.documents.catalog import Visibility
from appstore.documents.findings import Finding
from appstore.documents.marks import JsonValue
from appstore.documents.policy import TemplatePolicy
from appstore.documents.site import Site
from appstore.govern.policy_ports import Opening, endpoint_ports, is_within, openings
from appstore.registry.registry import TemplateVersion
from appstore.wanted.closure import closure
from appstore.wanted.hot import Resource, Template, every

NEVER = (
    *("OS::Keystone::", "OS::Nova::Quota", "OS::Neutron::Quota", "OS::Cinder::Quota"),
    *("OS::Octavia::Quota", "OS::Neutron::RBACPolicy", "OS::Neutron::ProviderNet"),
    *("OS::Neutron::Segment", "OS::Nova::Flavor", "OS::Nova::HostAggregate"),
    *("OS::Cinder::VolumeType", "OS::Cinder::EncryptedVolumeType", "OS::Cinder::QoS"),
    *("OS::Manila::ShareType", "AWS::EC2::SecurityGroup", "AWS::IAM::"),
)
"""What no template may make, whatever the site lists: they reach beyond the lecturer's project,
or open ports in a way that is not read here. Names, or the beginnings of names."""

_SHARING = ("shared", "is_public", "public")
"""Properties that hand something to other projects; only a written `false` is none."""
_BEYOND = ("provider:", "router:external", "shared", "is_public")
"""Keys of `value_specs` that reach past the project."""
_FUNCTIONS = frozenset(
    ("get_param", "get_attr", "get_file", "if", "map_merge", "map_replace", "yaql", "str_replace")
)
"""What can stand for a whole mapping, whose content is then not written out."""


def policy_findings(
    version: TemplateVersion, visibility: Visibility, site: Site
) -> tuple[Finding, ...]:
    """What this version does that its visibility does not allow here."""
    policy = site.policy.get(visibility, TemplatePolicy())
    found = [
        finding
        for template in (version.heat, *closure(version).templates.values())
        for resource in every(template)
        for finding in (
            *_types(template, resource, policy, visibility),
            *_computed(template, resource),
            *_sharing(template, resource),
            *_ports(version, template, resource, policy, visibility),
        )
    ]
    return tuple(sorted(set(found)))


def _types(
    template: Template, resource: Resource, policy: TemplatePolicy, visibility: Visibility
) -> Iterator[Finding]:
    type_, at = resource.type, (*resource.at, "type")
    if type_ is None or resource.template is not None:
        return
    if type_.startswith(NEVER):
        yield template.finding(
            "policy/never",
            f"No template may make {type_}: it reaches beyond the lecturer's own project.",
            "Leave it out; ask the OpenStack admin to make what you need.",
            at,
        )
    elif policy.resource_types is not None and not _listed(type_, policy.resource_types):
        yield template.finding(
            "policy/resource-type",
            f"Templates of visibility {visibility} may not make {type_}.",
            f"Leave it out, or ask a site admin: policy.{visibility}.resource_types in site.yaml.",
            at,
        )


def _listed(type_: str, types: tuple[str, ...]) -> bool:
    return any(
        type_.startswith(one.removesuffix("*")) if one.endswith("*") else type_ == one
        for one in types
    )


def _computed(template: Template, resource: Resource) -> Iterator[Finding]:
    """Properties as a whole that a function makes cannot be reviewed."""
    if len(resource.properties) == 1 and not _FUNCTIONS.isdisjoint(resource.properties):
        yield template.finding(
            "policy/computed",
            f"The properties of {resource.name} are computed, so nobody can review them.",
            "Write them out one by one.",
            resource.place(),
        )


def _sharing(template: Template, resource: Resource) -> Iterator[Finding]:
    for name in _SHARING:
        if name in resource.properties and not _is_false(resource.properties[name]):
            yield _shares(template, resource, name)
    if (resource.type or "").startswith("OS::Glance::"):
        if resource.properties.get("visibility", "private") != "private":
            yield _shares(template, resource, "visibility")
        if resource.properties.get("members"):
            yield _shares(template, resource, "members")
    specs = resource.properties.get("value_specs")
    if specs is not None and any(key.startswith(_BEYOND) for key in _keys(specs)):
        yield _shares(template, resource, "value_specs")


def _keys(specs: JsonValue) -> Iterator[str]:
    """The keys that are written out; what is computed may have any."""
    for key in specs if isinstance(specs, dict) else _BEYOND:
        yield from _BEYOND if key in _FUNCTIONS else (key,)


def _is_false(value: JsonValue) -> bool:
    return value is False or (isinstance(value, str) and value.lower() == "false")


def _shares(template: Template, resource: Resource, name: str) -> Finding:
    return template.finding(
        "policy/shared",
        f"{resource.name} may be handed to other projects by {name}.",
        "Leave it out: a template serves one project.",
        resource.place(name),
    )


def _ports(
    version: TemplateVersion,
    template: Template,
    resource: Resource,
    policy: TemplatePolicy,
    visibility: Visibility,
) -> Iterator[Finding]:
    if resource.properties.get("port_security_enabled", True) is not True and not _is_true(
        resource.properties["port_security_enabled"]
    ):
        yield template.finding(
            "policy/no-firewall",
            f"{resource.name} has no firewall: every port of its machines is open.",
            "Leave port_security_enabled out, and open ports in a security group.",
            resource.place("port_security_enabled"),
        )
    allowed = endpoint_ports(version) | set(policy.open_ports)
    for opening in openings(version, template, resource):
        if opening.source is not None and is_within(opening.source, policy.sources):
            continue
        if allowed.issuperset(range(opening.first, opening.last + 1)):
            continue
        yield _open(opening, visibility)


def _is_true(value: JsonValue) -> bool:
    return isinstance(value, str) and value.lower() == "true"


def _open(opening: Opening, visibility: Visibility) -> Finding:
    source = opening.source if opening.source and not opening.unclear else None
    whom = f"to {source}" if source and source not in ("0.0.0.0/0", "::/0") else "to the world"
    unclear = f"; {opening.unclear} cannot be told from the files" if opening.unclear else ""
    return opening.template.finding(
        "policy/open-port",
        f"This opens {opening.ports} {whom}, and no declared endpoint is there{unclear}.",
        "Declare the endpoint in version.yaml, narrow remote_ip_prefix, or ask a site admin: "
        f"policy.{visibility}.open_ports or sources in site.yaml.",
        opening.at,
    )
