"""What each verb writes into a file, and what that means for the people who use the machines."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from appstore.documents.deployment import Deployment
from appstore.documents.marks import JsonValue, Path
from appstore.report.wording import counted, members
from appstore.runs.edit.orders import NoOrder, Order
from appstore.runs.edit.targets import Target
from appstore.wanted.members import ALL


@dataclass(frozen=True, slots=True)
class Reset:
    """Make machines anew: one counter up, for all or for each named member.

    `during_exam` is why it cannot wait for the end of an exam.
    """

    during_exam: str | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """A seat gets a new person, and so a new machine."""


@dataclass(frozen=True, slots=True)
class SetState:
    """Suspend, resume or remove."""

    state: Literal["running", "suspended", "absent"]


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again what the tool has given up."""


@dataclass(frozen=True, slots=True)
class Extend:
    """A later last day."""

    until: date


Verb = Reset | HandOver | SetState | Retry | Extend


def order(verb: Reset | HandOver | SetState | Retry, target: Target) -> Order | NoOrder:
    """What the verb writes into the file of one deployment."""
    match verb:
        case Reset():
            return _anew(target, "Everything on the disks is lost.")
        case HandOver():
            return _anew(
                target, "The next person starts afresh: all that the last one left is lost."
            )
        case SetState(state):
            return _one_seat(verb, target) or _set_state(target, state)
        case Retry():
            return _one_seat(verb, target) or _retry(target)
        case _:
            assert_never(verb)


def _model(target: Target) -> Deployment:
    return target.file.document.model


def _order(target: Target, puts: tuple[tuple[Path, JsonValue], ...], meaning: str) -> Order:
    return Order(target.file.document.path, target.addresses, puts, meaning)


def _anew(target: Target, loss: str) -> Order | NoOrder:
    """Counters only grow, so an order is never taken back by a later one."""
    model = _model(target)
    if model.state == "absent":
        why = "is ordered to be absent, so there is no machine to make anew"
        return NoOrder(target.address, why, f"Bring it back: appstore resume {target.address}")
    named = target.named or (ALL,)
    meaning = f"{_whose(target)} deleted and made anew. {loss}"
    if model.protect:
        meaning += " It is protected: until `protect` is removed, the plan refuses this."
    puts = tuple((("reset", name), model.reset.get(name, 0) + 1) for name in named)
    return _order(target, puts, meaning)


def _whose(target: Target) -> str:
    """`The machines of s01..s03 are`."""
    if not target.everybody:
        return "The machine is"
    count = len(target.everybody if target.named is None else target.named)
    what, are = ("machine", "is") if count == 1 else ("machines", "are")
    if target.named is not None:
        return f"The {what} of {members(target.named)} {are}"
    return "The one machine is" if count == 1 else f"All {count} {what} are"


def _one_seat(verb: SetState | Retry, target: Target) -> NoOrder | None:
    """These verbs are about whole deployments."""
    if target.named is None:
        return None
    address = target.addresses[0]
    match verb:
        case SetState("absent"):
            return NoOrder(address, "is not removed here", _roster_decides(target))
        case SetState():
            why = "cannot sleep or wake alone: the state is that of the whole deployment"
            return NoOrder(address, why, f"Name all of it: {target.address}")
        case Retry():
            why = "cannot be tried again alone: the counter is that of the whole deployment"
            hint = f"Name all of it: {target.address}. What is well is not touched."
            return NoOrder(address, why, hint)
        case _:
            assert_never(verb)


def _roster_decides(target: Target) -> str:
    assert target.course is not None  # only a course gives members
    course = target.course
    match _model(target).for_:
        case "student":
            key, days = "roster", counted(course.model.removal_grace, "day")
            kept = f" in all its deployments; a removed seat is kept asleep for {days}"
        case "group":
            key, kept = "groups", " in all its deployments"
        case _:
            return f"It is one machine for the course; remove all of it: {target.address}"
    line = course.mark(key).line
    return (
        f"Who has a machine is decided by `{key}` in {course.path}:{line}. Take the name out "
        f"there, or lower the number of seats, which takes the last ones: that holds for the "
        f"whole course,{kept}."
    )


def _set_state(target: Target, state: Literal["running", "suspended", "absent"]) -> Order | NoOrder:
    before = _model(target).state
    machines = _whose(target)
    match before, state:
        case ("running", "running") | ("suspended", "suspended") | ("absent", "absent"):
            return NoOrder(target.address, f"is {state} already", "There is nothing to write.")
        case "absent", "suspended":
            why = "is ordered to be absent, so nothing can sleep"
            return NoOrder(target.address, why, f"First: appstore resume {target.address}")
        case _, "suspended":
            meaning = (
                f"{machines} put to sleep until this deployment is resumed. Nothing is lost, and "
                "nobody can use what sleeps."
            )
        case "absent", _:
            meaning = f"{machines} wanted again. What was deleted already comes back empty."
        case _, "running":
            meaning = f"{machines} woken and follow the schedule again. Nothing is lost."
        case _:
            meaning = (
                f"{machines} deleted as soon as this is merged and applied, without a grace. "
                "Everything on the disks is lost."
            )
    return _order(target, ((("state",), state),), meaning)


def _retry(target: Target) -> Order | NoOrder:
    model = _model(target)
    if model.state == "absent":
        why = "is ordered to be absent, so there is nothing to try again"
        return NoOrder(target.address, why, f"Bring it back: appstore resume {target.address}")
    meaning = "What failed is tried again at once. What is well is not touched; nothing is lost."
    return _order(target, ((("retry",), model.retry + 1),), meaning)
