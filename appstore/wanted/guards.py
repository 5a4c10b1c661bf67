"""What Heat is told never to replace: every server and every volume, however deep it lies.

The value of `resource_registry.resources` goes by resource names along the nesting; the members
of a group are all meant by `*` (README of appstore, fact 5.1).
"""

from collections.abc import Mapping

from appstore.documents.marks import JsonValue
from appstore.wanted.hot import Resource, Template, member, resources

SERVER = "OS::Nova::Server"
GUARDED = frozenset((SERVER, "OS::Cinder::Volume"))


def guards(template: Template, nested: Mapping[str, Template]) -> dict[str, JsonValue]:
    """The restrictions for one template; `nested` are the templates of its closure."""
    found: dict[str, JsonValue] = {}
    for resource in resources(template):
        if guard := _guard(resource, nested):
            found[resource.name] = guard
    return found


def _guard(resource: Resource, nested: Mapping[str, Template]) -> dict[str, JsonValue]:
    if resource.type in GUARDED:
        return {"restricted_actions": "replace"}
    if (inner := member(resource)) is not None:
        guard = _guard(inner, nested)
        return {inner.name: guard} if guard else {}
    if resource.template is not None:
        return guards(nested[resource.template], nested)
    return {}
