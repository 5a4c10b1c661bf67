"""doctor asks: what the runner, the clouds and the forge say; nothing is judged here."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from appstore.cloud.cloud import AT_ONCE, Cloud
from appstore.cloud.credentials import Purpose
from appstore.cloud.permits import Act
from appstore.errors import AppstoreError
from appstore.reconcile.needs.kinds import Kind

Opens = Callable[[str, Purpose], Cloud]


@dataclass(frozen=True, slots=True)
class ProjectSeen:
    """One project as one credential sees it; `unread` says which quotas did not answer."""

    roles: frozenset[str]
    permits: Mapping[Act, bool | None]
    stacks: int
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CredentialSeen:
    """One credential that can log in.

    `bound` is that of an application credential. `offset` is how far the cloud's clock is ahead
    of ours, None where it does not tell. `projects` are the lecturers' ones, or why one cannot be
    used; `strangers` the other projects in which it holds a role. `versions` are the template
    versions that Heat knows.
    """

    entry: str
    user: str
    auth_url: str
    bound: bool
    offset: timedelta | None
    strangers: tuple[str, ...]
    projects: Mapping[str, ProjectSeen | AppstoreError]
    versions: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class CloudSeen:
    """One cloud of site.yaml: each credential, or why it is of no use."""

    name: str
    credentials: Mapping[Purpose, CredentialSeen | AppstoreError]


def look_at_cloud(
    name: str, projects: Sequence[str], opens: Opens, now: Callable[[], datetime]
) -> CloudSeen:
    """Both credentials of a cloud and what they can do in these projects."""
    return CloudSeen(
        name, {purpose: _credential(name, purpose, projects, opens, now) for purpose in Purpose}
    )


def _credential(
    name: str,
    purpose: Purpose,
    projects: Sequence[str],
    opens: Opens,
    now: Callable[[], datetime],
) -> CredentialSeen | AppstoreError:
    try:
        cloud = opens(name, purpose)
        said = cloud.time()
        offset = said - now() if said else None
        reached = cloud.projects()
    except AppstoreError as error:
        return error
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        seen = dict(zip(projects, pool.map(partial(_project, cloud), projects), strict=True))
    usable = [asked for asked, one in seen.items() if isinstance(one, ProjectSeen)]
    return CredentialSeen(
        entry=cloud.credential.entry,
        user=cloud.credential.user,
        auth_url=cloud.credential.auth_url,
        bound=cloud.credential.bound,
        offset=offset,
        strangers=tuple(one.name for one in reached if not {one.name, one.id} & set(projects)),
        projects=seen,
        versions=_versions(cloud, usable[0]) if usable else None,
    )


def _project(cloud: Cloud, asked: str) -> ProjectSeen | AppstoreError:
    try:
        project = cloud.project(asked)
        return ProjectSeen(
            roles=cloud.roles(project),
            permits=cloud.permits(project),
            stacks=len(cloud.heat(project).listing().stacks),
            unread=cloud.room(project, frozenset(Kind)).unread,
        )
    except AppstoreError as error:
        return error


def _versions(cloud: Cloud, project: str) -> frozenset[str] | None:
    try:
        return cloud.template_versions(cloud.project(project))
    except AppstoreError:
        return None
