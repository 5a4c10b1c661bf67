"""Carries a plan out: one conductor, a few request threads, one listing per project and tick.

The conductor runs in the caller's thread and is the only one that decides; the threads only send.
Every entry is a script (see steps.py) which is at any moment in one of three places: waiting for a
free thread, with a thread, or parked until the listing of its project shows its stack at rest.
"""

import logging
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from appstore.apply.clock import Stop
from appstore.apply.failures import RUN_AGAIN, bug
from appstore.apply.gates import Gate
from appstore.apply.lane import Lane, Task
from appstore.apply.laying import Laid, ProjectKey, lay_out
from appstore.apply.pool import Answer, Pool
from appstore.apply.progress import Progress
from appstore.apply.protocols import Clock, Heat
from appstore.apply.script import Ask, Halted, Job, Secrets
from appstore.apply.sweep import Sweep
from appstore.apply.waiting import Pace, Seek, Until
from appstore.apply.waves import builds_on_base, deployment, unordered_delete
from appstore.errors import AppstoreError
from appstore.reconcile.decision import Act, Action, Wait
from appstore.reconcile.live import LiveProject
from appstore.reconcile.outcome import Failed, Outcome, Result, Skipped, Unfinished
from appstore.reconcile.plan import Entry, Plan

log = logging.getLogger(__name__)

SILENT_LOOKS = 3
"""So many listings in a row may fail, each after its own retries, before a project is given up."""
YIELDED = Wait("a newer commit is there, and its run goes on from here")
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

    conductor = _Conductor(lay_out(plan, lane_of, job_of), clock, progress, settings, stop)
    conductor.run()
    return conductor.outcomes()


class _Conductor:
    def __init__(
        self, laid: Laid, clock: Clock, progress: Progress, settings: Settings, stop: Stop
    ) -> None:
        self._clock = clock
        self._progress = progress
        self._settings = settings
        self._stop = stop
        self._lanes = laid.lanes
        self._gates = laid.gates
        self._unended = laid.acting
        self._ended = dict(laid.ended)
        self._fresh: deque[Task] = deque()
        self._asks: deque[tuple[Task, Ask]] = deque()

    def run(self) -> None:
        """Until every task has ended; a second Ctrl-C may break it off anywhere."""
        self._progress.planned(self._unended)
        for outcome in self._ended.values():
            self._progress.ended(outcome)
        for lane in self._lanes:
            self._fresh.extend(lane.next_wave())
        pool = Pool(self._settings.workers)
        try:
            while self._unended:
                if why := self._must_stop():
                    self._send_nothing_more(why)
                else:
                    self._look(pool)
                    self._send(pool)
                self._hear(pool)
        finally:
            pool.close()

    def outcomes(self) -> tuple[Outcome, ...]:
        """In the plan's order."""
        return tuple(self._ended[number] for number in sorted(self._ended))

    def _must_stop(self) -> str:
        if self._stop.is_set():
            return "The run was asked to stop."
        deadline = self._settings.deadline
        return "The run's time was over." if deadline and self._clock.now() >= deadline else ""

    # Sending

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
        """Give the free threads something to do: first what has begun, then what has not."""
        while pool.free and (self._asks or self._fresh):
            if self._asks:
                task, ask = self._asks.popleft()
                task.written |= ask.writes
                pool.submit(task, ask.call)
            else:
                self._begin(self._fresh.popleft())

    def _begin(self, task: Task) -> None:
        entry, action = task.job.entry, task.job.act.action
        lane, gate = task.lane, self._gate(entry)
        if lane.lost is not None:
            self._end(task, Skipped(action, lane.lost, RUN_AGAIN))
        elif lane.yields:
            self._end(task, YIELDED)
        elif gate and (wait := gate.obstacle(task)):
            if gate.on_the_way:
                gate.held.append(task)
            else:
                self._end(task, wait)
        elif builds_on_base(entry) and (base := lane.failed & lane.bases):
            why = f"The base of its project has failed: {', '.join(sorted(base))}."
            self._end(task, Skipped(action, why, "Mend the base first; then run apply again."))
        elif unordered_delete(entry) and deployment(entry) in lane.failed:
            why = "Nobody ordered this delete, and another instance of its deployment has failed."
            self._end(task, Skipped(action, why, "Mend that instance first; then run apply again."))
        else:
            if gate:
                gate.begun(task)
            self._progress.started(entry)
            self._go_on(task, partial(next, task.script))
        lane.answered(self._clock.now())

    def _send_nothing_more(self, why: str) -> None:
        while self._asks:
            task, _ = self._asks.popleft()
            self._break_off(task, why)
        for lane in self._lanes:
            parked, lane.parked = lane.parked, []
            for waiting in parked:
                self._break_off(waiting.task, why)
            sought, lane.sweep.seeking = lane.sweep.seeking, []
            for seeking in sought:
                self._break_off(seeking.task, why)
        while self._fresh:
            self._break_off(self._fresh.popleft(), why)

    def _break_off(self, task: Task, why: str) -> None:
        action = task.job.act.action
        try:
            task.script.throw(Halted(why))
        except StopIteration as done:
            self._end(task, done.value)
            return
        except Halted:
            pass
        if task.written:
            self._end(task, Unfinished(action, f"{why} Heat goes on with what it has begun."))
        elif (gate := self._gate(task.job.entry)) and (wait := gate.obstacle(task)):
            self._end(task, wait)
        else:
            self._end(task, Skipped(action, why, RUN_AGAIN))

    # Hearing

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
        elif self._unended:
            self._clock.sleep(pause)

    def _heard(self, answer: Answer) -> None:
        error = answer.error
        if error is not None and not isinstance(error, Exception):
            raise error
        match answer.key:
            case Task() as task if error is not None:
                self._go_on(task, partial(task.script.throw, error))
                task.lane.answered(self._clock.now())
            case Task() as task:
                self._go_on(task, partial(task.script.send, answer.value))
                task.lane.answered(self._clock.now())
            case Lane() as lane:
                self._looked(lane, answer)
            case Sweep() as sweep:
                self._swept(sweep, answer)

    def _swept(self, sweep: Sweep[Task], answer: Answer) -> None:
        listed = answer.value if isinstance(answer.value, tuple) else None
        for task, things in sweep.end(listed, self._clock.now()):
            if things is None and isinstance(answer.error, Exception):
                self._go_on(task, partial(task.script.throw, answer.error))
            else:
                self._go_on(task, partial(task.script.send, things))

    def _looked(self, lane: Lane, answer: Answer) -> None:
        listing = answer.value if isinstance(answer.value, LiveProject) else None
        released = lane.end_look(listing, self._clock.now())
        for task, verdict in released:
            self._go_on(task, partial(task.script.send, verdict))
        if lane.silent >= SILENT_LOOKS and answer.error is not None:
            error = answer.error
            said = error.message if isinstance(error, AppstoreError) else type(error).__name__
            lane.lost = f"Its project cannot be listed any more: {said}"
            parked, lane.parked = lane.parked, []
            for waiting in parked:
                self._break_off(waiting.task, lane.lost)
            lane.pace.rest()

    def _go_on(self, task: Task, resume: Callable[[], Ask | Until | Seek]) -> None:
        """Let the script run to its next request; an error of ours ends this entry only."""
        try:
            request = resume()
        except StopIteration as done:
            self._end(task, done.value)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s ended by %s\n%s", task.job.entry.subject.name, type(error), frames)
            self._end(task, bug(task.job.act.action, error, self._settings.run_id))
        else:
            match request:
                case Ask():
                    task.lane.unsent += 1
                    self._asks.append((task, request))
                case Until() if task.lane.lost is not None:
                    self._break_off(task, task.lane.lost)
                case Until():
                    task.lane.park(task, request, self._clock.now())
                case Seek(gone=gone):
                    task.lane.sweep.seek(task, request, self._clock.now())
                    if gone:  # its stack is gone and its room free, only the proof is wanting
                        self._leave(task)
                case _:
                    assert_never(request)

    def _end(self, task: Task, result: Result) -> None:
        task.script.close()
        lane, entry = task.lane, task.job.entry
        if isinstance(result, Failed | Unfinished) and result.action is not Action.DELETE:
            lane.failed.add(deployment(entry))
        self._unended -= 1
        outcome = self._ended[task.number] = Outcome(entry, result)
        self._progress.ended(outcome)
        if gate := self._gate(entry):
            asking = gate.ended(task, result)
            lane.unsent += len(asking)
            self._fresh.extend(asking)
        self._leave(task)

    def _leave(self, task: Task) -> None:
        """The next wave may begin once nobody holds it up; it ends untouched for a newer commit."""
        lane, begun = task.lane, task.lane.leave(task)
        if begun and not lane.yields:
            lane.yields = self._settings.newer()
        self._fresh.extend(begun)

    def _gate(self, entry: Entry) -> Gate | None:
        return self._gates.get((entry.lecturer, deployment(entry)))
