"""What scripts are made of: what they may ask the conductor for, and what they know of their entry.

A script is a generator that carries one entry out. It never blocks: it yields a call that shall be
made (`Ask`), a stack that shall come to rest (`Until`) or things that shall be looked up (`Seek`),
and the conductor resumes it with what came of it. So a thousand waiting entries hold no thread.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from appstore.apply.protocols import Clock, Heat
from appstore.apply.waiting import Seek, Until
from appstore.reconcile.decision import Act, Step
from appstore.reconcile.outcome import Result
from appstore.reconcile.plan import Entry
from appstore.reconcile.request import LiveContent
from appstore.reconcile.things import StackResource, Thing
from appstore.wanted.stacks import WantedStack

T = TypeVar("T")
Secrets = Callable[[WantedStack], Mapping[str, str]]
HEAT_TIMEOUT = timedelta(minutes=60)
"""Heat's own default, for stacks that no file describes any more."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One call that shall be made in a thread; `writes` when it changes the cloud."""

    call: Callable[[], object]
    writes: bool = False


# Any: what is sent in depends on what was yielded, which the type cannot say.
Script = Generator[Ask | Until | Seek, Any, T]


@dataclass(frozen=True, slots=True)
class Remains:
    """What a deleted stack may have left behind, and its template, which Heat has forgotten."""

    resources: tuple[StackResource, ...]
    content: LiveContent


@dataclass(slots=True)
class Job:
    """One acting entry and what it needs of the run.

    `hidden` gathers what no text may show, `remains` what a delete may have left behind,
    `by_another` whether another run did what this one was about to do.
    """

    entry: Entry
    act: Act
    heat: Heat
    clock: Clock
    secrets: Secrets
    rev: str
    owner: str
    today: date
    on_step: Callable[[Entry, Step], None]
    hidden: set[str] = field(default_factory=set)
    remains: Remains | None = None
    by_another: bool = False

    @property
    def stack(self) -> WantedStack:
        """The wanted stack; only steps that send a spec ask for it."""
        if not isinstance(self.entry.subject, WantedStack):
            raise TypeError(f"{self.act.action} needs a wanted stack")
        return self.entry.subject

    @property
    def timeout(self) -> timedelta:
        """How long Heat may work on one request."""
        if isinstance(self.entry.subject, WantedStack):
            return timedelta(minutes=self.entry.subject.spec.timeout_minutes)
        return HEAT_TIMEOUT


class Ended(Exception):
    """The entry cannot go on; `result` says why."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


class Overtaken(Exception):
    """The stack is not as it was planned: another run or a person was faster."""


class Halted(Exception):
    """Thrown into a script when the run must end; one that has nothing to add lets it pass."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


def ask(call: Callable[[], T], writes: bool = False) -> Script[T]:
    """Have the call made; raises what it raises."""
    answer: T = yield Ask(call, writes)
    return answer


def seek(request: Seek) -> Script[tuple[Thing, ...]]:
    """What the project's services list; raises CloudError when that stayed unknown."""
    things: tuple[Thing, ...] = yield request
    return things
