"""The decision table of a merge request: per kind of change, who may make it and who reviews it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from appstore.documents.policy import ChangeKind, Reviewer, Risk
from appstore.govern.roles import RoleName


class Tier(IntEnum):
    """How much is at stake: nobody else, one other person, or several have to look."""

    SMALL = 0
    NORMAL = 1
    HIGH = 2

    @property
    def word(self) -> Literal["small", "normal", "high"]:
        """How it is said in reviews."""
        match self:
            case Tier.SMALL:
                return "small"
            case Tier.NORMAL:
                return "normal"
            case Tier.HIGH:
                return "high"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of change.

    `right`: one of these roles must stand behind it, as author or as reviewer. `reviews`: each of
    these must have been given, by different people and never by the author; site.yaml may say
    otherwise. `alone`: a machine may merge it when no person is needed.
    """

    what: str
    right: tuple[RoleName, ...]
    reviews: tuple[Reviewer, ...] = ()
    alone: bool = False


_STAFF = (RoleName.LECTURER, RoleName.LEAD, RoleName.ASSISTANT, RoleName.TENANT_ADMIN)
_FOLDER = (RoleName.LECTURER, RoleName.LEAD, RoleName.TENANT_ADMIN)
_OWNER = (RoleName.LECTURER, RoleName.TENANT_ADMIN)
_TENANT = (RoleName.TENANT_ADMIN,)
_SITE = (RoleName.SITE_ADMIN,)

TABLE: Mapping[ChangeKind, Row] = {
    "text": Row("comments, layout, notes for people", _FOLDER, alone=True),
    "seat-reset": Row("one seat is made anew", _STAFF, alone=True),
    "retry": Row("what was given up is tried again", _STAFF, alone=True),
    "reset": Row("all machines are made anew or replaced", _FOLDER, alone=True),
    "state": Row("put to sleep or woken", _FOLDER, alone=True),
    "removal": Row("ended: absent, file or seats gone, an earlier end", _FOLDER, alone=True),
    "extension": Row("a later end", _FOLDER, alone=True),
    "long-extension": Row("a much later end", _FOLDER, ("tenant-admin",)),
    "deployment": Row("a deployment: version, parameters, for whom", _FOLDER, alone=True),
    "many-instances": Row("many new machines at once", _FOLDER, ("tenant-admin",)),
    "public-address": Row("new machines with a public address", _FOLDER, ("tenant-admin",)),
    "draft-use": Row("a version that no admin approved", _FOLDER, ("tenant-admin",)),
    "base": Row("the shared network of a project", _OWNER, ("tenant-admin",)),
    "safeguard": Row("a protection is lifted, a stack taken over", _FOLDER, ("tenant-admin",)),
    "course": Row("a course: dates, roster, schedule", _FOLDER, alone=True),
    "staff": Row("who runs the course with the lecturer", _OWNER, alone=True),
    "profile": Row("title and language of a lecturer", _OWNER, alone=True),
    "accounts": Row("who is the lecturer", _TENANT, ("tenant-admin",)),
    "mapping": Row("tenant, cloud and project of a lecturer", _TENANT, ("site-admin",)),
    "template": Row("a new template", _OWNER, ("tenant-admin",)),
    "version": Row("the content of a version", _OWNER, ("tenant-admin",)),
    "card": Row("the card of a template", _OWNER, ("tenant-admin",)),
    "visibility": Row("a template is offered to more people", _OWNER, ("tenant-admin",)),
    "ownership": Row("a template goes to another owner, or goes", _OWNER, ("site-admin",)),
    "approval": Row("an approval for a tenant", _TENANT, ("tenant-admin",)),
    "global-approval": Row("an approval for everybody", _SITE, ("tenant-admin", "site-admin")),
    "withdrawal": Row("a version is deprecated, retired, revoked", _TENANT),
    "site": Row("the settings of the installation", _SITE, ("site-admin",)),
    "repository": Row("pipelines, program, everything else", _SITE, ("site-admin",)),
}


def reviews_of(kind: ChangeKind, risk: Risk) -> tuple[Reviewer, ...]:
    """The reviews that this kind needs here."""
    return risk.reviews.get(kind, TABLE[kind].reviews)


def tier_of(kind: ChangeKind, people: int) -> Tier:
    """The tier of one change, by how many people besides its author must stand behind it."""
    if people == 0 and TABLE[kind].alone:
        return Tier.SMALL
    return Tier.NORMAL if people <= 1 else Tier.HIGH
