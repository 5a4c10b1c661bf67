"""Where a resource stands in the search for effects, and what is noted of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from appstore.reconcile.difference import ResourceEffect


@dataclass(frozen=True, slots=True)
class Found:
    """An effect; `kept` when the deletion policy leaves the old thing in the project."""

    effect: ResourceEffect
    kept: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands: files of both sides, failed paths, guards by name, nesting level.

    `half_done` is whether the last update failed, so that a resource may not be as it was sent.
    """

    old_files: Mapping[str, str]
    new_files: Mapping[str, str]
    failed: frozenset[str]
    guards: Mapping[str, object]
    level: int
    half_done: bool

    def inside(self, name: str) -> "Place":
        """The place of the resources inside the resource of this name."""
        guards = self.guards.get(name)
        inner = guards if isinstance(guards, Mapping) else {}
        return replace(self, guards=inner, level=self.level + 1)

    def guarded(self, name: str) -> bool:
        """Whether Heat is told not to replace this resource."""
        guards = self.guards.get(name)
        actions = guards.get("restricted_actions") if isinstance(guards, Mapping) else None
        return "replace" in ([actions] if isinstance(actions, str) else actions or [])
