"""What one instance takes, before any cloud is asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from appstore.reconcile.needs.kinds import Kind


@dataclass(frozen=True, slots=True)
class Flavor:
    """A size of servers as Nova has it; `ram` in MiB."""

    cores: int
    ram: int


@dataclass(frozen=True, slots=True)
class Needs:
    """Counts by kind; servers by flavor name or id, which the cloud turns into cores and memory.

    `counts` holds the number of servers too. `unknown` are sentences about what only Heat can tell.
    """

    counts: Mapping[Kind, int] = field(default_factory=dict)
    flavors: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def amounts(self, flavors: Mapping[str, Flavor]) -> Counter[Kind]:
        """The same in the cloud's figures; servers of a flavor that it lacks have no size."""
        found = Counter(self.counts)
        for name, servers in self.flavors.items():
            if (flavor := flavors.get(name)) is not None:
                found[Kind.CORES] += servers * flavor.cores
                found[Kind.RAM] += servers * flavor.ram
        return found


NOTHING = Needs()
