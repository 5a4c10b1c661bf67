"""What pydantic found, in sentences for the people who wrote the file."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from appstore.documents.base import ACCOUNT, LANGUAGE, ONE_LINE
from appstore.documents.catalog import LINK, PARAMETER_NAME
from appstore.documents.deployment import SECRET_KEY, STACK_ID
from appstore.documents.findings import Finding
from appstore.documents.marks import Document, Path
from appstore.documents.names import DEPLOYMENT_ID, SLUG, TERM, VERSION_REF
from appstore.documents.schedule import (
    CLOCK,
    CLOCK_IN_WORDS,
    WALL_TIME,
    WALL_TIME_IN_WORDS,
)
from appstore.documents.text import quoted

_SLUG_HINT = "Use lower-case letters, digits and single hyphens, beginning with a letter: web-lab."
PATTERNS_IN_WORDS: Mapping[str, tuple[str, str]] = {
    SLUG: ("is not a name as it is used here", _SLUG_HINT),
    TERM: ("is not a term", "Use lower-case letters, digits and hyphens, such as ws26."),
    VERSION_REF: (
        "does not name one version of a template",
        "Write the template's name, @ and three numbers, such as web-lab@1.0.0.",
    ),
    DEPLOYMENT_ID: (
        "is not the id of a deployment",
        "Write <course>/<deployment>, without a course <deployment>, such as cs101/web-lab.",
    ),
    PARAMETER_NAME: (
        "is not the name of a parameter or output",
        "Use letters, digits, _ and -, beginning with a letter, as in heat.yaml.",
    ),
    LINK: ("is not a link that may be shown", "Begin it with https:// or mailto:."),
    SECRET_KEY: (
        "is not a name for a secret",
        "Use lower-case letters, digits and _, such as db_password; never the secret itself.",
    ),
    STACK_ID: (
        "is not the id of a stack",
        "Copy it from the OpenStack dashboard: 36 characters of 0-9, a-f and hyphens.",
    ),
    CLOCK: CLOCK_IN_WORDS,
    WALL_TIME: WALL_TIME_IN_WORDS,
    ONE_LINE: ("must be one line of text", "Take the line break out."),
    LANGUAGE: ("is not a language", "Use two letters, such as de or en."),
    ACCOUNT: (
        "is not a user name of the forge",
        "Write the user name alone, without @; e-mail addresses do not belong into git.",
    ),
}
"""What does not match a pattern: the end of the sentence, and the way out."""

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
}
_WAY_OUT = {
    "a whole number": "Write digits only, without quotes, such as 30.",
    "true or false": "Write true or false, without quotes.",
    "a list": "Write one item per line, each beginning with '- ', or [one, two].",
    "a mapping of keys to values": "Write 'key: value' lines below it, indented by two spaces.",
}


_ADDRESS = re.compile(r"[^@\s]@[^@\s]+\.[A-Za-z]")


@dataclass(frozen=True, slots=True)
class _Problem:
    at: Path
    rule: str
    message: str
    hint: str
    meant: Path | None = None
    """For an unknown field the known one that was probably meant."""


def explain(
    error: ValidationError, model: type[BaseModel], document: Document[Mapping[str, object]]
) -> Iterator[Finding]:
    """One finding per root cause, at the place of the value or of what it is missing in."""
    problems: dict[Path, _Problem] = {}
    for details in error.errors(include_url=False):
        if details["type"] == "too_short" and details["input"]:
            continue  # every item is wrong, and each has its own finding
        problem = _problem(details, model, document.model)
        problems.setdefault(problem.at, problem)
    meant = {problem.meant for problem in problems.values()}
    for problem in problems.values():
        if problem.rule == "document/missing-field" and problem.at in meant:
            continue  # the misspelt field is its cause
        yield document.finding(problem.rule, problem.message, problem.hint, problem.at)


def shown(value: object) -> str:
    """A value as it may be shown: at most 60 characters, nothing that steers a terminal, nobody's
    address.
    """
    match value:
        case str() if _ADDRESS.search(value):
            return "an e-mail address"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return quoted(value) if isinstance(value, str) else json.dumps(value)[:60]


def _problem(details: ErrorDetails, model: type[BaseModel], value: object) -> _Problem:
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    at = _path(details["loc"], value, keep_last=kind == "missing")
    name = ".".join(str(step + 1) if isinstance(step, int) else step for step in at) or "The file"
    name = name if name == "The file" else quoted(name)
    match kind:
        case "own":
            return _Problem(at, context["rule"], f"{name} {context['what']}.", context["hint"])
        case "extra_forbidden":
            return _unknown_field(at, name, model)
        case "missing":
            hint = f"Add a line '{at[-1]}: ...'{_inside(at[:-1])}."
            return _Problem(at, "document/missing-field", f"{name} is missing.", hint)
        case _ if given is None:
            hint = "Write a value after the colon, or delete the line."
            return _Problem(at, "document/no-value", f"{name} has no value.", hint)
        case "literal_error":
            allowed = context["expected"].replace("'", "")
            what = "this" if "secret" in at else shown(given)
            message = f"{name} cannot be {what}."
            return _Problem(at, "document/choice", message, f"Choose {allowed}.")
        case "string_pattern_mismatch":
            end, hint = PATTERNS_IN_WORDS[context["pattern"]]
            what = "this" if "secret" in at else shown(given)
            return _Problem(at, "document/name", f"{name}: {what} {end}.", hint)
        case "string_too_long" | "string_too_short" | "too_long" | "too_short":
            return _wrong_length(at, name, kind, context)
        case "greater_than_equal" | "less_than_equal":
            limit = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
            message = f"{name} must be {limit}; it is {shown(given)}."
            return _Problem(at, "document/range", message, "Choose another number.")
        case _:
            return _wrong_type(at, name, _WANTED.get(kind, "something else"), given)


def _path(location: tuple[int | str, ...], value: object, keep_last: bool) -> Path:
    """The steps of a location that exist in the value; pydantic adds labels of its own."""
    path: list[int | str] = []
    for step in location:
        match value, step:
            case dict(), str() if step in value:
                path.append(step)
                value = value[step]
            case list(), int() if step < len(value):
                path.append(step)
                value = value[step]
    if keep_last:
        path.append(location[-1])
    return tuple(path)


def _inside(at: Path) -> str:
    return f" below {quoted(at[-1])}" if at and isinstance(at[-1], str) else ""


def _unknown_field(at: Path, name: str, model: type[BaseModel]) -> _Problem:
    known = _fields_at(model, at[:-1])
    close = get_close_matches(str(at[-1]), known, 1, cutoff=0.7)
    hint = f'Did you mean "{close[0]}"?' if close else f"Known here: {', '.join(known)}."
    return _Problem(
        at,
        "document/unknown-field",
        f"{name} is not known here.",
        hint,
        (*at[:-1], close[0]) if close else None,
    )


def _wrong_length(at: Path, name: str, kind: str, context: Mapping[str, object]) -> _Problem:
    what = "characters" if kind.startswith("string") else "items"
    if kind.endswith("short"):
        message = f"{name} is empty."
        return _Problem(at, "document/empty", message, "Write something, or delete the line.")
    message = f"{name} has more than {context['max_length']} {what}."
    return _Problem(at, "document/too-long", message, "Make it shorter.")


def _wrong_type(at: Path, name: str, wanted: str, given: object) -> _Problem:
    rule = "document/wrong-type"
    if wanted == "a text" and isinstance(given, bool | int | float):
        read_as = "true or false" if isinstance(given, bool) else "a number"
        message = f"{name} must be a text, and without quotes it is read as {read_as}."
        return _Problem(at, rule, message, 'Please put quotes around it, as in "1.10".')
    # What stands where a secret is expected may be the secret itself.
    it_is = "" if "secret" in at else f"; it is {shown(given)}"
    message = f"{name} must be {wanted}{it_is}."
    hint = _WAY_OUT.get(wanted, "Look at the example in the README.")
    if wanted == "a text":
        hint = "Write one text after the colon."
    return _Problem(at, rule, message, hint)


def _fields_at(model: type[BaseModel], at: Path) -> list[str]:
    """The fields that may stand below this path, by the models that the path leads through."""
    models = [model]
    for step in at:
        meant = (annotation for inside in models for annotation in _annotations(inside, step))
        models = [inner for annotation in meant for inner in _models_in(annotation)] or models
    return [field.alias or name for inside in models for name, field in inside.model_fields.items()]


def _annotations(model: type[BaseModel], step: str | int) -> Iterator[object]:
    """The annotation of the field that this step names, if it names one."""
    for name, field in model.model_fields.items():
        if (field.alias or name) == step:
            yield field.annotation


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
