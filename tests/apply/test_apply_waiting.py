"""When a stack is at rest, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appstore.apply.waiting import Goal, Moving, Resting, Until, Untouched, Wedged, judge
from appstore.reconcile.live import LiveStack

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
ROW = LiveStack("id-1", "lab", "CREATE_COMPLETE", "", frozenset({"appstore"}), NOW, None)
LATER = NOW + timedelta(seconds=9)
SOON, LONG, AGES = timedelta(seconds=1), timedelta(seconds=61), timedelta(minutes=16)


def until(goal: Goal, before: LiveStack | None = ROW, id_: str | None = "id-1") -> Until:
    return Until("lab", id_, before, goal, timedelta(minutes=10))


def row(status: str, **changes: str) -> LiveStack:
    return replace(ROW, status=status, updated=LATER, **changes)  # type: ignore[arg-type]


CASES: list[tuple[Until, LiveStack | None, timedelta, object]] = [
    (until("CREATE", None), row("CREATE_IN_PROGRESS"), SOON, Moving()),
    (until("CREATE", None), ROW, SOON, Resting(ROW)),
    (until("CREATE", None), None, SOON, Resting(None)),
    (until("CREATE", None, None), None, SOON, Moving()),
    (until("CREATE", None, None), None, LONG, Untouched()),
    (until("CREATE", None, None), ROW, SOON, Resting(ROW)),
    (until("UPDATE"), ROW, SOON, Moving()),
    (until("UPDATE"), ROW, LONG, Untouched()),
    (until("UPDATE"), row("UPDATE_IN_PROGRESS"), LONG, Moving()),
    (until("UPDATE"), row("UPDATE_IN_PROGRESS"), AGES, Wedged("UPDATE_IN_PROGRESS")),
    (until("UPDATE"), row("UPDATE_FAILED"), SOON, Resting(row("UPDATE_FAILED"))),
    (until("UPDATE"), row("UPDATE_COMPLETE"), AGES, Resting(row("UPDATE_COMPLETE"))),
    (until("UPDATE"), None, SOON, Resting(None)),
    (until("UPDATE"), row("CREATE_COMPLETE", id="id-2"), SOON, Resting(None)),
    (until("DELETE"), row("DELETE_IN_PROGRESS"), SOON, Moving()),
    (until("DELETE"), row("DELETE_COMPLETE"), SOON, Moving()),
    (until("DELETE"), row("DELETE_FAILED"), SOON, Resting(row("DELETE_FAILED"))),
    (until("DELETE"), None, SOON, Resting(None)),
    (until("DELETE"), row("CREATE_COMPLETE", id="id-2"), SOON, Resting(None)),
]


@pytest.mark.parametrize(("wait", "seen", "waited", "verdict"), CASES)
def test_judge(wait: Until, seen: LiveStack | None, waited: timedelta, verdict: object) -> None:
    assert judge(wait, seen, waited) == verdict
