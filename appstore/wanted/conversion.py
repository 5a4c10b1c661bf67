"""A parameter's value as Heat understands it: Heat converts by the HOT type before it compares.

Source: heat/engine/parameters.py and constraints.py (`to_schema_type`); README of appstore, fact
4.4. What is sent to Heat stays as written.
"""

import json
import re
from typing import Literal, NoReturn

from appstore.documents.marks import JsonValue

HotType = Literal["string", "number", "boolean", "comma_delimited_list", "json"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_TRUE = ("1", "t", "true", "on", "y", "yes")
_FALSE = ("0", "f", "false", "off", "n", "no")
_LONGEST_NUMBER = 64


def as_heat_reads(value: JsonValue, type_: HotType) -> JsonValue:
    """The value after Heat's conversion; one that cannot be converted comes back as it is.

    Then its JSON type is wrong, which the schema check says. A number in place of a text is not
    converted: whoever writes `1.10` must see that it became 1.1.
    """
    if not isinstance(value, str):
        return value
    match type_:
        case "number":
            return _number(value)
        case "boolean":
            word = value.strip().lower()
            return True if word in _TRUE else False if word in _FALSE else value
        case "comma_delimited_list":
            return list[JsonValue](value.split(",")) if value else []
        case "json":
            return _json(value)
        case "string":
            return value


def as_author_meant(value: JsonValue, type_: HotType) -> JsonValue:
    """As `as_heat_reads`, for what a template says itself: there `default: 8080` is a text too."""
    if type_ == "string" and isinstance(value, int | float):
        return str(value)
    return as_heat_reads(value, type_)


def _number(text: str) -> JsonValue:
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return text
    try:
        return int(text)
    except ValueError:
        number = float(text)
        return number if abs(number) != float("inf") else text


def _json(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text, parse_constant=_not_json)
    except (ValueError, RecursionError):
        return text
    return value


def _not_json(word: str) -> NoReturn:
    raise ValueError(word)
