"""The rows by example: what a reader of the decision table expects to see."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from reconcile_samples import (
    ASLEEP,
    GONE_LATER,
    GONE_NOW,
    GONE_UNORDERED,
    ID,
    LINE,
    NOT_YET,
    NOTHING_FAILED,
    NOW,
    OTHER_SPEC,
    OWNER,
    PREWARM,
    RESET,
    RUNNING,
    SPEC,
    STACK_ID,
    TODAY,
    event,
    failed,
    farewell,
    live,
    stack,
)

from appstore.reconcile.decision import (
    Act,
    Action,
    Decision,
    Look,
    Refuse,
    Settled,
    Sight,
    Step,
    Stuck,
    Wait,
)
from appstore.reconcile.live import LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.ruling import Subject
from appstore.reconcile.table import decide
from appstore.wanted.identity import InstanceId
from appstore.wanted.states import Wanted

S = Step
OLD = stack(spec=OTHER_SPEC)
COURSE = InstanceId("cs101", "web-lab", "course")
NEIGHBOUR = stack(InstanceId("cs101", "web-lab", "s02"))


def ask(subject: Subject, there: LiveStack | None, looks: Looks = NOTHING_FAILED) -> Decision:
    return decide(subject, there, NOW, OWNER, looks)


@pytest.mark.parametrize(
    ("subject", "there", "action", "steps"),
    [
        (stack(), None, Action.CREATE, [S.CREATE]),
        (stack(wanted=PREWARM), None, Action.CREATE, [S.CREATE, S.SUSPEND]),
        (stack(), live(of=OLD), Action.UPDATE, [S.UPDATE]),
        (stack(), live("SUSPEND_COMPLETE", OLD), Action.UPDATE, [S.RESUME, S.UPDATE]),
        (stack(wanted=ASLEEP), live(of=OLD), Action.UPDATE, [S.UPDATE, S.SUSPEND]),
        (
            stack(wanted=ASLEEP),
            live("SUSPEND_COMPLETE", OLD),
            Action.UPDATE,
            [S.RESUME, S.UPDATE, S.SUSPEND],
        ),
        (stack(), live("SUSPEND_COMPLETE"), Action.RESUME, [S.RESUME]),
        (stack(wanted=ASLEEP), live(), Action.SUSPEND, [S.SUSPEND]),
        (stack(wanted=NOT_YET), live(), Action.SUSPEND, [S.SUSPEND]),
        (stack(generation=2), live(), Action.RECREATE, [S.CHECK_CREATE, S.DELETE, S.CREATE]),
        (
            stack(wanted=ASLEEP, generation=2),
            live("CHECK_FAILED"),
            Action.RECREATE,
            [S.CHECK_CREATE, S.DELETE, S.CREATE, S.SUSPEND],
        ),
        (stack(wanted=GONE_NOW), live(), Action.DELETE, [S.DELETE]),
        (stack(wanted=GONE_LATER), live("CREATE_FAILED"), Action.DELETE, [S.DELETE]),
        (farewell(), live(), Action.END, [S.TAG_ENDING, S.SUSPEND]),
        (
            farewell(),
            live("SUSPEND_COMPLETE"),
            Action.END,
            [S.RESUME, S.TAG_ENDING, S.SUSPEND],
        ),
        (farewell(), live(ending=TODAY), Action.SUSPEND, [S.SUSPEND]),
        (farewell(), live(of=stack(base=True)), Action.END, [S.TAG_ENDING]),
        (
            stack(),
            live("SUSPEND_COMPLETE", ending=TODAY),
            Action.REVIVE,
            [S.RESUME, S.UNTAG_ENDING],
        ),
        (
            stack(wanted=ASLEEP),
            live("SUSPEND_COMPLETE", OLD, ending=TODAY),
            Action.REVIVE,
            [S.RESUME, S.UNTAG_ENDING, S.UPDATE, S.SUSPEND],
        ),
        (stack(), live("RESUME_FAILED"), Action.RETRY, [S.UPDATE]),
        (stack(), live("UPDATE_FAILED", OLD), Action.UPDATE, [S.UPDATE]),
        (stack(), live("DELETE_FAILED"), Action.DELETE, [S.DELETE]),
        (stack(), live("SUSPEND_FAILED"), Action.RESUME, [S.RESUME]),
        (stack(wanted=ASLEEP), live("SUSPEND_FAILED"), Action.SUSPEND, [S.SUSPEND]),
    ],
)
def test_steps(
    subject: Subject, there: LiveStack | None, action: Action, steps: list[Step]
) -> None:
    decision = ask(subject, there)
    assert isinstance(decision, Act)
    assert (decision.action, list(decision.steps)) == (action, steps)


@pytest.mark.parametrize(
    ("subject", "there"),
    [
        (stack(), live()),
        (stack(), live("CHECK_COMPLETE")),
        (stack(wanted=ASLEEP), live("SUSPEND_COMPLETE")),
        (stack(wanted=ASLEEP, generation=0), None),
        (stack(wanted=NOT_YET), None),
        (stack(wanted=GONE_NOW), None),
        (stack(wanted=GONE_NOW), live(tags=frozenset())),
        (stack(generation=0), live()),
        (stack(wanted=ASLEEP, base=True), live(of=stack(base=True))),
    ],
)
def test_nothing_to_do(subject: Subject, there: LiveStack | None) -> None:
    assert isinstance(ask(subject, there), Settled)


@pytest.mark.parametrize(("tries", "minutes"), [(0, 15), (1, 30), (2, 60), (3, 120), (4, 240)])
def test_a_failed_update_is_repeated_after_its_pause(tries: int, minutes: int) -> None:
    pause = timedelta(minutes=minutes)
    early = live("UPDATE_FAILED", tries=tries, ago=pause - timedelta(seconds=1))
    due = live("UPDATE_FAILED", tries=tries, ago=pause)
    assert ask(stack(), early) == Wait(
        "it failed and is tried again: because", NOW + timedelta(seconds=1)
    )
    decision = ask(stack(), due)
    assert isinstance(decision, Act)
    assert (decision.action, decision.tries) == (Action.RETRY, tries + 1)


def test_after_five_repeats_it_is_held_until_somebody_raises_retry() -> None:
    there = live("CREATE_FAILED", tries=5, ago=timedelta(days=9))
    assert isinstance(ask(stack(), there), Stuck)
    decision = ask(stack(retry=1), there)
    assert isinstance(decision, Act)
    assert (decision.action, decision.tries) == (Action.RETRY, 0)


def test_a_new_spec_does_not_wait_for_the_old_ones_pause() -> None:
    decision = ask(stack(), live("UPDATE_FAILED", OLD, tries=5, ago=timedelta(0)))
    assert isinstance(decision, Act)
    assert decision.tries == 0


def test_what_was_never_made_may_be_replaced() -> None:
    looks = Looks(failed=(failed("server"), failed("port", "UPDATE_FAILED")))
    there = live("UPDATE_FAILED")
    assert decide(stack(), there, NOW, OWNER) == Look(Sight.FAILED_RESOURCES)
    decision = ask(stack(), there, looks)
    assert isinstance(decision, Act)
    assert decision.unguarded == ("server",)


def test_a_check_can_hide_a_failed_update() -> None:
    there = live("CHECK_COMPLETE")
    assert decide(stack(), there, NOW, OWNER) == Look(Sight.FAILED_RESOURCES)
    decision = ask(stack(), there, Looks(failed=(failed(status="UPDATE_FAILED"),)))
    assert isinstance(decision, Act)
    assert decision.action is Action.RETRY


@pytest.mark.parametrize(
    ("events", "action"),
    [
        (["SUSPEND_FAILED"] * 2, Action.SUSPEND),
        (["SUSPEND_FAILED", "SUSPEND_IN_PROGRESS"] * 3, Action.RESUME),
        (["SUSPEND_FAILED", "SUSPEND_FAILED", "RESUME_COMPLETE", "SUSPEND_FAILED"], Action.SUSPEND),
    ],
)
def test_from_the_third_failed_suspend_on_it_is_resumed(events: list[str], action: Action) -> None:
    there = live("SUSPEND_FAILED")
    assert decide(stack(wanted=ASLEEP), there, NOW, OWNER) == Look(Sight.EVENTS)
    decision = ask(stack(wanted=ASLEEP), there, Looks(events=tuple(map(event, events))))
    assert isinstance(decision, Act)
    assert decision.action is action


def test_a_removed_file_lives_its_grace_asleep() -> None:
    tagged = {day: live("SUSPEND_COMPLETE", ending=TODAY - timedelta(days=day)) for day in (14, 15)}
    assert isinstance(ask(farewell(), tagged[14]), Wait)
    decision = ask(farewell(), tagged[15])
    assert isinstance(decision, Act)
    assert (decision.steps, decision.cause) == ((Step.DELETE,), None)


def test_a_lost_machine_is_not_replaced_behind_anybodys_back() -> None:
    decision = ask(stack(), live("CHECK_FAILED", OLD))
    assert isinstance(decision, Stuck)
    assert "eset" in decision.next_step


@pytest.mark.parametrize(
    ("subject", "there", "rule"),
    [
        (stack(), live(tags=frozenset({"appstore:owner=elsewhere"})), "foreign"),
        (stack(), live(of=NEIGHBOUR, name=stack().name), "foreign"),
        (stack(), live(tags=frozenset()), "untagged"),
        (stack(term="2027ss"), live(), "other-term"),
        (stack(wanted=GONE_UNORDERED, term="2027ss"), live(), "other-term"),
        (farewell(GONE_UNORDERED, term="2027ss"), live(), "other-term"),
        (stack(), live("UPDATE_IN_PROGRESS", OLD), "busy"),
        (stack(COURSE, adopt=STACK_ID), None, "adopt"),
        (stack(adopt=STACK_ID), None, "adopt"),
        (stack(adopt=STACK_ID), live("SUSPEND_COMPLETE", tags=frozenset()), "adopt"),
        (stack(adopt=STACK_ID.replace("0", "1")), live(tags=frozenset()), "adopt"),
        (stack(COURSE, adopt=STACK_ID), live("CHECK_COMPLETE", tags=frozenset()), "adopt"),
        (stack(COURSE, adopt=STACK_ID.replace("0", "1")), live(tags=frozenset()), "adopt"),
        (stack(COURSE, ASLEEP, adopt=STACK_ID), live(tags=frozenset()), "adopt"),
    ],
)  # fmt: skip
def test_refusals(subject: Subject, there: LiveStack | None, rule: str) -> None:
    decision = ask(subject, there)
    assert isinstance(decision, Refuse)
    assert decision.rule == rule


def test_an_ordered_end_takes_last_terms_machine() -> None:
    assert isinstance(ask(farewell(GONE_LATER, term="2027ss"), live()), Act)


@pytest.mark.parametrize(
    ("id_", "line", "place"),
    [
        (COURSE, f"`adopt: {STACK_ID}`", "`adopt`"),
        (ID, f"`adopt: {{s01: {STACK_ID}}}`", "`adopt.s01`"),
    ],
)
def test_the_way_out_of_lost_tags_is_the_line_to_write(
    id_: InstanceId, line: str, place: str
) -> None:
    lost = live(of=stack(id_), tags=frozenset())
    untagged = ask(stack(id_), lost)
    assert isinstance(untagged, Refuse)
    assert untagged.next_step.startswith(f"Take it over with {line} in {LINE.path}")
    another = STACK_ID.replace("0", "1")
    careless = ask(stack(id_, adopt=another), lost)
    assert isinstance(careless, Refuse)
    assert {STACK_ID, another} <= set(re.findall(r"[0-9a-f-]{36}", careless.why))
    assert careless.next_step == f"Correct or remove {place} in {LINE.path}."


@pytest.mark.parametrize(
    ("wanted", "status", "way_out"),
    [
        (ASLEEP, "UPDATE_COMPLETE", "the first apply at a time when it is wanted running"),
        (NOT_YET, "UPDATE_COMPLETE", "Leave `adopt.s01` in "),
        (RUNNING, "SUSPEND_COMPLETE", "openstack stack resume"),
        (RUNNING, "UPDATE_FAILED", "mended by hand"),
    ],
)
def test_what_is_not_taken_over_now_says_when_or_how(
    wanted: Wanted, status: str, way_out: str
) -> None:
    mine = stack(wanted=wanted, adopt=STACK_ID)
    refused = ask(mine, live(status, tags=frozenset()))
    assert isinstance(refused, Refuse)
    assert way_out in refused.next_step


@pytest.mark.parametrize("id_", [COURSE, ID])
def test_adopting_takes_over_exactly_the_named_stack(id_: InstanceId) -> None:
    mine = stack(id_, adopt=STACK_ID)
    decision = ask(mine, live("UPDATE_COMPLETE", mine, tags=frozenset({"by-hand"})))
    assert isinstance(decision, Act)
    assert decision.steps == (Step.ADOPT,)
    assert isinstance(ask(mine, live(of=mine)), Settled), "afterwards the line changes nothing"


@pytest.mark.parametrize(
    ("status", "of"), [("CREATE_IN_PROGRESS", stack()), ("UPDATE_IN_PROGRESS", OLD)]
)
def test_what_takes_longer_than_its_timeout_needs_a_person(status: str, of: object) -> None:
    there = live(status, of, ago=timedelta(minutes=SPEC.timeout_minutes + 14))  # type: ignore[arg-type]
    assert isinstance(ask(stack(), there), Wait | Refuse)
    late = replace(there, updated=None, created=NOW - timedelta(minutes=SPEC.timeout_minutes + 16))
    assert isinstance(ask(stack(), late), Stuck)


def test_a_reset_names_its_line() -> None:
    decision = ask(stack(generation=2), live())
    assert isinstance(decision, Act)
    assert decision.cause == RESET


def test_a_delete_that_failed_names_what_blocks_it() -> None:
    there = live("DELETE_FAILED", ago=timedelta(minutes=59), reason="port in use")
    assert ask(stack(), there) == Wait(
        "its delete failed and is repeated hourly: port in use", NOW + timedelta(minutes=1)
    )


def test_a_word_that_nobody_knows_is_an_error() -> None:
    decision = ask(stack(), live("DREAM_COMPLETE"))
    assert isinstance(decision, Stuck)
    assert "DREAM_COMPLETE" in decision.why
