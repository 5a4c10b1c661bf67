"""What is sent to Heat, as values; the pure builders of these stand beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

from appstore.documents.marks import JsonValue


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
