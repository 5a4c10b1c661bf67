"""Rail 8: what an exam lets pass, what waits for its end, and how one seat is saved in it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from reconcile_samples import (
    EXAM,
    GONE_LATER,
    GONE_NOW,
    GONE_UNORDERED,
    LESSON,
    NOW,
    OTHER_SPEC,
    OWNER,
    REV,
    TODAY,
    anything,
    live,
    stack,
)

from appstore.reconcile.decision import Act, Refuse, Settled, Step, Wait
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Entry
from appstore.reconcile.propose import propose, with_looks
from appstore.reconcile.rails.exceptions import DatedException
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Rules
from appstore.wanted.freezes import Frozen
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import LecturerStacks, WantedStack, WantedTree
from appstore.wanted.states import Asleep, Cause, Running

LINE = Cause("deployments/dr-a/cs101/course.yaml", 20, "freeze")
FROZEN = Frozen(
    frozenset({"dr-a/cs101/web-lab"}), {}, EXAM.ends, "Europe/Berlin", LINE
)  # fmt: skip
RULES = Rules(OWNER, Attendance.PERSON, frozenset({REV}), frozen=(FROZEN,), may_use=anything)
WITH_RECORD = replace(
    RULES, frozen=(replace(FROZEN, resets={"dr-a/cs101/web-lab/s01": "its disk is dead"}),)
)
IN_EXAM = stack(wanted=Running(EXAM))
OLD = stack(spec=OTHER_SPEC)


def planned(wanted: Iterable[WantedStack], there: LiveStack | None, rules: Rules = RULES) -> Entry:
    """The entry of seat s01; a neighbour is wanted too, so that nobody's files are empty."""
    neighbour = stack(InstanceId("cs101", "web-lab", "s02"), wanted=Asleep(LINE), generation=0)
    mine = LecturerStacks("dr-a", "devcloud", "lecturer-a", (*wanted, neighbour))
    listed = LiveProject("devcloud", "id", "lecturer-a", (there,) if there else ())
    tree = WantedTree(OWNER, (mine,), ())
    proposal = propose(tree, {"dr-a": listed}, (), lambda *_: GONE_UNORDERED, NOW, REV)
    looks = {there.id: Looks(failed=(), events=())} if there else {}
    entries = guarded(with_looks(proposal, looks), rules).entries
    return next(entry for entry in entries if str(entry.subject.id).endswith("s01"))


@pytest.mark.parametrize(
    ("there", "steps"),
    [
        (None, [Step.CREATE]),
        (live("SUSPEND_COMPLETE"), [Step.RESUME]),
        (live("SUSPEND_COMPLETE", OLD), [Step.RESUME]),  # not late because of a change
        (live("SUSPEND_FAILED"), [Step.RESUME]),
        (live("SUSPEND_COMPLETE", ending=TODAY), [Step.RESUME]),  # the tag goes afterwards
        (live("CREATE_FAILED", ago=timedelta(hours=1)), [Step.UPDATE]),
        (live("CREATE_FAILED", OLD), [Step.UPDATE]),  # it never served anybody
        (live("RESUME_FAILED"), [Step.UPDATE]),
    ],
)
def test_what_is_not_ready_is_made_ready(there: LiveStack | None, steps: list[Step]) -> None:
    decision = planned([IN_EXAM], there).decision
    assert isinstance(decision, Act), decision
    assert list(decision.steps) == steps


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ([IN_EXAM], live(of=OLD)),
        ([IN_EXAM], live("UPDATE_FAILED", OLD)),  # somebody may be at work on it
        ([IN_EXAM], live(ending=TODAY)),
        ([], live()),  # a removed seat
        ([], live("SUSPEND_COMPLETE", ending=TODAY - timedelta(days=60))),
        ([stack(wanted=GONE_NOW)], live()),
        ([stack(wanted=GONE_LATER)], live()),
        ([stack(wanted=Asleep(LINE))], live()),
    ],
)
def test_everything_else_waits_for_its_end(wanted: list[WantedStack], there: LiveStack) -> None:
    decision = planned(wanted, there).decision
    assert isinstance(decision, Wait), decision
    assert decision.until == EXAM.ends
    assert "exam" in decision.why


RESET = replace(IN_EXAM, generation=2)


def test_a_reset_is_refused_with_both_ways_out() -> None:
    decision = planned([RESET], live()).decision
    assert isinstance(decision, Refuse)
    assert decision.rule == "freeze"
    assert "Mon 2026-11-23 15:00 Europe/Berlin" in decision.why
    assert 'reset dr-a/cs101/web-lab --member s01 --during-exam "<why>"' in decision.next_step
    assert "rule: freeze" in decision.next_step


def test_the_record_lets_that_one_seat_pass() -> None:
    decision = planned([RESET], live(), WITH_RECORD).decision
    assert isinstance(decision, Act)
    assert decision.steps == (Step.CHECK_CREATE, Step.DELETE, Step.CREATE)
    assert decision.why == "a reset is ordered, in an exam: its disk is dead"


def test_the_record_is_no_leave_to_end_or_change_it() -> None:
    for wanted in ([stack(wanted=GONE_NOW)], [replace(IN_EXAM, spec=OTHER_SPEC)]):
        assert isinstance(planned(wanted, live(), WITH_RECORD).decision, Wait)


def test_an_exception_of_the_course_lets_it_pass() -> None:
    until = TODAY + timedelta(days=1)
    path = "deployments/dr-a/cs101/course.yaml"
    excepted = DatedException("freeze", "dr-a/cs101/*", until, None, "dr-a/cs101/", path, 1)
    decision = planned([RESET], live(), replace(RULES, exceptions=(excepted,))).decision
    assert isinstance(decision, Act)


def test_what_is_gone_already_is_not_made_for_an_exam() -> None:
    kept = stack(wanted=Running(EXAM, keep=True))
    assert isinstance(planned([kept], None).decision, Settled)
    assert isinstance(planned([kept], live("SUSPEND_COMPLETE")).decision, Act)


@pytest.mark.parametrize("occasion", [EXAM, LESSON])
def test_nothing_changes_under_a_class_either(occasion: object) -> None:
    held = stack(wanted=Running(occasion))  # type: ignore[arg-type]
    no_freeze = replace(RULES, frozen=())
    asleep = planned([held], live("SUSPEND_COMPLETE", OLD), no_freeze).decision
    awake = planned([held], live(of=OLD), no_freeze).decision
    assert isinstance(asleep, Act)
    assert asleep.steps == (Step.RESUME,)
    assert isinstance(awake, Wait)
    assert awake.until == EXAM.ends


def test_a_neighbour_is_not_held() -> None:
    other = replace(FROZEN, addresses=frozenset({"dr-a/cs101/web"}))
    entry = planned([stack(generation=2)], live(), replace(RULES, frozen=(other,)))
    assert isinstance(entry.decision, Act)
