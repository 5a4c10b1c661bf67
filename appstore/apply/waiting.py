"""What is waited for after a request, and when a listing has shown it (pure)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from appstore.reconcile.live import LiveStack
from appstore.reconcile.things import Thing, ThingKind

Goal = Literal["CREATE", "UPDATE", "SUSPEND", "RESUME", "DELETE"]

QUIET = timedelta(seconds=60)
"""How long an accepted request may leave no trace; Heat answers 202 to the loser of a race too."""
LATE = timedelta(minutes=5)
"""Heat itself fails a stack at its timeout; what runs longer than this beyond it is wedged."""


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until the request `goal` on the stack `name` has ended, well or badly.

    `id` is None while the answer to a create is lost. `before` is the row before the request,
    None for a create: as long as it does not change, Heat has not begun.
    """

    name: str
    id: str | None
    before: LiveStack | None
    goal: Goal
    timeout: timedelta


@dataclass(frozen=True, slots=True)
class Seek:
    """Look these kinds of things up once; with `gone`, until none of those is listed any more."""

    kinds: frozenset[ThingKind]
    gone: frozenset[tuple[ThingKind, str]] = frozenset()

    def over(self, listed: tuple[Thing, ...]) -> bool:
        """Whether a listing answers it."""
        return self.gone.isdisjoint(thing.key for thing in listed)


@dataclass(frozen=True, slots=True)
class Moving:
    """Not yet at rest."""


@dataclass(frozen=True, slots=True)
class Resting:
    """At rest as this row shows; None when the stack is gone."""

    stack: LiveStack | None


@dataclass(frozen=True, slots=True)
class Untouched:
    """Heat has not begun after `QUIET`, and will not."""


@dataclass(frozen=True, slots=True)
class Wedged:
    """In progress for longer than its timeout: for a person."""

    status: str


Verdict = Resting | Untouched | Wedged


def judge(until: Until, row: LiveStack | None, waited: timedelta) -> Verdict | Moving:
    """What the row says; it must come from a listing that was asked for after the request."""
    if row is not None and until.id not in (None, row.id):
        row = None
    if row is not None and (row.status.endswith("_IN_PROGRESS") or row.status == "DELETE_COMPLETE"):
        return Wedged(row.status) if waited > until.timeout + LATE else Moving()
    expected_absent = until.goal == "DELETE" or until.id is not None
    if row is None and expected_absent:
        return Resting(None)
    if row == until.before:
        return Untouched() if waited > QUIET else Moving()
    return Resting(row)


@dataclass(slots=True)
class Pace:
    """When to look at a project next.

    Rarely (`slowest`) while more is to be sent, since a listing of a hundred stacks costs Heat as
    much as creating one; soon (`first`) when nothing is, and then ever rarer.
    """

    first: timedelta
    slowest: timedelta
    due: datetime | None = None
    pause: timedelta = field(init=False)

    def __post_init__(self) -> None:
        self.pause = self.slowest

    def begin(self, now: datetime) -> None:
        """Somebody waits: a look is due some time, if none is yet."""
        self.due = self.due or now + self.slowest

    def quickly(self, now: datetime) -> None:
        """Nothing more is to be sent: look after the shortest time."""
        self.pause = self.first
        self.due = min(self.due or now + self.first, now + self.first)

    def again(self, now: datetime) -> None:
        """A look is over and somebody still waits: leave a longer pause."""
        self.pause = min(self.pause * 3 / 2, self.slowest)
        self.due = now + self.pause

    def rest(self) -> None:
        """Nobody waits."""
        self.pause = self.slowest
        self.due = None
