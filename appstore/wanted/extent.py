"""How much a template makes: Heat refuses too many resources and too deep a nesting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.findings import Finding
from appstore.wanted.hot import Resource, Template, member, resources

MAX_RESOURCES = 1000
"""Heat's `max_resources_per_stack`, nested ones included."""

MAX_DEPTH = 5
"""Heat's `max_nested_stack_depth`; a group is a nested stack too."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How many resources a template makes as far as it says, and how deep they lie."""

    resources: int
    depth: int


def extent(template: Template, nested: Mapping[str, Template]) -> Extent:
    """The extent of a template whose closure has no cycle; looks at each nested one once."""
    known: dict[str, Extent] = {}

    def of_template(template: Template) -> Extent:
        inner = [of_resource(resource) for resource in resources(template)]
        return Extent(sum(e.resources for e in inner), max((e.depth for e in inner), default=0))

    def of_resource(resource: Resource) -> Extent:
        if (repeated := member(resource)) is not None:
            inner = of_resource(repeated)
            return Extent(1 + inner.resources * _count(resource), 1 + inner.depth)
        if (key := resource.template) is not None:
            if key not in known:
                known[key] = of_template(nested[key])
            return Extent(1 + known[key].resources, 1 + known[key].depth)
        return Extent(1, 0)

    return of_template(template)


def extent_findings(template: Template, nested: Mapping[str, Template]) -> Iterator[Finding]:
    """What Heat would refuse because of the number or the depth of resources."""
    found = extent(template, nested)
    if found.resources > MAX_RESOURCES:
        yield template.finding(
            "hot/too-many-resources",
            f"The template makes {found.resources} resources; Heat takes {MAX_RESOURCES}.",
            "Lower the count of a group, or split the template.",
            ("resources",),
        )
    if found.depth > MAX_DEPTH:
        yield template.finding(
            "hot/too-deep",
            f"Resources are nested {found.depth} levels deep; Heat takes {MAX_DEPTH}.",
            "Move inner resources further out.",
            ("resources",),
        )


def _count(group: Resource) -> int:
    """The literal count of a group, at least 1 (a parameter may raise it later)."""
    count = group.properties.get("count", group.properties.get("max_size"))
    return max(count, 1) if isinstance(count, int) else 1
