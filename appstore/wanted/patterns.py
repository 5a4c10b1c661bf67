"""Which `allowed_pattern`s are safe to run: Python's matcher can take years over 30 characters.

Heat matches with the same engine, so a dangerous pattern is kept out of the catalog instead of
being run here under a limit: a value in a deployment could otherwise stall Heat for everybody.
Accepted are patterns that leave exactly one way forward at each character (deterministic in the
sense of XML Schema's "unique particle attribution"); matching them takes linear time. This is
decided on the pattern's positions and which position may follow which (Glushkov). Nested
quantifiers such as `[a-z]+(-[a-z]+)*` are fine, `(a+)+`, `(a|a)*` and `.*.*x` are not.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any  # for the trees of `re._parser`, which have no types

MAX_POSITIONS = 500
_ASCII = 128
_BEYOND = "\u00a0\u0661\u00e9\u2014"
"""Stand for the characters beyond ASCII: all spaces, all digits, all other word characters, the
rest; so two different letters beyond ASCII count as overlapping."""

_ALPHABET = frozenset((*range(_ASCII), *map(ord, _BEYOND)))
_CATEGORIES = {
    op.CATEGORY_DIGIT: re.compile(r"\d"),
    op.CATEGORY_SPACE: re.compile(r"\s"),
    op.CATEGORY_WORD: re.compile(r"\w"),
    op.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    op.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    op.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the pattern: may it be empty, where can it begin, where can it end."""

    empty: bool
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


class _Unsafe(Exception):
    """Why the pattern is not accepted, as the end of a sentence."""


@lru_cache(maxsize=1024)
def unsafe(pattern: str) -> str | None:
    """Why this pattern must not be used (the end of a sentence), or None when it is safe."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
            tree = _parser.parse(pattern)
        if tree.state.flags != re.UNICODE.value:
            raise _Unsafe("uses flags")
        _Positions().check(tree)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        return f"is not a valid regular expression ({error})"
    except _Unsafe as why:
        return str(why)
    return None


@dataclass(slots=True)
class _Positions:
    """The characters of the pattern, numbered, and for each which ones may come next."""

    characters: list[frozenset[int]] = field(default_factory=list)
    follow: list[list[int]] = field(default_factory=list)

    def check(self, tree: Any) -> None:
        whole = self._sequence(tree)
        for choice in (whole.first, *self.follow):
            seen: set[int] = set()
            for position in choice:
                if not seen.isdisjoint(self.characters[position]):
                    raise _Unsafe("can match the same text in more than one way")
                seen |= self.characters[position]

    def _character(self, accepted: frozenset[int]) -> _Part:
        if len(self.characters) == MAX_POSITIONS:
            raise _Unsafe(f"is longer than {MAX_POSITIONS} characters when written out")
        self.characters.append(accepted)
        self.follow.append([])
        position = (len(self.characters) - 1,)
        return _Part(False, position, position)

    def _sequence(self, items: Iterable[tuple[Any, Any]]) -> _Part:
        whole = _Part(True)
        for operation, argument in items:
            whole = self._joined(whole, self._item(operation, argument))
        return whole

    def _joined(self, left: _Part, right: _Part) -> _Part:
        for position in left.last:
            self.follow[position].extend(right.first)
        return _Part(
            left.empty and right.empty,
            left.first + right.first if left.empty else left.first,
            left.last + right.last if right.empty else right.last,
        )

    def _item(self, operation: Any, argument: Any) -> _Part:
        if operation is op.AT:
            return _Part(True)
        if operation is op.SUBPATTERN:
            _, added, removed, body = argument
            if added or removed:
                raise _Unsafe("uses flags")
            return self._sequence(body)
        if operation is op.BRANCH:
            return self._branch(argument[1])
        if operation in (op.MAX_REPEAT, op.MIN_REPEAT):
            return self._repeat(*argument)
        return self._character(_accepted(operation, argument))

    def _branch(self, bodies: Iterable[Any]) -> _Part:
        parts = [self._sequence(body) for body in bodies]
        if sum(part.empty for part in parts) > 1:
            raise _Unsafe("has two alternatives that match nothing at all")
        return _Part(
            any(part.empty for part in parts),
            tuple(position for part in parts for position in part.first),
            tuple(position for part in parts for position in part.last),
        )

    def _repeat(self, least: int, most: int, body: Any) -> _Part:
        whole, tail = _Part(True), _Part(True)
        endless = most == op.MAXREPEAT
        for _ in range(least - 1 if endless else least):
            whole = self._joined(whole, self._once(body))
        if endless:
            part = self._once(body)
            for position in part.last:
                self.follow[position].extend(part.first)
            tail = _Part(least == 0, part.first, part.last)
        else:
            for _ in range(most - least):
                joined = self._joined(self._once(body), tail)
                tail = _Part(True, joined.first, joined.last)
        return self._joined(whole, tail)

    def _once(self, body: Any) -> _Part:
        part = self._sequence(body)
        if part.empty:
            raise _Unsafe("repeats something that can match nothing at all")
        return part


def _accepted(operation: Any, argument: Any) -> frozenset[int]:
    """The characters of the alphabet that one item accepts."""
    if operation is op.LITERAL:
        return frozenset((_standing_for(argument),))
    if operation is op.NOT_LITERAL:
        return _ALPHABET - ({argument} if argument < _ASCII else set())
    if operation is op.ANY:
        return _ALPHABET - {ord("\n")}
    if operation is op.RANGE:
        low, high = argument
        beyond = _ALPHABET - frozenset(range(_ASCII)) if high >= _ASCII else frozenset()
        return frozenset(range(low, min(high + 1, _ASCII))) | beyond
    if operation is op.CATEGORY:
        return frozenset(c for c in _ALPHABET if _CATEGORIES[argument].match(chr(c)))
    if operation is op.IN:
        negated = argument[0][0] is op.NEGATE
        union = frozenset[int]().union(*(_accepted(*item) for item in argument[negated:]))
        return _all_but(union, argument[1:]) if negated else union
    raise _Unsafe("looks ahead or back, which cannot be checked safely")


def _standing_for(character: int) -> int:
    if character < _ASCII:
        return character
    kinds = (r"\s", r"\d", r"\w", r"(?s:.)")
    return next(
        ord(beyond)
        for kind, beyond in zip(kinds, _BEYOND, strict=True)
        if re.match(kind, chr(character))
    )


def _all_but(union: frozenset[int], items: Iterable[tuple[Any, Any]]) -> frozenset[int]:
    """A negated class; a single character beyond ASCII leaves others of its kind."""
    whole_kinds = frozenset[int]().union(
        *(_accepted(*item) for item in items if item[0] is op.CATEGORY)
    )
    return _ALPHABET - frozenset(c for c in union if c < _ASCII) - whole_kinds
