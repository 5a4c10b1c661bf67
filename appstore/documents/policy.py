"""What site.yaml says about merge requests: what templates may do, and who has to look at what."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from appstore.documents.base import Line, Model
from appstore.documents.problems import wrong

ChangeKind = Literal[
    "text",
    "seat-reset",
    "retry",
    "reset",
    "state",
    "removal",
    "extension",
    "long-extension",
    "deployment",
    "many-instances",
    "public-address",
    "draft-use",
    "base",
    "safeguard",
    "course",
    "staff",
    "profile",
    "accounts",
    "mapping",
    "template",
    "version",
    "card",
    "visibility",
    "ownership",
    "approval",
    "global-approval",
    "withdrawal",
    "site",
    "repository",
]
"""The kinds of change; what each is, who may make it and who reviews it: govern/tiers.py."""

Reviewer = Literal["tenant-admin", "site-admin"]


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        raise wrong(
            "site/source",
            "is not a range of addresses",
            "Write it as 192.0.2.0/24 or 2001:db8::/32.",
        ) from error
    return text


class TemplatePolicy(Model):
    """What a version may do that is proposed for one visibility."""

    resource_types: Annotated[
        tuple[Line, ...] | None,
        Field(strict=False, description="Narrower than the site's resource_types, which hold too."),
    ] = None
    open_ports: Annotated[
        tuple[Annotated[int, Field(ge=1, le=65535)], ...],
        Field(strict=False, description="Open to the world besides those of declared endpoints."),
    ] = ()
    sources: Annotated[
        tuple[Annotated[Line, AfterValidator(_network)], ...],
        Field(strict=False, description="Ranges that may reach any port, such as the campus."),
    ] = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")


class Risk(Model):
    """From which size on, and for which kinds of change, somebody else has to look."""

    instances: Annotated[
        int, Field(ge=0, description="More new machines in one merge request are many-instances.")
    ] = 40
    public_addresses: Annotated[
        int, Field(ge=0, description="More new machines with a public address are public-address.")
    ] = 0
    days: Annotated[
        int, Field(ge=0, le=3660, description="A later end by more days is a long-extension.")
    ] = 200
    reviews: Annotated[
        Mapping[ChangeKind, Annotated[tuple[Reviewer, ...], Field(strict=False, max_length=3)]],
        Field(description="Kind of change to the reviews it needs, [] for none; else defaults."),
    ] = {}


class Ci(Model):
    """How the pipelines run."""

    schedule_minutes: Annotated[
        int, Field(ge=5, le=1440, description="Minutes between two scheduled runs.")
    ] = 15
