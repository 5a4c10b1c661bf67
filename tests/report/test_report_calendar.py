"""The calendar as people read it, and what `--at` means."""

from datetime import UTC, datetime

import pytest
from schedule_samples import TIMES, course
from wanted_samples import FILES, VERSION, Edits

from appstore.errors import InvalidInput
from appstore.reconcile.agenda import Kind
from appstore.report.calendar import page_json, page_text
from appstore.runs.calendar import Calendar, look_ahead
from appstore.runs.moment import moment
from appstore.source.tree import Tree

SECOND = {"deployments/ada/web/course.yaml": FILES["deployments/ada/db1/course.yaml"]}


def tree(edits: Edits) -> Tree:
    """The sample repository as a tree."""
    files = {p: t for p, t in {**FILES, **edits}.items() if t is not None}
    content = {p: t.encode() if isinstance(t, str) else t for p, t in files.items()}
    return Tree(content, None, edited=False)


def calendar(edits: Edits, patterns: tuple[str, ...] = ("ada/db1",), weeks: int = 20) -> Calendar:
    return look_ahead(tree(edits), datetime(2026, 10, 1, tzinfo=UTC), weeks, patterns)


def test_a_semester_is_a_few_lines() -> None:
    (page,) = calendar(course()).pages
    text = page_text("ada/db1", page.zone, page.deployments, page.events)
    assert "\n".join(text) == (
        "ada/db1 (times in Europe/Berlin)\n"
        "  Sun 2026-10-11 08:00  4 machines made\n"
        "  every Mon 07:30-09:45 (from 08:15 on, awake before)  class, 16 times, "
        "2026-10-12 to 2027-02-08\n"
        "  every Thu 13:15-15:30 (from 14:00 on, awake before)  class, 15 times, "
        "2026-10-15 to 2027-02-11\n"
        "  every Sun 01:00-05:00  awake, 15 times, 2026-10-18 to 2027-02-07\n"
        "  Fri 2027-01-29 00:00  ends soon: a notice is due\n"
        "  Tue 2027-02-09 00:00  ends soon: a notice is due\n"
        "  Wed 2027-02-10 07:00-12:00 (from 09:00 on, awake before)  exam\n"
        "  Thu 2027-02-11 00:00  ends soon: a notice is due\n"
        "  Sat 2027-02-13 00:00  ends and is put to sleep"
    )


def test_as_json_every_event_stands_alone_with_its_offset() -> None:
    (page,) = calendar(course(), weeks=2).pages
    events = page_json("ada/db1", page.zone, page.events)["events"]
    assert isinstance(events, list)
    assert events[0]["kind"] == "made"
    assert events[1] == {
        "at": "2026-10-12T07:30:00+02:00",
        "until": "2026-10-12T09:45:00+02:00",
        "begins": "2026-10-12T08:15:00+02:00",
        "kind": "class",
        "deployment": "db1/lab",
        "machines": 4,
    }


def test_deployments_that_differ_are_named() -> None:
    early = FILES["deployments/ada/db1/lab.yaml"] + "ends: 2026-10-20\n"
    (page,) = calendar({**course(), "deployments/ada/db1/early.yaml": early}).pages
    text = list(page_text("ada/db1", page.zone, page.deployments, page.events))
    assert "  Wed 2026-10-21 00:00  ends and is put to sleep: early" in text
    assert "  Sun 2026-10-11 08:00  8 machines made" in text


@pytest.mark.parametrize(
    ("day", "line"),
    [
        # revoked with a grace of 3 days; the second before the machines are made
        ("2026-10-27", "Fri 2026-10-30 00:00"),
        ("2026-09-01", "Sun 2026-10-11 08:00"),
        ("2027-02-20", None),
    ],
)
def test_a_revoked_version_sleeps_from_its_day_on(day: str, line: str | None) -> None:
    approval = (
        "digest: 1.x\nvisibility: global\napprover: eve\ndate: 2026-08-01\n"
        f"revoked: {{by: eve, date: {day}, reason: CVE-2026-1, grace: 3}}\n"
    )
    (page,) = calendar({**course(), f"{VERSION}/approval.yaml": approval}, weeks=40).pages
    text = list(page_text("ada/db1", page.zone, page.deployments, page.events))
    asleep = [each for each in text if "revoked" in each]
    said = "asleep until it uses another version: revoked"
    assert asleep == ([f"  {line}  {said}"] if line else [])
    after = [e for e in page.events if line and f"{e.at:%Y-%m-%d}" >= line[4:14]]
    assert not [event for event in after if event.kind in ("class", "awake", "made")]
    assert [event.kind for event in page.events].count(Kind.EXAM) == 1  # an exam wakes it


def test_a_folder_with_a_finding_is_named() -> None:
    assert calendar({"deployments/ada/db1/lab.yaml": "template: 3\n"}).held == ("ada",)


def test_a_name_that_means_nothing_is_no_empty_calendar() -> None:
    with pytest.raises(InvalidInput, match="No deployment is called ada/db2") as caught:
        calendar({}, ("ada/db2",))
    assert "ada/db1" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "edits", "meant"),
    [
        ("2027-01-15T08:00", {}, "2027-01-15T07:00"),
        ("2026-10-15 08:00", {}, "2026-10-15T06:00"),
        ("2027-01-15", {}, "2027-01-14T23:00"),
        ("2027-01-15T08:00", course(TIMES + "timezone: Asia/Tokyo\n"), "2027-01-14T23:00"),
        ("2027-01-15T08:00+09:00", {}, "2027-01-14T23:00"),
    ],
)
def test_at_is_the_wall_of_the_courses(text: str, edits: Edits, meant: str) -> None:
    assert moment(text, tree(edits)) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


def test_at_with_several_walls_asks_for_the_offset() -> None:
    other = {p: t + "timezone: Asia/Tokyo\n" for p, t in SECOND.items()}
    with pytest.raises(InvalidInput, match="Asia/Tokyo, Europe/Berlin") as caught:
        moment("2027-01-15T08:00", tree(other))
    assert "+01:00" in caught.value.hint


def test_at_that_is_no_moment() -> None:
    with pytest.raises(InvalidInput, match="is not a moment"):
        moment("tomorrow", tree({}))
