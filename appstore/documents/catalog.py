"""`template.yaml`, `version.yaml` and `approval.yaml`: the card, the contract, the consent."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from appstore.documents.base import Account, Day, Line, Model, Text
from appstore.documents.names import Slug
from appstore.documents.problems import wrong
from appstore.documents.text import quoted

PARAMETER_NAME = r"^[A-Za-z][A-Za-z0-9_-]*$"
LINK = r"^(https://|mailto:)[^\s]+$"

Visibility = Literal["private", "tenant", "global"]
WIDTH: Mapping[Visibility, int] = {"private": 0, "tenant": 1, "global": 2}
"""Which visibility reaches more people than which."""
ParameterName = Annotated[str, StringConstraints(pattern=PARAMETER_NAME, max_length=64)]


class Link(Model):
    """A link on the card; https or mailto only."""

    title: Annotated[Text, Field(description="The words to click on.")]
    url: Annotated[
        str,
        StringConstraints(pattern=LINK, max_length=500),
        Field(description="The address; https:// or mailto: only."),
    ]


class Template(Model):
    """The card of a template: title, summary, owner (a lecturer or a tenant), visibility."""

    title: Annotated[Text, Field(description="The name that people read in the store.")]
    summary: Annotated[Text, Field(description="One sentence: what one gets.")]
    owner: Annotated[Slug, Field(description="The lecturer or tenant who looks after it.")]
    visibility: Annotated[
        Visibility,
        Field(description="Who may use it: only the owner, its tenant, or everybody."),
    ] = "private"
    links: Annotated[
        tuple[Link, ...], Field(strict=False, description="Manuals, course pages, contacts.")
    ] = ()


NARROW_KEYWORDS: Mapping[str, Mapping[str, object]] = {
    "enum": {"type": "array", "minItems": 1, "description": "The values to choose from."},
    "minimum": {"type": "number", "description": "The smallest number."},
    "maximum": {"type": "number", "description": "The largest number."},
    "minLength": {"type": "integer", "minimum": 0, "description": "The fewest characters."},
    "maxLength": {"type": "integer", "minimum": 0, "description": "The most characters."},
    "minItems": {"type": "integer", "minimum": 0, "description": "The fewest items."},
    "maxItems": {"type": "integer", "minimum": 0, "description": "The most items."},
}
"""The keywords of JSON Schema that may narrow a parameter, each with the schema of its value.

No `pattern`: a regular expression can take for ever on a hostile value.
"""


def _narrow(value: Mapping[str, object]) -> Mapping[str, object]:
    for keyword, limit in value.items():
        if keyword not in NARROW_KEYWORDS:
            close = get_close_matches(keyword, NARROW_KEYWORDS, 1)
            raise wrong(
                "document/unknown-field",
                f"has the unknown keyword {quoted(keyword)}",
                (f'Did you mean "{close[0]}"? ' if close else "")
                + f"Known are {', '.join(NARROW_KEYWORDS)}.",
            )
        match keyword, limit:
            case "enum", list() if limit:
                continue
            case "minimum" | "maximum", int() | float() if not isinstance(limit, bool):
                continue
            case (_, int()) if keyword.startswith(("minL", "maxL", "minI", "maxI")):
                if not isinstance(limit, bool) and limit >= 0:
                    continue
        raise wrong(
            "document/wrong-type",
            f"has no usable value for {keyword}",
            "enum takes a list with at least one item, the others take a number.",
        )
    return value


def _written(value: object) -> object:
    """Runs for values in the file only, so an explicit null is told from a line left out."""
    if value is None:
        raise wrong("document/no-value", "has no value", "Write a value, or delete the line.")
    return value


Written = Annotated[object, BeforeValidator(_written)]


class Parameter(Model):
    """How the contract presents one HOT parameter to lecturers.

    `bind` offers the logical names of the site (`size`, `image`, `network`) in place of free text;
    `fixed` sets the value for everybody; `hidden` takes it out of the form, its HOT default or
    `default` is used; `narrow` is JSON Schema (keywords `enum`, `minimum`, `maximum`, `minLength`,
    `maxLength`, `minItems`, `maxItems`) on top of what HOT says. None means that `fixed` or
    `default` is not written: an explicit null is a finding.
    """

    title: Annotated[Text | None, Field(description="The label of the form field.")] = None
    help: Annotated[Text | None, Field(description="One sentence below the form field.")] = None
    bind: Annotated[
        Literal["size", "image", "network"] | None,
        Field(description="Take the site's logical names instead of free text."),
    ] = None
    fixed: Annotated[
        Written, Field(description="The value for everybody; nobody can change it.")
    ] = None
    default: Annotated[
        Written, Field(description="The value when a deployment gives none; before HOT's default.")
    ] = None
    hidden: Annotated[bool, Field(description="true: not in the form; its default is used.")] = (
        False
    )
    narrow: Annotated[
        Mapping[str, object],
        AfterValidator(_narrow),
        WithJsonSchema(
            {"type": "object", "properties": NARROW_KEYWORDS, "additionalProperties": False}
        ),
        Field(description="JSON Schema keywords that narrow what the template allows."),
    ] = {}


class Endpoint(Model):
    """One way into an instance: the Heat output `output` holds its address."""

    title: Annotated[Text | None, Field(description="The words to click on.")] = None
    kind: Annotated[
        Literal["browser", "ssh", "guacamole"],
        Field(description="How students get in: a web page, SSH, or a desktop in the browser."),
    ]
    output: Annotated[ParameterName, Field(description="The output of heat.yaml that tells where.")]


class Footprint(Model):
    """What one instance takes of a quota, where its templates do not say it literally."""

    instances: Annotated[int, Field(ge=0, description="Servers.")] = 0
    cores: Annotated[int, Field(ge=0, description="Virtual CPUs of all servers.")] = 0
    ram_mb: Annotated[int, Field(ge=0, description="Memory of all servers, in MiB.")] = 0
    floating_ips: Annotated[int, Field(ge=0, description="Public addresses.")] = 0


class Version(Model):
    """The contract of one immutable version."""

    summary: Annotated[Text | None, Field(description="What is special about this version.")] = None
    changelog: Annotated[
        tuple[Text, ...],
        Field(strict=False, description="What changed since the version before, line by line."),
    ] = ()
    parameters: Annotated[
        Mapping[ParameterName, Parameter],
        Field(description="How the parameters of heat.yaml are shown and narrowed."),
    ] = {}
    endpoints: Annotated[
        Mapping[Slug, Endpoint], Field(description="The ways into an instance, by name.")
    ] = {}
    timeout: Annotated[
        int, Field(ge=5, le=240, description="Minutes after which building counts as failed.")
    ] = 60
    footprint: Annotated[
        Footprint | None,
        Field(description="What one instance takes, where heat.yaml does not say it plainly."),
    ] = None


class Withdrawal(Model):
    """That a version is on its way out: who said so, when, and why."""

    by: Annotated[Account, Field(description="The forge account of the admin.")]
    date: Annotated[Day, Field(description="The day on which it was said, YYYY-MM-DD.")]
    reason: Annotated[Line | None, Field(description="Why; lecturers read it.")] = None


class Revocation(Model):
    """That a version must not be used any more, such as for a vulnerability."""

    by: Annotated[Account, Field(description="The forge account of the admin.")]
    date: Annotated[Day, Field(description="The day of the revocation, YYYY-MM-DD.")]
    reason: Annotated[Line, Field(description="Why; lecturers read it.")]
    grace: Annotated[
        int, Field(ge=0, le=90, description="Days until what runs of it is put to sleep.")
    ] = 7


class Approval(Model):
    """An admin's recorded consent to one version, bound to the digest of its content.

    Of `revoked`, `retired` and `deprecated` the first that is written counts. `tenant` belongs to
    the visibility `tenant` and to no other.
    """

    digest: Annotated[Line, Field(description="The digest of the version's content.")]
    visibility: Annotated[
        Literal["tenant", "global"],
        Field(description="For whom it is approved: for one tenant, or for everybody."),
    ]
    tenant: Annotated[
        Slug | None, Field(description="With visibility tenant: which, a key of site.yaml.")
    ] = None
    approver: Annotated[Account, Field(description="The forge account of the admin.")]
    date: Annotated[Day, Field(description="The day of the approval, YYYY-MM-DD.")]
    note: Annotated[Line | None, Field(description="What the admin wants to be remembered.")] = None
    checked: Annotated[
        tuple[Line, ...], Field(strict=False, description="What was checked, line by line.")
    ] = ()
    deprecated: Annotated[
        Withdrawal | None, Field(description="It runs on; new deployments take a newer one.")
    ] = None
    retired: Annotated[
        Withdrawal | None, Field(description="Nobody uses it any more, and nobody may.")
    ] = None
    revoked: Annotated[
        Revocation | None, Field(description="Nobody may use it; what runs is put to sleep.")
    ] = None
