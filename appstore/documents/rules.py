"""What must hold between the fields of one document, once each field is right by itself."""

from collections.abc import Iterator

from pydantic import BaseModel

from appstore.documents.catalog import Version
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.findings import Finding
from appstore.documents.layout import Kind
from appstore.documents.marks import Document
from appstore.documents.site import Site


def broken_rules(document: Document[BaseModel], kind: Kind) -> Iterator[Finding]:
    """The findings between the fields of a document of this kind."""
    match document.model:
        case Course() as course:
            yield from _course(course, document)
        case Deployment() as deployment if kind is Kind.COURSELESS:
            yield from _courseless(deployment, document)
        case Deployment() as deployment:
            yield from _in_course(deployment, document)
        case Version() as version:
            yield from _version(version, document)
        case Site() as site:
            yield from _site(site, document)


def _course(course: Course, document: Document[BaseModel]) -> Iterator[Finding]:
    if course.ends < course.starts:
        yield document.finding(
            "course/dates",
            f'"ends" is before "starts" (line {document.mark("starts").line}).',
            "Correct one of the two dates.",
            ("ends",),
        )
    names = course.roster.names if course.roster else ()
    yield from _twice(names, document, ("roster", "members"))
    if course.groups and course.roster is None:
        yield document.finding(
            "course/group-member",
            "There are groups but no roster.",
            'Add "roster:" with "seats: 30" below it; groups name its members.',
            ("groups",),
        )
        return
    known = frozenset(names)
    for group, members in course.groups.items():
        yield from _twice(members, document, ("groups", group))
        for index, member in enumerate(members):
            if member not in known:
                yield document.finding(
                    "course/group-member",
                    f'"{member}" of the group "{group}" is not in the roster.',
                    f"The roster goes from {names[0]} to {names[-1]}.",
                    ("groups", group, index),
                )


def _twice(
    names: tuple[str, ...], document: Document[BaseModel], at: tuple[str, ...]
) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if first.setdefault(name, index) != index:
            line = document.mark(*at, first[name]).line
            yield document.finding(
                "course/duplicate-member",
                f'"{name}" is named twice; first in line {line}.',
                "Delete one of the two.",
                (*at, index),
            )


def _in_course(deployment: Deployment, document: Document[BaseModel]) -> Iterator[Finding]:
    if deployment.for_ is None:
        yield document.finding(
            "document/missing-field",
            '"for" is missing.',
            'Add "for: student" (or group, or course): for whom a machine is made.',
        )
    if deployment.base:
        yield document.finding(
            "deployment/base",
            "A base belongs to a whole project and cannot be inside of a course.",
            "Move the file one folder up, to the lecturer's other deployments.",
            ("base",),
        )
    if deployment.id is not None and "/" not in deployment.id:
        yield document.finding(
            "deployment/id",
            "The id of a deployment in a course has two parts.",
            'Write "<course>/<deployment>", as the file was called before.',
            ("id",),
        )


def _courseless(deployment: Deployment, document: Document[BaseModel]) -> Iterator[Finding]:
    if deployment.for_ is not None:
        yield document.finding(
            "deployment/for",
            '"for" is not used outside of a course: there is one instance.',
            "Delete the line, or move the file into the course's folder.",
            ("for",),
        )
    if deployment.ends is None and not deployment.base:
        yield document.finding(
            "document/missing-field",
            '"ends" is missing: without a course nobody else says when this is over.',
            'Add the last day, such as "ends: 2027-02-15".',
        )
    if deployment.id is not None and "/" in deployment.id:
        yield document.finding(
            "deployment/id",
            "The id of a deployment without a course has one part.",
            'Write "<deployment>" alone, as the file was called before.',
            ("id",),
        )
    for member in deployment.reset:
        if member != "all":
            yield document.finding(
                "deployment/reset",
                f'"{member}" cannot be reset: outside of a course there are no members.',
                'Write "reset: {all: 1}".',
                ("reset", member),
            )


def _version(version: Version, document: Document[BaseModel]) -> Iterator[Finding]:
    for name, parameter in version.parameters.items():
        at = ("parameters", name)
        written = parameter.model_fields_set
        for field in ("fixed", "default"):
            if field in written and getattr(parameter, field) is None:
                yield document.finding(
                    "document/no-value",
                    f'"{field}" of "{name}" has no value.',
                    "Write a value after the colon, or delete the line.",
                    (*at, field),
                )
        if {"fixed", "default"} <= written:
            yield document.finding(
                "version/fixed-default",
                f'"{name}" has a fixed value, so its default is never used.',
                "Delete one of the two lines.",
                (*at, "default"),
            )


def _site(site: Site, document: Document[BaseModel]) -> Iterator[Finding]:
    for name, tenant in site.tenants.items():
        for index, cloud in enumerate(tenant.clouds):
            if cloud not in site.clouds:
                yield document.finding(
                    "site/cloud",
                    f'The tenant "{name}" may use "{cloud}", which is no cloud of this site.',
                    f'Known under "clouds": {", ".join(site.clouds) or "none"}.',
                    ("tenants", name, "clouds", index),
                )
