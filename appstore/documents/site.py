"""`deployments/site.yaml`: the admins' settings of one installation."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from appstore.documents.base import Day, Line, Model, Text
from appstore.documents.names import OwnerId, Slug

CloudValue = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Maintenance(Model):
    """While set, nothing is written to the cloud: plans and reports only."""

    reason: Line
    until: Day | None = None


class Cloud(Model):
    """One OpenStack: its entry in clouds.yaml has this document's key as name."""

    title: Text | None = None
    sizes: Mapping[Slug, CloudValue] = {}
    images: Mapping[Slug, CloudValue] = {}
    networks: Mapping[Slug, CloudValue] = {}
    maintenance: Maintenance | None = None


class Tenant(Model):
    """A location or faculty: its admins (forge accounts) and the clouds it may use."""

    title: Text
    admins: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    clouds: Annotated[tuple[Slug, ...], Field(strict=False)]


class SiteException(Model):
    """A dated consent to pass one rail (DESIGN.md section 6); `scope` is an id pattern."""

    rule: Literal["emptied", "many-deletes", "newer-run", "quota"]
    scope: Line
    reason: Line
    until: Day
    max: Annotated[int, Field(ge=1)] | None = None


class Site(Model):
    """Owner id, clouds with their logical names, tenants, allowed resource types, exceptions."""

    owner: OwnerId
    clouds: Mapping[Slug, Cloud]
    tenants: Mapping[Slug, Tenant]
    resource_types: Annotated[tuple[Line, ...], Field(strict=False)]
    read_only: Maintenance | None = None
    exceptions: Annotated[tuple[SiteException, ...], Field(strict=False)] = ()
