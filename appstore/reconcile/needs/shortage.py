"""What a whole plan takes of a quota, what lacks for it, and what an OpenStack admin can do."""

from dataclasses import dataclass
from shlex import quote

from appstore.reconcile.needs.kinds import Kind, words
from appstore.reconcile.needs.room import Limit


@dataclass(frozen=True, slots=True)
class Use:
    """What a plan adds to one quota of a project, and what was left before."""

    cloud: str
    project: str
    kind: Kind
    adds: int
    left: int
    limit: int


@dataclass(frozen=True, slots=True)
class Missing:
    """One limit that is too low; with `wanted` everything in the plan fits."""

    kind: Kind
    present: Limit
    wanted: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """One project's limits that are too low for a plan."""

    cloud: str
    project: str
    missing: tuple[Missing, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """What an OpenStack admin does: a command to paste, and a setting of Heat's own."""
        options = [f"--{m.kind} {m.wanted}" for m in self.missing if m.kind is not Kind.STACKS]
        pasted = f"openstack quota set {' '.join(options)} {quote(self.project)}"
        settings = (
            f"max_stacks_per_tenant = {m.wanted} in heat.conf, and max_stacks in site.yaml"
            for m in self.missing
            if m.kind is Kind.STACKS
        )
        return (*((pasted,) if options else ()), *settings)

    @property
    def request(self) -> tuple[str, ...]:
        """The lines to send to the OpenStack admin."""
        return (
            f"Please raise the quota of project {self.project} on cloud {self.cloud}:",
            *(
                f"  {words(m.kind)}: {m.present.limit} -> {m.wanted} ({m.present.used} in use)"
                for m in self.missing
            ),
            *self.commands,
        )
