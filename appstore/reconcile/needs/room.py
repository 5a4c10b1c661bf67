"""What one project may have and has, as OpenStack counts it; the cloud room fills these values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Flavor, Needs


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `limit` may be in use, and `used` are; what has no limit is not in a room."""

    limit: int
    used: int


@dataclass(frozen=True, slots=True)
class Room:
    """One project's limits, and the flavors by name and by id.

    `frees` is what live stacks hold that an ordered delete takes away first, by stack id.
    `unread` are sentences about limits that may exist and could not be read.
    """

    limits: Mapping[Kind, Limit]
    flavors: Mapping[str, Flavor] = field(default_factory=dict)
    frees: Mapping[str, Needs] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @property
    def sized(self) -> bool:
        """Whether servers are limited by their size, so that it matters."""
        return Kind.CORES in self.limits or Kind.RAM in self.limits

    def left(self) -> Counter[Kind]:
        """What may still be added; below zero where a limit was lowered under what is in use."""
        return Counter({kind: each.limit - each.used for kind, each in self.limits.items()})
