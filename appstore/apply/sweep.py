"""One project's servers, ports and so on, listed for all tasks that seek some: once a tick."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from appstore.apply.protocols import Leftovers
from appstore.apply.waiting import Pace, Seek
from appstore.reconcile.things import Thing, ThingKind

TaskT = TypeVar("TaskT")


@dataclass(frozen=True, slots=True, eq=False)
class Seeking(Generic[TaskT]):
    """A task that seeks; the sweep numbered `stale` was begun too early for it."""

    task: TaskT
    request: Seek
    since: datetime
    stale: int


@dataclass(slots=True, eq=False)
class Sweep(Generic[TaskT]):
    """Never more than one on its way; `patience` bounds how long anybody seeks."""

    leftovers: Leftovers
    pace: Pace
    patience: timedelta
    seeking: list[Seeking[TaskT]] = field(default_factory=list)
    looking: bool = False
    looks: int = 0
    earliest: datetime | None = None

    def seek(self, task: TaskT, request: Seek, now: datetime) -> None:
        """Let the task wait for the next sweep: at once, unless one was just now."""
        self.seeking.append(Seeking(task, request, now, self.looks))
        self.pace.due = self.pace.due or max(now, self.earliest or now)

    def begin(self) -> Callable[[], tuple[Thing, ...]]:
        """The call that lists every kind that is sought now."""
        self.looking = True
        self.looks += 1
        kinds: frozenset[ThingKind] = frozenset()
        return partial(self.leftovers.listed, kinds.union(*(s.request.kinds for s in self.seeking)))

    def end(
        self, listed: tuple[Thing, ...] | None, now: datetime
    ) -> list[tuple[TaskT, tuple[Thing, ...] | None]]:
        """Who need not seek any longer, with what is listed; None for a sweep that failed.

        A failed sweep ends only what was to be looked up once, and what has run out of patience.
        """
        self.looking = False
        self.earliest = now + self.pace.first
        waiting, released = [], []
        for each in self.seeking:
            late = not each.request.gone or now - each.since >= self.patience
            found = listed is not None and each.request.over(listed)
            if each.stale < self.looks and (late or found):
                released.append((each.task, listed))
            else:
                waiting.append(each)
        self.seeking = waiting
        if waiting:
            self.pace.again(now)
        else:
            self.pace.rest()
        return released
