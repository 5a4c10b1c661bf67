"""What is wanted on which day, to the minute at the borders of a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from wanted_samples import BASE, COURSE, FILES, LAB, NOW, Edits, edited, line_of, stacks

from appstore.documents.deployment import Deployment
from appstore.documents.marks import Document
from appstore.registry.registry import DeploymentFile
from appstore.wanted.lifetimes import Situation, wanted_state
from appstore.wanted.states import Asleep, Cause, Gone, NotYet, Running, Wanted

DAY = timedelta(days=1)


def wanted(edits: Edits | None = None, now: datetime = NOW, id_: str = "db1/lab/s01") -> Wanted:
    return stacks(edits, now)[id_].wanted


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(path: str, text: str, edits: Edits | None = None) -> Cause:
    kind: Literal["line", "date"] = "date" if text.startswith("ends:") else "line"
    return Cause(path, line_of(path, text, edits), text, kind)


@pytest.mark.parametrize(
    ("zone", "now", "there"),
    [
        # starts: 2026-10-12, ends: 2027-02-12, both days included
        ("Europe/Berlin", "2026-10-11T21:59", False),  # summer time: UTC+2
        ("Europe/Berlin", "2026-10-11T22:00", True),
        ("Europe/Berlin", "2027-02-12T22:59", True),  # winter time: UTC+1
        ("Europe/Berlin", "2027-02-12T23:00", False),
        ("Pacific/Auckland", "2026-10-11T10:59", False),  # their summer: UTC+13
        ("Pacific/Auckland", "2026-10-11T11:00", True),
        ("America/Lima", "2027-02-13T04:59", True),
        ("America/Lima", "2027-02-13T05:00", False),
        ("UTC", "2027-02-12T23:59", True),
        ("UTC", "2027-02-13T00:00", False),
    ],
)
def test_days_are_those_of_the_course(zone: str, now: str, there: bool) -> None:
    edits = edited(COURSE, "term: w26\n", f"term: w26\ntimezone: {zone}\n")
    assert isinstance(wanted(edits, utc(now)), Running) == there


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28"])
def test_the_days_on_which_the_clocks_change(day: str) -> None:
    """The last day of a course lasts 25 or 23 hours then."""
    edits = edited(COURSE, "ends: 2027-02-12", f"ends: {day}")
    last = utc("2026-10-25T22:59" if day.startswith("2026") else "2027-03-28T21:59")
    assert isinstance(wanted(edits, last), Running)
    assert isinstance(wanted(edits, last + timedelta(minutes=1)), Gone)


SUSPENDED = {LAB: FILES[LAB] + "state: suspended\n"}
ABSENT = {LAB: FILES[LAB] + "state: absent\n"}
EARLY = {LAB: FILES[LAB] + "ends: 2026-10-30\n"}
COURSE_OVER = Gone(
    at(COURSE, "ends: 2027-02-12"), 21 * DAY, "the course ended on 2027-02-12"
)  # fmt: skip
FROM_THE_START = NotYet(datetime(2026, 10, 11, 22, tzinfo=UTC))
ORDERED_ABSENT = Gone(at(LAB, "state: absent", ABSENT), timedelta(0), "state is absent")


@pytest.mark.parametrize(
    ("edits", "now", "expected"),
    [
        ({}, "2026-11-02", Running()),
        (SUSPENDED, "2026-11-02", Asleep(at(LAB, "state: suspended", SUSPENDED))),
        (SUSPENDED, "2026-10-01", FROM_THE_START),
        (SUSPENDED, "2027-03-01", COURSE_OVER),
        ({}, "2026-10-01", FROM_THE_START),
        ({}, "2027-03-01", COURSE_OVER),
        (ABSENT, "2026-11-02", ORDERED_ABSENT),
        (ABSENT, "2026-10-01", ORDERED_ABSENT),
        (ABSENT, "2027-03-01", ORDERED_ABSENT),
        (EARLY, "2026-10-30", Running()),
        (
            EARLY,
            "2026-10-31",
            Gone(at(LAB, "ends: 2026-10-30", EARLY), 21 * DAY, "it ended on 2026-10-30"),
        ),
        ({LAB: FILES[LAB] + "ends: 2027-06-01\n"}, "2027-03-01", COURSE_OVER),
    ],
)
def test_in_a_course(edits: Edits, now: str, expected: Wanted) -> None:
    assert wanted(edits, utc(now)) == expected


def test_without_a_course() -> None:
    over = Gone(at(BASE, "ends: 2027-03-31"), 14 * DAY, "it ended on 2027-03-31")
    assert wanted(now=utc("2027-03-31T21:59"), id_="net") == Running()
    assert wanted(now=utc("2027-03-31T22:00"), id_="net") == over
    assert wanted(now=utc("2020-01-01"), id_="net") == Running()


def test_a_date_with_no_grace_at_all_still_leaves_three_days_to_object() -> None:
    edits = edited(COURSE, "grace: 21\nremoval", "grace: 0\nremoval")
    assert wanted(edits, utc("2027-03-01")) == replace(COURSE_OVER, grace=3 * DAY)


def test_a_base_sleeps_never() -> None:
    """The registry refuses the line too; here it would have no effect."""
    model = Deployment(template="web-lab@1.0.0", base=True, state="suspended")
    file = DeploymentFile("ada", None, "net", Document("net.yaml", model, {}))
    assert wanted_state(Situation(file, None, NOW)) == Running()
