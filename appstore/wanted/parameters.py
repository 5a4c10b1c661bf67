"""One deployment's parameters, checked against the version's rules and the lecturer's cloud."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from appstore.documents.deployment import ParameterValue, Secret
from appstore.documents.marks import JsonValue, Path
from appstore.documents.site import Cloud
from appstore.registry.nearest import known_instead, listed
from appstore.wanted.compiled import CompiledVersion
from appstore.wanted.contract import Rule
from appstore.wanted.conversion import as_heat_reads
from appstore.wanted.digest import canonical, written_forms
from appstore.wanted.spec import Logical, Parameter, Plain, SecretRef


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a deployment, with its place in whichever file says it."""

    at: Path
    rule: str
    message: str
    hint: str


def parameters(
    version: CompiledVersion, cloud: Cloud, written: Mapping[str, ParameterValue]
) -> Mapping[str, Parameter] | tuple[Problem, ...]:
    """What is sent, sorted by name, or everything that is wrong.

    A parameter that neither the deployment nor the contract sets is left to the template's own
    default and not sent.
    """
    problems = [*_names(version, written)]
    found: dict[str, Parameter] = {}
    for name, rule in sorted(version.rules.items()):
        value = _value(rule, name, written)
        if value is None:
            continue
        match _parameter(rule, name, cloud, value):
            case Problem() as problem:
                problems.append(problem)
            case parameter:
                found[name] = parameter
    problems.extend(_complaints(version, found))
    if not problems and 2 * len(canonical(written_forms(found))) > version.room:
        problems.append(
            Problem(
                ("parameters",),
                "parameter/too-large",
                "Template, files and parameters are larger than 1 MiB together.",
                "Let the instance download what is long.",
            )
        )
    return tuple(problems) or found


def sizes(version: CompiledVersion, cloud: Cloud) -> Mapping[str, tuple[Logical, ...]]:
    """The sizes that a deployment may choose from on this cloud, by parameter."""
    return {
        name: tuple(
            Logical("size", choice, flavor)
            for choice, flavor in cloud.sizes.items()
            if rule.choices is None or choice in rule.choices
        )
        for name, rule in version.rules.items()
        if rule.bind == "size" and rule.offered
    }


def _names(version: CompiledVersion, written: Mapping[str, ParameterValue]) -> Iterator[Problem]:
    offered = [name for name, rule in version.rules.items() if rule.offered]
    for name in written:
        if name not in version.rules:
            yield Problem(
                ("parameters", name),
                "parameter/unknown",
                f'{version.ref} has no parameter "{name[:80]}".',
                known_instead(name, offered),
            )
        elif not version.rules[name].offered:
            yield Problem(
                ("parameters", name),
                "parameter/not-offered",
                f'"{name}" is set by {version.ref} and cannot be changed.',
                "Remove the line.",
            )
    for name in offered:
        if version.rules[name].needed and written.get(name) is None:
            yield Problem(
                ("parameters",),
                "parameter/missing",
                f'{version.ref} needs the parameter "{name}".',
                f"Add {name}: ... below parameters:.",
            )


def _value(
    rule: Rule, name: str, written: Mapping[str, ParameterValue]
) -> ParameterValue | JsonValue:
    """What the deployment says, else the contract; None leaves it to the template."""
    if rule.fixed is not None:
        return rule.fixed
    said = written.get(name) if rule.offered else None
    return rule.default if said is None else said


def _parameter(
    rule: Rule, name: str, cloud: Cloud, value: ParameterValue | JsonValue
) -> Parameter | Problem:
    match value:
        case Secret(secret=source):
            if rule.hot.hidden:
                return SecretRef(source.from_, source.key, source.version)
            return Problem(
                ("parameters", name),
                "parameter/not-secret",
                f'"{name}" is not a secret parameter: its value would be shown.',
                "Write the value itself, or let the template mark the parameter hidden: true.",
            )
        case _ if rule.hot.hidden:
            return Problem(
                ("parameters", name),
                "parameter/secret-in-git",
                f'"{name}" is secret; its value must not stand in git.',
                "Write secret: {from: env, key: <name>, version: 1}, and change the value: "
                "whoever can read the repository has seen it.",
            )
        case _ if rule.bind is not None:
            return _logical(rule, name, cloud, value)
        case _:
            return Plain(cast(JsonValue, value))


def _logical(
    rule: Rule, name: str, cloud: Cloud, value: ParameterValue | JsonValue
) -> Logical | Problem:
    assert rule.bind is not None
    known = {"size": cloud.sizes, "image": cloud.images, "network": cloud.networks}[rule.bind]
    choices = [choice for choice in known if rule.choices is None or choice in rule.choices]
    if isinstance(value, str) and value in choices:
        return Logical(rule.bind, value, known[value])
    return Problem(
        ("parameters", name),
        f"parameter/{rule.bind}",
        f'"{str(value)[:80]}" is not a {rule.bind} that "{name}" can have on this cloud.',
        f"{known_instead(str(value), choices)} Possible: {listed(sorted(choices))}.",
    )


def _complaints(version: CompiledVersion, found: Mapping[str, Parameter]) -> Iterator[Problem]:
    """Values that break the schema; of a logical name it is the value that Heat gets."""
    values: dict[str, JsonValue] = {}
    for name, parameter in found.items():
        match parameter:
            case Plain(value):
                values[name] = as_heat_reads(value, version.rules[name].hot.type)
            case Logical(resolved=resolved):
                values[name] = resolved
            case SecretRef():
                pass  # its value is not known here
    for name, complaint in version.validation.complaints(values):
        yield Problem(
            ("parameters", name),
            "parameter/value",
            f'"{name}" {complaint}.',
            "Correct the value.",
        )
