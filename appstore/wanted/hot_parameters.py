"""HOT `parameters` as JSON Schema, with Heat's meaning (README of appstore, fact 4.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from appstore.documents.findings import Finding
from appstore.documents.marks import JsonValue, Path
from appstore.wanted.conversion import HotType, as_author_meant
from appstore.wanted.hot import Template, mapping
from appstore.wanted.patterns import unsafe
from appstore.wanted.validation import Schema, Validation

SCHEMAS: Mapping[HotType, Schema] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "comma_delimited_list": {"type": "array", "items": {"type": "string"}},
    "json": {"type": ["object", "array"]},
}
_LENGTH: Mapping[HotType, tuple[str, ...]] = {
    "string": ("Length",),
    "comma_delimited_list": ("Items",),
    "json": ("Properties", "Items"),
}
CONSTRAINTS = "length", "range", "modulo", "allowed_values", "allowed_pattern", "custom_constraint"
_PATTERN_HINT = (
    "Write it so that at each character there is one way to go on, for example "
    "[a-z]+(-[a-z]+)*, or list allowed_values."
)
RESERVED = "appstore_"


@dataclass(frozen=True, slots=True)
class HotParameter:
    """One parameter of the template; `schema` describes values after Heat's conversion."""

    name: str
    type: HotType
    schema: Schema
    default: JsonValue
    hidden: bool


class _Wrong(Exception):
    """Heat would refuse this constraint, or should."""

    def __init__(
        self, message: str, hint: str = "See the constraints of Heat's templates."
    ) -> None:
        super().__init__(message)
        self.hint = hint


def hot_parameters(template: Template) -> tuple[Mapping[str, HotParameter], tuple[Finding, ...]]:
    """The parameters that could be read, and what is wrong with the others."""
    found: dict[str, HotParameter] = {}
    findings: list[Finding] = []
    for name, written in mapping(template.model.get("parameters")).items():
        parameter = _parameter(template, name, mapping(written), findings)
        if parameter is not None:
            found[name] = parameter
    findings.extend(_default_findings(template, found))
    return found, tuple(findings)


def tightened(schema: Schema, keyword: str, value: JsonValue) -> Schema:
    """The schema with one more demand; of two limits the stricter one holds."""
    old = schema.get(keyword)
    if keyword == "enum" and schema.get("type") == "array":
        items = schema.get("items")
        return {**schema, "items": dict(tightened(mapping(items), "enum", value))}
    if old is None:
        return {**schema, keyword: value}
    if keyword in ("pattern", "x-modulo"):
        others = schema.get("allOf")
        others = others if isinstance(others, list) else []
        return {**schema, "allOf": [*others, {keyword: value}]}
    if isinstance(old, list) and isinstance(value, list):
        return {**schema, keyword: [item for item in old if item in value]}
    assert isinstance(old, int | float)
    assert isinstance(value, int | float)
    stricter = max if keyword.startswith("min") else min
    return {**schema, keyword: stricter(old, value)}


def _parameter(
    template: Template, name: str, written: Mapping[str, JsonValue], findings: list[Finding]
) -> HotParameter | None:
    at = ("parameters", name)
    type_ = next((known for known in get_args(HotType) if known == written.get("type")), None)
    if type_ is None or name.startswith(RESERVED):
        findings.append(
            template.finding(
                "hot/parameter",
                f'The parameter "{name[:80]}" has no type that Heat knows, or a reserved name.',
                f"Types are: {', '.join(get_args(HotType))}. Names do not begin with {RESERVED}.",
                at,
            )
        )
        return None
    schema = dict(SCHEMAS[type_])
    for key, keyword in (("label", "title"), ("description", "description")):
        if isinstance(text := written.get(key), str):
            schema[keyword] = text
    if hidden := bool(written.get("hidden")):  # Heat takes any value for its truth
        schema["writeOnly"] = True
    if written.get("immutable") is True:
        schema["x-immutable"] = True
    narrowed: Schema = schema
    constraints = written.get("constraints")
    for index, constraint in enumerate(constraints if isinstance(constraints, list) else ()):
        try:
            narrowed = _constrained(narrowed, type_, mapping(constraint))
        except _Wrong as wrong:
            place: Path = (*at, "constraints", index)
            findings.append(template.finding("hot/constraint", str(wrong), wrong.hint, place))
    return HotParameter(name, type_, narrowed, written.get("default"), hidden)


def _constrained(schema: Schema, type_: HotType, constraint: Mapping[str, JsonValue]) -> Schema:
    """The schema with one item of `constraints`, or `_Wrong`."""
    kinds = [key for key in constraint if key != "description"]
    if len(kinds) != 1 or kinds[0] not in CONSTRAINTS:
        raise _Wrong(
            "A constraint must name exactly one rule; of several Heat keeps only one.",
            f"Write one list item each; rules are: {', '.join(CONSTRAINTS)}.",
        )
    kind, value = kinds[0], constraint[kinds[0]]
    match kind:
        case "length" if type_ in _LENGTH:
            for measure in _LENGTH[type_]:
                schema = _limited(schema, measure, mapping(value))
            return schema
        case "range" if type_ == "number":
            return _limited(schema, "imum", mapping(value))
        case "modulo" if type_ == "number":
            return tightened(schema, "x-modulo", _modulo(mapping(value)))
        case "allowed_values" if type_ != "json":
            if not isinstance(value, list) or not value:
                raise _Wrong("allowed_values must be a list with at least one value.")
            element: HotType = "string" if type_ == "comma_delimited_list" else type_
            return tightened(schema, "enum", [as_author_meant(one, element) for one in value])
        case "allowed_pattern" if type_ == "string":
            pattern = str(value)
            if (why := unsafe(pattern)) is not None:
                raise _Wrong(f"The pattern {pattern[:80]} {why}.", _PATTERN_HINT)
            return tightened(schema, "pattern", pattern)
        case "custom_constraint":
            return {**schema, "x-openstack-constraint": value}
        case _:
            raise _Wrong(f"The rule {kind} does not apply to a parameter of type {type_}.")


def _limited(schema: Schema, measure: str, limits: Mapping[str, JsonValue]) -> Schema:
    if not limits or limits.keys() - {"min", "max"}:
        raise _Wrong("The rule must say min, max, or both.")
    for end, limit in limits.items():
        number = as_author_meant(limit, "number")
        if not isinstance(number, int | float) or isinstance(number, bool):
            raise _Wrong(f"{end} must be a number.")
        schema = tightened(schema, f"{end}{measure}", number)
    return schema


def _modulo(value: Mapping[str, JsonValue]) -> JsonValue:
    step, offset = value.get("step"), value.get("offset")
    if not isinstance(step, int) or not isinstance(offset, int) or abs(offset) >= abs(step):
        raise _Wrong("modulo needs a step, and an offset that is smaller than the step.")
    return {"step": step, "offset": offset}


def _default_findings(
    template: Template, parameters: Mapping[str, HotParameter]
) -> Iterator[Finding]:
    defaults = {
        name: as_author_meant(parameter.default, parameter.type)
        for name, parameter in parameters.items()
        if parameter.default is not None
    }
    check = Validation({name: parameters[name].schema for name in defaults})
    for name, complaint in check.complaints(defaults):
        yield template.finding(
            "hot/default",
            f'The default of "{name}" {complaint}.',
            "Correct the default or the constraint.",
            ("parameters", name, "default"),
        )
    for name, parameter in parameters.items():
        if parameter.hidden and parameter.default not in (None, ""):
            yield template.finding(
                "hot/secret",
                f'"{name}" is secret; its value must not stand in git.',
                "Remove the default; deployments name a secret instead.",
                ("parameters", name, "default"),
            )
