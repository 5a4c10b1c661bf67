"""Which instances an exam holds now, whether a file still wants them or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from appstore.registry.registry import CourseFolder, Registry
from appstore.wanted.moments import local
from appstore.wanted.schedule import Span, exams
from appstore.wanted.states import Cause


@dataclass(frozen=True, slots=True)
class Frozen:
    """An exam that holds now, from its lead on; `ends` in UTC.

    `addresses` are what it holds, as `<lecturer>/<course>[/<deployment>]`; `resets` are the
    instances that may be reset all the same, as `<lecturer>/<course>/<deployment>/<member>`, and
    why.
    """

    addresses: frozenset[str]
    resets: Mapping[str, str]
    ends: datetime
    zone: str
    cause: Cause

    def holds(self, address: str) -> bool:
        """Whether it is about this instance."""
        return any(address.startswith(f"{held}/") for held in self.addresses)


def frozen_now(registry: Registry, now: datetime) -> tuple[Frozen, ...]:
    """The freezes of all courses that hold now."""
    return tuple(
        frozen
        for lecturer in registry.lecturers.values()
        for course in lecturer.courses
        for frozen in _of(lecturer.name, course, now)
    )


def _of(lecturer: str, course: CourseFolder, now: datetime) -> Iterator[Frozen]:
    zone = course.document.model.timezone
    for freeze, span in zip(course.document.model.freezes, exams(course.document), strict=True):
        if span.occasion and span.at <= now < span.until:
            # A renamed deployment keeps its old id, perhaps of another course: so by id.
            ids = {file.name: file.id for file in course.deployments}
            names = [ids[name] for name in freeze.deployments if name in ids]
            yield Frozen(
                addresses=frozenset(
                    f"{lecturer}/{held}"
                    for held in (names if freeze.deployments else (course.name, *ids.values()))
                ),
                resets=dict(_resets(lecturer, course, ids, span)),
                ends=span.until,
                zone=zone,
                cause=span.occasion.cause,
            )


def _resets(
    lecturer: str, course: CourseFolder, ids: dict[str, str], span: Span
) -> Iterator[tuple[str, str]]:
    model = course.document.model
    first = local(span.at, model.timezone).date()
    last = local(span.until, model.timezone).date()
    for reset in model.exam_resets:
        if reset.deployment in ids and first <= reset.on <= last:
            yield f"{lecturer}/{ids[reset.deployment]}/{reset.member}", reset.reason
