"""One OpenStack cloud as a run uses it."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, partial

from keystoneauth1.adapter import Adapter

from appstore.cloud.credentials import Credential, Purpose, load_auth
from appstore.cloud.errors import CloudError
from appstore.cloud.heat import ProjectHeat
from appstore.cloud.permits import Act, permits
from appstore.cloud.projects import Project, choose
from appstore.cloud.quotas import ProjectQuotas
from appstore.cloud.sessions import ProjectAuth, reached_projects
from appstore.cloud.translate import translated
from appstore.cloud.transport import Session
from appstore.reconcile.live import LiveProject
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.room import Room

# Heat answers from its own workers; more at once only queue there (README of appstore, fact 8).
AT_ONCE = 8


class Cloud:
    """One credential, one connection pool, one token for each project that is used.

    May be used by many threads at once. Use it in a `with` block, which closes the connections.
    """

    def __init__(
        self, credential: Credential, run_id: str, deadline: datetime | None = None
    ) -> None:
        self.name = credential.cloud
        self.credential = credential
        self._session = Session(run_id, credential.verify, credential.cert, deadline)
        self._heats: dict[Project, ProjectHeat] = {}
        self._auths: dict[Project, ProjectAuth] = {}

    def __enter__(self) -> "Cloud":
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.session.close()

    def projects(self) -> tuple[Project, ...]:
        """The projects in which the credential holds a role; asked for once."""
        return self._projects

    @cached_property
    def _projects(self) -> tuple[Project, ...]:
        return reached_projects(self._session, self.credential)

    def project(self, asked: str) -> Project:
        """The project of this name or id; raises CloudError when there is not exactly one."""
        return choose(self._projects, asked, self.name, self.credential.user)

    def heat(self, project: Project) -> ProjectHeat:
        """That project's Heat; the same object, and so the same token, every time."""
        if project not in self._heats:
            adapter = self._service(project, "orchestration", self.credential.endpoint)
            # setdefault: of two threads that come here at once both get the first one's.
            self._heats.setdefault(project, ProjectHeat(adapter, self.name, project))
        return self._heats[project]

    def room(self, project: Project, kinds: frozenset[Kind]) -> Room:
        """What of these kinds is left in that project's quota; asked for anew every time."""
        quotas = ProjectQuotas(partial(self._service, project), self.name, project)
        return quotas.room(kinds)

    def roles(self, project: Project) -> frozenset[str]:
        """The names of the roles that the token for this project holds, implied ones included."""
        with translated(self.name, f"the login to project '{project.name}'"):
            return frozenset(self._auth(project).get_access(self._session).role_names or ())

    def permits(self, project: Project) -> Mapping[Act, bool | None]:
        """What the credential may do to stacks there; asked without doing it."""
        with translated(self.name, f"the look at what is allowed in '{project.name}'"):
            return permits(self._service(project, "orchestration", self.credential.endpoint))

    def template_versions(self, project: Project) -> frozenset[str]:
        """The values of `heat_template_version` that this Heat knows."""
        heat = self._service(project, "orchestration", self.credential.endpoint)
        with translated(self.name, "the look at Heat's template versions"):
            rows = heat.get("/template_versions").json()["template_versions"]
            return frozenset(str(row["version"]).partition(".")[2] for row in rows)

    def time(self) -> datetime | None:
        """What Keystone's clock says, to the second; None where it does not tell."""
        with translated(self.name, "a first look at Keystone"):
            answer = self._session.get(self.credential.auth_url, authenticated=False)
            said = answer.headers.get("Date")
            return parsedate_to_datetime(said) if said else None

    def _auth(self, project: Project) -> ProjectAuth:
        return self._auths.setdefault(project, ProjectAuth(self.credential, project))

    def _service(self, project: Project, type_: str, endpoint: str | None = None) -> Adapter:
        """One kind of service as that project sees it; all of them share its token."""
        return Adapter(
            self._session,
            auth=self._auth(project),
            service_type=type_,
            interface=self.credential.interface,
            region_name=self.credential.region,
            endpoint_override=endpoint,
        )

    def listings(self, projects: Iterable[Project]) -> Mapping[Project, LiveProject | CloudError]:
        """Each project's stacks, or why they are not known; all at once, bounded."""
        asked = tuple(dict.fromkeys(projects))
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return dict(zip(asked, pool.map(self._listing, asked), strict=True))

    def _listing(self, project: Project) -> LiveProject | CloudError:
        try:
            return self.heat(project).listing()
        except CloudError as error:
            return error


def open_cloud(name: str, purpose: Purpose, run_id: str, deadline: datetime | None = None) -> Cloud:
    """The cloud with this key in site.yaml; nothing is sent before something is asked.

    `run_id` (`req-<uuid>`) is the global request id; after the `deadline` every request is
    Unreachable. Raises CloudError without a credential.
    """
    return Cloud(load_auth(name, purpose), run_id, deadline)
