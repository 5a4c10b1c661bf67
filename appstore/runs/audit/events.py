"""What Heat itself remembers of the stacks that still live."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import assert_never

from appstore.cloud.errors import CloudError
from appstore.reconcile.tags import Ours, read_tags
from appstore.registry.registry import LecturerFolder, Registry
from appstore.report.audit import Happened, Unread
from appstore.runs.audit.subject import (
    OfCourse,
    OfInstances,
    OfVersion,
    Sources,
    Subject,
    is_part,
)
from appstore.runs.looking import Cloud


def events(subject: Subject, registry: Registry, sources: Sources) -> Iterator[Happened | Unread]:
    """The newest events of each live stack of the subject; one listing a project.

    A stack that is gone takes its events with it (Heat answers 404): then the records tell.
    """
    if registry.site is None:
        yield Unread("Heat was not asked: deployments/site.yaml cannot be read.")
        return
    owner = registry.site.model.owner
    open_once = cache(sources.open_cloud)
    for lecturer in registry.lecturers.values():
        if isinstance(subject, OfVersion) or is_part(subject.address, lecturer.name):
            try:
                yield from _of(subject, lecturer, owner, open_once)
            except CloudError as error:
                yield Unread(f"{error} {error.hint}")


def _of(
    subject: Subject, lecturer: LecturerFolder, owner: str, open_cloud: Callable[[str], Cloud]
) -> Iterator[Happened]:
    place = lecturer.document.model
    cloud = open_cloud(place.cloud)
    project = cloud.project(place.project)
    listing = cloud.listings([project])[project]
    if isinstance(listing, CloudError):
        raise listing
    for stack in listing.stacks:
        ours = read_tags(stack.tags, owner)
        if isinstance(ours, Ours) and _takes(subject, id_ := f"{lecturer.name}/{ours.id}", ours):
            # Oldest first: several of one second stay as Heat tells them.
            for event in reversed(cloud.heat(project).events(stack)):
                yield Happened(event.at, id_, stack.name, event.status, event.reason)


def _takes(subject: Subject, id_: str, ours: Ours) -> bool:
    match subject:
        case OfVersion(ref):
            return ours.template == ref
        case OfCourse(address) | OfInstances(address):
            return is_part(id_, address)
        case _:
            assert_never(subject)
