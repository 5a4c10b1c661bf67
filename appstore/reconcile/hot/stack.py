"""One stack's template as evaluated resources; nested templates are stacks in the same way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from appstore.reconcile.hot.evaluate import Scope
from appstore.reconcile.hot.values import SYMBOLS, Budget, Symbol, Unknown, Value, comparable


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource with parameters and files put in; `enabled` is what its condition says."""

    type: str
    enabled: bool | Symbol
    properties: Value
    metadata: Value
    deletion_policy: Value
    update_policy: Value
    external_id: Value


@dataclass(frozen=True, slots=True)
class Stack:
    """`path` leads from the root stack to this one (`nested/`), empty for the root itself."""

    path: str
    resources: Mapping[str, Resource]
    files: Mapping[str, str]
    outputs: Mapping[str, Value]


def read_stack(
    path: str,
    template: Mapping[str, object],
    files: Mapping[str, str],
    given: Mapping[str, Value],
    budget: Budget,
) -> Stack:
    """Evaluate a template with the parameter values that it is given; never raises."""
    declared = _section(template, "parameters")
    parameters = {name: _parameter(name, declared[name], given) for name in declared}
    scope = Scope(path, parameters, files, template.get("conditions"), budget)
    resources = {
        name: _resource(snippet, scope) for name, snippet in _section(template, "resources").items()
    }
    outputs = {
        name: scope.evaluate(output) for name, output in _section(template, "outputs").items()
    }
    return Stack(path, resources, files, outputs)


def hidden_parameters(template: Mapping[str, object]) -> frozenset[str]:
    """Names of the parameters that the template itself declares hidden."""
    return frozenset(
        name
        for name, declared in _section(template, "parameters").items()
        if isinstance(declared, Mapping) and _boolean(declared.get("hidden")) is True
    )


@lru_cache(maxsize=32)
def nested_template(text: str) -> Mapping[str, object] | None:
    """A nested template's text read as Heat reads it; None where it cannot be read or is too large.

    Heat: SafeLoader with timestamps kept as text, then as JSON (README of appstore, fact 4.2).
    """
    import yaml

    from appstore.reconcile.hot.yaml_as_heat import HeatLoader

    try:
        loaded = yaml.load(text, Loader=HeatLoader)
        if not isinstance(loaded, dict) or not comparable(loaded):
            return None
        template = json.loads(json.dumps(loaded))
    except (yaml.YAMLError, RecursionError, TypeError, ValueError):
        return None
    return template if isinstance(template, dict) else None


def _section(template: Mapping[str, object], name: str) -> Mapping[str, object]:
    section = template.get(name)
    return {str(k): v for k, v in section.items()} if isinstance(section, Mapping) else {}


def _resource(snippet: object, scope: Scope) -> Resource:
    if not isinstance(snippet, Mapping):
        return Resource("", True, scope.evaluate(snippet), None, None, None, None)
    condition = snippet.get("condition")
    return Resource(
        type=str(snippet.get("type", "")),
        enabled=True if condition is None else scope.condition(condition),
        properties=scope.evaluate(snippet.get("properties") or {}),
        metadata=scope.evaluate(snippet.get("metadata") or {}),
        deletion_policy=scope.evaluate(snippet.get("deletion_policy")),
        update_policy=scope.evaluate(snippet.get("update_policy") or {}),
        external_id=scope.evaluate(snippet.get("external_id")),
    )


def _parameter(name: str, declared: object, given: Mapping[str, Value]) -> Value:
    """The value in force, converted to the declared type as far as it can be."""
    schema = declared if isinstance(declared, Mapping) else {}
    value = given.get(name)
    if value is None:
        value = schema.get("default")
    if not comparable(value):
        return Unknown(f"the parameter {name} is too large to compare")
    if isinstance(value, SYMBOLS):
        return value
    return _converted(value, str(schema.get("type", "")).lower())


def _converted(value: Value, kind: str) -> Value:
    match kind, value:
        case "string", bool() | int() | float():
            return str(value)
        case "number", str():
            return _number(value)
        case "boolean", str() | int():
            return _boolean(value)
        case "comma_delimited_list", str():
            return [item.strip() for item in value.split(",")] if value.strip() else []
        case "json", str():
            return _json(value)
        case _:
            return value


def _number(value: str) -> Value:
    for convert in (int, float):
        try:
            return convert(value)
        except ValueError:
            continue
    return value


def _boolean(value: Value | object) -> Value:
    """As oslo.utils reads booleans."""
    word = str(value).strip().lower()
    if word in ("t", "true", "on", "y", "yes", "1"):
        return True
    if word in ("f", "false", "off", "n", "no", "0"):
        return False
    return value if isinstance(value, str | int) else None


def _json(value: str) -> Value:
    try:
        parsed: Value = json.loads(value) if value else {}
    except (ValueError, RecursionError):
        return value
    return parsed if comparable(parsed) else Unknown("the JSON text is too large to compare")
