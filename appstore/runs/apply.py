"""apply: plan again from live, then carry it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from appstore.apply.clock import Stop
from appstore.apply.progress import Progress
from appstore.apply.protocols import Clock
from appstore.apply.run import Settings
from appstore.apply.run import apply as carry_out
from appstore.errors import InvalidInput
from appstore.reconcile.decision import Refuse, planned_act
from appstore.reconcile.outcome import Outcome
from appstore.reconcile.plan import Entry, Plan
from appstore.reconcile.reviewed import already
from appstore.runs.looking import Cloud
from appstore.runs.plan import Order, make_plan
from appstore.runs.secrets import secrets_of


@dataclass(frozen=True, slots=True)
class Applied:
    """The plan as it was just before the first write, and how each entry ended.

    `already` are reviewed changes whose instance was at its goal, or on its way there.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...]
    already: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an apply needs of the world beside the clouds; `environment` may hold secrets.

    `objection` is asked about every entry that would be carried out, before the first write.
    """

    clock: Clock
    stop: Stop
    progress: Progress
    settings: Settings
    environment: Mapping[str, str]
    objection: Callable[[Entry], Refuse | None] = lambda entry: None


def apply(order: Order, open_cloud: Callable[[str], Cloud], around: Surroundings) -> Applied:
    """Plan the order's commit against what lives now, and carry the plan out."""
    if order.tree.commit is None:
        raise InvalidInput(
            "There is no commit to apply yet.", "Commit your files: git add -A && git commit."
        )
    planned = make_plan(order, open_cloud)
    plan = _checked(planned.plan, around.objection)
    outcomes = carry_out(
        plan,
        planned.heats,
        around.clock,
        lambda stack: secrets_of(stack, around.environment),
        around.progress,
        around.settings,
        around.stop,
        order.tree.commit,
    )
    reviewed = order.consent.plans if order.consent else ()
    return Applied(plan, outcomes, tuple(already(plan.entries, reviewed)))


def _checked(plan: Plan, objection: Callable[[Entry], Refuse | None]) -> Plan:
    """The plan with a refusal in the place of each action that there is an objection to."""

    def checked(entry: Entry) -> Entry:
        if planned_act(entry.decision) is None or (refusal := objection(entry)) is None:
            return entry
        return replace(entry, decision=refusal, destructive=False)

    return replace(plan, entries=tuple(map(checked, plan.entries)))
