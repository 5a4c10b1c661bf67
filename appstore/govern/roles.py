"""Who has which role, by the target branch alone: site.yaml, lecturer.yaml, course.yaml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from appstore.documents.lecturer import Lecturer
from appstore.govern.people import ForgeName
from appstore.registry.registry import Registry

Holders = Mapping[str, str]
"""Accounts as they are written, by what forges tell them apart by."""


class RoleName(StrEnum):
    """What somebody is to a part of the registry."""

    LECTURER = "lecturer"
    LEAD = "lead"
    ASSISTANT = "assistant"
    TENANT_ADMIN = "tenant-admin"
    SITE_ADMIN = "site-admin"


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """A role and of what: a lecturer's folder, `<lecturer>/<course>`, a tenant; "" of the site.

    A role of nothing is held by nobody but those whose role contains it: a template whose owner the
    target branch does not know has no tenant, and the site's admins look after it.
    """

    name: RoleName
    of: str = ""

    def __str__(self) -> str:
        match self.name:
            case RoleName.LECTURER:
                return f"lecturer {self.of}"
            case RoleName.LEAD | RoleName.ASSISTANT:
                return f"{self.name} of {self.of}"
            case RoleName.TENANT_ADMIN:
                return f"admin of {self.of}" if self.of else "site admin"
            case RoleName.SITE_ADMIN:
                return "site admin"
            case _:
                assert_never(self.name)


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles that one registry gives, for the accounts of one forge (None: of any)."""

    registry: Registry
    forge: ForgeName | None

    def holders(self, role: Role) -> Holders:
        """Who has the role; a site admin is an admin of every tenant."""
        match role.name:
            case RoleName.SITE_ADMIN:
                return self._site_admins()
            case RoleName.TENANT_ADMIN:
                site = self.registry.site
                tenant = site.model.tenants.get(role.of) if site else None
                return {**_folded(tenant.admins if tenant else ()), **self._site_admins()}
            case RoleName.LECTURER:
                lecturer = self.lecturer(role.of)
                return _folded(self._accounts(lecturer) if lecturer else ())
            case RoleName.LEAD | RoleName.ASSISTANT:
                return self._staff(role)
            case _:
                assert_never(role.name)

    def has(self, account: str, role: Role) -> bool:
        """Whether this account has the role."""
        return account.casefold() in self.holders(role)

    def lecturer(self, name: str) -> Lecturer | None:
        """The lecturer of this folder, also while the rest of the folder is broken."""
        if (folder := self.registry.lecturers.get(name)) is not None:
            return folder.document.model
        held = self.registry.held_lecturers.get(name)
        return held.model if held else None

    def _site_admins(self) -> Holders:
        return _folded(self.registry.site.model.admins if self.registry.site else ())

    def _accounts(self, lecturer: Lecturer) -> tuple[str, ...]:
        match self.forge:
            case "github":
                return lecturer.accounts.github
            case "gitlab":
                return lecturer.accounts.gitlab
            case None:
                return (*lecturer.accounts.github, *lecturer.accounts.gitlab)
            case _:
                assert_never(self.forge)

    def _staff(self, role: Role) -> Holders:
        lecturer, _, name = role.of.partition("/")
        folder = self.registry.lecturers.get(lecturer)
        for course in folder.courses if folder else ():
            if course.name == name:
                staff = course.document.model.staff
                return _folded(staff.lead if role.name is RoleName.LEAD else staff.assistant)
        return {}


def _folded(accounts: Iterable[str]) -> Holders:
    return {account.casefold(): account for account in accounts}
