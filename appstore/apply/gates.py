"""A roll-out during a run: who may begin now, judged by the plan's own rule from the outcomes."""

from dataclasses import dataclass, field
from typing import assert_never

from appstore.apply.lane import Task
from appstore.reconcile.decision import Refuse, Stuck, Wait
from appstore.reconcile.outcome import Done, Failed, Result, Skipped, Unfinished
from appstore.reconcile.rolling import Progress, Rolling


@dataclass(slots=True)
class Gate:
    """One deployment's roll-out; `held` wait for those that are `on_the_way` in this run."""

    rolling: Rolling
    on_the_way: set[int] = field(default_factory=set)
    held: list[Task] = field(default_factory=list)

    def obstacle(self, task: Task) -> Wait | None:
        """Why the task must not begin now."""
        return self.rolling.obstacle(_name(task))

    def begun(self, task: Task) -> None:
        """The task sends; others of later batches wait for how it ends."""
        self.on_the_way.add(task.number)
        if self.rolling.members.get(_name(task)) is Progress.WAITING:
            self.rolling = self.rolling.now(_name(task), Progress.MOVING)

    def ended(self, task: Task, result: Result) -> list[Task]:
        """Those that may ask again."""
        self.on_the_way.discard(task.number)
        if (before := self.rolling.members.get(_name(task))) is not None:
            self.rolling = self.rolling.now(_name(task), _after(before, result))
        asking, self.held = self.held, []
        return asking


def _name(task: Task) -> str:
    return task.job.entry.subject.name


def _after(before: Progress, result: Result) -> Progress:
    match result:
        case Done():
            return Progress.DONE
        case Failed():
            return Progress.FAILED
        case Unfinished():
            return Progress.MOVING
        case Skipped() | Refuse() | Stuck() | Wait():
            return Progress.WAITING if before is Progress.MOVING else before
        case _:
            assert_never(result)
