"""Checks values against JSON Schema and says what is wrong in words.

jsonschema takes a while to import, so it is imported with the first value that is checked.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from appstore.documents.marks import JsonValue

Schema = Mapping[str, JsonValue]

_TYPE_WORDS = {
    "string": "a text; put it into quotes",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list of texts",
}


class Validation:
    """One compiled check of a set of named values, each against its own schema."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._validator: Any = None  # jsonschema's classes are made at run time

    def complaints(self, values: Mapping[str, JsonValue]) -> Iterator[tuple[str, str]]:
        """The name of each value that does not fit, and the end of a sentence about it."""
        if not values:
            return
        if self._validator is None:
            self._validator = _validator_class()({"properties": self._schemas})
        for error in self._validator.iter_errors(values):
            yield error.absolute_path[0], _in_words(error.validator, error.validator_value)


def _in_words(keyword: str, expected: Any) -> str:
    match keyword:
        case "type":
            return f"must be {_TYPE_WORDS.get(str(expected), 'a mapping or a list')}"
        case "enum":
            return f"must be one of: {', '.join(map(str, expected))}"
        case "minimum":
            return f"must be at least {expected}"
        case "maximum":
            return f"must be at most {expected}"
        case "minLength" | "minItems" | "minProperties":
            return f"is too short; the least is {expected}"
        case "maxLength" | "maxItems" | "maxProperties":
            return f"is too long; the most is {expected}"
        case "pattern":
            return f"must match {expected} from beginning to end"
        case _:
            step, offset = expected["step"], expected["offset"]
            return f"must be a multiple of {step}" + (f" plus {offset}" if offset else "")


@cache
def _validator_class() -> Any:
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(_: Any, regex: str, value: JsonValue, __: Any) -> Iterator[ValidationError]:
        # as Heat: a match from the beginning that reaches the end, not a search
        if isinstance(value, str):
            match = re.match(regex, value)
            if match is None or match.end() != len(value):
                yield ValidationError("pattern")

    def modulo(_: Any, by: Mapping[str, Any], value: Any, __: Any) -> Iterator[ValidationError]:
        if isinstance(value, int | float) and value % by["step"] != by["offset"]:
            yield ValidationError("x-modulo")

    return extend(Draft202012Validator, {"pattern": pattern, "x-modulo": modulo})  # type: ignore[no-untyped-call]
