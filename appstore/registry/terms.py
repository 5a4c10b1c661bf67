"""What a proposal may not do to a course's term: a new one must be called so.

The term in a stack's tags keeps last term's machines from this term's students; dates that move
past the old end under the same name would hand them on.
"""

from collections.abc import Iterator, Mapping

from appstore.documents.course import Course
from appstore.documents.findings import Finding
from appstore.documents.marks import Document
from appstore.registry.registry import Registry


def check_terms(target: Registry, proposal: Registry) -> Iterator[Finding]:
    """Courses whose proposal starts after the target's end, under the same `term`."""
    before = _courses(target)
    for place, after in _courses(proposal).items():
        old = before.get(place)
        if old is None or old.model.term != after.model.term:
            continue
        if after.model.starts > old.model.ends:
            yield after.finding(
                "registry/same-term",
                f"The course starts on {after.model.starts}, after it ended on {old.model.ends}, "
                f'but its term is still "{old.model.term}": students would get the machines of '
                "those before them.",
                "Write the name of the new term as `term`.",
                ("starts",),
            )


def _courses(registry: Registry) -> Mapping[tuple[str, str], Document[Course]]:
    return {
        (lecturer.name, course.name): course.document
        for lecturer in registry.lecturers.values()
        for course in lecturer.courses
    }
