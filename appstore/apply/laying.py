"""From a plan to the lanes of a run: who acts in which wave, and how those end who do not act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from appstore.apply.gates import Gate
from appstore.apply.lane import Lane, Task
from appstore.apply.protocols import Heat
from appstore.apply.script import Job
from appstore.apply.steps import carry_out
from appstore.apply.waves import deployment, waves
from appstore.reconcile.decision import Act, Look, Refuse, Settled, Stuck, Wait, planned_act
from appstore.reconcile.needs.claims import is_base
from appstore.reconcile.outcome import Outcome
from appstore.reconcile.plan import Entry, Plan

ProjectKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Laid:
    """A plan, ready to be carried out; numbers count in its order.

    `gates` are keyed by lecturer and deployment, `acting` counts the tasks in the lanes' waves,
    `ended` are the outcomes of those that need no task, by number.
    """

    lanes: tuple[Lane, ...]
    gates: Mapping[tuple[str, str], Gate]
    acting: int
    ended: Mapping[int, Outcome]


def lay_out(
    plan: Plan, lane_of: Callable[[ProjectKey], Lane], job_of: Callable[[Entry, Heat], Job]
) -> Laid:
    """Sort the plan's entries into lanes and waves."""
    allowed = [_in_its_turn(entry) for entry in plan.allowed()]
    projects: dict[ProjectKey, list[tuple[int, Entry]]] = {}
    for number, entry in enumerate(allowed):
        projects.setdefault((entry.cloud, entry.project), []).append((number, entry))
    lanes = tuple(_filled(lane_of(key), entries, job_of) for key, entries in projects.items())
    ended = ((number, _ended(entry)) for number, entry in enumerate(allowed))
    return Laid(
        lanes=lanes,
        gates={(each.lecturer, each.deployment): Gate(each) for each in plan.roll_outs},
        acting=sum(len(wave) for lane in lanes for wave in lane.waves),
        ended={number: outcome for number, outcome in ended if outcome is not None},
    )


def _in_its_turn(entry: Entry) -> Entry:
    """What waits for its batch acts when that comes; until then its gate holds it."""
    act = planned_act(entry.decision)
    return replace(entry, decision=act) if act else entry


def _filled(
    lane: Lane, entries: list[tuple[int, Entry]], job_of: Callable[[Entry, Heat], Job]
) -> Lane:
    lane.failed = {deployment(e) for _, e in entries if isinstance(e.decision, Stuck)}
    lane.bases = {deployment(e) for _, e in entries if is_base(e)}
    for wave in waves([(n, e) for n, e in entries if isinstance(e.decision, Act)]):
        jobs = ((n, job_of(e, lane.heat)) for n, e in wave)
        lane.waves.append([Task(n, job, lane, carry_out(job)) for n, job in jobs])
    return lane


def _ended(entry: Entry) -> Outcome | None:
    """How an entry ends that does not act; None for one that acts or has nothing to tell."""
    match entry.decision:
        case Refuse() | Stuck() | Wait() as result:
            return Outcome(entry, result)
        case Look(at):
            raise ValueError(f"{entry.subject.name}: undecided, {at} was not looked at")
        case Act() | Settled():
            return None
        case _:
            assert_never(entry.decision)
