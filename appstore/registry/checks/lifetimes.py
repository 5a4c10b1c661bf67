"""How long deployments live: end dates, bases and protection."""

from collections.abc import Iterator

from appstore.documents.course import Course
from appstore.documents.findings import Finding, Severity
from appstore.registry.draft import Draft
from appstore.registry.registry import DeploymentFile


def check_lifetimes(draft: Draft) -> Iterator[Finding]:
    """End dates fit to courses; a base is what its project stands on; `protect` is kept."""
    for file in draft.deployments:
        yield from _base(file)
        yield from _protected(file)
        if (course := draft.course_of(file)) is not None:
            yield from _dates(file, course.model)
        elif file.course is None:
            yield from _own_end(file)


def _own_end(file: DeploymentFile) -> Iterator[Finding]:
    if file.document.model.ends is None and not file.document.model.base:
        yield file.document.finding(
            "registry/no-end",
            "A deployment without a course needs its own end date.",
            "Add the last day, for example: ends: 2027-03-31.",
        )


def _dates(file: DeploymentFile, course: Course) -> Iterator[Finding]:
    ends = file.document.model.ends
    if ends is None or course.starts <= ends <= course.ends:
        return
    side = "before the course starts" if ends < course.starts else "after the end of the course"
    yield file.document.finding(
        "registry/dates",
        f"{ends} lies {side}; the course lasts from {course.starts} to {course.ends}.",
        "Change this date, or the dates in course.yaml.",
        ("ends",),
        Severity.WARNING,
    )


def _base(file: DeploymentFile) -> Iterator[Finding]:
    model = file.document.model
    if model.base and file.course is not None:
        yield file.document.finding(
            "registry/base",
            "A base carries a whole project, so it cannot lie in a course.",
            f"Move the file to deployments/{file.lecturer}/, or remove this line.",
            ("base",),
        )
    if model.base and model.state == "suspended":
        yield file.document.finding(
            "registry/base",
            "A base is never suspended; other deployments stand on it.",
            "Remove this line.",
            ("state",),
        )


def _protected(file: DeploymentFile) -> Iterator[Finding]:
    model = file.document.model
    if model.protect and model.state == "absent":
        yield file.document.finding(
            "registry/protected",
            "This deployment is protected, so it cannot be ordered to be absent.",
            "Remove `protect` in a merge request of its own first.",
            ("state",),
        )
