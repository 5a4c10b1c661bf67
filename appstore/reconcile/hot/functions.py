"""The intrinsic functions of HOT that need nothing but their arguments.

Each takes its evaluated argument and returns a value, or raises `CannotTell` when a symbol (or a
mistake that Heat will report) stands where the result would be decided, or the work is too much.
Source: heat/engine/hot/functions.py of Heat 27.
"""

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Mapping

from appstore.reconcile.hot.values import (
    SYMBOLS,
    Applied,
    Budget,
    Symbol,
    Text,
    Value,
    plain,
    text,
)

MAX_REPEATS = 1000
Part = str | Symbol


class CannotTell(Exception):
    """The result cannot be computed here."""


def _part(value: Value) -> Part:
    """A value as Heat writes it into a text."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool() | int() | float():
            return str(value)
        case list() | dict():
            if plain(value):
                return json.dumps(value, sort_keys=True)
            return Applied("json", value)
        case _:
            return value


def _paid(budget: Budget, looks: int, steps: int = 0) -> None:
    """Work is paid before it is done: a few lines can ask for more than a machine has.

    `looks` are characters read or items compared, `steps` values made.
    """
    if not budget.spend(looks // 100 + steps):
        raise CannotTell


def _replaced(
    parts: Iterable[Part], keys: Iterable[str], values: Mapping[str, Part], budget: Budget
) -> list[Part]:
    """Placeholders replaced one key after the other; what was put in is not looked at again."""
    pieces: list[tuple[Part, bool]] = [(part, isinstance(part, str)) for part in parts]
    for key in keys:
        left: list[tuple[Part, bool]] = []
        _paid(budget, sum(len(p) for p, is_open in pieces if is_open and isinstance(p, str)))
        for part, is_open in pieces:
            if not is_open or not isinstance(part, str):
                left.append((part, False))
                continue
            for index, chunk in enumerate(part.split(key)):
                if index:
                    left.append((values[key], False))
                if chunk:
                    left.append((chunk, True))
        _paid(budget, 0, len(left))
        pieces = left
    return [part for part, _ in pieces]


def _parts(value: Value) -> tuple[Part, ...]:
    match value:
        case str():
            return (value,)
        case Text(parts):
            return parts
        case _:
            raise CannotTell


def str_replace(argument: Value, budget: Budget) -> Value:
    """Longer placeholders come first, as in Heat, whose strict forms only refuse more."""
    match argument:
        case {"template": template, "params": dict() as params} if "" not in params:
            keys = sorted(sorted(params), key=len, reverse=True)
            values = {key: _part(value) for key, value in params.items()}
            return text(_replaced(_parts(template), keys, values, budget))
        case _:
            raise CannotTell


def list_join(argument: Value) -> Value:
    """The items of one list or of several, as texts with the delimiter between them."""
    match argument:
        case [str() as delimiter, first, *rest]:
            items: list[Value] = []
            for strings in (first, *rest):
                if isinstance(strings, list):
                    items.extend(strings)
                elif strings:
                    raise CannotTell
            joined: list[Part] = []
            for item in items:
                joined.extend((delimiter, _part(item)))
            return text(joined[1:])
        case _:
            raise CannotTell


def list_concat(argument: Value) -> Value:
    """One list of all; a null among them is passed over, as in Heat."""
    items: list[Value] = []
    for part in argument if isinstance(argument, list) else [argument]:
        if isinstance(part, list):
            items.extend(part)
        elif part is not None:
            raise CannotTell
    return items


def list_concat_unique(argument: Value, budget: Budget) -> Value:
    """The same, where of equal items the first stays."""
    unique: list[Value] = []
    joined = list_concat(argument)
    if not isinstance(joined, list) or not plain(joined):
        raise CannotTell
    _paid(budget, len(joined) ** 2)
    for item in joined:
        if item not in unique:
            unique.append(item)
    return unique


def map_merge(argument: Value) -> Value:
    """One mapping of all, the last value of a key counts; a null is passed over."""
    merged: dict[str, Value] = {}
    for part in argument if isinstance(argument, list) else [argument]:
        if isinstance(part, dict):
            merged.update(part)
        elif part is not None:
            raise CannotTell
    return merged


def str_split(argument: Value) -> Value:
    """All pieces of the text, or with an index that one of them."""
    match argument:
        case [str() as delimiter, str() as string, *index] if delimiter and len(index) < 2:
            pieces: list[Value] = list(string.split(delimiter))
            return select(pieces, index) if index else pieces
        case _:
            raise CannotTell


def select(value: Value, path: list[Value]) -> Value:
    """`get_param` with a path; what leads nowhere gives an empty string, as in Heat."""
    for key in path:
        match value, key:
            case dict(), str():
                if key not in value:
                    return ""
                value = value[key]
            case list(), str() | int():
                try:
                    value = value[int(key)]
                except (ValueError, IndexError):
                    return ""
            case symbol, _ if isinstance(symbol, SYMBOLS) or isinstance(key, SYMBOLS):
                raise CannotTell
            case _:
                return ""
    return value


def list_filter(argument: Value, budget: Budget) -> Value:
    """The second list without what stands in the first."""
    match argument:
        case [list() as values, list() as items] if plain(argument):
            _paid(budget, len(values) * len(items))
            return [item for item in items if item not in values]
        case _:
            raise CannotTell


def contains(argument: Value) -> Value:
    """Whether the value stands in the list."""
    match argument:
        case [wanted, list() as items] if plain(argument):
            return wanted in items
        case _:
            raise CannotTell


def digest(argument: Value) -> Value:
    """In hexadecimal digits; Heat reads the text as Latin-1."""
    match argument:
        case [str() as algorithm, str() as value] if algorithm in hashlib.algorithms_guaranteed:
            try:
                return hashlib.new(algorithm, value.encode("latin-1")).hexdigest()
            except (UnicodeEncodeError, TypeError):
                raise CannotTell from None
        case _:
            raise CannotTell


def _filled(template: Value, values: Mapping[str, Part], budget: Budget) -> Value:
    """The body of a `repeat` with its variables put in, in keys as well as in values."""
    _paid(budget, 0, 1)
    match template:
        case str() | Text():
            filling = text(_replaced(_parts(template), values, values, budget))
            _paid(budget, len(filling) if isinstance(filling, str) else 0)
            return filling
        case list():
            return [_filled(item, values, budget) for item in template]
        case dict():
            filled: dict[str, Value] = {}
            for key, item in template.items():
                name = _filled(key, values, budget)
                if not isinstance(name, str):
                    raise CannotTell
                filled[name] = _filled(item, values, budget)
            return filled
        case Applied():
            raise CannotTell
        case _:
            return template


def repeat(argument: Value, budget: Budget) -> Value:
    """The body once for each combination of the lists, without `permutations` for each row."""
    match argument:
        case {"for_each": dict() as for_each, "template": template, **rest} if "" not in for_each:
            lists: list[list[Part]] = []
            for items in for_each.values():
                if not isinstance(items, list | dict | None):
                    raise CannotTell
                lists.append([_part(item) for item in items or []])
            nested = rest.get("permutations", True)
            if not isinstance(nested, bool):
                raise CannotTell
            rows = list(
                itertools.islice(
                    itertools.product(*lists) if nested else zip(*lists, strict=False),
                    MAX_REPEATS + 1,
                )
            )
            if len(rows) > MAX_REPEATS:
                raise CannotTell
            named = (dict(zip(for_each, row, strict=True)) for row in rows)
            return [_filled(template, values, budget) for values in named]
        case _:
            raise CannotTell


FUNCTIONS: Mapping[str, Callable[[Value], Value]] = {
    "list_join": list_join,
    "list_concat": list_concat,
    "map_merge": map_merge,
    "str_split": str_split,
    "contains": contains,
    "digest": digest,
}
COSTLY: Mapping[str, Callable[[Value, Budget], Value]] = {
    "str_replace": str_replace,
    "str_replace_strict": str_replace,
    "str_replace_vstrict": str_replace,
    "list_concat_unique": list_concat_unique,
    "filter": list_filter,
    "repeat": repeat,
}
"""Those whose work can be far more than what goes in and comes out."""

UNINTERPRETED = frozenset(
    {"yaql", "map_replace", "make_url", "resource_facade"}
    | {"Fn::Select", "Fn::Join", "Fn::Split", "Fn::Replace", "Fn::Base64", "Fn::GetAZs"}
    | {"Fn::MemberListToMap", "Fn::ResourceFacade"}
)
