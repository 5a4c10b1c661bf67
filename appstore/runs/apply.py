"""apply: plan again from live, then carry it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from appstore.apply.clock import Stop
from appstore.apply.progress import Progress
from appstore.apply.protocols import Clock
from appstore.apply.run import Settings
from appstore.apply.run import apply as carry_out
from appstore.errors import InvalidInput
from appstore.reconcile.outcome import Outcome
from appstore.reconcile.plan import Plan
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
    """What an apply needs of the world beside the clouds; `environment` may hold secrets."""

    clock: Clock
    stop: Stop
    progress: Progress
    settings: Settings
    environment: Mapping[str, str]


def apply(order: Order, open_cloud: Callable[[str], Cloud], around: Surroundings) -> Applied:
    """Plan the order's commit against what lives now, and carry the plan out."""
    if order.tree.commit is None:
        raise InvalidInput(
            "There is no commit to apply yet.", "Commit your files: git add -A && git commit."
        )
    planned = make_plan(order, open_cloud)
    outcomes = carry_out(
        planned.plan,
        planned.heats,
        around.clock,
        lambda stack: secrets_of(stack, around.environment),
        around.progress,
        around.settings,
        around.stop,
        order.tree.commit,
    )
    reviewed = order.consent.plans if order.consent else ()
    return Applied(planned.plan, outcomes, tuple(already(planned.plan.entries, reviewed)))
