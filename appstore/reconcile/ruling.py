"""What the rows of the decision table read and what they answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from appstore.reconcile.decision import Decision
from appstore.reconcile.live import LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Farewell
from appstore.reconcile.status import AWAKE, Known
from appstore.reconcile.tags import Ours
from appstore.reconcile.timing import LONGEST_TIMEOUT_MINUTES
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Asleep, Gone, Running, Wanted

Subject = WantedStack | Farewell


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision and the row of the decision table (README of appstore) that made it."""

    row: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Seen:
    """A live stack of ours in a known status, the moment, and what was read about it."""

    live: LiveStack
    status: Known
    tags: Ours
    now: datetime
    looks: Looks

    def revived(self) -> "Seen":
        """The same stack as if it had been woken and its `ending` tag were gone."""
        return replace(self, status=AWAKE, tags=replace(self.tags, ending=None))


def wanted_of(subject: Subject) -> Wanted:
    """What is wanted now; a base never sleeps, others need it."""
    match subject:
        case Farewell(gone=gone):
            return gone
        case WantedStack(base=True, wanted=Asleep()):
            return Running()
        case WantedStack(wanted=wanted):
            return wanted


def is_gone(subject: Subject) -> bool:
    """Whether nobody wants it any more."""
    return isinstance(wanted_of(subject), Gone)


def timeout_of(subject: Subject) -> int:
    """How long Heat was told to try, in minutes."""
    match subject:
        case WantedStack(spec=spec):
            return spec.timeout_minutes
        case Farewell():
            return LONGEST_TIMEOUT_MINUTES


def same_spec(subject: Subject, tags: Ours) -> bool:
    """Whether the stack was last sent what is wanted now."""
    return isinstance(subject, WantedStack) and subject.spec.digest == tags.spec
