"""How the tool writes a value: plain where nobody can misread it, else in double quotes."""

import json
import re

from appstore.documents.marks import JsonValue
from appstore.documents.scalars import as_ours

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./@-]*")


def written(value: JsonValue) -> str:
    """The value on one line, as it may stand anywhere; mappings and lists in braces."""
    match value:
        case dict():
            return "{" + ", ".join(entry(key, inner) for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case str() if _PLAIN.fullmatch(value) and as_ours(value) == value:
            return value
        case _:
            # JSON's texts, numbers and words are YAML's too.
            return json.dumps(value, ensure_ascii=False)


def written_like(quote: str, value: JsonValue) -> str:
    """The value in the quotes of the one that it replaces; a number needs none."""
    plain = written(value)
    if not isinstance(value, str):
        return plain
    match quote:
        case '"':
            return json.dumps(value, ensure_ascii=False)
        case "'" if not plain.startswith('"'):
            return f"'{value}'"
        case _:
            return plain


def entry(key: str | int, value: JsonValue) -> str:
    """`key: value`; an item of a list is its value."""
    return f"{written(key)}: {written(value)}" if isinstance(key, str) else written(value)
