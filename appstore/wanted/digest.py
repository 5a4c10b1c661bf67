"""The spec digest: what the reviewed files ask for, in 26 characters (README of appstore)."""

import base64
import hashlib
import json
from collections.abc import Mapping

from appstore.documents.marks import JsonValue
from appstore.wanted.spec import DIGEST_FORMAT, Logical, Parameter, Plain, SecretRef


def canonical(value: object) -> str:
    """Compact JSON with sorted keys, in ASCII, as it travels."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def content_digest(template: Mapping[str, JsonValue], files: Mapping[str, str]) -> str:
    """The sha256 of template and file closure; worked out once per version."""
    text = canonical({"template": template, "files": files})
    return hashlib.sha256(text.encode()).hexdigest()


def spec_digest(
    content: str, parameters: Mapping[str, Parameter], timeout_minutes: int, accept_replace: bool
) -> str:
    """`<format>.<26 base32>` over content, parameters as written, timeout and consent."""
    text = canonical(
        {
            "content": content,
            "parameters": written_forms(parameters),
            "timeout": timeout_minutes,
            "accept_replace": accept_replace,
        }
    )
    short = base64.b32encode(hashlib.sha256(text.encode()).digest())[:26].decode().lower()
    return f"{DIGEST_FORMAT}.{short}"


def written_forms(parameters: Mapping[str, Parameter]) -> dict[str, JsonValue]:
    """Each parameter as the files say it: `{size: small}`, `{value: 3}`, `{secret: {...}}`.

    Neither what a logical name means today nor the value of a secret is in it.
    """
    return {name: _written(parameter) for name, parameter in parameters.items()}


def _written(parameter: Parameter) -> JsonValue:
    match parameter:
        case Plain(value):
            return {"value": value}
        case Logical(kind, name):
            return {kind: name}
        case SecretRef(source, key, version):
            return {"secret": {"from": source, "key": key, "version": version}}
