"""Heat's status words as a closed reading; a word that we do not know is never "ok"."""

from dataclasses import dataclass
from enum import StrEnum

from appstore.reconcile.live import LiveStack
from appstore.reconcile.plan import Health


class Verb(StrEnum):
    """What Heat did last with a stack (its `action`)."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    SUSPEND = "SUSPEND"
    RESUME = "RESUME"
    ROLLBACK = "ROLLBACK"
    CHECK = "CHECK"
    SNAPSHOT = "SNAPSHOT"
    RESTORE = "RESTORE"
    ADOPT = "ADOPT"


class State(StrEnum):
    """How far it is with that (its `status`)."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Known:
    """A status of Heat's vocabulary."""

    verb: Verb
    state: State

    @property
    def asleep(self) -> bool:
        """Only a finished suspend counts as sleep (README of appstore, decision table)."""
        return self == ASLEEP


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that no row of the table knows."""

    word: str


Status = Known | Unknown

ASLEEP = Known(Verb.SUSPEND, State.COMPLETE)
AWAKE = Known(Verb.UPDATE, State.COMPLETE)
DELETED = Known(Verb.DELETE, State.COMPLETE)
DELETE_FAILED = Known(Verb.DELETE, State.FAILED)
CREATE_FAILED = Known(Verb.CREATE, State.FAILED)
CHECK_FAILED = Known(Verb.CHECK, State.FAILED)
SUSPEND_FAILED = Known(Verb.SUSPEND, State.FAILED)
RESUME_FAILED = Known(Verb.RESUME, State.FAILED)

_WORDS: dict[str, Known] = {f"{v}_{s}": Known(v, s) for v in Verb for s in State}


def read_status(word: str) -> Status:
    """The reading of `ACTION_STATUS` as Heat writes it."""
    return _WORDS.get(word) or Unknown(word)


def not_what_was_sent(status: Known) -> bool:
    """Whether the stack cannot be what its tags say: a failed change, or one that was taken back.

    A rolled back or restored stack keeps the tags of what was sent last and runs something else.
    """
    return status.verb in (Verb.ROLLBACK, Verb.RESTORE) or (
        status.state is State.FAILED
        and status.verb in (Verb.CREATE, Verb.UPDATE, Verb.ADOPT, Verb.SNAPSHOT)
    )


def hides_failure(status: Known) -> bool:
    """Whether this status may have covered an UPDATE_FAILED (README of appstore, fact 3.5)."""
    return status.state is State.COMPLETE and status.verb in (Verb.CHECK, Verb.SNAPSHOT)


def health_of(live: LiveStack | None) -> Health:
    """A live stack in one word, from the listing alone; asleep is healthy."""
    if live is None:
        return Health.ABSENT
    match read_status(live.status):
        case Unknown():
            return Health.UNKNOWN
        case Known(state=State.IN_PROGRESS) | Known(verb=Verb.DELETE, state=State.COMPLETE):
            return Health.BUSY
        case Known(state=State.FAILED):
            return Health.FAILED
        case status:
            return Health.FAILED if not_what_was_sent(status) else Health.HEALTHY
