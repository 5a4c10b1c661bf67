"""Awake and asleep over a semester, to the minute, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedule_samples import TIMES, course, wanted_at
from wanted_samples import FILES, LAB, NOW, Edits, sample, stacks

from appstore.documents.schedule import Prewarm
from appstore.reconcile.agenda import Kind, Window, agenda, timeline
from appstore.wanted.freezes import frozen_now
from appstore.wanted.lifetimes import Situation, wanted_state
from appstore.wanted.moments import closing, opening, shown
from appstore.wanted.prewarm import beginnings, waves
from appstore.wanted.states import Asleep, Gone, NotYet, Running, Wanted

MINUTE = timedelta(minutes=1)


def word(wanted: Wanted) -> str:
    match wanted:
        case Running(occasion=None):
            return "awake"
        case Running(occasion=occasion) if occasion is not None:
            return occasion.kind
        case _:
            return type(wanted).__name__.lower()


SUSPENDED = {LAB: FILES[LAB] + "state: suspended\n"}
ABSENT = {LAB: FILES[LAB] + "state: absent\n"}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-10T23:59+02:00", "notyet"),  # a day before the first class, in waves of ten
        ("2026-10-11T07:59+02:00", "notyet"),
        ("2026-10-11T08:00+02:00", "asleep"),
        ("2026-10-12T07:29+02:00", "asleep"),
        ("2026-10-12T07:30+02:00", "class"),
        ("2026-10-12T09:44+02:00", "class"),
        ("2026-10-12T09:45+02:00", "asleep"),
        ("2026-10-19T07:30+02:00", "class"),
        ("2026-10-26T06:30+00:00", "class"),  # winter time: the same on the wall
        ("2026-10-26T06:29+00:00", "asleep"),
        ("2026-11-05T14:30+01:00", "asleep"),  # a day off
        ("2026-11-12T14:30+01:00", "class"),
        ("2026-12-28T08:30+01:00", "asleep"),  # in a range of days off
        ("2027-01-07T14:30+01:00", "class"),
        ("2027-02-10T06:59+01:00", "asleep"),
        ("2027-02-10T07:00+01:00", "exam"),  # two hours before
        ("2027-02-10T11:59+01:00", "exam"),
        ("2027-02-10T12:00+01:00", "asleep"),
        ("2027-02-12T23:59+01:00", "asleep"),
        ("2027-02-13T00:00+01:00", "gone"),
    ],
)
def test_a_semester(moment: str, expected: str) -> None:
    assert word(wanted_at(moment)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # 25 October: 02:00 to 03:00 is on the wall twice; homework is from 01:00 to 05:00.
        ("2026-10-25T00:59+02:00", "asleep"),
        ("2026-10-25T01:00+02:00", "awake"),
        ("2026-10-25T02:30+02:00", "awake"),
        ("2026-10-25T02:30+01:00", "awake"),
        ("2026-10-25T04:59+01:00", "awake"),
        ("2026-10-25T05:00+01:00", "asleep"),
        # 28 March: 02:00 to 03:00 is not on the wall.
        ("2027-03-28T01:59+01:00", "awake"),
        ("2027-03-28T03:00+02:00", "awake"),
        ("2027-03-28T04:59+02:00", "awake"),
        ("2027-03-28T05:00+02:00", "asleep"),
    ],
)
def test_both_clock_changes(moment: str, expected: str) -> None:
    assert word(wanted_at(moment, course(ends="2027-04-30"))) == expected


def test_the_machine_that_asks_may_be_anywhere() -> None:
    edits = course(TIMES + "timezone: Pacific/Auckland\n")
    assert word(wanted_at("2026-11-08T18:30+00:00", edits)) == "class"  # Monday 07:30 there
    assert word(wanted_at("2026-11-08T13:30-05:00", edits)) == "class"
    assert word(wanted_at("2026-11-08T18:29+00:00", edits)) == "asleep"


@pytest.mark.parametrize(
    ("moment", "edits", "expected"),
    [
        ("2026-10-12T08:30+02:00", SUSPENDED, "asleep"),
        ("2026-10-12T08:30+02:00", ABSENT, "gone"),
        ("2026-10-12T08:30+02:00", {LAB: FILES[LAB] + "ends: 2026-10-11\n"}, "gone"),
        ("2027-02-10T09:30+01:00", SUSPENDED, "exam"),
        ("2027-02-10T09:30+01:00", ABSENT, "exam"),
        ("2027-02-10T09:30+01:00", {LAB: FILES[LAB] + "ends: 2027-02-09\n"}, "exam"),
    ],
)
def test_an_exam_beats_the_file_and_the_file_the_schedule(
    moment: str, edits: Edits, expected: str
) -> None:
    assert word(wanted_at(moment, {**course(), **edits})) == expected


def test_an_exam_keeps_what_would_be_gone_and_makes_nothing_of_it() -> None:
    moment = "2027-02-10T09:30+01:00"
    assert isinstance(held := wanted_at(moment, {**course(), **ABSENT}), Running)
    assert held.keep
    assert isinstance(usual := wanted_at(moment), Running)
    assert not usual.keep


def test_an_exam_of_some_deployments_leaves_the_others_asleep() -> None:
    text = TIMES.replace("T12:00}", "T12:00, deployments: [lab]}")
    board = {"deployments/ada/db1/board.yaml": FILES[LAB].replace("student", "course")}
    edits = {**course(text), **board}
    assert word(wanted_at("2027-02-10T09:30+01:00", edits)) == "exam"
    assert word(wanted_at("2027-02-10T09:30+01:00", edits, "db1/board/course")) == "asleep"
    (frozen,) = frozen_now(sample(edits), datetime(2027, 2, 10, 8, 30, tzinfo=UTC))
    assert frozen.holds("ada/db1/lab/s01")
    assert not frozen.holds("ada/db1/board/course")


def test_a_record_counts_on_its_day_only() -> None:
    at = datetime(2027, 2, 10, 8, 30, tzinfo=UTC)
    for day, resets in (("2027-02-10", {"ada/db1/lab/s02": "dead"}), ("2027-02-09", {})):
        line = f"exam_resets: [{{deployment: lab, member: s02, reason: dead, on: {day}}}]\n"
        (frozen,) = frozen_now(sample(course(TIMES + line)), at)
        assert frozen.resets == resets
        assert frozen.holds("ada/db1/removed/s01"), "removed files are held too"


def test_asleep_says_until_when() -> None:
    asleep = wanted_at("2026-11-04T12:00+01:00")
    assert isinstance(asleep, Asleep)
    assert asleep.wakes is not None
    assert shown(asleep.wakes, "Europe/Berlin") == "Sun 2026-11-08 01:00 Europe/Berlin"
    last = wanted_at("2027-02-12T12:00+01:00")
    assert isinstance(last, Asleep)
    assert last.wakes is None


# Made in time


def test_waves_end_when_all_shall_be_ready() -> None:
    ready = datetime(2026, 10, 11, 8, tzinfo=UTC)
    table = waves(320, Prewarm(at_once=40, minutes=20), ready)
    assert len(table) == 8
    assert table[0] == ready - timedelta(minutes=160)
    assert table[-1] + timedelta(minutes=20) == ready


def test_seats_and_spares_are_made_in_the_waves_of_their_course() -> None:
    (folder,) = (
        sample(course("prewarm: {at_once: 2}\nready_by: 2026-10-10T18:00\n"))
        .lecturers["ada"]
        .courses
    )
    starts = {str(id_): f"{at:%d %H:%M}" for id_, at in beginnings(folder).items()}
    assert starts == {
        "db1/lab/s01": "10 15:30",
        "db1/lab/s02": "10 15:30",
        "db1/lab/s03": "10 15:45",
        "db1/lab/x01": "10 15:45",
    }


def test_without_a_schedule_machines_sleep_until_ready_by_and_then_run() -> None:
    edits = course("ready_by: 2026-10-10T18:00\n")
    assert wanted_at("2026-10-10T15:44+00:00", edits) == NotYet(
        datetime(2026, 10, 10, 15, 45, tzinfo=UTC)
    )
    ahead = wanted_at("2026-10-10T15:45+00:00", edits)
    assert isinstance(ahead, Asleep)
    assert ahead.prewarm
    assert wanted_at("2026-10-10T16:00+00:00", edits) == Running()


def test_30_to_120_seats_rename_nobody() -> None:
    few = stacks(course(TIMES, roster="{seats: 30, spares: 1}"), NOW)
    many = stacks(course(TIMES, roster="{seats: 120, spares: 1}"), NOW)
    assert few.keys() < many.keys()
    assert {id_: many[id_] for id_ in few} == few
    assert "db1/lab/s120" in many


# Notices


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        ("2027-01-28", None),
        ("2027-01-29", 14),
        ("2027-02-08", 14),
        ("2027-02-09", 3),
        ("2027-02-10", 3),
        ("2027-02-11", 1),
        ("2027-02-12", 1),
        ("2027-02-13", None),
    ],
)
def test_notices_14_3_and_1_days_before(day: str, notice: int | None) -> None:
    now = datetime.fromisoformat(f"{day}T12:00+01:00").astimezone(UTC)
    found = stacks(course(), now)["db1/lab/s01"].notice
    assert (found.days if found else None) == notice
    absent = stacks({**course(), **ABSENT}, now)["db1/lab/s01"].notice
    assert absent is None


# Laws

START = datetime(2026, 9, 1, tzinfo=UTC)
END = datetime(2027, 4, 30, tzinfo=UTC)
SLOTS = st.builds(
    lambda day, start, length: (day, start, min(start + length, 1440)),
    st.sampled_from(["monday", "sunday", "workdays", "daily"]),
    st.integers(0, 1439),
    st.integers(1, 600),
)
ZONES = ["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def slots(chosen: list[tuple[str, int, int]]) -> str:
    each = (f"{{day: {d}, from: {clock(a)}, to: {clock(b)}}}" for d, a, b in chosen)
    return f"[{', '.join(each)}]"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(SLOTS, min_size=1, max_size=3),
    st.lists(SLOTS, max_size=2),
    st.integers(0, 720),
    st.sampled_from(ZONES),
    st.sampled_from(["running", "suspended", "absent"]),
    st.lists(
        st.datetimes(START.replace(tzinfo=None), END.replace(tzinfo=None) - MINUTE), min_size=8
    ),
)
def test_between_change_points_nothing_changes(
    classes: list[tuple[str, int, int]],
    homework: list[tuple[str, int, int]],
    lead: int,
    zone: str,
    state: str,
    nows: list[datetime],
) -> None:
    times = (
        f"timezone: {zone}\nschedule:\n  lead: {lead}\n  classes: {slots(classes)}\n"
        f"  homework: {slots(homework)}\nfreezes:\n"
        "- {from: 2026-10-25T02:30, to: 2026-10-25T03:30, lead: 30}\n"
    )
    edits = {**course(times, ends="2027-04-20"), LAB: FILES[LAB] + f"state: {state}\n"}
    (folder,) = sample(edits).lecturers["ada"].courses
    (file,) = folder.deployments
    begins = next(iter(beginnings(folder).values()), None)
    line = timeline(file, folder.document, None, begins, Window(START, END))
    assert line[0].at == START
    assert line[-1].until == END
    assert all(before.until == after.at for before, after in pairwise(line))
    for now in (now.replace(tzinfo=UTC) for now in nows):
        (stretch,) = (each for each in line if each.at <= now < each.until)
        situation = Situation(file, folder.document, now, begins)
        assert wanted_state(situation) == stretch.wanted
    # A slot opens and closes once a day; a clock change adds no flapping.
    wakes = [each for each in line if isinstance(each.wanted, Running)]
    days = (END - START).days
    assert len(wakes) <= days * 2 * (len(classes) + len(homework)) + 2


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), st.sampled_from(ZONES))
def test_what_opens_does_so_before_it_closes(wall: datetime, zone: str) -> None:
    assert opening(wall, zone) <= closing(wall, zone)
    assert opening(wall, zone) < closing(wall + timedelta(hours=2), zone)


# The calendar


def test_the_calendar_of_the_first_and_the_last_week() -> None:
    (folder,) = sample(course()).lecturers["ada"].courses
    (file,) = folder.deployments
    first = agenda(file, folder, None, Window(START, datetime(2026, 10, 16, tzinfo=UTC)))
    assert [(event.kind, f"{event.at:%d %H:%M}", event.machines) for event in first] == [
        (Kind.MADE, "11 06:00", 4),
        (Kind.CLASS, "12 05:30", 4),
        (Kind.CLASS, "15 11:15", 4),
    ]
    last = agenda(file, folder, None, Window(datetime(2027, 2, 9, 12, tzinfo=UTC), END))
    assert [(event.kind, f"{event.at:%m-%d %H:%M}") for event in last] == [
        (Kind.EXAM, "02-10 06:00"),
        (Kind.NOTICE, "02-10 23:00"),
        (Kind.CLASS, "02-11 12:15"),
        (Kind.ENDS, "02-12 23:00"),
        (Kind.DELETED, "03-06 00:00"),
    ]


def test_what_has_ended_before_the_window_is_still_deleted_in_it() -> None:
    (folder,) = sample(course()).lecturers["ada"].courses
    (file,) = folder.deployments
    events = agenda(file, folder, None, Window(datetime(2027, 2, 20, tzinfo=UTC), END))
    assert [event.kind for event in events] == [Kind.DELETED]
    assert isinstance(wanted_at("2027-02-20T00:00"), Gone)
