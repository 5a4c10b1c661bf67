"""A plan as a value: what to do with every instance, and what must not be done."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum

from appstore.documents.findings import Finding
from appstore.reconcile.decision import Decision, Wait, planned_act
from appstore.reconcile.difference import Difference
from appstore.reconcile.live import LiveStack
from appstore.reconcile.needs.shortage import Shortage, Use
from appstore.reconcile.rolling import Rolling
from appstore.wanted.moments import DEFAULT_ZONE
from appstore.wanted.stacks import HeldLecturer, HeldStack, WantedStack
from appstore.wanted.states import Gone

PLAN_FORMAT = "1"


class Health(StrEnum):
    """A live stack in one word; asleep is healthy."""

    HEALTHY = "healthy"
    FAILED = "failed"
    BUSY = "busy"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Farewell:
    """A live stack of ours that no file wants any more, and why it is gone.

    `id` is as its tag says; `term` and time zone are those that its course has now, None and the
    default without such a course.
    """

    id: str
    name: str
    gone: Gone
    term: str | None = None
    zone: str = DEFAULT_ZONE


@dataclass(frozen=True, slots=True)
class Entry:
    """One instance in the plan; `subject` is what wants it, `live` what Heat shows.

    `difference` is set for updates whose live side was read; `destructive` as the README
    of appstore defines it. `warnings` are sentences that do not change the decision.
    """

    lecturer: str
    cloud: str
    project: str
    subject: WantedStack | HeldStack | Farewell
    live: LiveStack | None
    health: Health
    decision: Decision
    destructive: bool = False
    difference: Difference | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Orphan:
    """A stack with our owner tag in a project that no lecturer maps; reported, never deleted."""

    cloud: str
    project: str
    live: LiveStack


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A project that could not be planned at all (rail 11, unreachable, not mapped)."""

    lecturer: str
    cloud: str
    project: str
    rule: str
    why: str
    next_step: str


@dataclass(frozen=True, slots=True)
class WritesOff:
    """A cloud to which nothing is written now (rail 12); its entries still show what is due."""

    cloud: str
    rule: str
    why: str
    until: date | None

    def as_wait(self) -> Wait:
        """What this means for each instance there."""
        until = datetime.combine(self.until, time.max, tzinfo=UTC) if self.until else None
        return Wait(f"nothing is written to {self.cloud} now: {self.why}", until)


@dataclass(frozen=True, slots=True)
class Merging:
    """A plan that shows only what merging `head` into `base` changes.

    `waiting` changes wait on the target anyway and are left out; `withdrawn` are addresses that
    the target would make and the merge result does not want; so many findings were there before.
    """

    base: str
    head: str
    waiting: int = 0
    withdrawn: tuple[str, ...] = ()
    findings_before: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one run would do; `digest` covers format, owner and the entries that act.

    Entries of a cloud in `writes_off` keep their decisions, so that a plan made during a
    maintenance reads and counts as the same plan afterwards; `allowed` is what may be done now.
    `roll_outs` tell how far each is, whichever of its instances the plan is about. `merging` is
    set in the plan of a proposal.
    """

    owner: str
    commit: str | None
    now: datetime
    entries: tuple[Entry, ...]
    unplanned: tuple[Unplanned, ...]
    held: tuple[HeldLecturer, ...]
    orphans: tuple[Orphan, ...]
    findings: tuple[Finding, ...]
    digest: str
    writes_off: tuple[WritesOff, ...] = ()
    roll_outs: tuple[Rolling, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    merging: Merging | None = None
    uses: tuple[Use, ...] = ()

    def allowed(self) -> tuple[Entry, ...]:
        """The entries as they may be carried out now: on a closed cloud what would act waits."""
        closed = {off.cloud: off.as_wait() for off in self.writes_off}
        return tuple(
            replace(entry, decision=closed[entry.cloud])
            if entry.cloud in closed and planned_act(entry.decision) is not None
            else entry
            for entry in self.entries
        )
