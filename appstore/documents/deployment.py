"""`deployments/<lecturer>[/<course>]/<name>.yaml`: one deployment."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from appstore.documents.base import Day, Model, Text
from appstore.documents.names import DeploymentId, MemberName, VersionRef
from appstore.documents.problems import wrong

SECRET_KEY = r"^[a-z][a-z0-9_]*$"
STACK_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
LONGEST_VALUE = 65_536

Counter = Annotated[int, Field(ge=0, le=9999)]
SecretKey = Annotated[str, StringConstraints(pattern=SECRET_KEY, max_length=40)]


class SecretSource(Model):
    """Where a secret value is read when the request is sent; `version` grows to rotate it.

    Source `env` is the variable `APPSTORE_SECRET_<LECTURER>__<KEY>` of the applying process,
    `file` the file `<lecturer>/<key>` below the folder `APPSTORE_SECRETS_DIR`: a merge request
    can name a secret of its own lecturer, never another variable or file.
    """

    from_: Annotated[
        Literal["env", "file"],
        Field(alias="from", description="Read from a CI variable (env) or a mounted file (file)."),
    ]
    key: Annotated[SecretKey, Field(description="The name of the secret, such as db_password.")]
    version: Annotated[
        int, Field(ge=1, le=9999, description="Raise it after the secret was changed.")
    ] = 1


class Secret(Model):
    """A typed reference in place of a secret value."""

    secret: Annotated[SecretSource, Field(description="Where the value is kept; never the value.")]


def _plain(value: object) -> object:
    """A value as YAML gives it; what is inside is checked against the template later."""
    if value is None:
        raise wrong(
            "document/no-value",
            "has no value",
            "Write a value after the colon, or delete the line to use the template's default.",
        )
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        raise wrong(
            "document/too-long",
            f"is longer than {LONGEST_VALUE} characters",
            "Put long scripts into the template's version folder.",
        )
    if _holds_secret(value):
        raise wrong(
            "document/nested-secret",
            "holds a secret inside of another value",
            "A secret must be the whole value of a parameter; give it a parameter of its own.",
        )
    return value


def _holds_secret(value: object) -> bool:
    match value:
        case dict():
            return any(
                (key == "secret" and isinstance(inner, dict) and "from" in inner)
                or _holds_secret(inner)
                for key, inner in value.items()
            )
        case list():
            return any(_holds_secret(item) for item in value)
        case _:
            return False


def _secret_or_plain(value: object) -> str:
    return "<secret>" if isinstance(value, dict) and "secret" in value else "<value>"


Scalar = str | bool | int | float
Plain = Annotated[
    Scalar | list[object] | dict[str, object],
    PlainValidator(_plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number", "boolean", "array"]},
                {"type": "object", "not": {"required": ["secret"]}},
            ]
        }
    ),
]
ParameterValue = Annotated[
    Annotated[Secret, Tag("<secret>")] | Annotated[Plain, Tag("<value>")],
    Discriminator(_secret_or_plain),
]


def _one_or_several(value: object) -> str:
    return "<ids>" if isinstance(value, dict) else "<id>"


StackId = Annotated[str, StringConstraints(pattern=STACK_ID)]
Adopted = Annotated[
    Annotated[StackId, Tag("<id>")] | Annotated[Mapping[MemberName, StackId], Tag("<ids>")],
    Discriminator(_one_or_several),
]
"""The id of one stack, or one for each member that takes over a stack."""


class Rollout(Model):
    """A change reaches a few members first, then the others in batches."""

    canary: Annotated[
        int, Field(ge=0, le=999, description="How many machines try a change before all others.")
    ] = 1
    batch: Annotated[
        int, Field(ge=1, le=999, description="How many machines follow at a time after that.")
    ] = 10
    max_failures: Annotated[
        int,
        Field(ge=1, le=999, description="It stops at so many failures; a failed canary stops it."),
    ] = 1


class Deployment(Model):
    """A template version, its parameters, for whom, and the wanted state."""

    template: Annotated[
        VersionRef, Field(description="Template and version, such as web-lab@1.0.0.")
    ]
    for_: Annotated[
        Literal["course", "group", "student"] | None,
        Field(alias="for", description="One machine for the course, each group, or each student."),
    ] = None
    title: Annotated[Text | None, Field(description="How it is shown to students.")] = None
    parameters: Annotated[
        Mapping[str, ParameterValue],
        Field(
            description="Values for the template's parameters; its page in the store lists them."
        ),
    ] = {}
    state: Annotated[
        Literal["running", "suspended", "absent"],
        Field(description="running follows the schedule; suspended sleeps; absent is deleted."),
    ] = "running"
    reset: Annotated[
        Mapping[MemberName, Counter],
        Field(
            description="Raise a number to rebuild from scratch: all, or one member such as s07."
        ),
    ] = {}
    retry: Annotated[
        Counter, Field(description="Raise it to try again after the tool has given up.")
    ] = 0
    rollout: Annotated[
        Rollout | None,
        Field(description="Change a few machines first, then the others in batches."),
    ] = None
    ends: Annotated[
        Day | None, Field(description="The last day, YYYY-MM-DD; otherwise the course's.")
    ] = None
    protect: Annotated[
        bool, Field(description="true: nothing may delete, rebuild or end these machines.")
    ] = False
    base: Annotated[
        bool,
        Field(description="true: the shared network of a project (only outside of a course)."),
    ] = False
    accept_replace: Annotated[
        VersionRef | None,
        Field(description="The version whose update may replace servers: their disks are lost."),
    ] = None
    adopt: Annotated[
        Adopted | None,
        Field(description="The id of a living stack to take over; for seats such as {s07: <id>}."),
    ] = None
    id: Annotated[
        DeploymentId | None,
        Field(description="The id that it had before the file was moved or renamed."),
    ] = None
