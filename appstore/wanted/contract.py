"""The contract of a version on top of its HOT parameters: what a lecturer may set, and to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from appstore.documents.catalog import Parameter, Version
from appstore.documents.findings import Finding
from appstore.documents.marks import Document, JsonValue
from appstore.registry.nearest import known_instead
from appstore.wanted.conversion import HotType, as_author_meant, as_heat_reads
from appstore.wanted.hot import Template, mapping
from appstore.wanted.hot_parameters import HotParameter, tightened
from appstore.wanted.validation import Schema, Validation

NARROWING: Mapping[HotType, tuple[str, ...]] = {
    "string": ("enum", "minLength", "maxLength"),
    "number": ("enum", "minimum", "maximum"),
    "boolean": ("enum",),
    "comma_delimited_list": ("enum", "minItems", "maxItems"),
    "json": (),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One parameter as lecturers meet it.

    `schema` holds for the value that Heat gets; where `bind` is set a logical name is written
    instead, one of `choices` if they are given. `fixed` and `default` are as the contract
    writes them, None where it does not. `offered` is whether a deployment may set it, `needed`
    whether it must.
    """

    hot: HotParameter
    schema: Schema
    bind: Literal["size", "image", "network"] | None
    choices: tuple[str, ...] | None
    fixed: JsonValue
    default: JsonValue
    offered: bool
    needed: bool


def rules(
    contract: Document[Version], parameters: Mapping[str, HotParameter]
) -> tuple[Mapping[str, Rule], tuple[Finding, ...]]:
    """A rule for each HOT parameter, and what is wrong in `version.yaml`."""
    presented = contract.model.parameters
    findings = [*_unknown(contract, parameters)]
    found: dict[str, Rule] = {}
    for name, hot in parameters.items():
        parameter = presented.get(name, Parameter())
        found[name] = _rule(contract, name, hot, parameter, findings)
        findings.extend(_form_findings(contract, name, found[name]))
    findings.extend(_value_findings(contract, found))
    return found, tuple(findings)


def output_findings(contract: Document[Version], template: Template) -> Iterator[Finding]:
    """Endpoints whose output the template lacks."""
    outputs = mapping(template.model.get("outputs"))
    for name, endpoint in contract.model.endpoints.items():
        if endpoint.output not in outputs:
            yield contract.finding(
                "contract/output",
                f'The template has no output "{endpoint.output}".',
                f"{known_instead(endpoint.output, outputs)} Or add it to heat.yaml.",
                ("endpoints", name, "output"),
            )


def _rule(
    contract: Document[Version],
    name: str,
    hot: HotParameter,
    parameter: Parameter,
    findings: list[Finding],
) -> Rule:
    schema = hot.schema
    choices: tuple[str, ...] | None = None
    allowed = ("enum",) if parameter.bind else NARROWING[hot.type]
    for keyword, value in parameter.narrow.items():
        if keyword not in allowed:
            findings.append(
                contract.finding(
                    "contract/narrow",
                    f'"{keyword}" cannot narrow "{name}".',
                    f"Possible here: {', '.join(allowed) or 'nothing'}.",
                    ("parameters", name, "narrow", keyword),
                )
            )
        elif parameter.bind:
            choices = tuple(map(str, cast(list[JsonValue], value)))
        else:
            schema = tightened(schema, keyword, _converted(cast(JsonValue, value), hot.type))
    fixed, default = cast(JsonValue, parameter.fixed), cast(JsonValue, parameter.default)
    set_here = fixed is not None or default is not None or hot.default is not None
    offered = not parameter.hidden and fixed is None
    return Rule(
        hot, schema, parameter.bind, choices, fixed, default, offered, offered and not set_here
    )


def _converted(value: JsonValue, type_: HotType) -> JsonValue:
    """The value of a `narrow` keyword; the members of an `enum` as Heat reads them."""
    element: HotType = "string" if type_ == "comma_delimited_list" else type_
    return [as_author_meant(one, element) for one in value] if isinstance(value, list) else value


def _unknown(
    contract: Document[Version], parameters: Mapping[str, HotParameter]
) -> Iterator[Finding]:
    for name in contract.model.parameters:
        if name not in parameters:
            yield contract.finding(
                "contract/parameter",
                f'heat.yaml has no parameter "{name}".',
                f"{known_instead(name, parameters)} Or add it to heat.yaml.",
                ("parameters", name),
            )


def _form_findings(contract: Document[Version], name: str, rule: Rule) -> Iterator[Finding]:
    """What is wrong with the way one parameter is presented."""
    values = mapping(rule.schema.get("items")).get("enum", rule.schema.get("enum"))
    if values == []:
        yield contract.finding(
            "contract/empty-enum",
            f'No value is left for "{name}".',
            "Let narrow.enum and the template's allowed_values have a value in common.",
            ("parameters", name, "narrow", "enum"),
        )
    if rule.bind is not None and rule.hot.type != "string":
        yield contract.finding(
            "contract/bind",
            f'"{name}" cannot be bound: in heat.yaml its type is {rule.hot.type}, not string.',
            "Bind only parameters of type string.",
            ("parameters", name, "bind"),
        )
    unset = rule.fixed is None and rule.default is None and rule.hot.default is None
    if not rule.offered and unset:
        yield contract.finding(
            "contract/hidden",
            f'"{name}" is hidden and has no value.',
            "Give it a default or a fixed value, or show it.",
            ("parameters", name, "hidden"),
        )
    for key, value in (("fixed", rule.fixed), ("default", rule.default)):
        if rule.hot.hidden and value is not None:
            yield contract.finding(
                "contract/secret",
                f'"{name}" is secret; its value must not stand in git.',
                "Remove the value; deployments name a secret instead.",
                ("parameters", name, key),
            )
        if rule.bind and value is not None and not _choosable(value, rule.choices):
            yield contract.finding(
                "contract/default",
                f'The value of "{name}" is not a logical name that its choices allow.',
                f"Choices are: {', '.join(rule.choices or ())}."
                if rule.choices
                else f"Write the site's name of a {rule.bind}.",
                ("parameters", name, key),
            )


def _choosable(value: JsonValue, choices: tuple[str, ...] | None) -> bool:
    return isinstance(value, str) and (choices is None or value in choices)


def _value_findings(contract: Document[Version], found: Mapping[str, Rule]) -> Iterator[Finding]:
    """Fixed values and defaults that break the schema, the template's own default among them."""
    check = Validation({name: rule.schema for name, rule in found.items()})
    free = {name: rule for name, rule in found.items() if rule.bind is None}
    for key in ("fixed", "default"):
        values = {
            name: as_heat_reads(value, rule.hot.type)
            for name, rule in free.items()
            if (value := getattr(rule, key)) is not None
        }
        for name, complaint in check.complaints(values):
            yield contract.finding(
                "contract/default",
                f'The {key} value of "{name}" {complaint}.',
                "Correct the value, or what narrows it.",
                ("parameters", name, key),
            )
    narrowed = {
        name: as_author_meant(rule.hot.default, rule.hot.type)
        for name, rule in free.items()
        if rule.schema != rule.hot.schema
        and rule.hot.default is not None
        and rule.default is None
        and rule.fixed is None
    }
    for name, complaint in check.complaints(narrowed):
        yield contract.finding(
            "contract/default",
            f'The template\'s own default of "{name}" {complaint}.',
            "Give it a default here that fits.",
            ("parameters", name, "narrow"),
        )
