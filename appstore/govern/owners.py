"""CODEOWNERS for forges that read it: a convenience, the check is the gate (pure).

GitHub and GitLab share this subset: later lines beat earlier ones, accounts begin with `@`, a path
that begins with `/` is anchored and covers what lies below it.
Source: FORGE-FACTS 3.3; docs.github.com "About code owners"; docs.gitlab.com "Code Owners syntax".
"""

from collections.abc import Iterator

from appstore.govern.people import ForgeName
from appstore.govern.roles import Role, RoleName, Roles
from appstore.registry.registry import Registry

_HEAD = """\
# Written by appstore from site.yaml, lecturer.yaml and course.yaml; edits are lost.
# It asks the right people; what a merge request needs is decided by `appstore review`.
"""


def codeowners(registry: Registry, forge: ForgeName | None = None) -> str:
    """The whole file; empty of rules while nobody is named. The same registry, the same bytes."""
    return _HEAD + "".join(f"{line}\n" for line in _lines(registry, Roles(registry, forge)))


def _lines(registry: Registry, roles: Roles) -> Iterator[str]:
    """From the widest to the narrowest path, since the last one that fits counts."""
    site = Role(RoleName.SITE_ADMIN)
    yield from _line("*", roles, site)
    for name, template in registry.templates.items():
        owner = template.card.model.owner
        tenant = Role(RoleName.TENANT_ADMIN, _tenant(registry, roles, owner))
        yield from _line(f"/catalog/{name}/", roles, Role(RoleName.LECTURER, owner), tenant)
        yield from _line(f"/catalog/{name}/*/approval.yaml", roles, tenant)
    for name, folder in registry.lecturers.items():
        tenant = Role(RoleName.TENANT_ADMIN, folder.document.model.tenant)
        lecturer = Role(RoleName.LECTURER, name)
        yield from _line(f"/deployments/{name}/", roles, lecturer, tenant)
        for course in folder.courses:
            lead = Role(RoleName.LEAD, f"{name}/{course.name}")
            if roles.holders(lead):
                path = f"/deployments/{name}/{course.name}/"
                yield from _line(path, roles, lecturer, lead, tenant)
        yield from _line(f"/deployments/{name}/lecturer.yaml", roles, tenant)
    yield from _line("/deployments/site.yaml", roles, site)


def _tenant(registry: Registry, roles: Roles, owner: str) -> str:
    if registry.site is not None and owner in registry.site.model.tenants:
        return owner
    lecturer = roles.lecturer(owner)
    return lecturer.tenant if lecturer else ""


def _line(path: str, roles: Roles, *owners: Role) -> Iterator[str]:
    """No line without accounts: it would take the path from those whom a wider line names."""
    accounts = {key: one for role in owners for key, one in roles.holders(role).items()}
    if accounts:
        yield f"{path} {' '.join(f'@{account}' for account in sorted(accounts.values()))}"
