"""Values of evaluated HOT: JSON in which symbols stand for what only Heat can know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Union

MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_TEXT = 1_000_000

Value = Union[None, bool, int, float, str, list["Value"], dict[str, "Value"], "Symbol"]


@dataclass(frozen=True, slots=True)
class Reference:
    """`get_resource` (attribute None) or `get_attr`; `resource` is its path from the root stack."""

    resource: str
    attribute: tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Pseudo:
    """`OS::stack_name` and its like; an update does not change them."""

    name: str


@dataclass(frozen=True, slots=True)
class Secret:
    """A hidden value, known only by its written reference (canonical JSON)."""

    written: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value of which nothing is known: never the same as anything, not even as itself."""

    why: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A function that is not interpreted: the same arguments give the same result."""

    function: str
    arguments: Value


@dataclass(frozen=True, slots=True)
class Text:
    """A text with symbols in it; no two literal parts stand side by side."""

    parts: tuple[Union[str, "Symbol"], ...]


Symbol = Reference | Pseudo | Secret | Unknown | Applied | Text
SYMBOLS = (Reference, Pseudo, Secret, Unknown, Applied, Text)


def text(parts: Iterable[str | Symbol]) -> str | Symbol:
    """Parts put together: a plain string where nothing symbolic is left."""
    joined: list[list[str] | Symbol] = []
    size = 0
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            size += len(piece) if isinstance(piece, str) else 100
            if size > MAX_TEXT:
                return Unknown("the text is too long to compare")
            if not isinstance(piece, str):
                joined.append(piece)
            elif joined and isinstance(joined[-1], list):
                joined[-1].append(piece)
            elif piece:
                joined.append([piece])
    merged = tuple("".join(part) if isinstance(part, list) else part for part in joined)
    match merged:
        case ():
            return ""
        case (str() as plain,):
            return plain
        case _:
            return Text(merged)


def symbols(value: Value) -> Iterator[Symbol]:
    """Every symbol inside a value, outer before inner."""
    if isinstance(value, SYMBOLS):
        yield value
    match value:
        case Text(parts):
            for part in parts:
                yield from symbols(part)
        case Applied(arguments=arguments):
            yield from symbols(arguments)
        case list():
            for item in value:
                yield from symbols(item)
        case dict():
            for item in value.values():
                yield from symbols(item)


def plain(value: Value) -> bool:
    """True when the value is JSON, without any symbol."""
    return next(symbols(value), None) is None


def comparable(*values: object) -> bool:
    """True when values are small and flat enough to be worked on."""
    return weight(values) <= MAX_NODES


def weight(value: object, most: int = MAX_NODES) -> int:
    """The number of nodes of a value; `most + 1` when there are more, or when it is too deep.

    Counts shared parts as often as they are met, so that a YAML alias bomb is too large.
    """
    waiting: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > most:
            return most + 1
        inside: Iterable[object] = ()
        if isinstance(value, Mapping):
            inside = value.values()
        elif isinstance(value, Applied):
            inside = (value.arguments,)
        elif isinstance(value, Text):
            inside = value.parts
        elif isinstance(value, Sequence) and not isinstance(value, str):
            inside = value
        waiting.extend((item, depth + 1) for item in inside)
    return seen


class Budget:
    """How much more may be evaluated for one difference; what comes after is unknown."""

    def __init__(self, left: int = 2_000_000) -> None:
        self.left = left

    def spend(self, cost: int) -> bool:
        """Take `cost` away; False once nothing is left."""
        self.left -= cost
        return self.left >= 0
