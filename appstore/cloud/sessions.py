"""One token for each project, made from the first one; unsafe tokens are refused here."""

from typing import cast

from keystoneauth1 import exceptions
from keystoneauth1.access import AccessInfoV3
from keystoneauth1.identity import v3
from keystoneauth1.identity.base import BaseIdentityPlugin
from keystoneauth1.session import Session

from appstore.cloud.credentials import Credential
from appstore.cloud.errors import UnsafeCredential
from appstore.cloud.projects import Project
from appstore.cloud.translate import translated

FORBIDDEN_ROLE = "admin"


class FirstToken(v3.AuthMethod):
    """Logs in with the token of another plugin, which fetches a new one when it is about to end."""

    def __init__(self, first: BaseIdentityPlugin) -> None:
        self._first = first

    def get_auth_data(
        self, session: Session, auth: object, headers: dict[str, str], request_kwargs: object
    ) -> tuple[str, dict[str, str]]:
        """The `token` part of a Keystone v3 request."""
        token = self._first.get_token(session) or ""
        headers["X-Auth-Token"] = token
        return "token", {"id": token}


class ProjectAuth(v3.Auth):
    """The token of one project: the first token rescoped, which needs no password hashing.

    Where the cloud refuses that (`allow_rescope_scoped_token`, or a revoked first token) the
    password fetches it. Every token is checked before its first use, also one fetched in mid-run.
    """

    def __init__(self, credential: Credential, project: Project) -> None:
        super().__init__(
            credential.auth_url, [FirstToken(credential.plugin)], project_id=project.id
        )
        self._credential = credential
        self._project = project

    def get_auth_ref(self, session: Session) -> AccessInfoV3:
        """A checked token; raises keystoneauth1.exceptions or UnsafeCredential."""
        return checked(self._scoped(session), self._credential, self._project)

    def invalidate(self) -> bool:
        """Called after a 401: the next request fetches a new token."""
        if self._credential.bound:
            self._credential.plugin.invalidate()
        return super().invalidate()

    def _scoped(self, session: Session) -> AccessInfoV3:
        if self._credential.bound:
            return cast(AccessInfoV3, self._credential.plugin.get_access(session))
        try:
            return super().get_auth_ref(session)
        except (exceptions.Unauthorized, exceptions.Forbidden):
            if self._credential.password is None:
                raise
            password = self._credential.password.plugin(self.auth_url, self._project.id)
            return password.get_auth_ref(session)


def checked(access: AccessInfoV3, credential: Credential, project: Project) -> AccessInfoV3:
    """The same token, or UnsafeCredential (README of appstore, rail 11).

    An admin's Heat listing shows every project's stacks (README of appstore, fact 1.3), and a token
    of another project would plan that project's stacks away.
    """
    if access.project_id != project.id:
        raise UnsafeCredential(
            f"The credential for cloud '{credential.cloud}' belongs to project "
            f"'{access.project_name or access.project_id}', not to '{project.name}'.",
            "An application credential serves one project only; use a user with a password "
            "who holds a role in each mapped project.",
        )
    if FORBIDDEN_ROLE in {name.lower() for name in access.role_names or ()}:
        raise UnsafeCredential(
            f"In project '{project.name}' of cloud '{credential.cloud}' {credential.user} holds "
            "the role admin, which sees and can delete other projects' stacks.",
            "Use a service user with the role member (to plan: reader) instead.",
        )
    return access


def reached_projects(session: Session, credential: Credential) -> tuple[Project, ...]:
    """The enabled projects in which the credential holds a role, sorted by name.

    One first token and one `GET /v3/auth/projects`; a bound credential names its own instead.
    """
    with translated(credential.cloud, "the login"):
        if credential.bound:
            access = credential.plugin.get_access(session)
            return (Project(str(access.project_name), str(access.project_id)),)
        url = f"{credential.auth_url}/auth/projects"
        body = session.get(url, auth=credential.plugin).json()
        return tuple(
            sorted(
                Project(str(row["name"]), str(row["id"]))
                for row in body["projects"]
                if row.get("enabled", True)
            )
        )
