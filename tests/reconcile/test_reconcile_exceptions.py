"""Dated exceptions: which hold, which are ignored, what they cover."""

from datetime import date, timedelta

import pytest
from reconcile_samples import TODAY

from appstore.documents.course import Course, CourseException
from appstore.documents.findings import Severity
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document, Mark
from appstore.documents.site import Site, SiteException
from appstore.reconcile.rails.exceptions import DatedException, exceptions_of
from appstore.registry.registry import CourseFolder, LecturerFolder, Registry


def registry(until: date) -> Registry:
    days = {"until": until.isoformat(), "reason": "why"}
    of_site = SiteException.model_validate({"rule": "many-deletes", "scope": "*", "max": 9} | days)
    of_course = CourseException.model_validate({"rule": "protected", "scope": "*"} | days)
    site = Site(owner="teaching", clouds={}, tenants={}, resource_types=(), exceptions=(of_site,))
    course = Course.model_validate(
        {"title": "t", "term": "2026ws", "starts": "2026-10-01", "ends": "2027-02-01"}
    ).model_copy(update={"exceptions": (of_course,)})
    path = "deployments/dr-a/cs101/course.yaml"
    folder = LecturerFolder(
        "dr-a",
        Document("lecturer.yaml", Lecturer(tenant="t", cloud="c", project="p"), {}),
        (CourseFolder("cs101", Document(path, course, {("exceptions", 0): Mark(12, 5)}), ()),),
        (),
    )
    marks = {("exceptions", 0): Mark(30, 5)}
    return Registry(
        site=Document("deployments/site.yaml", site, marks),
        lecturers={"dr-a": folder},
        held_lecturers={},
        templates={},
        broken_versions=frozenset(),
        findings=(),
    )


@pytest.mark.parametrize(
    ("days", "holds"), [(-1, False), (0, True), (14, True), (15, False), (4000, False)]
)
def test_an_exception_holds_for_at_most_fourteen_days(days: int, holds: bool) -> None:
    until = TODAY + timedelta(days=days)
    holding, warnings = exceptions_of(registry(until), TODAY)
    both = (
        DatedException("many-deletes", "*", until, 9, "", "deployments/site.yaml", 30),
        DatedException(
            "protected", "*", until, None, "dr-a/cs101/", "deployments/dr-a/cs101/course.yaml", 12
        ),
    )
    assert holding == (both if holds else ())
    assert [(w.line, w.severity) for w in warnings] == (
        [] if holds else [(30, Severity.WARNING), (12, Severity.WARNING)]
    )


@pytest.mark.parametrize(
    ("scope", "within", "address", "covered"),
    [
        ("dr-a", "", "dr-a/cs101/lab/s01", True),
        ("dr-a/cs101/*", "", "dr-a/cs101/lab/s01", True),
        ("*", "", "dr-a/cs101/lab/s01", True),
        ("dr", "", "dr-a/cs101/lab/s01", False),
        ("*", "dr-a/cs101/", "dr-a/cs102/lab/s01", False),
        ("*", "dr-a/cs101/", "dr-a/cs1010/lab", False),
        ("dr-b/*", "dr-a/cs101/", "dr-b/cs101/lab", False),
    ],
)
def test_what_it_covers(scope: str, within: str, address: str, covered: bool) -> None:
    one = DatedException("protected", scope, TODAY, None, within, "x.yaml", 1)
    assert one.covers(address) is covered
