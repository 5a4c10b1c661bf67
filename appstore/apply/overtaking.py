"""Two runs at once, or a person's hand: what is done where a stack is not as it was planned.

Heat knows no "only if it is still so", thus every write looks at its stack right before. What is
left is the moment between look and request, and there no harm is done: of two creates one is a 409,
a delete names the old stack's id, an update that meets an equal one goes on with its work, and two
suspends end as one (README of appstore, fact 3.9).
"""

from appstore.apply.failures import OVERTAKEN, wedged
from appstore.apply.script import Ended, Job, Overtaken, Script, ask
from appstore.apply.waiting import Until, Wedged
from appstore.reconcile.decision import Act, Look, Refuse, Settled, Stuck, Wait
from appstore.reconcile.live import LiveStack
from appstore.reconcile.outcome import Done, Result
from appstore.reconcile.plan import Farewell
from appstore.reconcile.table import decide
from appstore.wanted.stacks import WantedStack


def still_so(job: Job, stack: LiveStack) -> Script[None]:
    """Raises Overtaken unless the stack is what this row says."""
    found = yield from ask(lambda: job.heat.find(stack.name))
    if found is None or _mark(found) != _mark(stack):
        raise Overtaken


def deletes(job: Job, stack: LiveStack) -> Script[bool]:
    """Whether somebody else deletes the stack or has done so; raises Overtaken as `still_so`."""
    found = yield from ask(lambda: job.heat.find(stack.name))
    if found is None or found.id != stack.id:
        return True
    if _mark(found) == _mark(stack):
        return False
    if found.status in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE"):
        return True
    raise Overtaken


def _mark(stack: LiveStack) -> tuple[object, ...]:
    """What every action changes; the wording of a reason may differ from listing to look."""
    return stack.id, stack.status, stack.updated, stack.tags


def as_it_is_now(job: Job) -> Script[Result]:
    """The decision table once more, on what there is now; what another run has begun is awaited.

    What it would do now is left to the next run: that plan's rails are for another stack.
    """
    subject, began = job.entry.subject, job.clock.now()
    if not isinstance(subject, WantedStack | Farewell):
        raise TypeError(f"{subject.name}: what is held does not act")
    while True:
        found = yield from ask(lambda: job.heat.find(subject.name))
        match decide(subject, found, job.clock.now(), job.owner):
            case Wait() if found is not None and _moves(found):
                yield from _rests(job, found)
            case Settled():
                return Done(job.act.action, job.clock.now() - began, by_another=True)
            case (Refuse() | Stuck() | Wait()) as told:
                return told
            case Act() | Look():
                return OVERTAKEN


def _moves(stack: LiveStack) -> bool:
    return stack.status.endswith("_IN_PROGRESS") or stack.status == "DELETE_COMPLETE"


def _rests(job: Job, stack: LiveStack) -> Script[None]:
    until = Until(stack.name, stack.id, stack, "UPDATE", job.timeout)
    verdict = yield until
    if isinstance(verdict, Wedged):
        raise Ended(wedged(job.act.action, until, verdict.status))
