"""What is sent to Heat, as values, and the pure builders of these."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    stack: WantedStack, values: Mapping[str, JsonValue], tags: frozenset[str]
) -> StackRequest:
    """A create or an update; `values` are the parameters with secrets and names filled in."""
    return StackRequest(
        name=stack.name,
        template=stack.spec.template,
        files=stack.spec.files,
        environment=environment(stack.spec, values),
        tags=tags,
        timeout_minutes=stack.spec.timeout_minutes,
    )


def tag_request(restrictions: Mapping[str, JsonValue], tags: frozenset[str]) -> TagRequest:
    """New tags for a stack that otherwise stays as it is, under these restrictions.

    Without any, those of the live stack are left alone: an empty mapping might take them away.
    """
    return TagRequest(restrictions_only(restrictions) if restrictions else {}, tags)
