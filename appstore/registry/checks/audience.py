"""For whom a deployment is: its members, and what it says about single ones."""

from collections.abc import Iterator

from appstore.documents.course import Course
from appstore.documents.findings import Finding
from appstore.registry.draft import Draft
from appstore.registry.members import members_for
from appstore.registry.nearest import known_instead
from appstore.registry.registry import DeploymentFile


def check_audiences(draft: Draft) -> Iterator[Finding]:
    """`for` fits the course, `reset` names members, `adopt` has exactly one."""
    for file in draft.deployments:
        if file.course is None:
            yield from _without_course(file)
        elif (course := draft.course_of(file)) is not None:
            yield from _in_course(file, course.model)


def _without_course(file: DeploymentFile) -> Iterator[Finding]:
    if file.document.model.for_ is not None:
        yield file.document.finding(
            "registry/for",
            "A deployment without a course is one instance; it is for nobody in particular.",
            "Remove this line, or move the file into the folder of a course.",
            ("for",),
        )
    yield from _resets(file, ())


def _in_course(file: DeploymentFile, course: Course) -> Iterator[Finding]:
    document = file.document
    match document.model.for_:
        case None:
            yield document.finding(
                "registry/for",
                "It is not said for whom this deployment is.",
                "Add a line: for: course, for: group or for: student.",
            )
            return
        case "group" if not course.groups:
            yield document.finding(
                "registry/for",
                "The course has no groups.",
                "Add `groups` to course.yaml, or write for: student or for: course.",
                ("for",),
            )
            return
        case "student" if course.roster is None:
            yield document.finding(
                "registry/for",
                "The course has no roster.",
                "Add `roster` to course.yaml, for example: roster: {seats: 30}.",
                ("for",),
            )
            return
        case audience:
            pass
    if not document.model.reset and document.model.adopt is None:
        return
    members = members_for(course, audience)
    yield from _resets(file, members)
    if document.model.adopt is not None and len(members) != 1:
        yield document.finding(
            "registry/adopt",
            f"One stack cannot be taken over by {len(members)} instances.",
            "Adopt into a deployment with one member (for: course), or without a course.",
            ("adopt",),
        )


def _resets(file: DeploymentFile, members: tuple[str, ...]) -> Iterator[Finding]:
    for name in file.document.model.reset:
        if name != "all" and name not in members:
            yield file.document.finding(
                "registry/unknown-member",
                f'This deployment has no member "{name}".',
                known_instead(name, ("all", *members)),
                ("reset", name),
            )
