"""What the search for effects asks of groups of resources, and the order in which it goes."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from appstore.reconcile.effects_policies import GROUPS
from appstore.reconcile.hot.compare import references
from appstore.reconcile.hot.stack import Resource, Stack
from appstore.reconcile.hot.values import Value


def in_order(old: Stack, new: Stack) -> list[str]:
    """Resource names, those that are referred to first; then what only the old stack has."""
    graph = {
        name: sorted(
            path.removeprefix(new.path)
            for value in (resource.properties, resource.metadata)
            for path in references(value)
            if path.startswith(new.path) and path.removeprefix(new.path) in new.resources
        )
        for name, resource in sorted(new.resources.items())
    }
    try:
        names = list(TopologicalSorter(graph).static_order())
    except CycleError:  # Heat refuses such a template; its references stay unknown
        names = sorted(graph)
    return names + sorted(old.resources.keys() - new.resources.keys())


def value_of(resource: Resource, name: str) -> Value:
    """One property, None where it is not given."""
    return resource.properties.get(name) if isinstance(resource.properties, dict) else None


def member_of(group: Resource) -> Resource | None:
    """The definition of a group's members as a resource, None where it is not literal."""
    definition = value_of(group, GROUPS[group.type])
    if not isinstance(definition, dict):
        return None
    return Resource(
        type=str(definition.get("type", "")),
        enabled=True,
        properties=definition.get("properties") or {},
        metadata=definition.get("metadata") or {},
        deletion_policy=None,
        update_policy=None,
        external_id=None,
    )


def member_count(group: Resource) -> int | None:
    """How many members a ResourceGroup has, None where only Heat knows."""
    if group.type != "OS::Heat::ResourceGroup":
        return None
    written = value_of(group, "count")
    try:
        return 1 if written is None else int(str(written))
    except ValueError:
        return None


def index_range(before: int, after: int) -> str:
    """The members between two counts, as `2..4`."""
    first, last = min(before, after), max(before, after) - 1
    return str(first) if first == last else f"{first}..{last}"


def failed_members(path: str, failed: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Failed members by index, each with the failed paths inside it written as `group[3]/inner`."""
    inner = [
        tuple(p.removeprefix(path + "/").partition("/"))
        for p in sorted(failed)
        if p.startswith(path + "/")
    ]
    for index in sorted({first for first, _, _ in inner if first.isdecimal()}, key=int):
        yield (
            index,
            frozenset(
                f"{path}[{index}]{slash}{rest}" for first, slash, rest in inner if first == index
            ),
        )
