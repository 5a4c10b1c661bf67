"""Two applies of one plan: the other one runs at every single moment of ours, on the stand-in."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from apply_samples import Story, asleep, farewell, gone, seat, spec
from heat_standin import StandInHeat

from appstore.apply.failures import OVERTAKEN
from appstore.reconcile.decision import Action, Wait
from appstore.reconcile.outcome import Done, Outcome
from appstore.reconcile.plan import Farewell
from appstore.report.outcomes import exit_codes, outcomes_text
from appstore.wanted.stacks import WantedStack

WRITES = ("create", "update", "patch", "suspend", "resume", "delete")
SEAT = seat("s01")
TIDY = replace(farewell("s01"), gone=replace(gone(None), grace=timedelta(days=14)))
ACTIONS: dict[str, tuple[tuple[WantedStack, ...], WantedStack | Farewell, tuple[str, ...]]] = {
    "create": ((), SEAT, ("create",)),
    "create asleep": ((), replace(SEAT, wanted=asleep()), ("create", "suspend")),
    "update": ((SEAT,), replace(SEAT, spec=spec(value="v2")), ("update",)),
    "reset": ((SEAT,), replace(SEAT, generation=2), ("create", "delete")),
    "suspend": ((SEAT,), replace(SEAT, wanted=asleep()), ("suspend",)),
    "resume": ((SEAT, replace(SEAT, wanted=asleep())), SEAT, ("resume",)),
    "update asleep": (
        (SEAT, replace(SEAT, wanted=asleep())),
        replace(SEAT, wanted=asleep(), spec=spec(value="v2")),
        ("resume", "suspend", "update"),
    ),
    "end": ((SEAT,), TIDY, ("patch", "suspend")),
    "delete": ((SEAT,), farewell("s01"), ("delete",)),
}
"""What was applied before, what is wanted now, and the writes that this takes."""


BLIND = ("update", "patch", "suspend", "resume", "delete")
"""Right before these a look has just shown the stack as planned: what comes between is not seen."""


class Dead(BaseException):
    """The end of a process."""


@dataclass
class Arena:
    """One Heat on which two runs meet; `accepted` are the writes of both."""

    story: Story
    heat: StandInHeat
    accepted: list[str] = field(default_factory=list)

    @classmethod
    def after(cls, earlier: tuple[WantedStack, ...]) -> "Arena":
        """Everything as it is when the two runs begin."""
        story = Story()
        heat = story.project()
        for subject in earlier:
            story.run(subject)
        return cls(story, heat)

    def runner(self, before: Callable[[int, str], None] = lambda number, name: None) -> Story:
        """One of the two; `before` is heard before each of its calls."""
        watched: Any = Watched(self.heat, self.accepted, before)
        return Story(clock=self.story.clock, heats=dict.fromkeys(self.story.heats, watched))

    def rival(self, subject: Any, killed: bool) -> None:
        """The other run as a whole, or until it has written once: Heat goes on with that."""

        def after_a_write(number: int, name: str) -> None:
            if killed and len(self.accepted) > earlier:
                raise Dead

        earlier = len(self.accepted)
        with suppress(Dead):
            self.runner(after_a_write).run(subject)


class Watched:
    """A Heat that tells of each call before it is made, and keeps the writes that it accepted."""

    def __init__(
        self, heat: StandInHeat, accepted: list[str], before: Callable[[int, str], None]
    ) -> None:
        self._heat = heat
        self._accepted = accepted
        self._before = before
        self._number = itertools.count()
        self.leftovers = heat.leftovers

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._heat, name)

        def call(*arguments: Any) -> Any:
            self._before(next(self._number), name)
            answer = method(*arguments)
            if name in WRITES:
                self._accepted.append(name)
            return answer

        return call


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("action", ACTIONS)
def test_whenever_the_other_run_comes_everything_is_done_once_and_told_truly(
    action: str, killed: bool
) -> None:
    earlier, subject, writes = ACTIONS[action]
    others = 0
    for moment in itertools.count():
        arena = Arena.after(earlier)
        plan = arena.story.plan([subject])
        called: list[str] = []
        ours = arena.runner(partial(_comes, arena, subject, killed, moment, called))
        (outcome,) = ours.outcomes(plan)
        if len(called) <= moment:
            break
        where = f"before {called[moment]}, call {moment} of {called}"
        assert_true(outcome, arena.heat, where)
        others += others_did(outcome)
        for _ in range(3):  # the next runs find what is left, if the other one was killed
            arena.heat.settle()
            arena.runner().run(subject)
        assert sorted(arena.accepted) == sorted(writes), where
    assert moment > len(writes)
    assert others, "at least once the other one was faster"


def _comes(
    arena: Arena,
    subject: Any,
    killed: bool,
    moment: int,
    called: list[str],
    number: int,
    name: str,
) -> None:
    called.append(name)
    if number == moment and name not in BLIND:
        arena.rival(subject, killed)


def others_did(outcome: Outcome) -> bool:
    """Whether it tells that the other run did it, or is at it."""
    result = outcome.result
    return isinstance(result, Wait) or (isinstance(result, Done) and result.by_another)


def assert_true(outcome: Outcome, heat: StandInHeat, where: str) -> None:
    """Nobody says done of what is not, and nobody fails because of the other."""
    match outcome.result:
        case Done():
            now = heat.find(outcome.entry.subject.name)
            assert now is None or now.status.endswith("_COMPLETE"), where
        case Wait():
            pass
        case told:
            assert told == OVERTAKEN, (where, told)


def test_what_the_other_one_did_is_told_in_words() -> None:
    arena = Arena.after((SEAT,))
    plan = arena.story.plan([replace(SEAT, wanted=asleep())])
    arena.rival(replace(SEAT, wanted=asleep()), killed=False)
    (outcome,) = arena.runner().outcomes(plan)
    assert isinstance(outcome.result, Done)
    assert list(outcomes_text([outcome])) == [
        "  dr-a/cs101/web-lab/s01: done by another run",
        "      Another run was faster; it is as it should be.",
        "      -> nothing to do (nobody)",
        "Apply: 1 done by another run.",
    ]
    assert list(exit_codes([outcome])) == []
    assert outcome.result.action is Action.SUSPEND
    assert arena.accepted == ["suspend"]


def test_a_late_delete_means_the_old_stack_and_not_the_new_one() -> None:
    """Between our look and our delete the other one deletes the stack and makes it anew."""
    arena = Arena.after((SEAT,))
    anew = replace(SEAT, generation=2)
    plan = arena.story.plan([anew])

    def reset(number: int, name: str) -> None:
        if name == "delete":
            arena.rival(anew, killed=False)

    (outcome,) = arena.runner(reset).outcomes(plan)
    assert isinstance(outcome.result, Done)
    assert outcome.result.by_another
    assert arena.accepted == ["delete", "create", "delete"]
    assert [stack.status for stack in arena.heat.listing().stacks] == ["CREATE_COMPLETE"]


def test_another_order_that_came_first_is_left_alone() -> None:
    """Somebody at another commit: neither is undone, and neither is told as done."""
    arena = Arena.after((SEAT,))
    mine, theirs = (replace(SEAT, spec=spec(value=value)) for value in ("v2", "v3"))
    plan = arena.story.plan([mine])
    arena.rival(theirs, killed=False)
    (outcome,) = arena.runner().outcomes(plan)
    assert outcome.result == OVERTAKEN
    assert list(exit_codes([outcome])) == [3]
    assert arena.accepted == ["update"]


def test_a_lost_race_is_told() -> None:
    """Somebody's update arrives between ours and the look, and it erases our tags."""
    arena = Arena.after((SEAT,))
    plan = arena.story.plan([replace(SEAT, spec=spec(value="v2"))])
    original = arena.heat.update

    def both(stack: Any, request: Any) -> None:
        original(stack, request)
        original(stack, replace(request, tags=frozenset({"appstore", "appstore:owner=teaching"})))

    arena.heat.update = both  # type: ignore[method-assign]
    told = arena.story.apply(plan)[SEAT.name]
    assert "does not say that it is ours" in getattr(told, "why", "")
