"""What is sent to Heat, as values, and the pure builders of these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from appstore.documents.marks import JsonValue
from appstore.wanted.environment import environment, restrictions_only
from appstore.wanted.stacks import WantedStack


@dataclass(frozen=True, slots=True)
class StackRequest:
    """The body of a create or a full update (PUT): always whole, rollback off, all tags."""

    name: str
    template: Mapping[str, JsonValue]
    files: Mapping[str, str]
    environment: Mapping[str, JsonValue]
    tags: frozenset[str]
    timeout_minutes: int


@dataclass(frozen=True, slots=True)
class TagRequest:
    """The body of a PATCH that changes tags and guards only (an update with nothing else)."""

    environment: Mapping[str, JsonValue]
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class LiveContent:
    """What a live stack was last sent: `template`, `environment`, `files`; hidden values masked."""

    template: Mapping[str, JsonValue]
    environment: Mapping[str, JsonValue]
    files: Mapping[str, str]


def stack_request(
    stack: WantedStack,
    values: Mapping[str, JsonValue],
    tags: frozenset[str],
    unguarded: Iterable[str] = (),
) -> StackRequest:
    """A create or an update; `values` are the parameters with secrets and names filled in.

    `unguarded` are the paths of resources that never served anybody and may be replaced.
    """
    spec = replace(stack.spec, restrictions=_without(stack.spec.restrictions, unguarded))
    return StackRequest(
        name=stack.name,
        template=spec.template,
        files=spec.files,
        environment=environment(spec, values),
        tags=tags,
        timeout_minutes=spec.timeout_minutes,
    )


def tag_request(restrictions: Mapping[str, JsonValue], tags: frozenset[str]) -> TagRequest:
    """New tags for a stack that otherwise stays as it is, under these restrictions.

    Without any, those of the live stack are left alone: an empty mapping might take them away.
    """
    return TagRequest(restrictions_only(restrictions) if restrictions else {}, tags)


def _without(tree: Mapping[str, JsonValue], paths: Iterable[str]) -> Mapping[str, JsonValue]:
    """Members of a group share one restriction (`*`), so a single one cannot be left out."""
    for path in paths:
        tree = _dropped(tree, path.split("/"))
    return tree


def _dropped(tree: Mapping[str, JsonValue], path: list[str]) -> dict[str, JsonValue]:
    name, *rest = path
    kept = {key: value for key, value in tree.items() if key != name}
    below = tree.get(name)
    if rest and isinstance(below, dict):
        inner = _dropped(below, rest)
        return {**kept, name: inner} if inner else kept
    return kept if not rest else dict(tree)
