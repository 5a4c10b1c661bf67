"""A run may end anywhere: every entry has one outcome, and the next runs converge."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from apply_samples import TEMPLATE, Story, acts, asleep, farewell, gone, seat, spec
from heat_standin import StandInHeat
from heat_standin_calls import Killed, at_call, kill
from hypothesis import given, settings
from hypothesis import strategies as st

from appstore.apply.clock import Stop
from appstore.cloud.errors import Rejected, Unreachable
from appstore.reconcile.decision import Act, Action, Settled
from appstore.reconcile.plan import Entry, Farewell, Plan
from appstore.reconcile.request import StackRequest
from appstore.wanted.stacks import WantedStack

Subject = WantedStack | Farewell
CALLS = (
    *("listing", "find", "create", "check_create", "update", "patch", "suspend", "resume"),
    *("delete", "resources", "failed_resources", "content"),
)
ROUNDS = 30
"""A failed suspend is repeated three times, resumed, healed by up to six updates, then held;
an ending that cannot be put to sleep is deleted after its week."""


NO_TAGS: frozenset[str] = frozenset()
TAKEN = seat("course", deployment="taken", adopt="lecturer-id-1")
"""Takes over the first stack of the project, which somebody made by hand."""


def everything() -> Iterator[tuple[Subject | None, Subject]]:
    """What there is before and what is wanted then: every action that a plan can hold."""
    v2, week = spec(value="v2"), timedelta(days=7)
    ended = replace(gone(), grace=week)
    yield None, TAKEN
    yield seat("oldnet", base=True), seat("oldnet", base=True, wanted=gone())
    yield seat("still"), seat("still")
    yield seat("retry"), seat("retry", retry=1)
    yield seat("heal"), seat("heal")
    yield seat("redelete"), seat("redelete", wanted=gone())
    yield seat("back"), seat("back")
    yield seat("late", wanted=asleep()), seat("late", wanted=ended)
    yield None, seat("net", base=True)
    yield None, seat("create")
    yield None, seat("presleep", wanted=asleep())
    yield seat("update"), seat("update", spec=v2)
    yield seat("dream", wanted=asleep()), seat("dream", wanted=asleep(), spec=v2)
    yield seat("reset"), seat("reset", generation=2)
    yield seat("wake", wanted=asleep()), seat("wake")
    yield seat("tired"), seat("tired", wanted=asleep())
    yield seat("absent"), seat("absent", wanted=gone())
    yield seat("end"), seat("end", wanted=ended)
    yield seat("file", deployment="shell"), farewell("file", deployment="shell")


def prepared() -> tuple[Story, StandInHeat, list[Subject]]:
    """All that there is before, and some that went wrong or were ended since."""
    story = Story()
    heat = story.project()
    by_hand = {"parameters": {"value": "v1"}}
    assert TAKEN.adopt == heat.seed(StackRequest(TAKEN.name, TEMPLATE, {}, by_hand, NO_TAGS, 5)).id
    heat.spoil("create", seat("retry").name, "broken")
    story.run(*(before for before, _ in everything() if before))
    if awake := heat.find(seat("heal").name):
        heat.resume(awake)  # Heat fails at what never slept
    heat.spoil("delete", seat("redelete").name, "broken")
    back = seat("back", wanted=replace(gone(), grace=timedelta(days=7)))
    story.run(seat("redelete", wanted=gone()), back)
    story.clock.sleep(2 * 3600)
    heat.requests.clear()
    return story, heat, [after for _, after in everything()]


def acting(plan: Plan) -> list[Entry]:
    """The entries that have something to tell; `still` has not."""
    return [entry for entry in plan.entries if not isinstance(entry.decision, Settled)]


def converge(story: Story, heat: StandInHeat, subjects: list[Subject]) -> None:
    """Runs until there is nothing to do, hours apart so that every back-off is over."""
    for _ in range(ROUNDS):
        heat.settle()
        plan = story.plan(subjects)
        if not acts(plan):
            break
        story.apply(plan)
        story.clock.sleep(7 * 3600)
    assert acts(story.plan(subjects)) == []


def as_wanted(heat: StandInHeat) -> None:
    """Nothing had to be healed on the way."""
    wanted = {
        "create": "CREATE",
        "presleep": "SUSPEND",
        "update": "UPDATE",
        "dream": "SUSPEND",
        "reset": "CREATE",
        "wake": "RESUME",
        "tired": "SUSPEND",
        "end": "SUSPEND",
        "late": "SUSPEND",
        "still": "CREATE",
        "retry": "UPDATE",
        "heal": "UPDATE",
        "back": "UPDATE",
    }
    expected = {f"cs101--web-lab--{name}": f"{verb}_COMPLETE" for name, verb in wanted.items()}
    rows = {stack.name: stack.status for stack in heat.listing().stacks}
    others = {"net": "CREATE_COMPLETE", TAKEN.name: "UPDATE_COMPLETE"}
    assert rows == {**expected, **others}
    assert writes(heat) == WRITES, "nothing was done twice, nothing to a neighbour"


def writes(heat: StandInHeat) -> Counter[tuple[str, str]]:
    """How often each stack was sent each kind of write."""
    verbs = ("create", "update", "patch", "suspend", "resume", "delete")
    return Counter((verb, name) for verb, name in heat.requests if verb in verbs)


def undisturbed_run() -> tuple[int, Counter[tuple[str, str]]]:
    """How many calls one run takes, and the writes until there is nothing to do."""
    story, heat, subjects = prepared()
    plan = story.plan(subjects)
    heat.requests.clear()
    story.apply(plan)
    calls = len(heat.requests)
    converge(story, heat, subjects)
    return calls, writes(heat)


TOTAL, WRITES = undisturbed_run()


def test_every_kind_of_action_is_in_it() -> None:
    story, _, subjects = prepared()
    decisions = (entry.decision for entry in story.plan(subjects).entries)
    assert {act.action for act in decisions if isinstance(act, Act)} == set(Action)


def killed_at(number: int, after: bool) -> None:
    story, heat, subjects = prepared()
    plan = story.plan(subjects)
    with at_call(heat, CALLS, number, kill, after), pytest.raises(Killed):
        story.apply(plan)
    converge(story, heat, subjects)
    as_wanted(heat)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(1, TOTAL + 1))
def test_a_run_killed_at_any_call_is_finished_by_the_next(number: int, after: bool) -> None:
    killed_at(number, after)


@pytest.mark.parametrize("after", [False, True], ids=["turned-away", "lost"])
@pytest.mark.parametrize("number", range(1, TOTAL + 1))
def test_a_run_with_one_answer_missing_is_finished_by_the_next(number: int, after: bool) -> None:
    story, heat, subjects = prepared()
    plan = story.plan(subjects)

    def miss() -> None:
        raise Unreachable("no answer")

    with at_call(heat, CALLS, number, miss, after):
        assert [outcome.entry for outcome in story.outcomes(plan)] == acting(plan)
    converge(story, heat, subjects)
    as_wanted(heat)


@pytest.mark.parametrize("number", range(1, TOTAL + 1))
def test_a_run_stopped_at_any_call_tells_all_and_is_finished_by_the_next(number: int) -> None:
    story, heat, subjects = prepared()
    plan = story.plan(subjects)
    with at_call(heat, CALLS, number, story.stop.set, after=False):
        outcomes = story.outcomes(plan)
    assert [outcome.entry for outcome in outcomes] == acting(plan)
    story.stop = Stop()
    converge(story, heat, subjects)
    as_wanted(heat)


def test_the_whole_of_it_undisturbed() -> None:
    story, heat, subjects = prepared()
    story.run(*subjects)
    converge(story, heat, subjects)
    as_wanted(heat)


FAULTS: dict[str, Callable[[StandInHeat, str, str], None]] = {
    "spoil": lambda heat, method, name: heat.spoil(method, name, "broken"),
    "refuse": lambda heat, method, name: heat.turn_away(method, name, Rejected("no")),
    "silence": lambda heat, method, name: heat.turn_away(method, name, Unreachable("?")),
    "lose": lambda heat, method, name: heat.lose_answer(method, name, Unreachable("?")),
    "bug": lambda heat, method, name: heat.turn_away(method, name, ValueError()),  # type: ignore[arg-type]
}
NAMES = [after.name for _, after in everything()]
faults = st.lists(
    st.tuples(st.sampled_from(sorted(FAULTS)), st.sampled_from(CALLS), st.sampled_from(NAMES)),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(faults=faults, workers=st.integers(1, 3))
def test_every_entry_has_one_outcome_whatever_fails(
    faults: list[tuple[str, str, str]], workers: int
) -> None:
    story, heat, subjects = prepared()
    story.settings = replace(story.settings, workers=workers)
    plan = story.plan(subjects)
    for fault, method, name in faults:
        FAULTS[fault](heat, method, "" if method == "listing" else name)
    story.told.clear()
    outcomes = story.outcomes(plan)
    assert [outcome.entry for outcome in outcomes] == acting(plan)
    ended = [row.removeprefix("ended ") for row in story.told if row.startswith("ended ")]
    assert sorted(ended) == sorted(entry.subject.name for entry in acting(plan))
    heat._faults.clear()
    converge(story, heat, subjects)
