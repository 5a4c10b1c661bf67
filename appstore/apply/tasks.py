"""What becomes of the tasks of a run: they begin, go on from answer to answer, and end.

Every task is a script (see steps.py) which is at any moment in one of three places: waiting for a
free thread, with a thread, or parked until a listing of its project shows what it waits for.
"""

import logging
import traceback
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import assert_never

from appstore.apply.failures import RUN_AGAIN, bug
from appstore.apply.gates import Gate
from appstore.apply.lane import Lane, Task
from appstore.apply.laying import Laid
from appstore.apply.progress import Progress
from appstore.apply.protocols import Clock
from appstore.apply.script import Ask, Halted
from appstore.apply.waiting import Seek, Until
from appstore.apply.waves import builds_on_base, deployment, unordered_delete
from appstore.reconcile.decision import Action, Wait
from appstore.reconcile.outcome import Failed, Outcome, Result, Skipped, Unfinished
from appstore.reconcile.plan import Entry

log = logging.getLogger(__name__)

YIELDED = Wait("a newer commit is there, and its run goes on from here")


class Tasks:
    """All tasks of one run; only the conductor's thread touches them.

    `newer` tells whether a newer commit waits for this run; it is asked between two waves.
    """

    def __init__(
        self, laid: Laid, clock: Clock, progress: Progress, run_id: str, newer: Callable[[], bool]
    ) -> None:
        self.unended = laid.acting
        self._clock = clock
        self._progress = progress
        self._run_id = run_id
        self._newer = newer
        self._lanes = laid.lanes
        self._gates = laid.gates
        self._ended = dict(laid.ended)
        self._fresh: deque[Task] = deque()
        self._asks: deque[tuple[Task, Ask]] = deque()

    def start(self) -> None:
        """Tell what is planned and what has ended by itself, and let the first waves begin."""
        self._progress.planned(self.unended)
        for outcome in self._ended.values():
            self._progress.ended(outcome)
        for lane in self._lanes:
            self._fresh.extend(lane.next_wave())

    def outcomes(self) -> tuple[Outcome, ...]:
        """In the plan's order."""
        return tuple(self._ended[number] for number in sorted(self._ended))

    def next_ask(self) -> tuple[Task, Ask] | None:
        """What to send next: first what has begun, then what has not; None when all wait."""
        while self._fresh and not self._asks:
            self._begin(self._fresh.popleft())
        if not self._asks:
            return None
        task, ask = self._asks.popleft()
        task.written |= ask.writes
        return task, ask

    def go_on(self, task: Task, resume: Callable[[], Ask | Until | Seek]) -> None:
        """Let the script run to its next request; an error of ours ends this entry only."""
        try:
            request = resume()
        except StopIteration as done:
            self._end(task, done.value)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s ended by %s\n%s", task.job.entry.subject.name, type(error), frames)
            self._end(task, bug(task.job.act.action, error, self._run_id))
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

    def give_up(self, lane: Lane, why: str) -> None:
        """End what waits for a project that cannot be listed any more, and begin nothing there."""
        lane.lost = why
        self._break_off_parked(lane, why)
        lane.pace.rest()

    def send_nothing_more(self, why: str) -> None:
        """End everything but what a thread is busy with."""
        while self._asks:
            task, _ = self._asks.popleft()
            self._break_off(task, why)
        for lane in self._lanes:
            self._break_off_parked(lane, why)
            sought, lane.sweep.seeking = lane.sweep.seeking, []
            for seeking in sought:
                self._break_off(seeking.task, why)
        while self._fresh:
            self._break_off(self._fresh.popleft(), why)

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
            self.go_on(task, partial(next, task.script))
        lane.answered(self._clock.now())

    def _break_off_parked(self, lane: Lane, why: str) -> None:
        parked, lane.parked = lane.parked, []
        for waiting in parked:
            self._break_off(waiting.task, why)

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

    def _end(self, task: Task, result: Result) -> None:
        task.script.close()
        lane, entry = task.lane, task.job.entry
        if isinstance(result, Failed | Unfinished) and result.action is not Action.DELETE:
            lane.failed.add(deployment(entry))
        self.unended -= 1
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
            lane.yields = self._newer()
        self._fresh.extend(begun)

    def _gate(self, entry: Entry) -> Gate | None:
        return self._gates.get((entry.lecturer, deployment(entry)))
