"""What an update leaves of a resource for those that refer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from appstore.reconcile.difference import Effect


class Sameness(IntEnum):
    """The worse of two is the greater."""

    SAME = 0
    MAYBE = 1
    DIFFERS = 2


_BY_EFFECT: Mapping[Effect, tuple[Sameness, Sameness]] = {
    Effect.UNCHANGED: (Sameness.SAME, Sameness.SAME),
    Effect.UPDATED: (Sameness.SAME, Sameness.MAYBE),
    Effect.REBUILT: (Sameness.SAME, Sameness.MAYBE),
    Effect.REPLACED: (Sameness.DIFFERS, Sameness.DIFFERS),
    Effect.ADDED: (Sameness.DIFFERS, Sameness.DIFFERS),
}
"""What an effect alone says of a resource's id and of its attributes."""


@dataclass(frozen=True, slots=True)
class Fate:
    """An effect, and what more is known of the resource's id and of single attributes."""

    effect: Effect
    id: Sameness | None = None
    attributes: Mapping[str, Sameness] = field(default_factory=dict)

    def reference(self, attribute: tuple[str | int, ...] | None) -> Sameness:
        """Whether `get_resource` (None) or `get_attr` with this path gives what it gave before."""
        by_id, by_attribute = _BY_EFFECT.get(self.effect, (Sameness.MAYBE, Sameness.MAYBE))
        if attribute is None:
            return by_id if self.id is None else self.id
        name, *inside = attribute or ("",)
        known = self.attributes.get(str(name), by_attribute)
        # A part of what differs may be the same.
        return min(known, Sameness.MAYBE) if inside and name in self.attributes else known


UNTOLD = Fate(Effect.UNKNOWN)
"""The fate of a resource that nothing is known of."""

Fates = Mapping[str, Fate]
"""What happens to each resource, by its path from the root stack."""
