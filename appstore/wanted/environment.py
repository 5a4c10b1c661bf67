"""The environment of a stack: values, guards, and the parameters as they were written.

Heat keeps and returns keys of `parameter_defaults` that no template knows (README of appstore,
fact 4.3): so the written forms travel with the stack, and what each logical name meant. A later
run knows which name stands behind a live value, and whether that value is still ours.
"""

import json
from collections.abc import Mapping

from appstore.documents.marks import JsonValue
from appstore.wanted.digest import canonical, written_forms
from appstore.wanted.spec import Logical, Plain, SecretRef, Spec

WRITTEN = "appstore_written"
RESOLVED = "appstore_resolved"
OURS = frozenset((WRITTEN, RESOLVED))
"""The keys of `parameter_defaults` that are ours."""


def environment(spec: Spec, values: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """What is sent with a create or a full update; `values` as `values_to_send` gives them."""
    return {
        "parameters": dict(values),
        "parameter_defaults": {
            WRITTEN: canonical(written_forms(spec.parameters)),
            **_resolved(spec, values),
        },
        **restrictions_only(spec.restrictions),
    }


def _resolved(spec: Spec, values: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """What each logical name meant when it was sent; without any, nothing is said."""
    logical = (name for name, each in spec.parameters.items() if isinstance(each, Logical))
    meant = {name: values[name] for name in logical}
    return {RESOLVED: canonical(meant)} if meant else {}


def restrictions_only(restrictions: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """What is sent with a PATCH: parameters and all else of the live environment stay."""
    return {"resource_registry": {"resources": dict(restrictions)}}


def written(environment: Mapping[str, JsonValue]) -> Mapping[str, JsonValue] | None:
    """The written forms that a live environment carries; None where it has none of ours."""
    return _carried(environment, WRITTEN)


def _carried(environment: Mapping[str, JsonValue], key: str) -> Mapping[str, JsonValue] | None:
    defaults = environment.get("parameter_defaults")
    text = defaults.get(key) if isinstance(defaults, dict) else None
    try:
        carried = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return carried if isinstance(carried, dict) else None


def without_secrets(spec: Spec) -> Mapping[str, str]:
    """Secret values for a comparison, which looks at their written references alone."""
    return {name: "" for name, value in spec.parameters.items() if isinstance(value, SecretRef)}


def values_to_send(
    spec: Spec,
    secrets: Mapping[str, str],
    live_environment: Mapping[str, JsonValue] | None,
) -> Mapping[str, JsonValue]:
    """The value of each parameter; `secrets` are the secret values by parameter name.

    `live_environment` is given for an update or a retry: a logical name that is still written
    the same keeps the value that the stack has, so a new image behind a name of the site touches
    nothing that runs. Raises KeyError for a secret without a value.
    """
    kept = {} if live_environment is None else _kept(spec, live_environment)
    values: dict[str, JsonValue] = {}
    for name, parameter in spec.parameters.items():
        match parameter:
            case Plain(value):
                values[name] = value
            case Logical(resolved=resolved):
                values[name] = kept.get(name, resolved)
            case SecretRef():
                values[name] = secrets[name]
    return values


def _kept(spec: Spec, live: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """What parameters that are written as they were were sent as.

    The live value stands in where that was not recorded; else it may be somebody else's.
    """
    values, forms = live.get("parameters"), written(live)
    if not isinstance(values, dict) or forms is None:
        return {}
    meant = {**values, **(_carried(live, RESOLVED) or {})}
    now = written_forms(spec.parameters)
    return {name: meant[name] for name in now.keys() & meant.keys() if forms.get(name) == now[name]}
