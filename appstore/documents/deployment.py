"""`deployments/<lecturer>[/<course>]/<name>.yaml`: one deployment."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from appstore.documents.base import Day, Model, Text
from appstore.documents.names import DeploymentId, VersionRef

Counter = Annotated[int, Field(ge=0, le=9999)]
SecretKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class SecretSource(Model):
    """Where a secret value is read when the request is sent; `version` grows to rotate it.

    Source `env` is the variable `APPSTORE_SECRET_<LECTURER>_<KEY>` of the applying process,
    `file` the file `<lecturer>/<key>` below the folder `APPSTORE_SECRETS_DIR`: a merge request
    can name a secret of its own lecturer, never another variable or file.
    """

    from_: Annotated[Literal["env", "file"], Field(alias="from")]
    key: SecretKey
    version: Annotated[int, Field(ge=1, le=9999)] = 1


class Secret(Model):
    """A typed reference in place of a secret value."""

    secret: SecretSource


Scalar = Annotated[str, StringConstraints(max_length=65_536)] | bool | int | float
ParameterValue = Scalar | Secret | list[object] | dict[str, object]


class Deployment(Model):
    """A template version, its parameters, for whom, and the wanted state."""

    template: VersionRef
    for_: Annotated[Literal["course", "group", "student"] | None, Field(alias="for")] = None
    title: Text | None = None
    parameters: Mapping[str, ParameterValue] = {}
    state: Literal["running", "suspended", "absent"] = "running"
    reset: Mapping[str, Counter] = {}
    retry: Counter = 0
    ends: Day | None = None
    protect: bool = False
    base: bool = False
    accept_replace: VersionRef | None = None
    adopt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")] | None = None
    id: DeploymentId | None = None
