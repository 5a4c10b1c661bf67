"""Roll-outs: canaries first, then batch after batch, and an end to it when machines fail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconcile_samples import NOW, OTHER_SPEC, OWNER, REV, anything, failed, live, stack

from appstore.documents.deployment import Rollout
from appstore.reconcile.decision import Act, Settled, Wait, planned_act
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Entry, Plan, WritesOff
from appstore.reconcile.propose import propose, with_looks
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Choice, Rules
from appstore.reconcile.rolling import Progress, Rolling
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import LecturerStacks, WantedStack, WantedTree
from appstore.wanted.states import Gone

RULE = Rollout(canary=1, batch=2, max_failures=1)
LETTERS = {"w": Progress.WAITING, "m": Progress.MOVING, "d": Progress.DONE, "f": Progress.FAILED}


def rolling(letters: str, rule: Rollout = RULE) -> Rolling:
    members = {f"s{number}": LETTERS[letter] for number, letter in enumerate(letters, 1)}
    return Rolling("dr-a", "cs101/lab", rule, members)


def may_begin(one: Rolling) -> str:
    """The members that may begin, as digits; `!` where the roll-out has stopped."""
    obstacles = {name: one.obstacle(name) for name in one.members}
    if any(wait and "has stopped" in wait.why for wait in obstacles.values()):
        return "!"
    waiting = [name for name, each in one.members.items() if each is Progress.WAITING]
    return "".join(name[1:] for name in waiting if obstacles[name] is None)


@pytest.mark.parametrize(
    ("letters", "rule", "begin"),
    [
        ("wwwwww", {}, "1"),
        ("mwwwww", {}, ""),
        ("fwwwww", {}, "!"),
        ("fwwwww", {"max_failures": 5}, "!"),  # a failed canary always stops
        ("dwwwww", {}, "23"),
        ("ddwwww", {}, "3"),
        ("ddmwww", {}, ""),
        ("dddwww", {}, "45"),
        ("dfdwww", {}, "!"),
        ("dfdwww", {"max_failures": 2}, "45"),
        ("dfffww", {"max_failures": 3}, "!"),
        ("dddddw", {}, "6"),
        ("wddddd", {}, "1"),
        ("wwwwww", {"canary": 2}, "12"),
        ("fwwwww", {"canary": 2}, "!"),
        ("wwwwww", {"canary": 0}, "12"),
        ("wwwwww", {"batch": 9}, "1"),
        ("dwwwww", {"batch": 9}, "23456"),
        ("ww", {"canary": 9}, "12"),
    ],
)
def test_who_may_begin(letters: str, rule: dict[str, int], begin: str) -> None:
    assert may_begin(rolling(letters, RULE.model_copy(update=rule))) == begin


def test_a_member_that_waits_is_told_its_batch() -> None:
    first = rolling("dmwwww").obstacle("s5")
    assert first is not None
    assert first.why == "it is in batch 2 of 3 of the roll-out, which begins when batch 1 is done"
    assert not first.next_step
    canary = rolling("mwwwww").obstacle("s2")
    assert canary is not None
    assert canary.why.endswith("which begins when the canary is done")


def test_a_stop_names_who_failed_and_what_to_do() -> None:
    stopped = rolling("dffwww", RULE.model_copy(update={"max_failures": 2})).obstacle("s4")
    assert stopped is not None
    assert "s2, s3 failed, and `max_failures` is 2" in stopped.why
    assert stopped.next_step


@given(
    st.builds(
        Rollout,
        canary=st.integers(0, 4),
        batch=st.integers(1, 5),
        max_failures=st.integers(1, 4),
    ),
    st.integers(1, 20),
    st.data(),
)
def test_whatever_happens_it_never_goes_too_far(
    rule: Rollout, size: int, data: st.DataObject
) -> None:
    """Members begin when they may and end in any order, well or badly, until nobody may begin."""
    names = [f"s{number}" for number in range(size)]
    one = Rolling("dr-a", "cs101/lab", rule, dict.fromkeys(names, Progress.WAITING))
    while True:
        ready = [n for n in names if one.members[n] is Progress.WAITING and not one.obstacle(n)]
        moving = [n for n in names if one.members[n] is Progress.MOVING]
        if not (ready or moving):
            break
        name = data.draw(st.sampled_from(ready + moving))
        if name in ready:
            failures = [n for n in names if one.members[n] is Progress.FAILED]
            assert len(failures) < rule.max_failures
            assert not set(failures) & set(names[: rule.canary])
            one = one.now(name, Progress.MOVING)
            assert len(moving) < max(rule.canary, rule.batch)
            if name not in names[: rule.canary]:
                ahead = names[: rule.canary]
                assert all(one.members[n] is Progress.DONE for n in ahead)
        else:
            one = one.now(name, data.draw(st.sampled_from([Progress.DONE, Progress.FAILED])))
    left = [n for n in names if one.members[n] is Progress.WAITING]
    bad = sum(each is Progress.FAILED for each in one.members.values())
    canaries = any(one.members[n] is Progress.FAILED for n in names[: rule.canary])
    assert bool(left) <= (canaries or bad >= rule.max_failures), "it only stops for a reason"


# The same in a plan: progress is read from what lives


def seat(number: int, **changes: object) -> WantedStack:
    id_ = InstanceId("cs101", "web-lab", f"s{number:02}")
    return stack(id_, rollout=RULE, **changes)  # type: ignore[arg-type]


def lives(of: WantedStack, status: str = "CREATE_COMPLETE", **changes: object) -> LiveStack:
    return live(status, of, id=f"id-of-{of.name}", **changes)  # type: ignore[arg-type]


def plan(wanted: list[WantedStack], there: list[LiveStack], choice: Choice | None = None) -> Plan:
    mine = LecturerStacks("dr-a", "devcloud", "lecturer-a", tuple(wanted))
    listed = LiveProject("devcloud", "id", "lecturer-a", tuple(there))
    gone = Gone(None, timedelta(days=14), "its file was removed")
    first = propose(WantedTree(OWNER, (mine,), ()), {"dr-a": listed}, (), lambda *_: gone, NOW, REV)
    read = {e.live.id: Looks(failed=(failed(),)) for e, _ in first.to_look_at() if e.live}
    rules = Rules(OWNER, Attendance.PERSON, frozenset({REV}), choice, may_use=anything)
    return guarded(with_looks(first, read), rules)


def words(planned: Plan) -> dict[str, str]:
    return {e.subject.name.rpartition("--")[2]: _word(e) for e in planned.entries}


def _word(entry: Entry) -> str:
    match entry.decision:
        case Act(action=action):
            return action
        case Wait(why=why, then=Act(action=action)):
            return f"{action} stopped" if "has stopped" in why else f"{action} later"
        case Settled():
            return "settled"
        case other:
            return type(other).__name__.lower()


def test_the_first_creation_begins_with_the_canary() -> None:
    assert words(plan([seat(n) for n in range(1, 5)], [])) == {
        "s01": "create",
        "s02": "create later",
        "s03": "create later",
        "s04": "create later",
    }


def test_an_update_goes_on_where_the_last_run_ended() -> None:
    new = [seat(n, spec=OTHER_SPEC) for n in range(1, 7)]
    there = [*map(lives, new[:2]), *(lives(seat(n)) for n in range(3, 7))]
    assert words(plan(new, there)) == {
        "s01": "settled",
        "s02": "settled",
        "s03": "update",
        "s04": "update later",
        "s05": "update later",
        "s06": "update later",
    }


@pytest.mark.parametrize(
    ("status", "ago", "s01", "others"),
    [
        ("UPDATE_FAILED", 60, "retry", "update stopped"),
        ("UPDATE_FAILED", 1, "wait", "update stopped"),
        ("CHECK_COMPLETE", 60, "retry", "update stopped"),  # it hides a failed update
        ("UPDATE_IN_PROGRESS", 1, "wait", "update later"),
        ("SUSPEND_COMPLETE", 60, "resume", "update"),
    ],
)
def test_the_canary_decides(status: str, ago: int, s01: str, others: str) -> None:
    new = [seat(n, spec=OTHER_SPEC) for n in (1, 2)]
    canary = lives(new[0], status, ago=timedelta(minutes=ago))
    assert words(plan(new, [canary, lives(seat(2))])) == {"s01": s01, "s02": others}


def test_another_spec_than_the_failed_one_begins_anew() -> None:
    new = [seat(n, spec=OTHER_SPEC) for n in (1, 2)]
    there = [lives(seat(1), "UPDATE_FAILED"), lives(seat(2))]
    assert words(plan(new, there)) == {"s01": "update", "s02": "update later"}


def test_what_has_the_spec_is_reset_tried_again_and_put_to_sleep_at_once() -> None:
    wanted = [seat(1), seat(2), seat(3, generation=2), seat(4), seat(5)]
    there = [lives(seat(2), "UPDATE_FAILED"), lives(seat(3)), lives(seat(4), "SUSPEND_COMPLETE")]
    assert words(plan(wanted, there)) == {
        "s01": "create stopped",
        "s02": "retry",
        "s03": "recreate",
        "s04": "resume",
        "s05": "create stopped",
    }


def test_what_is_refused_holds_nobody_up() -> None:
    foreign = lives(seat(1), tags=frozenset({"appstore", "appstore:owner=other"}))
    assert words(plan([seat(1), seat(2), seat(3)], [foreign])) == {
        "s01": "refuse",
        "s02": "create",
        "s03": "create later",
    }


def test_a_filtered_run_does_not_overtake_the_canary() -> None:
    only = Choice(("dr-a/cs101/web-lab/s03",))
    assert words(plan([seat(n) for n in range(1, 5)], [], only)) == {"s03": "create later"}


def test_on_a_closed_cloud_no_batch_comes() -> None:
    closed = WritesOff("devcloud", "maintenance", "new switches", None)
    made = replace(plan([seat(n) for n in (1, 2)], []), writes_off=(closed,))
    assert [planned_act(entry.decision) for entry in made.allowed()] == [None, None]


def test_a_batch_that_waits_belongs_to_the_plan_that_is_reviewed() -> None:
    new = [seat(n, spec=OTHER_SPEC) for n in (1, 2)]
    there = [lives(seat(1)), lives(seat(2))]
    free = [replace(each, rollout=None) for each in new]
    assert plan(new, there).digest == plan(free, there).digest
