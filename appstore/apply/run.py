"""Carries a plan out: one conductor, a few request threads, one listing per project and tick.

The conductor runs in the caller's thread and is the only one that decides; the threads only send.
It knows threads, looks and time; what becomes of each entry is the matter of tasks.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from appstore.apply.clock import Stop
from appstore.apply.lane import Lane, Task
from appstore.apply.laying import ProjectKey, lay_out
from appstore.apply.pool import Answer, Pool
from appstore.apply.progress import Progress
from appstore.apply.protocols import Clock, Heat
from appstore.apply.script import Job, Secrets
from appstore.apply.sweep import Sweep
from appstore.apply.tasks import Tasks
from appstore.apply.waiting import Pace
from appstore.errors import AppstoreError
from appstore.reconcile.decision import Act
from appstore.reconcile.live import LiveProject
from appstore.reconcile.outcome import Outcome
from appstore.reconcile.plan import Entry, Plan

SILENT_LOOKS = 3
"""So many listings in a row may fail, each after its own retries, before a project is given up."""
REACTION = 0.5
"""Seconds until a wish to stop is noticed while a request is on its way."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How busy a run may be and until when; `run_id` is what a person looks up in the log.

    `patience` is how long that which a deleted stack left behind may take to vanish. `newer` tells
    whether a newer commit waits for this run; it is asked between two waves and may take seconds.
    """

    run_id: str
    workers: int = 8
    first_look: timedelta = timedelta(seconds=0.5)
    slowest_look: timedelta = timedelta(seconds=5)
    deadline: datetime | None = None
    patience: timedelta = timedelta(minutes=2)
    newer: Callable[[], bool] = lambda: False


def apply(
    plan: Plan,
    heats: Mapping[ProjectKey, Heat],
    clock: Clock,
    secrets: Secrets,
    progress: Progress,
    settings: Settings,
    stop: Stop,
    rev: str,
) -> tuple[Outcome, ...]:
    """Carry out every entry that acts; one outcome for each entry that is not settled.

    `heats` is keyed by cloud and project as the entries name them, `rev` is the commit that the
    tags shall name. The outcomes have the plan's order. When `stop` is set or the deadline is
    reached nothing new is sent, and what runs is told as unfinished: the next run goes on.
    """

    def lane_of(key: ProjectKey) -> Lane:
        heat, paces = heats[key], (settings.first_look, settings.slowest_look)
        return Lane(heat, Pace(*paces), Sweep(heat.leftovers, Pace(*paces), settings.patience))

    def job_of(entry: Entry, heat: Heat) -> Job:
        act, today = entry.decision, plan.now.date()
        assert isinstance(act, Act)
        return Job(entry, act, heat, clock, secrets, rev, plan.owner, today, progress.step)

    laid = lay_out(plan, lane_of, job_of)
    tasks = Tasks(laid, clock, progress, settings.run_id, settings.newer)
    _Conductor(laid.lanes, tasks, clock, settings, stop).run()
    return tasks.outcomes()


class _Conductor:
    def __init__(
        self, lanes: tuple[Lane, ...], tasks: Tasks, clock: Clock, settings: Settings, stop: Stop
    ) -> None:
        self._lanes = lanes
        self._tasks = tasks
        self._clock = clock
        self._settings = settings
        self._stop = stop

    def run(self) -> None:
        """Until every task has ended; a second Ctrl-C may break it off anywhere."""
        self._tasks.start()
        pool = Pool(self._settings.workers)
        try:
            while self._tasks.unended:
                if why := self._must_stop():
                    self._tasks.send_nothing_more(why)
                else:
                    self._look(pool)
                    self._send(pool)
                self._hear(pool)
        finally:
            pool.close()

    def _must_stop(self) -> str:
        if self._stop.is_set():
            return "The run was asked to stop."
        deadline = self._settings.deadline
        return "The run's time was over." if deadline and self._clock.now() >= deadline else ""

    def _look(self, pool: Pool) -> None:
        now = self._clock.now()
        for lane in self._lanes:
            due = lane.pace.due
            if pool.free and due is not None and due <= now and not lane.looking:
                lane.begin_look()
                pool.submit(lane, lane.heat.listing)
            sweep = lane.sweep
            due = sweep.pace.due
            if pool.free and due is not None and due <= now and not sweep.looking:
                pool.submit(sweep, sweep.begin())

    def _send(self, pool: Pool) -> None:
        while pool.free and (sent := self._tasks.next_ask()):
            task, ask = sent
            pool.submit(task, ask.call)

    def _hear(self, pool: Pool) -> None:
        """Wait for the next answer, or until the next look is due."""
        now = self._clock.now()
        looks = (look for lane in self._lanes for look in (lane, lane.sweep))
        dues = (look.pace.due for look in looks if not look.looking)
        pauses = ((due - now).total_seconds() for due in dues if due is not None and due > now)
        pause = min(pauses, default=REACTION)
        if pool.busy:
            if answer := pool.answer(min(pause, REACTION)):
                self._heard(answer)
        elif self._tasks.unended:
            self._clock.sleep(pause)

    def _heard(self, answer: Answer) -> None:
        error = answer.error
        if error is not None and not isinstance(error, Exception):
            raise error
        match answer.key:
            case Task() as task if error is not None:
                self._tasks.go_on(task, partial(task.script.throw, error))
                task.lane.answered(self._clock.now())
            case Task() as task:
                self._tasks.go_on(task, partial(task.script.send, answer.value))
                task.lane.answered(self._clock.now())
            case Lane() as lane:
                self._looked(lane, answer)
            case Sweep() as sweep:
                self._swept(sweep, answer)

    def _swept(self, sweep: Sweep[Task], answer: Answer) -> None:
        listed = answer.value if isinstance(answer.value, tuple) else None
        for task, things in sweep.end(listed, self._clock.now()):
            if things is None and isinstance(answer.error, Exception):
                self._tasks.go_on(task, partial(task.script.throw, answer.error))
            else:
                self._tasks.go_on(task, partial(task.script.send, things))

    def _looked(self, lane: Lane, answer: Answer) -> None:
        listing = answer.value if isinstance(answer.value, LiveProject) else None
        released = lane.end_look(listing, self._clock.now())
        for task, verdict in released:
            self._tasks.go_on(task, partial(task.script.send, verdict))
        if lane.silent >= SILENT_LOOKS and answer.error is not None:
            error = answer.error
            said = error.message if isinstance(error, AppstoreError) else type(error).__name__
            self._tasks.give_up(lane, f"Its project cannot be listed any more: {said}")
