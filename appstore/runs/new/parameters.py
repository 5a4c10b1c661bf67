"""The parameters that a new deployment may set, as a person is asked for them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from appstore.documents.base import Text
from appstore.documents.catalog import Parameter
from appstore.documents.marks import JsonValue
from appstore.documents.scalars import as_ours
from appstore.documents.site import Cloud
from appstore.errors import InvalidInput
from appstore.registry.nearest import known_instead, listed
from appstore.registry.registry import TemplateVersion
from appstore.report.escape import plain
from appstore.runs.new.files import parameter_lines
from appstore.wanted.contract import Rule, rules
from appstore.wanted.hot_parameters import hot_parameters


@dataclass(frozen=True, slots=True)
class Wish:
    """One parameter: what it is about, its logical names if it has some, whether it must be set.

    A secret one is never asked for: the file names where its value is kept.
    """

    name: str
    explanation: str
    choices: tuple[str, ...]
    default: JsonValue
    needed: bool
    rule: Rule


def wishes(version: TemplateVersion, cloud: Cloud | None, language: str) -> tuple[Wish, ...]:
    """Every parameter that a deployment of this version may set, those that it must first."""
    hot, _ = hot_parameters(version.heat)
    found, _ = rules(version.contract, hot)
    shown = version.contract.model.parameters
    every = [
        _wish(name, rule, shown.get(name, Parameter()), cloud, language)
        for name, rule in found.items()
        if rule.offered
    ]
    return tuple(sorted(every, key=lambda wish: not wish.needed))


def value_of(wish: Wish, text: str) -> JsonValue:
    """What was typed, as the value that the parameter takes; a wrong one is a finding later."""
    if wish.rule.hot.hidden:
        raise InvalidInput(
            f'"{wish.name}" is secret; its value must not be typed here and not stand in git.',
            "Leave it out: the file will name where the admins keep it.",
        )
    match wish.rule.hot.type:
        case "number" | "boolean":
            return as_ours(text)
        case "comma_delimited_list":
            return [part.strip() for part in text.split(",")]
        case "json":
            return _json(wish.name, text)
        case "string":
            return text


def lines(every: Iterable[Wish], given: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """The lines of the deployment; a secret that must be set is named where it has no value."""
    return tuple(
        parameter_lines(
            (wish.name, wish.explanation, given.get(wish.name, _secret(wish)), wish.default)
            for wish in every
        )
    )


def texts_by_name(every: Iterable[Wish], settings: Iterable[str]) -> Mapping[str, str]:
    """The texts of `NAME=VALUE`; raises InvalidInput for another shape or an unknown name."""
    known = [wish.name for wish in every]
    found: dict[str, str] = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign:
            raise InvalidInput(
                f'--set "{setting}" sets nothing.', "Write it as NAME=VALUE, such as size=small."
            )
        if name not in known:
            raise InvalidInput(
                f'The template has no parameter "{name}" to be set.', known_instead(name, known)
            )
        found[name] = text
    return found


def _wish(name: str, rule: Rule, shown: Parameter, cloud: Cloud | None, language: str) -> Wish:
    choices = _choices(rule, cloud)
    texts = [_said(text, language) for text in (shown.title, shown.help) if text is not None]
    if choices:
        texts.append(f"Possible: {listed(choices)}")
    explanation = " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts)
    default = rule.hot.default if rule.default is None else rule.default
    return Wish(name, plain(explanation or name), choices, default, rule.needed, rule)


def _choices(rule: Rule, cloud: Cloud | None) -> tuple[str, ...]:
    if rule.bind is None:
        values = rule.schema.get("enum")
        return tuple(map(str, values)) if isinstance(values, list) else ()
    if cloud is None:
        return rule.choices or ()
    known = {"size": cloud.sizes, "image": cloud.images, "network": cloud.networks}[rule.bind]
    return tuple(name for name in known if rule.choices is None or name in rule.choices)


def _said(text: Text, language: str) -> str:
    """The text in this language, else in English, else in the first one that it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def _secret(wish: Wish) -> JsonValue:
    if not (wish.rule.hot.hidden and wish.needed):
        return None
    key = wish.name.lower().replace("-", "_")
    return {"secret": {"from": "env", "key": key, "version": 1}}


def _json(name: str, text: str) -> JsonValue:
    try:
        return cast(JsonValue, json.loads(text))
    except ValueError as error:
        raise InvalidInput(
            f'The value of "{name}" is not JSON.', 'Write it such as {"key": "value"}.'
        ) from error
