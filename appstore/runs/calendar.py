"""calendar: what will happen when, from the files alone; needs no cloud."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from appstore.documents.catalog import Approval
from appstore.documents.marks import Document
from appstore.errors import InvalidInput
from appstore.reconcile.agenda import Event, Window, agenda
from appstore.reconcile.scope import matches
from appstore.registry.nearest import known_instead
from appstore.registry.read import read_registry
from appstore.registry.registry import CourseFolder, DeploymentFile, LecturerFolder, Registry
from appstore.source.tree import Tree
from appstore.wanted.lifetimes import zone_of

Approvals = Mapping[str, Document[Approval] | None]
"""By version."""


@dataclass(frozen=True, slots=True)
class Page:
    """One course, or a lecturer's deployments without one (`course` None).

    `deployments` are the ids of all that are shown; the events are sorted by time.
    """

    lecturer: str
    course: str | None
    zone: str
    deployments: tuple[str, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The pages of one window of time; `held` are lecturers whose files have a finding."""

    window: Window
    pages: tuple[Page, ...]
    held: tuple[str, ...]


def look_ahead(tree: Tree, now: datetime, weeks: int, patterns: tuple[str, ...]) -> Calendar:
    """The calendar of the next weeks, of everything or of what the patterns name."""
    registry = read_registry(tree.files, tree.findings)
    window = Window(now, now + timedelta(weeks=weeks))
    approvals = {version.ref: version.approval for version in registry.versions()}
    _check(registry, patterns)
    pages = tuple(
        page
        for lecturer in registry.lecturers.values()
        for page in _pages(lecturer, approvals, window, patterns)
    )
    return Calendar(window, pages, tuple(registry.held_lecturers))


def _pages(
    lecturer: LecturerFolder, approvals: Approvals, window: Window, patterns: tuple[str, ...]
) -> Iterator[Page]:
    everything: list[tuple[CourseFolder | None, tuple[DeploymentFile, ...]]] = [
        *((course, course.deployments) for course in lecturer.courses),
        (None, lecturer.deployments),
    ]
    for course, all_files in everything:
        files = [file for file in all_files if _named(f"{lecturer.name}/{file.id}", patterns)]
        if files:
            events = [
                event
                for file in files
                for event in agenda(
                    file, course, approvals.get(file.document.model.template), window
                )
            ]
            yield Page(
                lecturer.name,
                course.name if course else None,
                zone_of(course.document if course else None),
                tuple(file.id for file in files),
                tuple(sorted(events, key=lambda event: event.at)),
            )


def _check(registry: Registry, patterns: tuple[str, ...]) -> None:
    """Raises InvalidInput for a name that means nothing; nobody knows what a held folder has."""
    known = [
        f"{lecturer.name}/{file.id}"
        for lecturer in registry.lecturers.values()
        for file, _ in lecturer.every_deployment()
    ]
    for pattern in patterns:
        held = any(matches(pattern.split("/")[0], name) for name in registry.held_lecturers)
        if not held and not any(matches(pattern, name) for name in known):
            names = {"/".join(n.split("/")[:depth]) for n in known for depth in (1, 2, 3)}
            raise InvalidInput(f"No deployment is called {pattern}.", known_instead(pattern, names))


def _named(address: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(matches(pattern, address) for pattern in patterns)
