"""Every instance in one vocabulary: a word, why, and who does what next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from appstore.reconcile.causes import Explanation, explain
from appstore.reconcile.decision import Act, Action, Look, Refuse, Settled, Stuck, Wait
from appstore.reconcile.plan import Entry, Health, Orphan
from appstore.reconcile.ruling import Subject, is_gone, wanted_of
from appstore.reconcile.status import (
    ASLEEP,
    CHECK_FAILED,
    DELETE_FAILED,
    Known,
    Verb,
    read_status,
)
from appstore.reconcile.timing import last_action
from appstore.wanted.moments import shown
from appstore.wanted.stacks import HeldStack
from appstore.wanted.states import NotYet


class Word(StrEnum):
    """The state of one instance, for people."""

    READY = "ready"
    ASLEEP = "asleep"
    NOT_YET = "not-yet"
    GONE = "gone"
    PLANNED = "planned"
    OUTDATED = "outdated"
    BUILDING = "building"
    UPDATING = "updating"
    SUSPENDED = "suspended"
    WAITING = "waiting"
    DRIFTED = "drifted"
    FAILED = "failed"
    ENDING = "ending"
    DELETING = "deleting"
    HELD = "held"
    REFUSED = "refused"
    FOREIGN = "foreign"
    UNTAGGED = "untagged"
    ORPHANED = "orphaned"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Who makes the next step; NOBODY where it goes on by itself."""

    NOBODY = "nobody"
    LECTURER = "lecturer"
    ADMIN = "admin"
    OPENSTACK_ADMIN = "openstack-admin"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one instance stands; `since` is Heat's last action on it, None without a stack."""

    word: Word
    reason: str
    owner: Owner
    next_step: str
    since: datetime | None

    def age(self, now: datetime) -> timedelta | None:
        """How long it has been so."""
        return now - self.since if self.since else None


NOTHING = "nothing to do"
NEXT_APPLY = "the next apply does it"
NEXT_RUN = "a later run goes on by itself"

_ADMINS_RULES = ("many-deletes", "emptied", "newer-run", "foreign", "not-approved")
_BY_ITSELF_RULES = ("busy", "unread")


def standing(entry: Entry) -> Standing:
    """How an instance stands; total over everything that a plan can hold."""
    since = last_action(entry.live) if entry.live else None
    if isinstance(entry.subject, HeldStack):
        finding = entry.subject.finding
        reason = f"{finding.where} {finding.message}"
        hint = finding.hint or "correct the finding"
        return Standing(Word.HELD, reason, Owner.LECTURER, hint, since)
    match entry.decision:
        case Settled(why=why):
            return _settled(entry.subject, entry, why, since)
        case Wait() as wait:
            return _waiting(entry.subject, entry, wait, since)
        case Refuse(rule=rule, why=why, next_step=step):
            return Standing(_refused(rule), why, refusals_owner(rule), step, since)
        case Stuck(why=why, next_step=step):
            return Standing(_stuck(entry), why, stuck_owner(entry), step, since)
        case Look():
            return Standing(Word.UNKNOWN, "not read yet", Owner.NOBODY, NEXT_RUN, since)
        case Act() as act:
            return _acting(entry, act, since)


def orphaned(orphan: Orphan) -> Standing:
    """How a stack of ours stands in a project that no lecturer maps."""
    return Standing(
        Word.ORPHANED,
        f"no lecturer maps the project {orphan.project} on {orphan.cloud}",
        Owner.ADMIN,
        "map the project to a lecturer again, or have the stack deleted by hand",
        last_action(orphan.live),
    )


def _settled(subject: Subject, entry: Entry, why: str, since: datetime | None) -> Standing:
    if entry.live is not None and is_gone(subject):
        step = "remove it by hand where it is not needed"
        return Standing(Word.UNTAGGED, why, Owner.LECTURER, step, since)
    if is_gone(subject):
        word = Word.GONE
    elif isinstance(wanted_of(subject), NotYet):
        word = Word.NOT_YET
    elif entry.live is None or read_status(entry.live.status) == ASLEEP:
        word = Word.ASLEEP
    else:
        word = Word.READY
    return Standing(word, why, Owner.NOBODY, NOTHING, since)


_AT_IT = {
    Verb.CREATE: Word.BUILDING,
    Verb.ADOPT: Word.BUILDING,
    Verb.UPDATE: Word.UPDATING,
    Verb.ROLLBACK: Word.UPDATING,
    Verb.RESTORE: Word.UPDATING,
    Verb.DELETE: Word.DELETING,
}


def _waiting(subject: Subject, entry: Entry, wait: Wait, since: datetime | None) -> Standing:
    status = read_status(entry.live.status) if entry.live else None
    match status:
        case Known(verb=verb) if entry.health is Health.BUSY:
            word = _AT_IT.get(verb, Word.WAITING)
        case Known(verb=Verb.DELETE):
            word = Word.DELETING
        case _ if is_gone(subject):
            word = Word.ENDING
        case _:
            word = Word.FAILED if entry.health is Health.FAILED else Word.WAITING
    if wait.next_step:
        return Standing(word, wait.why, Owner.LECTURER, wait.next_step, since)
    step = f"{NEXT_RUN}, not before {shown(wait.until, subject.zone)}" if wait.until else NEXT_RUN
    if cause := _cause(entry):
        return Standing(
            word, wait.why, Owner(cause.owner), f"{cause.next_step} Without that {step}.", since
        )
    return Standing(word, wait.why, Owner.NOBODY, step, since)


def _cause(entry: Entry) -> Explanation | None:
    """Why Heat failed at its stack; None where it did not fail."""
    if entry.live is None or entry.health is not Health.FAILED:
        return None
    return explain(entry.live.reason)


def _refused(rule: str) -> Word:
    match rule:
        case "foreign":
            return Word.FOREIGN
        case "untagged" | "adopt":
            return Word.UNTAGGED
        case _:
            return Word.REFUSED


def refusals_owner(rule: str) -> Owner:
    """Who acts next about a refusal of this rule."""
    if rule in _BY_ITSELF_RULES:
        return Owner.NOBODY
    return Owner.ADMIN if rule in _ADMINS_RULES else Owner.LECTURER


def _stuck(entry: Entry) -> Word:
    match entry.health:
        case Health.UNKNOWN:
            return Word.UNKNOWN
        case _ if entry.live and read_status(entry.live.status) == CHECK_FAILED:
            return Word.DRIFTED
        case _:
            return Word.FAILED


def stuck_owner(entry: Entry) -> Owner:
    """Who acts next about an instance that needs a person."""
    match entry.health:
        case Health.UNKNOWN:
            return Owner.ADMIN
        case Health.BUSY:
            return Owner.OPENSTACK_ADMIN
        case _:
            cause = _cause(entry)
            return Owner(cause.owner) if cause and cause.known else Owner.LECTURER


_DUE = {
    Action.CREATE: Word.PLANNED,
    Action.UPDATE: Word.OUTDATED,
    Action.RETRY: Word.FAILED,
    Action.RECREATE: Word.OUTDATED,
    Action.RESUME: Word.SUSPENDED,
    Action.SUSPEND: Word.READY,
    Action.END: Word.ENDING,
    Action.REVIVE: Word.ENDING,
    Action.ADOPT: Word.UNTAGGED,
    Action.DELETE: Word.ENDING,
}


_WHY = {
    Action.CREATE: "it is not there yet",
    Action.UPDATE: "its files ask for something else",
    Action.RESUME: "it is asleep and wanted awake",
}


def _acting(entry: Entry, act: Act, since: datetime | None) -> Standing:
    live, step = entry.live, f"{NEXT_APPLY} ({act.action})"
    why = act.why or _WHY.get(act.action, "")
    cause = _cause(entry)
    if live is not None and read_status(live.status) == DELETE_FAILED:
        if cause and cause.known:
            owner, step = Owner(cause.owner), cause.next_step
        else:
            # Only whoever can see the whole project can take away what blocks the delete.
            owner, step = Owner.OPENSTACK_ADMIN, f"take away what blocks it; {step}"
        return Standing(Word.DELETING, why, owner, step, since)
    if cause and cause.known and act.action is Action.RETRY:
        step = f"{cause.next_step} {NEXT_APPLY[0].upper()}{NEXT_APPLY[1:]} again."
        return Standing(_DUE[act.action], why, Owner(cause.owner), step, since)
    return Standing(_DUE[act.action], why, Owner.NOBODY, step, since)
