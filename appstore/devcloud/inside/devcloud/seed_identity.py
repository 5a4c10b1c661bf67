"""Who there is: the services' users, the lecturers with their projects, the store's two users."""

from __future__ import annotations

from dataclasses import dataclass, field

from .seed import Cloud

SERVICE_USERS_NEED = ("admin", "service")
MEMBER = ("member", "heat_stack_owner")


@dataclass(frozen=True)
class Identity:
    """Keystone's API, as far as seeds need it."""

    cloud: Cloud
    roles: dict[str, str] = field(default_factory=dict)

    def ensure(self, kind: str, name: str, **attributes: str) -> str:
        """The id of the thing of that name, made if it is missing."""
        domain = {key: value for key, value in attributes.items() if key == "domain_id"}
        url = f"{self.cloud.url('keystone')}/v3/{kind}"
        found = self.cloud.call("GET", url, name=name, **domain)[kind]
        if not found:
            one = kind.removesuffix("s")
            found = [self.cloud.call("POST", url, {one: {"name": name, **attributes}})[one]]
        return str(found[0]["id"])

    def user(self, name: str, domain: str = "default") -> str:
        """The id of the user, whose password is in the state folder."""
        password = self.cloud.told["secrets"][name]
        return self.ensure("users", name, domain_id=domain, password=password)

    def assign(self, user: str, roles: tuple[str, ...], scope: str) -> None:
        """Give the user the roles in a scope such as `projects/<id>`."""
        for name in roles:
            role = self.roles.get(name) or self.roles.setdefault(name, self.ensure("roles", name))
            url = f"{self.cloud.url('keystone')}/v3/{scope}/users/{user}/roles/{role}"
            self.cloud.call("PUT", url)


def plant(cloud: Cloud) -> None:
    """Make what is missing."""
    identity = Identity(cloud)
    plant_services(identity)
    plant_heat_domain(identity)
    plant_people(identity)


def plant_services(identity: Identity) -> None:
    """A user with the service role and a catalog entry for each service beside Keystone."""
    project = identity.ensure("projects", "service", domain_id="default")
    for name, (kind, path) in identity.cloud.told["catalog"].items():
        identity.assign(identity.user(name), SERVICE_USERS_NEED, f"projects/{project}")
        service = identity.ensure("services", name, type=kind)
        url = f"{identity.cloud.url('keystone')}/v3/endpoints"
        there = identity.cloud.call("GET", url, service_id=service)["endpoints"]
        for interface in {"public", "internal", "admin"} - {one["interface"] for one in there}:
            endpoint = {
                "service_id": service,
                "interface": interface,
                "region_id": "RegionOne",
                "url": identity.cloud.url(name) + path,
            }
            identity.cloud.call("POST", url, {"endpoint": endpoint})


def plant_heat_domain(identity: Identity) -> None:
    """The domain in which Heat makes users of its own for a stack's resources."""
    domain = identity.ensure("domains", "heat")
    admin = identity.user("heat_domain_admin", domain)
    identity.assign(admin, ("admin",), f"domains/{domain}")
    identity.ensure("roles", "heat_stack_user")


def plant_people(identity: Identity) -> None:
    """Three lecturers, each owner of a project, and the two users with which the store comes."""
    admin = identity.ensure("users", "admin", domain_id="default")
    home = identity.ensure("projects", "admin", domain_id="default")
    identity.assign(admin, ("heat_stack_owner",), f"projects/{home}")
    apply, plan = (identity.user(name) for name in identity.cloud.told["store_users"])
    for name in identity.cloud.told["projects"]:
        project = identity.ensure("projects", name, domain_id="default")
        scope = f"projects/{project}"
        identity.assign(identity.user(name), MEMBER, scope)
        identity.assign(apply, MEMBER, scope)
        identity.assign(plan, ("reader",), scope)
