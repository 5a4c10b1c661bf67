"""The part of GitHub's expression language that our workflows use; all else is an error.

Source: GitHub's reference "Evaluate expressions in workflows and actions": `&&` and `||` give one
of their operands, the empty string is false, a comparison of strings ignores case.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Context = Mapping[str, Any]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)"
    r"|(?P<sign>&&|\|\||==|!=|[!(),]))"
)
_INSIDE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


class NotUnderstood(Exception):
    """The harness does not know this; teach it, or do without in the workflow."""


@dataclass
class _Reader:
    words: list[tuple[str, str]]
    context: Context
    functions: Mapping[str, Callable[..., Any]]

    def take(self, sign: str) -> bool:
        if self.words and self.words[0] == ("sign", sign):
            self.words.pop(0)
            return True
        return False

    def either(self) -> Any:
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value if truthy(value) else other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self.take("&&"):
            other = self.compared()
            value = other if truthy(value) else value
        return value

    def compared(self) -> Any:
        value = self.single()
        if self.take("=="):
            return _equal(value, self.single())
        if self.take("!="):
            return not _equal(value, self.single())
        return value

    def single(self) -> Any:
        if self.take("!"):
            return not truthy(self.single())
        if self.take("("):
            value = self.either()
            self.expect(")")
            return value
        if not self.words or self.words[0][0] == "sign":
            raise NotUnderstood(f"an operand is missing before {self.words}")
        kind, word = self.words.pop(0)
        if kind == "text":
            return word[1:-1].replace("''", "'")
        return self.call(word) if self.take("(") else self.look_up(word)

    def call(self, name: str) -> Any:
        arguments = []
        while not self.take(")"):
            arguments.append(self.either())
            if not self.take(","):
                self.expect(")")
                break
        if name not in self.functions:
            raise NotUnderstood(f"function {name}")
        return self.functions[name](*arguments)

    def look_up(self, path: str) -> Any:
        """A missing property is empty on GitHub; a context that is not here is an error."""
        first, *rest = path.split(".")
        if first not in self.context:
            raise NotUnderstood(f"context {first} is not available here")
        value = self.context[first]
        for part in rest:
            value = value.get(part, "") if isinstance(value, Mapping) else ""
        return value

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise NotUnderstood(f"{sign} expected before {self.words}")


def evaluate(text: str, context: Context, functions: Mapping[str, Callable[..., Any]]) -> Any:
    """The value of one expression, without its `${{ }}`."""
    words, at, text = [], 0, text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or not found.lastgroup:
            raise NotUnderstood(text[at:])
        words.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    reader = _Reader(words, context, {"fromJSON": json.loads, **functions})
    value = reader.either()
    if reader.words:
        raise NotUnderstood(f"{text}: {reader.words} is left over")
    return value


def filled(
    text: Any, context: Context, functions: Mapping[str, Callable[..., Any]] | None = None
) -> Any:
    """The value with its expressions put in; one that is an expression alone keeps its type."""
    if not isinstance(text, str):
        return text
    whole = _INSIDE.fullmatch(text.strip())
    if whole and "${{" not in whole[1]:
        return evaluate(whole[1], context, functions or {})
    return _INSIDE.sub(lambda m: shown(evaluate(m[1], context, functions or {})), text)


def truthy(value: Any) -> bool:
    """What an `if` takes for true."""
    return value not in ("", 0, False, None)


def shown(value: Any) -> str:
    """The value as text, as it arrives in `env` or a name."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if type(left) is not type(right):
        raise NotUnderstood(f"comparing {left!r} with {right!r}")
    return bool(left == right)
