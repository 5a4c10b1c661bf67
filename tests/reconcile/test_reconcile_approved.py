"""The rail that holds plan and apply to the lives of versions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from reconcile_samples import ID, LINE, NOW, OTHER_SPEC, OWNER, REV, RUNNING, SPEC, live, stack
from wanted_samples import LAB, VERSION, sample, stacks

from appstore.govern.life import Approved, Deprecated, Draft, Life, Retired, Revoked
from appstore.govern.use import Circle
from appstore.govern.use_shelf import Shelf
from appstore.reconcile.decision import Act, Action, Refuse, Step
from appstore.reconcile.live import LiveStack
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.approved import approved
from appstore.reconcile.rails.rules import Attendance, Rules
from appstore.reconcile.status import health_of
from appstore.wanted.freezes import Frozen
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Asleep, Cause, Occasion, Running, Wanted

REF = SPEC.version
REVOKED = Revoked("CVE-2026-1", date(2026, 11, 2), date(2026, 11, 9))
LESSON = Running(Occasion("class", NOW, NOW + timedelta(hours=1), LINE))
FROZEN = Frozen(frozenset({"ada/cs101"}), frozenset(), NOW + timedelta(days=1), "UTC", LINE)


def rules(life: Life, *frozen: Frozen) -> Rules:
    shelf = Shelf({REF: life}, {"web-lab": Circle("inf", "inf", "global")}, {"ada": "inf"})
    return Rules(
        OWNER,
        Attendance.PERSON,
        frozenset({REV}),
        frozen=frozen,
        may_use=shelf.verdict,
    )


def entry(
    action: Action, there: LiveStack | None = None, member: str = "s01", wanted: Wanted = RUNNING
) -> Entry:
    subject = stack(replace(ID, member=member), wanted, generation=0)
    decision = Act(action, (Step.UPDATE,), "")
    return Entry("ada", "main", "p", subject, there, health_of(there), decision)


def runs(version: str = REF, member: str = "s01") -> LiveStack:
    """A stack that was last sent this version."""
    sent = stack(replace(ID, member=member), spec=replace(OTHER_SPEC, version=version))
    return live(of=sent)


def refused(life: Life, *entries: Entry, frozen: tuple[Frozen, ...] = ()) -> list[str | None]:
    """The rule that refuses each entry, None where it may happen."""
    verdicts = dict.fromkeys((id(one) for one in entries), "")
    found: dict[int, str] = {}
    for each, verdict in approved(entries, rules(life, *frozen)):
        assert isinstance(verdict, Refuse)
        assert verdict.next_step
        found[id(each)] = verdict.rule
    return [found.get(key) for key in verdicts]


SENDING = [Action.CREATE, Action.UPDATE, Action.RETRY, Action.RECREATE, Action.ADOPT]
WAKING = [Action.RESUME, Action.REVIVE]
ENDING = [Action.SUSPEND, Action.END, Action.DELETE]


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(
    ("life", "rule"),
    [
        (Draft(), "not-approved"),
        (Approved("med"), "not-visible"),
        (Retired(None), "retired"),
        (REVOKED, "revoked"),
        (Approved(None), None),
        (Approved("inf"), None),
    ],
)
def test_what_runs_may_only_sleep_and_go(action: Action, life: Life, rule: str | None) -> None:
    there = None if action is Action.CREATE else runs()
    expected = None if action in ENDING else rule
    assert action in (*SENDING, *WAKING, *ENDING)
    assert refused(life, entry(action, there)) == [expected]


def test_a_class_wakes_what_runs_and_a_person_does_not() -> None:
    asked = [
        entry(Action.RESUME, runs(), wanted=LESSON),
        entry(Action.REVIVE, runs(), wanted=LESSON),
        entry(Action.RESUME, runs()),
    ]
    assert refused(Draft(), *asked) == [None, "not-approved", "not-approved"]


@pytest.mark.parametrize(
    ("action", "there", "rule"),
    [
        (Action.CREATE, None, "deprecated"),
        (Action.UPDATE, runs("web-lab@0.9.0"), "deprecated"),
        (Action.UPDATE, runs(), None),
        (Action.RETRY, runs(), None),
        (Action.RECREATE, runs(), None),
        (Action.RESUME, runs(), None),
    ],
)
def test_nothing_begins_with_a_deprecated_version(
    action: Action, there: LiveStack | None, rule: str | None
) -> None:
    assert refused(Deprecated(None, None), entry(action, there)) == [rule]


def test_a_deployment_that_runs_a_deprecated_version_gets_further_seats() -> None:
    first, second = entry(Action.UPDATE, runs()), entry(Action.CREATE, member="s02")
    moving = entry(Action.UPDATE, runs("web-lab@0.9.0", "s03"), member="s03")
    assert refused(Deprecated(None, None), first, second, moving) == [None, None, None]


def test_a_reset_that_lost_its_stack_half_way_goes_on() -> None:
    half = entry(Action.CREATE)
    assert isinstance(half.subject, WantedStack)
    again = replace(half, subject=replace(half.subject, generation=1))
    assert refused(Deprecated(None, None), again) == [None]


def test_an_exam_beats_a_revocation_for_what_it_runs_already() -> None:
    seats = [entry(Action.RETRY, runs()), entry(Action.CREATE, member="s02")]
    assert refused(REVOKED, *seats, frozen=(FROZEN,)) == [None, None]
    assert refused(REVOKED, entry(Action.CREATE), frozen=(FROZEN,)) == ["revoked"]
    assert refused(Draft(), *seats, frozen=(FROZEN,)) == ["not-approved", "not-approved"]


PAGE = f"{VERSION}/approval.yaml"
TEXT = (
    "digest: 1.x\nvisibility: global\napprover: eve\ndate: 2026-10-01\n"
    "revoked: {by: eve, date: 2026-11-02, reason: CVE-2026-1, grace: 3}\n"
)


@pytest.mark.parametrize(
    ("now", "asleep"),
    [("2026-11-04T22:59:59+00:00", False), ("2026-11-04T23:00:00+00:00", True)],
)
def test_what_runs_of_a_revoked_version_sleeps_after_the_grace(now: str, asleep: bool) -> None:
    moment = type(NOW).fromisoformat(now)
    wanted = stacks({PAGE: TEXT}, moment)["db1/lab/s01"].wanted
    cause = Cause(PAGE, 5, "revoked: CVE-2026-1", "date")
    assert wanted == (Asleep(cause) if asleep else RUNNING)
    assert sample({PAGE: TEXT, LAB: None}).findings == ()
