"""Schedules, exams and terms: one edit to a valid registry, and the one finding it gives."""

import pytest
from registry_samples import ANNA, COURSE, added, registry_of, replaced

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


WARNINGS = [
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
