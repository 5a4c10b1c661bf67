"""`template.yaml`, `version.yaml` and `approval.yaml`: the card, the contract, the consent."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from appstore.documents.base import Day, Line, Model, Text
from appstore.documents.names import Slug

Visibility = Literal["private", "tenant", "global"]
ParameterName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=64)
]


class Link(Model):
    """A link on the card; https or mailto only."""

    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^(https://|mailto:)\S+$", max_length=500)]


class Template(Model):
    """The card of a template: title, summary, owner (a lecturer or a tenant), visibility."""

    title: Text
    summary: Text
    owner: Slug
    visibility: Visibility = "private"
    links: Annotated[tuple[Link, ...], Field(strict=False)] = ()


class Parameter(Model):
    """How the contract presents one HOT parameter to lecturers.

    `bind` offers the logical names of the site (`size`, `image`, `network`) in place of free text;
    `fixed` sets the value for everybody; `hidden` takes it out of the form, its HOT default or
    `default` is used; `narrow` is JSON Schema (keywords `enum`, `minimum`, `maximum`, `minLength`,
    `maxLength`, `minItems`, `maxItems`) on top of what HOT says.
    """

    title: Text | None = None
    help: Text | None = None
    bind: Literal["size", "image", "network"] | None = None
    fixed: object = None
    default: object = None
    hidden: bool = False
    narrow: Mapping[str, object] = {}


class Endpoint(Model):
    """One way into an instance: the Heat output `output` holds its address."""

    title: Text | None = None
    kind: Literal["browser", "ssh", "guacamole"]
    output: ParameterName


class Footprint(Model):
    """What one instance takes of a quota, where its templates do not say it literally."""

    instances: Annotated[int, Field(ge=0)] = 0
    cores: Annotated[int, Field(ge=0)] = 0
    ram_mb: Annotated[int, Field(ge=0)] = 0
    floating_ips: Annotated[int, Field(ge=0)] = 0


class Version(Model):
    """The contract of one immutable version."""

    summary: Text | None = None
    changelog: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    parameters: Mapping[ParameterName, Parameter] = {}
    endpoints: Mapping[Slug, Endpoint] = {}
    timeout: Annotated[int, Field(ge=5, le=240)] = 60
    footprint: Footprint | None = None


class Approval(Model):
    """An admin's recorded consent to one version, bound to the digest of its content."""

    digest: Line
    visibility: Visibility
    approver: Line
    date: Day
    note: Line | None = None
