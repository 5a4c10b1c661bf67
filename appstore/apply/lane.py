"""What the conductor knows of one project: its waves, who waits, and when to look next."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from appstore.apply.protocols import Heat
from appstore.apply.script import Job, Script
from appstore.apply.sweep import Sweep
from appstore.apply.waiting import Moving, Pace, Until, Verdict, judge
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.outcome import Result


@dataclass(slots=True, eq=False)
class Task:
    """One acting entry on its way; `written` once a request that changes something was sent.

    `in_wave` until the next wave need not wait for it any more.
    """

    number: int
    job: Job
    lane: "Lane"
    script: Script[Result]
    written: bool = False
    in_wave: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Parked:
    """A task that waits for its stack; the listing numbered `stale` was asked for too early."""

    task: Task
    until: Until
    since: datetime
    stale: int


@dataclass(slots=True, eq=False)
class Lane:
    """One project in a run.

    `sweep` is how its tasks look up things outside of Heat. `waves` are those to come, `open`
    counts the tasks of the present wave that it still waits for,
    `unsent` those of its calls that wait for a thread or an answer and its tasks not yet begun.
    `failed` holds the deployments that failed, `bases` those that all others build on; `lost`
    says why the project was given up, `yields` whether its further waves are left to a newer run.
    """

    heat: Heat
    pace: Pace
    sweep: Sweep[Task]
    waves: deque[list[Task]] = field(default_factory=deque)
    open: int = 0
    unsent: int = 0
    parked: list[Parked] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    bases: set[str] = field(default_factory=set)
    lost: str | None = None
    yields: bool = False
    looking: bool = False
    looks: int = 0
    silent: int = 0

    def next_wave(self) -> list[Task]:
        """The tasks that may begin now that those before have ended."""
        wave = self.waves.popleft() if self.waves else []
        self.open = len(wave)
        self.unsent += len(wave)
        return wave

    def leave(self, task: Task) -> list[Task]:
        """The present wave need not wait for the task any more; those that may begin now."""
        if not task.in_wave:
            return []
        task.in_wave = False
        self.open -= 1
        return self.next_wave() if self.open == 0 else []

    def park(self, task: Task, until: Until, now: datetime) -> None:
        """Let the task wait for its stack."""
        self.parked.append(Parked(task, until, now, self.looks))
        self.pace.begin(now)

    def answered(self, now: datetime) -> None:
        """A call was answered or a task has begun; when it was the last one, look soon."""
        self.unsent -= 1
        if self.unsent == 0 and self.parked:
            self.pace.quickly(now)

    def begin_look(self) -> None:
        """A listing is asked for; there is never more than one on its way."""
        self.looking = True
        self.looks += 1

    def end_look(self, listing: LiveProject | None, now: datetime) -> list[tuple[Task, Verdict]]:
        """Who need not wait any longer; None for a listing that failed, which tells nothing."""
        self.looking = False
        self.silent = self.silent + 1 if listing is None else 0
        released: list[tuple[Task, Verdict]] = []
        if listing is not None:
            released = self._release({stack.name: stack for stack in listing.stacks}, now)
        if self.parked:
            self.pace.again(now)
        else:
            self.pace.rest()
        return released

    def _release(self, rows: dict[str, LiveStack], now: datetime) -> list[tuple[Task, Verdict]]:
        released: list[tuple[Task, Verdict]] = []
        waiting: list[Parked] = []
        for parked in self.parked:
            verdict: Verdict | Moving = Moving()
            if parked.stale < self.looks:
                verdict = judge(parked.until, rows.get(parked.until.name), now - parked.since)
            if isinstance(verdict, Moving):
                waiting.append(parked)
            else:
                released.append((parked.task, verdict))
        self.parked = waiting
        return released
