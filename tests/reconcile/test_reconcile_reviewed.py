"""Reviewed = applied: entry by entry, and files that are no plan of ours."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any  # plain JSON

import pytest
from jsonschema import Draft202012Validator
from reconcile_samples import (
    GONE_LATER,
    GONE_NOW,
    NOW,
    OTHER_SPEC,
    OWNER,
    REV,
    TODAY,
    anything,
    failed,
    live,
    stack,
)

from appstore.documents.deployment import Rollout
from appstore.documents.findings import Finding
from appstore.documents.plan_file import PlanFile
from appstore.documents.schemas import generate
from appstore.errors import AppstoreError
from appstore.reconcile.decision import Act, Refuse
from appstore.reconcile.difference import Difference, Effect, FieldChange, ResourceEffect
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Plan, Unplanned
from appstore.reconcile.propose import propose, with_differences, with_looks
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Rules
from appstore.reconcile.reviewed import (
    LARGEST,
    Consent,
    Reviewed,
    ReviewedPlan,
    Scheduled,
    already,
    read_reviewed,
    same_owner,
)
from appstore.report.plan_json import plan_json
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldStack, LecturerStacks, WantedStack, WantedTree
from appstore.wanted.states import Cause, Gone

LONG_AGO = TODAY - timedelta(days=60)
ON_A_DATE = Gone(Cause("course.yaml", 5, "ends: 2026-09-30", "date"), timedelta(days=14), "ended")
ACCEPTED = Cause("lab.yaml", 3, "accept_replace: web-lab@1.0.0")
REPLACED = ResourceEffect("server", "OS::Nova::Server", Effect.REPLACED, "image")


def seat(**changes: object) -> WantedStack:
    return stack(**changes)  # type: ignore[arg-type]


def plan(
    wanted: WantedStack | HeldStack | None, there: LiveStack | None, consent: Consent | None = None
) -> Plan:
    """A plan of one instance (and of one more that stays, so that no folder is empty)."""
    kept = stack(InstanceId("cs101", "other", "course"), spec=OTHER_SPEC)
    mine = LecturerStacks("dr-a", "devcloud", "p", (kept, *((wanted,) if wanted else ())))
    stacks = (live(of=kept, id="id-of-kept"), *((there,) if there else ()))
    gone = Gone(None, timedelta(days=14), "its file was removed")
    first = propose(
        WantedTree(OWNER, (mine,), ()),
        {"dr-a": LiveProject("devcloud", "id", "p", stacks)},
        (),
        lambda *_: gone,
        NOW,
        REV,
    )
    looked = with_looks(first, {there.id: Looks((failed(),), ())} if there else {})
    seen = Difference((FieldChange("parameters.image", "a", "b"),), (REPLACED,), ("Disks go.",))
    compared = with_differences(looked, {e.live.id: seen for e in looked.to_compare() if e.live})
    attendance = Attendance.UNATTENDED if isinstance(consent, Scheduled) else Attendance.PERSON
    rules = Rules(OWNER, attendance, frozenset({REV}), consent=consent, may_use=anything)
    return guarded(compared, rules)


def as_file(made: Plan) -> bytes:
    return json.dumps(plan_json(made)).encode()


def reviewed(made: Plan) -> ReviewedPlan:
    return read_reviewed("plan.json", as_file(made))


def word(made: Plan) -> str:
    match made.entries[-1].decision:
        case Act(action=action):
            return action
        case Refuse(rule=rule):
            return rule
        case other:
            return type(other).__name__.lower()


RESET = (seat(generation=2), live())
REPLACE = (seat(spec=OTHER_SPEC, replace_cause=ACCEPTED), live())
ORDERED = (seat(wanted=GONE_NOW), live())
DATED = (seat(wanted=ON_A_DATE), live("SUSPEND_COMPLETE", ending=LONG_AGO))
UNORDERED = (None, live("SUSPEND_COMPLETE", ending=LONG_AGO))
FAILED_DELETE = (seat(wanted=GONE_NOW), live("DELETE_FAILED"))
CREATE = (seat(), None)
ENDING = (seat(wanted=GONE_LATER), live())
Case = tuple[WantedStack | None, LiveStack | None]


@pytest.mark.parametrize(
    ("case", "bare", "equal", "scheduled_bare", "scheduled_equal"),
    [
        # what is done: with an empty reviewed plan, an equal one; the same with --scheduled
        (RESET, "stale", "recreate", "stale", "recreate"),
        (REPLACE, "stale", "update", "stale", "update"),
        (ORDERED, "stale", "delete", "stale", "delete"),
        (DATED, "stale", "delete", "delete", "delete"),
        (UNORDERED, "stale", "delete", "wait", "wait"),
        (FAILED_DELETE, "delete", "delete", "delete", "delete"),
        (CREATE, "create", "create", "create", "create"),
        (ENDING, "end", "end", "end", "end"),
    ],
)
def test_what_may_happen(
    case: Case, bare: str, equal: str, scheduled_bare: str, scheduled_equal: str
) -> None:
    nothing, same = reviewed(plan(seat(), live())), reviewed(plan(*case))
    assert not nothing.changes
    assert word(plan(*case, Reviewed((nothing,)))) == bare
    assert word(plan(*case, Reviewed((nothing, same)))) == equal
    assert word(plan(*case, Scheduled((nothing,), lambda _: ()))) == scheduled_bare
    assert word(plan(*case, Scheduled((same,), lambda _: ()))) == scheduled_equal
    assert word(plan(*case, Scheduled((), lambda _: (same,)))) == scheduled_equal


def test_who_saw_an_end_saw_its_delete() -> None:
    """A removed seat is not left asleep for ever because nobody looks on when its grace is over."""
    over = (ENDING[0], live("SUSPEND_COMPLETE", ending=LONG_AGO))
    end, another = reviewed(plan(*ENDING)), reviewed(plan(seat(wanted=GONE_LATER), live(id="new")))
    assert word(plan(*over, Scheduled((), lambda _: (end,)))) == "delete"
    assert word(plan(*over, Scheduled((), lambda _: (another,)))) == "stale"
    assert word(plan(*over, Reviewed((end,)))) == "stale"
    assert word(plan(*ORDERED, Scheduled((), lambda _: (end,)))) == "stale", "it never ended"


def test_a_merge_is_asked_for_by_the_line_that_it_wrote() -> None:
    asked: list[Cause] = []

    def of_merge(cause: Cause) -> tuple[ReviewedPlan, ...]:
        asked.append(cause)
        return ()

    assert word(plan(*RESET, Scheduled((), of_merge))) == "stale"
    assert [str(cause) for cause in asked] == ["deployments/dr-a/cs101/web-lab.yaml:6"]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ((seat(generation=3), live()), "wanted generation 2 -> 3"),
        ((seat(generation=2, spec=OTHER_SPEC), live()), f"-> {OTHER_SPEC.digest}"),
        ((seat(generation=2), live(id="another")), "-> another"),
        ((seat(generation=2), live("UPDATE_FAILED")), "its health healthy -> failed"),
        ((seat(generation=2), live(of=seat(spec=OTHER_SPEC))), "its spec"),
        ((seat(wanted=GONE_NOW), live()), "action recreate -> delete"),
    ],
)
def test_both_sides_are_shown(now: Case, words: str) -> None:
    decision = plan(*now, Reviewed((reviewed(plan(*RESET)),))).entries[-1].decision
    assert isinstance(decision, Refuse)
    assert decision.rule == "stale"
    assert words in decision.why


def test_another_seat_s_plan_is_none() -> None:
    other = InstanceId("cs101", "web-lab", "s02")
    theirs = plan(stack(other, generation=2), live(of=stack(other)))
    assert word(plan(*RESET, Reviewed((reviewed(theirs),)))) == "stale"


@pytest.mark.parametrize(
    ("now", "done"),
    [
        ((seat(generation=2), live(of=seat(generation=2))), True),
        ((seat(generation=2), live("CREATE_IN_PROGRESS", of=seat(generation=2))), True),
        ((seat(generation=2), live("DELETE_IN_PROGRESS")), True),
        ((seat(generation=2), None), False),
        (RESET, False),
    ],
)
def test_what_is_at_its_goal_or_on_its_way_is_done(now: Case, done: bool) -> None:
    plans = (reviewed(plan(*RESET)),)
    assert list(already(plan(*now).entries, plans)) == (["dr-a/cs101/web-lab/s01"] if done else [])


def test_a_batch_that_waits_was_reviewed_too() -> None:
    """It is carried out days later, by a scheduled run, from the plan of its merge."""
    rule = Rollout(canary=1, batch=1, max_failures=1)
    first, second = (
        stack(InstanceId("cs101", "web-lab", f"s0{n}"), rollout=rule, generation=2, spec=OTHER_SPEC)
        for n in (1, 2)
    )
    old = [live(of=replace(each, generation=1, spec=seat().spec)) for each in (first, second)]
    mine = LecturerStacks("dr-a", "devcloud", "p", (first, second))
    tree = WantedTree(OWNER, (mine,), ())

    def planned(stacks: tuple[LiveStack, ...], consent: Consent | None = None) -> Plan:
        listed = LiveProject("devcloud", "id", "p", stacks)
        proposal = propose(tree, {"dr-a": listed}, (), lambda *_: GONE_NOW, NOW, REV)
        rules = Rules(OWNER, Attendance.PERSON, frozenset({REV}), consent=consent, may_use=anything)
        return guarded(proposal, rules)

    at_review = planned(tuple(old))
    assert word(at_review) == "wait"
    later = planned((live(of=first), old[1]), Scheduled((reviewed(at_review),), lambda _: ()))
    assert word(later) == "recreate"


# Files


FINDING = Finding("x.yaml", 1, 1, "rule", "message")


@pytest.mark.parametrize(
    "made",
    [
        plan(*RESET),
        plan(*REPLACE),
        plan(*UNORDERED),
        plan(*CREATE),
        plan(seat(), live("UPDATE_FAILED", tries=5)),
        plan(seat(), live("UPDATE_FAILED", ago=timedelta(minutes=1))),
        plan(seat(), live(tags=frozenset())),
        plan(HeldStack(seat().id, "x.yaml", FINDING), live()),
        replace(
            plan(seat(), live("NEW_WORD")),
            unplanned=(Unplanned("dr-b", "devcloud", "q", "cloud", "no answer", "wait"),),
            findings=(FINDING,),
            commit=None,
        ),
    ],
)
def test_what_is_written_is_what_the_schema_says_and_can_be_read(made: Plan) -> None:
    schema = json.loads(generate()["plan.schema.json"])
    Draft202012Validator(schema).validate(plan_json(made))
    read = reviewed(made)
    assert (read.owner, read.digest) == (made.owner, made.digest)
    assert PlanFile.model_validate_json(as_file(made)).settled <= 2


def bent(change: Callable[[Any], object]) -> bytes:
    value = json.loads(as_file(plan(*RESET)))
    change(value)
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", 2, "not the JSON of a plan"),
        (b"<html>", 2, "not the JSON of a plan"),
        (b"\xff\xfe{}", 2, "not the JSON of a plan"),
        (as_file(plan(*RESET))[:-9], 2, "not the JSON of a plan"),
        (b"[" * 100_000, 2, "not the JSON of a plan"),
        (b'{"format":' * 100_000, 2, "not the JSON of a plan"),
        (b'{"format": "1", "format": "1"}', 2, "not the JSON of a plan"),
        (b'{"format": NaN}', 2, "not the JSON of a plan"),
        (b'{"format": ' + b"9" * 10_000 + b"}", 2, "not the JSON of a plan"),
        (b"[]", 2, "does not say the format"),
        (b'{"format": 1}', 2, "does not say the format"),
        (b'{"format": "1"}', 2, "is not a plan: owner"),
        (b" " * (LARGEST + 1), 2, "larger than 32 MiB"),
        (b'{"format": "2"}', 3, "of format '2', this program reads 1"),
        (bent(lambda v: v["entries"][0].update(health="failed")), 2, "digest does not fit"),
        (bent(lambda v: v["entries"].clear()), 2, "digest does not fit"),
        (bent(lambda v: v.update(owner="other")), 2, "digest does not fit"),
        (bent(lambda v: v.update(extra=1)), 2, "is not a plan: extra"),
        (bent(lambda v: v["entries"][0].update(stack="\ud800")), 2, "plan.json"),
    ],
)
def test_a_file_that_is_no_plan_of_ours(data: bytes, code: int, words: str) -> None:
    with pytest.raises(AppstoreError) as refused:
        read_reviewed("plan.json", data)
    assert refused.value.exit_code == code
    assert words in refused.value.message
    assert len(refused.value.message) < 300
    assert refused.value.hint


def test_another_installation_s_plan_is_refused() -> None:
    theirs = replace(reviewed(plan(*RESET)), owner="other")
    same_owner([reviewed(plan(*RESET))], OWNER)
    with pytest.raises(AppstoreError, match="installation 'other', this is teaching") as refused:
        same_owner([theirs], OWNER)
    assert refused.value.exit_code == 3
