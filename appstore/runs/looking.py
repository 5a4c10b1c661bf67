"""What the clouds show: one listing per project, whoever it belongs to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from appstore.apply.protocols import Heat
from appstore.cloud.errors import CloudError, UnsafeCredential
from appstore.cloud.projects import Project
from appstore.reconcile.live import LiveProject
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.room import Room
from appstore.reconcile.plan import Unplanned
from appstore.wanted.stacks import HeldLecturer, LecturerStacks, WantedTree

ProjectKey = tuple[str, str]
ReadRoom = Callable[[frozenset[Kind]], Room]


class Cloud(Protocol):
    """One OpenStack, as `appstore.cloud.cloud.Cloud` offers it."""

    def projects(self) -> tuple[Project, ...]:
        """The projects in which the credential holds a role."""

    def project(self, asked: str) -> Project:
        """The project of this name or id."""

    def heat(self, project: Project) -> Heat:
        """That project's Heat."""

    def listings(self, projects: Iterable[Project]) -> Mapping[Project, LiveProject | CloudError]:
        """The stacks of each project, or why they are not known."""

    def room(self, project: Project, kinds: frozenset[Kind]) -> Room:
        """What of these kinds is left in that project's quota."""


@dataclass(frozen=True, slots=True)
class View:
    """Everything listed: by lecturer, of projects that no lecturer maps, and what stayed unread.

    `heats`, and `rooms` which read a quota, are keyed by cloud and project as lecturer.yaml writes
    it.
    """

    live: Mapping[str, LiveProject | Unplanned]
    unmapped: tuple[LiveProject, ...]
    unread: tuple[Unplanned, ...]
    heats: Mapping[ProjectKey, Heat]
    rooms: Mapping[ProjectKey, ReadRoom]


def look_around(
    tree: WantedTree, about: frozenset[str], open_cloud: Callable[[str], Cloud]
) -> View:
    """List the projects of these lecturers; where they are all, those that are nobody's as well."""
    looked_at = [one for one in tree.lecturers if one.lecturer in about]
    everybody = len(looked_at) == len(tree.lecturers)
    view = View({}, (), (), {}, {})
    for name in sorted({one.cloud for one in looked_at if one.cloud}):
        mapped = [(one, one.project) for one in looked_at if one.cloud == name and one.project]
        try:
            cloud = open_cloud(name)
            seen = _look_at(cloud, name, mapped, cloud.projects() if everybody else ())
        except CloudError as error:
            lost = {one.lecturer: _unplanned(one, project, error) for one, project in mapped}
            seen = View(lost, (), (), {}, {})
        view = View(
            {**view.live, **seen.live},
            (*view.unmapped, *seen.unmapped),
            (*view.unread, *seen.unread),
            {**view.heats, **seen.heats},
            {**view.rooms, **seen.rooms},
        )
    if all(one.project for one in tree.lecturers):
        return view
    # A lecturer.yaml is broken: whose the other projects are cannot be told.
    return replace(view, unmapped=(), unread=())


Mapped = list[tuple[LecturerStacks | HeldLecturer, str]]


def _look_at(cloud: Cloud, name: str, mapped: Mapped, reached: Iterable[Project]) -> View:
    chosen = {asked: _chosen(cloud, asked) for _, asked in mapped}
    ours = [project for project in chosen.values() if isinstance(project, Project)]
    others = [project for project in reached if project not in ours]
    listings = cloud.listings([*ours, *others])
    live: dict[str, LiveProject | Unplanned] = {}
    for one, asked in mapped:
        project = chosen[asked]
        found = listings[project] if isinstance(project, Project) else project
        live[one.lecturer] = (
            found if isinstance(found, LiveProject) else _unplanned(one, asked, found)
        )
    return View(
        live,
        tuple(found for other in others if isinstance(found := listings[other], LiveProject)),
        tuple(
            _unread(name, other.name, found)
            for other in others
            if isinstance(found := listings[other], CloudError)
        ),
        {
            (name, asked): cloud.heat(project)
            for asked, project in chosen.items()
            if isinstance(project, Project)
        },
        {
            (name, asked): partial(cloud.room, project)
            for asked, project in chosen.items()
            if isinstance(project, Project)
        },
    )


def _chosen(cloud: Cloud, asked: str) -> Project | CloudError:
    try:
        return cloud.project(asked)
    except CloudError as error:
        return error


def _unplanned(one: LecturerStacks | HeldLecturer, project: str, error: CloudError) -> Unplanned:
    rule = "unsafe-credential" if isinstance(error, UnsafeCredential) else "cloud"
    cloud = one.cloud or ""
    return Unplanned(one.lecturer, cloud, project, rule, error.message, error.hint)


def _unread(cloud: str, project: str, error: CloudError) -> Unplanned:
    """A project of nobody's whose orphans stay unknown; nothing depends on it."""
    return Unplanned("", cloud, project, "unmapped", error.message, error.hint)
