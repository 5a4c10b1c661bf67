"""How each instance ended, as a closed type."""

from dataclasses import dataclass
from datetime import timedelta

from appstore.reconcile.decision import Action, Refuse, Stuck, Wait
from appstore.reconcile.plan import Entry
from appstore.reconcile.things import StackResource


@dataclass(frozen=True, slots=True)
class Done:
    """Carried out and seen to be so; `kept` is what the template keeps of a deleted stack.

    `by_another` when another run was faster, and nothing was left to do for ours.
    """

    action: Action
    took: timedelta
    kept: tuple[StackResource, ...] = ()
    by_another: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Carried out and failed; `resource` is the failing leaf, `owner` who acts next."""

    action: Action
    reason: str
    resource: str
    owner: str
    next_step: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Accepted by Heat and still running when the run had to end; the next run goes on."""

    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not started; the next run decides anew."""

    action: Action
    reason: str
    next_step: str


Result = Done | Failed | Unfinished | Skipped | Refuse | Stuck | Wait


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry of the plan and how it ended."""

    entry: Entry
    result: Result
