"""Class time, exam and other times on the real Heat; `--at` plays any moment."""

import json
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.cloud

HEAD = "title: Course\nterm: 2026w\ntimezone: UTC\nstarts: 2026-01-01\nends: 2099-01-01\n"
ROSTER = "roster: {seats: 2}\n"
ALL_DAY = "schedule:\n  lead: 0\n  classes: [{day: daily, from: 00:00, to: 24:00}]\n"
FAR_AWAY = "sunday" if datetime.now(UTC).weekday() in (1, 2, 3) else "wednesday"
NO_CLASS_NOW = f"schedule:\n  lead: 30\n  classes: [{{day: {FAR_AWAY}, from: 08:00, to: 10:00}}]\n"


def exam_now() -> str:
    """A freeze around this moment."""
    now = datetime.now(UTC)
    begins, ends = (now + timedelta(days=days) for days in (-1, 1))
    return f"freezes:\n- {{from: {begins:%Y-%m-%dT%H:%M}, to: {ends:%Y-%m-%dT%H:%M}}}\n"


@pytest.fixture
def course(registry):
    """`course(lines)`: course.yaml with these times, committed."""

    def write(times: str, roster: str = ROSTER) -> None:
        registry.write(f"deployments/ada/{registry.course}/course.yaml", HEAD + times + roster)
        registry.commit("course")

    return write


def test_outside_class_asleep_in_class_awake(registry, run, live, course) -> None:
    course(NO_CLASS_NOW)
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"SUSPEND_COMPLETE"}
    assert "nothing to do" in run("plan").out
    status = json.loads(run("status", "--json").out)
    assert all("it sleeps until" in one["reason"] for one in status), "says until when"
    day = "2027-01-03" if FAR_AWAY == "sunday" else "2027-01-06"
    assert "nothing to do" in run("plan", "--at", f"{day}T07:29").out
    assert "> resume x2" in run("plan", "--at", f"{day}T07:30").out
    assert "> resume x2" in run("plan", "--at", f"{day}T08:30+01:00").out
    course(ALL_DAY)
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"RESUME_COMPLETE"}
    calendar = run("calendar", f"ada/{registry.course}", "--weeks", "1")
    assert calendar.code == 0
    assert "class" in calendar.out


def test_the_end_is_noticed_and_then_comes_by_its_date(registry, run, live) -> None:
    run("apply")
    noticed = run("plan", "--at", "2098-12-20T08:00")
    assert "ending soon" in noticed.out
    assert "14 days' notice" in noticed.out
    played = json.loads(run("plan", "--at", "2099-01-01T08:00", "--json").out)
    assert [(one["days"], one["machines"]) for one in played["notices"]] == [(1, 2)]
    assert "z end x2" in run("plan", "--at", "2099-01-02T08:00").out
    assert {s.status for s in live().values()} == {"CREATE_COMPLETE"}, "nothing was done"


def test_before_its_time_the_plan_says_when_each_is_made(registry, run, course) -> None:
    course("prewarm: {at_once: 1, minutes: 20}\nready_by: 2026-01-01T12:00\n")
    planned = run("plan", "--at", "2025-12-30T08:00")
    assert "Thu 2026-01-01 11:20 UTC" in planned.out
    assert "Thu 2026-01-01 11:40 UTC" in planned.out
    assert "nothing to do" in planned.out


def test_an_exam_holds_and_one_seat_may_be_saved(registry, run, live, course) -> None:
    run("apply")
    before = live()
    course(exam_now())
    registry.lab("reset: {s02: 1}", "parameters: {length: 12}")
    refused = run("apply")
    assert refused.code == 3
    assert "--during-exam" in refused.out
    assert {m: s.id for m, s in live().items()} == {m: s.id for m, s in before.items()}
    today = datetime.now(UTC).date()
    record = f"exam_resets: [{{deployment: lab, member: s02, reason: dead, on: {today}}}]\n"
    course(exam_now() + record)
    assert run("apply").code == 0
    after = live()
    assert after["s01"] == before["s01"], "its update waits for the end of the exam"
    assert after["s02"].id != before["s02"].id
    registry.lab("state: absent")
    assert run("apply").code == 0
    assert set(live()) == {"s01", "s02"}


def test_a_new_term_is_refused_while_the_old_one_lives(registry, run, live) -> None:
    run("apply")
    before = live()
    registry.change(f"deployments/ada/{registry.course}/course.yaml", "2026w", "2027s")
    refused = run("apply")
    assert refused.code == 3
    assert "[other-term]" in refused.out
    assert "state: absent" in refused.out
    assert live() == before
