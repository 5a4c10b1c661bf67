"""Schedules, exams and terms: one edit to a valid registry, and the one finding it gives."""

import pytest
from registry_samples import ANNA, COURSE, VALID, added, registry_of, replaced

from appstore.documents.findings import Severity
from appstore.registry.terms import check_terms

CLASS = "{day: monday, from: 08:15, to: 09:45}"
EXAM = "{from: 2027-02-10T09:00, to: 2027-02-10T12:00}"

ERRORS = [
    ("schedule:\n  lead: 30\n", 11, "schedule", "let machines run all the time"),
    (f"schedule:\n  classes:\n  - {CLASS.replace('09:45', '08:15')}\n", 13, "slot", "two slots"),
    ("schedule:\n  homework:\n  - {day: daily, from: 22:00, to: 02:00}\n", 13, "slot", "24:00"),
    (
        f"schedule:\n  classes: [{CLASS}]\n  days_off: [{{from: 2027-01-06, to: 2026-12-24}}]\n",
        *(13, "dates", "later date"),
    ),
    ("ready_by: 2027-02-16T08:00\n", 11, "dates", "before the first class"),
    (f"ready_by: 2026-10-05T08:16\nschedule: {{classes: [{CLASS}]}}\n", 11, "dates", "first class"),
    (f"freezes:\n- {EXAM.replace('T12', 'T08')}\n", 12, "dates", "later moment"),
    (f"freezes:\n- {EXAM.replace('10T12', '20T12')}\n", 12, "freeze", "for each exam"),
    (
        f"freezes:\n- {EXAM.replace('}', ', deployments: [wep]}')}\n",
        *(12, "unknown-deployment", 'Did you mean "web"?'),
    ),
]


@pytest.mark.parametrize(("lines", "line", "rule", "hint"), ERRORS)
def test_one_edit_gives_one_finding_at_its_place(lines, line, rule, hint) -> None:
    (finding,) = registry_of(added(COURSE, lines)).findings
    assert (finding.path, finding.line, finding.rule) == (COURSE, line, f"registry/{rule}")
    assert hint in finding.hint
    assert finding.severity is Severity.ERROR


MISREAD = [
    ("timezone: Europe/Berlln\n", 11, 1, "course/time-zone"),
    ("timezone: CET\n", 11, 1, "course/time-zone"),
    ("grace: 10000\n", 11, 1, "document/range"),
    ("removal_grace: -1\n", 11, 1, "document/range"),
    ("schedule:\n  lead: 10000\n", 12, 3, "document/range"),
    (f"schedule:\n  classes:\n  - {CLASS.replace('09:45', '24:30')}\n", 13, 32, "course/clock"),
    (f"schedule:\n  classes:\n  - {CLASS.replace('08:15', '8:15')}\n", 13, 19, "course/clock"),
    (f"freezes:\n- {EXAM.replace('T09:00', 'T24:00')}\n", 12, 4, "course/moment"),
    ("ready_by: 2026-09-31T08:00\n", 11, 1, "course/moment"),
    ("schedule:\n  days_off: [2026-02-30]\n", 12, 14, "document/date"),
]


@pytest.mark.parametrize(("lines", "line", "column", "rule"), MISREAD)
def test_what_is_no_time_at_all_is_found_where_it_stands(lines, line, column, rule) -> None:
    (finding,) = registry_of(added(COURSE, lines)).findings
    assert (finding.line, finding.column, finding.rule) == (line, column, rule)
    assert finding.hint


def test_a_course_that_ends_before_it_starts() -> None:
    wrong = replaced(COURSE, 'ends: "2027-02-15"', 'ends: "2026-02-15"')
    (finding,) = registry_of(wrong).findings
    assert (finding.path, finding.line, finding.rule) == (COURSE, 4, "registry/dates")


def test_a_roster_with_doubles_names_each_of_them() -> None:
    twice = replaced(COURSE, "  seats: 3\n", "  members:\n  - fox\n  - owl\n  - fox\n")
    found = registry_of(twice).findings
    assert [f.line for f in found if f.rule == "registry/duplicate-member"] == [9]


OFF = f"schedule:\n  classes: [{CLASS}]\n  days_off:\n"
WARNINGS = [
    (f"{OFF}  - 2027-02-16\n", 14, "dates"),
    (f"{OFF}  - {{from: 2026-09-01, to: 2026-09-30}}\n", 14, "dates"),
    (f"{OFF}  - {{from: 2026-10-01, to: 2027-02-15}}\n", 12, "schedule"),
    (f"freezes:\n- {EXAM}\n- {EXAM.replace('T09', 'T11').replace('T12', 'T13')}\n", 13, "freeze"),
    (
        f"freezes:\n- {EXAM}\n- {EXAM.replace('}', ', deployments: [web]}')}\n",
        *(13, "freeze"),
    ),
    (f"freezes:\n- {EXAM.replace('02-10', '02-20')}\n", 12, "freeze"),
    (
        "exam_resets:\n- {deployment: web, member: s9, reason: x, on: 2027-02-10}\n",
        12,
        "exam-reset",
    ),
    ("exam_resets:\n- {deployment: b, member: s01, reason: x, on: 2027-02-10}\n", 12, "exam-reset"),
]


@pytest.mark.parametrize(("lines", "line", "rule"), WARNINGS)
def test_what_is_only_odd_is_a_warning(lines, line, rule) -> None:
    (finding,) = registry_of(added(COURSE, lines)).findings
    assert (finding.line, finding.rule) == (line, f"registry/{rule}")
    assert finding.severity is Severity.WARNING


SPRING = VALID[COURSE].replace("2026-10-01", "2027-03-28").replace("2027-02-15", "2027-04-15")


@pytest.mark.parametrize("time", ["02:00", "02:30", "02:59"])
def test_a_time_that_no_clock_shows_in_spring(time: str) -> None:
    moment = f"2027-03-28T{time}"
    lines = f"ready_by: {moment}\nfreezes:\n- {{from: {moment}, to: 2027-03-29T09:00}}"
    found = registry_of({COURSE: f"{SPRING}{lines}\n"}).findings
    assert [(f.line, f.rule) for f in found] == [(n, "registry/no-such-time") for n in (11, 13)]
    assert "Europe/Berlin" in found[0].message
    elsewhere = SPRING.replace("title:", "timezone: UTC\ntitle:")
    assert registry_of({COURSE: f"{elsewhere}{lines}\n"}).findings == ()


@pytest.mark.parametrize("wall", ["2027-03-28T01:59", "2027-03-28T03:00", "2026-10-25T02:30"])
def test_times_that_come_once_or_twice_are_fine(wall: str) -> None:
    text = VALID[COURSE].replace("2027-02-15", "2027-04-15")
    assert registry_of({COURSE: f"{text}ready_by: {wall}\n"}).findings == ()


def test_a_whole_schedule_is_fine() -> None:
    text = (
        f"schedule:\n  classes: [{CLASS}]\n  homework: [{{day: daily, from: 18:00, to: 24:00}}]\n"
        "  days_off: [2026-12-24, {from: 2026-12-25, to: 2027-01-06}]\n"
        f"ready_by: 2026-09-29T18:00\nfreezes: [{EXAM}]\n"
        "exam_resets: [{deployment: web, member: s01, reason: x, on: 2027-02-10}]\n"
    )
    assert registry_of(added(COURSE, text)).findings == ()


NEXT = {
    COURSE: str(replaced(COURSE, "2026-10-01", "2027-04-01")[COURSE]).replace(
        "2027-02-15", "2027-07-31"
    )
}


def test_the_next_term_must_be_called_so() -> None:
    (finding,) = check_terms(registry_of(), registry_of(NEXT))
    assert (finding.path, finding.line, finding.rule) == (COURSE, 3, "registry/same-term")
    assert "`term`" in finding.hint
    renamed = {COURSE: NEXT[COURSE].replace("ws26", "ss27")}
    assert list(check_terms(registry_of(), registry_of(renamed))) == []


@pytest.mark.parametrize(
    "edit",
    [
        replaced(COURSE, "2027-02-15", "2027-03-31"),  # extended
        replaced(COURSE, "2026-10-01", "2027-02-15"),  # begins late
        {COURSE: None, ANNA: None},
    ],
)
def test_other_dates_are_not_a_new_term(edit) -> None:
    assert list(check_terms(registry_of(), registry_of(edit))) == []
