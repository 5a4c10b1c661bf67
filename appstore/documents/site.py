"""`deployments/site.yaml`: the admins' settings of one installation."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from appstore.documents.base import Account, Day, Line, Model, Text
from appstore.documents.catalog import Visibility
from appstore.documents.names import OwnerId, Slug
from appstore.documents.policy import Ci, Risk, TemplatePolicy

CloudValue = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Maintenance(Model):
    """While set, nothing is written to the cloud: plans and reports only."""

    reason: Annotated[Line, Field(description="Why nothing is changed now; lecturers read it.")]
    until: Annotated[
        Day | None, Field(description="The last day of it, as YYYY-MM-DD; for information.")
    ] = None


class Cloud(Model):
    """One OpenStack: its entry in clouds.yaml has this document's key as name."""

    title: Annotated[Text | None, Field(description="How the cloud is shown to people.")] = None
    sizes: Annotated[
        Mapping[Slug, CloudValue],
        Field(description="Logical size to flavor name or id, such as small: m1.small."),
    ] = {}
    images: Annotated[
        Mapping[Slug, CloudValue],
        Field(description="Logical image to image name or id, such as ubuntu: ubuntu-24.04."),
    ] = {}
    networks: Annotated[
        Mapping[Slug, CloudValue],
        Field(description="Logical network to network name or id, such as course: base-net."),
    ] = {}
    max_stacks: Annotated[
        int | None,
        Field(ge=1, description="Heat's max_stacks_per_tenant, which a plan cannot ask Heat for."),
    ] = None
    maintenance: Annotated[
        Maintenance | None,
        Field(description="While it is set, nothing is changed on this cloud."),
    ] = None


class Tenant(Model):
    """A location or faculty: its admins (forge accounts) and the clouds it may use."""

    title: Annotated[Text, Field(description="How the tenant is shown to people.")]
    admins: Annotated[
        tuple[Account, ...],
        Field(strict=False, description="Forge accounts that may approve for this tenant."),
    ] = ()
    clouds: Annotated[
        tuple[Slug, ...],
        Field(strict=False, description="The clouds that its lecturers may use."),
    ]


class SiteException(Model):
    """A dated consent to pass one rail (README of appstore); `scope` is an id pattern."""

    rule: Annotated[
        Literal["emptied", "many-deletes", "newer-run", "quota"],
        Field(description="The rail that may be passed."),
    ]
    scope: Annotated[
        Line, Field(description="What it holds for: an id or a pattern such as anna/*.")
    ]
    reason: Annotated[Line, Field(description="Why; it is shown where the exception is used.")]
    until: Annotated[Day, Field(description="The last day it holds, at most 14 days ahead.")]
    max: Annotated[
        int | None, Field(ge=1, description="The highest number of stacks that it allows for.")
    ] = None


class Site(Model):
    """Owner id, clouds with their logical names, tenants, admins, policy, risk, exceptions."""

    owner: Annotated[
        OwnerId,
        Field(description="The id of this installation; it marks every stack and never changes."),
    ]
    clouds: Annotated[
        Mapping[Slug, Cloud], Field(description="The clouds, by their name in clouds.yaml.")
    ]
    tenants: Annotated[
        Mapping[Slug, Tenant], Field(description="The locations or faculties, by name.")
    ]
    admins: Annotated[
        tuple[Account, ...],
        Field(strict=False, description="Forge accounts that look after the whole installation."),
    ] = ()
    resource_types: Annotated[
        tuple[Line, ...],
        Field(
            strict=False,
            description="Heat resource types that templates may use, such as OS::Nova::Server.",
        ),
    ]
    policy: Annotated[
        Mapping[Visibility, TemplatePolicy],
        Field(description="What templates of a visibility may do: private, tenant, global."),
    ] = {}
    risk: Annotated[Risk, Field(description="Which changes need which reviews.")] = Risk()
    ci: Annotated[Ci, Field(description="When pipelines run by themselves.")] = Ci()
    read_only: Annotated[
        Maintenance | None,
        Field(description="While it is set, nothing is changed on any cloud."),
    ] = None
    exceptions: Annotated[
        tuple[SiteException, ...],
        Field(strict=False, description="Dated consents to pass a rail."),
    ] = ()
