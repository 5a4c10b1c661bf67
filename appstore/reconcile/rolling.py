"""The rule of a roll-out: who may get a new spec now, by nothing but who has it and how it went.

The canaries are the first members of a deployment, the others follow in batches. The same rule
serves a plan, which reads the progress from what lives, and an apply, which keeps it up to date
with its outcomes: so a roll-out goes on within one run, and over runs and days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from appstore.documents.deployment import Rollout
from appstore.reconcile.decision import Wait


class Progress(Enum):
    """How far one member is; DONE and FAILED have the wanted spec (README of appstore, words)."""

    WAITING = "waiting"
    MOVING = "moving"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rolling:
    """One deployment's roll-out; `members` are stack names in their order."""

    lecturer: str
    deployment: str
    rule: Rollout
    members: Mapping[str, Progress]

    def now(self, name: str, progress: Progress) -> "Rolling":
        """The same after a member got further."""
        return replace(self, members={**self.members, name: progress})

    def obstacle(self, name: str) -> Wait | None:
        """Why this member must not begin yet; None for one that may, or that needs no leave."""
        if self.members.get(name) is not Progress.WAITING:
            return None
        batches = dict(self._batches())
        return self._stopped(batches) or self._not_its_turn(batches, batches[name])

    def _batches(self) -> Iterator[tuple[str, int]]:
        """The number of each member's batch, 0 for a canary."""
        for place, name in enumerate(self.members):
            beyond = place - self.rule.canary
            yield name, beyond // self.rule.batch + 1 if beyond >= 0 else 0

    def _stopped(self, batches: Mapping[str, int]) -> Wait | None:
        failed = [name for name, each in self.members.items() if each is Progress.FAILED]
        canaries = [name for name in failed if not batches[name]]
        if not canaries and len(failed) < self.rule.max_failures:
            return None
        why = (
            f"its canary {_names(canaries)} failed"
            if canaries
            else f"{_names(failed)} failed, and `max_failures` is {self.rule.max_failures}"
        )
        return Wait(
            f"the roll-out of {self.deployment} has stopped: {why}",
            next_step="Mend what failed, or take the change back; it then goes on by itself.",
        )

    def _not_its_turn(self, batches: Mapping[str, int], mine: int) -> Wait | None:
        unfinished = (Progress.WAITING, Progress.MOVING)
        first = min(batches[name] for name, each in self.members.items() if each in unfinished)
        if first == mine:
            return None
        return Wait(
            f"it is in batch {mine} of {max(batches.values())} of the roll-out, which begins when "
            f"{_called(mine - 1)} is done"
        )


def _called(batch: int) -> str:
    return f"batch {batch}" if batch else "the canary"


def _names(stacks: list[str]) -> str:
    """Members as people call them, the first few."""
    named = [name.rpartition("--")[2] for name in stacks]
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
