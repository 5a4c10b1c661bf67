"""What a plain (unquoted) scalar means: to us, and to Heat.

Our reading is YAML 1.2 core, narrowed to what surprises nobody: true and false, null, decimal
numbers; everything else is text, so `no`, `22:22`, `0777`, `1_000` and dates stay as written.
Heat reads with PyYAML's SafeLoader (YAML 1.1) in which timestamps stay text
(heatclient/common/template_format.py); we ask PyYAML itself for that meaning.
"""

import re
from math import isfinite
from typing import Final

from yaml import YAMLError
from yaml.constructor import SafeConstructor
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

PlainScalar = None | bool | int | float | str

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMBER_STARTS = frozenset("+-.0123456789")
_TEXT_TAGS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"})

_resolver = Resolver()
_constructor = SafeConstructor()


class Ambiguous:
    """The answer of `as_heat` where Heat would read something else than we do."""


AMBIGUOUS: Final = Ambiguous()


def as_ours(text: str) -> PlainScalar:
    """The value of a plain scalar in our own documents."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    # An integer of 19 digits and more would lose digits as a float, so it stays text.
    if _FLOAT.fullmatch(text) and not text.lstrip("+-").isdigit():
        value = float(text)
        return value if isfinite(value) else text
    return text


def as_heat(text: str) -> PlainScalar | Ambiguous:
    """The value of a plain scalar in a document for Heat, if both readings see the same."""
    ours = as_ours(text)
    tag = _resolver.resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if tag in _TEXT_TAGS:
        return ours if isinstance(ours, str) else AMBIGUOUS
    try:
        theirs = _constructor.construct_object(ScalarNode(tag, text))
    except (YAMLError, ValueError, OverflowError):  # `=`, `<<`, `0x_`, 5,000 digits
        return AMBIGUOUS
    # nan is unlike itself, and True equals 1: so the types are compared, then the values.
    return ours if type(theirs) is type(ours) and theirs == ours else AMBIGUOUS
