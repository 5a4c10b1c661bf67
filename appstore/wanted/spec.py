"""What the reviewed files ask Heat for: one spec serves every member of a deployment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from appstore.documents.catalog import Footprint
from appstore.documents.marks import JsonValue

DIGEST_FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Plain:
    """A value as written (or fixed, or defaulted by the contract)."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Logical:
    """A logical name of the site; `resolved` is what it means today on the lecturer's cloud."""

    kind: Literal["size", "image", "network"]
    name: str
    resolved: str


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A secret by reference; its value is read when a request is sent and kept nowhere."""

    source: Literal["env", "file"]
    key: str
    version: int


Parameter = Plain | Logical | SecretRef


@dataclass(frozen=True, slots=True)
class Spec:
    """Template, file closure, parameters, guards; `digest` is `<format>.<26 base32>`.

    `files` has keys relative to the version folder. `restrictions` is the value of
    `resource_registry.resources` that forbids to replace servers and volumes, empty where the
    deployment accepts replacement for exactly this version; `guards` is the same whether it does or
    not, for the PATCHes that only change tags. `hidden` names the HOT parameters
    with `hidden: true`, whose values are shown nowhere. `footprint` is what the contract declares
    of the quota; `sizes` are the sizes that the deployment might write instead, by parameter.
    """

    version: str
    template: Mapping[str, JsonValue]
    files: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    restrictions: Mapping[str, JsonValue]
    accept_replace: bool
    hidden: frozenset[str]
    timeout_minutes: int
    digest: str
    guards: Mapping[str, JsonValue] = field(default_factory=dict)
    footprint: Footprint | None = None
    sizes: Mapping[str, tuple[Logical, ...]] = field(default_factory=dict)
