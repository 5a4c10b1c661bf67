"""What to do with one instance, as a closed type (README of appstore, decision table)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from appstore.wanted.states import Cause


class Action(StrEnum):
    """The word that a plan shows for a change."""

    CREATE = "create"
    UPDATE = "update"
    RETRY = "retry"
    RECREATE = "recreate"
    RESUME = "resume"
    SUSPEND = "suspend"
    END = "end"
    REVIVE = "revive"
    ADOPT = "adopt"
    DELETE = "delete"


class Step(StrEnum):
    """One request to Heat and the wait until the stack is settled again.

    CREATE, UPDATE and ADOPT send the spec; TAG_ENDING, UNTAG_ENDING and ADOPT are PATCHes that
    hold all tags and an environment of restrictions only; CHECK_CREATE is `POST /stacks/preview`
    under an unused name.
    """

    CHECK_CREATE = "check-create"
    CREATE = "create"
    UPDATE = "update"
    TAG_ENDING = "tag-ending"
    UNTAG_ENDING = "untag-ending"
    ADOPT = "adopt"
    SUSPEND = "suspend"
    RESUME = "resume"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Act:
    """Carry out `steps` in order; `cause` is None for what nobody ordered by a line.

    `tries` goes into the tags of what is sent. `unguarded` are paths of resources that never
    served anybody (CREATE_FAILED): the request leaves them out of its restrictions.
    """

    action: Action
    steps: tuple[Step, ...]
    why: str
    cause: Cause | None = None
    tries: int = 0
    unguarded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """As wanted, or not wanted and not there."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Our own earlier action is still running, or a time has not come.

    It goes on by itself, unless `next_step` says what a person must do for that. `then` is what
    waits for its turn in a roll-out: an apply carries it out if that comes within its run.
    """

    why: str
    until: datetime | None = None
    next_step: str = ""
    then: Act | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The action must not happen; `rule` is a stable id, `next_step` the way out."""

    rule: str
    why: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """Failed and held: it needs a person; `next_step` says what to do."""

    why: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Look:
    """Not decidable from the listing: the stack's failed resources or events must be read first."""

    at: "Sight"


class Sight(StrEnum):
    """What a look reads."""

    FAILED_RESOURCES = "failed-resources"
    EVENTS = "events"


Decision = Act | Settled | Wait | Refuse | Stuck | Look


def planned_act(decision: Decision) -> Act | None:
    """What this run does, or does when its turn comes; None for all else."""
    match decision:
        case (Act() as act) | Wait(then=act):
            return act
        case _:
            return None
