"""The projects that a credential reaches, and the one that a lecturer's file means."""

from collections.abc import Iterable
from dataclasses import dataclass

from appstore.cloud.errors import CloudError, Missing


@dataclass(frozen=True, slots=True, order=True)
class Project:
    """One OpenStack project, as `GET /v3/auth/projects` names it."""

    name: str
    id: str


def choose(projects: Iterable[Project], asked: str, cloud: str, user: str) -> Project:
    """The project whose id or name is `asked`.

    An id wins over a name. Raises Missing when there is none, CloudError when two domains hold
    projects of this name.
    """
    reached = tuple(projects)
    by_id = [project for project in reached if project.id == asked]
    found = by_id or [project for project in reached if project.name == asked]
    match found:
        case [project]:
            return project
        case []:
            raise Missing(
                f"Cloud '{cloud}' shows no project '{asked}' to {user}.",
                "Check the project's name in lecturer.yaml, and that this user holds a role in "
                f"it: openstack role assignment list --names --project {asked}",
            )
        case _:
            ids = ", ".join(sorted(project.id for project in found))
            raise CloudError(
                f"Cloud '{cloud}' has {len(found)} projects named '{asked}'.",
                f"Write the project's id into lecturer.yaml instead: {ids}",
            )
