"""What a stack's own template keeps when the stack is deleted."""

from collections.abc import Iterator, Mapping
from typing import cast

from appstore.reconcile.effects_groups import member_of
from appstore.reconcile.effects_policies import GROUPS
from appstore.reconcile.hot.stack import Resource, nested_template, read_stack
from appstore.reconcile.hot.values import Budget, Value
from appstore.reconcile.request import LiveContent


def outlives(content: LiveContent, path: str) -> bool:
    """Whether the template orders that the resource at `path` stays: `deletion_policy: retain`.

    The same holds for `external_id`, which takes in what somebody else made, and for everything
    inside a nested stack that is kept. False where only Heat can tell.
    """
    return any(
        str(resource.deletion_policy).lower() == "retain" or resource.external_id is not None
        for resource in _on_the_way(content, path.split("/"))
    )


def _on_the_way(content: LiveContent, names: list[str]) -> Iterator[Resource]:
    given = content.environment.get("parameters")
    values = cast("dict[str, Value]", given) if isinstance(given, dict) else {}
    template: Mapping[str, object] = content.template
    budget = Budget()
    while names:
        stack = read_stack("", template, content.files, values, budget)
        name, *names = names
        resource = stack.resources.get(name)
        if resource is None:
            return
        yield resource
        if names and resource.type in GROUPS:
            # The next name is the member's own; a member cannot say what becomes of it.
            _, *names = names
            if (resource := member_of(resource)) is None:
                return
        nested = nested_template(content.files.get(resource.type, ""))
        if nested is None:
            return
        template = nested
        values = resource.properties if isinstance(resource.properties, dict) else {}
