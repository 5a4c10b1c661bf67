"""One course: its dates, its roster and its groups."""

from collections.abc import Iterator

from appstore.documents.course import Course
from appstore.documents.findings import Finding
from appstore.documents.marks import Document
from appstore.registry.draft import Draft
from appstore.registry.members import roster_members
from appstore.registry.nearest import known_instead


def check_courses(draft: Draft) -> Iterator[Finding]:
    """Courses end after they start, seats have names of their own, and groups know them."""
    for course in draft.courses.values():
        yield from _dates(course)
        yield from _seats(course)
        yield from _groups(course)


def _dates(course: Document[Course]) -> Iterator[Finding]:
    if course.model.ends < course.model.starts:
        yield course.finding(
            "registry/dates",
            f"The course ends on {course.model.ends}, before it starts on {course.model.starts}.",
            "Write the later date as `ends`.",
            ("ends",),
        )


def _seats(course: Document[Course]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, name in enumerate(course.model.roster.names if course.model.roster else ()):
        if name in seen:
            yield course.finding(
                "registry/duplicate-member",
                f'"{name}" is in the roster twice.',
                "Give every seat a name of its own.",
                ("roster", "members", index),
            )
        seen.add(name)


def _groups(course: Document[Course]) -> Iterator[Finding]:
    roster = frozenset(roster_members(course.model))
    for group, members in course.model.groups.items():
        for index, name in enumerate(members):
            if name not in roster:
                yield course.finding(
                    "registry/unknown-member",
                    f'Group "{group}" names "{name}", who is not in the roster.',
                    known_instead(name, roster) if roster else "Add a `roster` to the course.",
                    ("groups", group, index),
                )
