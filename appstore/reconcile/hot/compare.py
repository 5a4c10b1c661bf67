"""Whether a value that Heat computes is the same before and after an update."""

from appstore.reconcile.difference import Effect
from appstore.reconcile.hot.fates import UNTOLD, Fates, Sameness
from appstore.reconcile.hot.values import (
    SYMBOLS,
    Applied,
    Pseudo,
    Reference,
    Secret,
    Text,
    Unknown,
    Value,
    symbols,
)


def compare(old: Value, new: Value, fates: Fates) -> Sameness:
    """Compare two evaluated values; symbols by what happens to the resources they refer to."""
    if isinstance(old, SYMBOLS) or isinstance(new, SYMBOLS):
        return _symbolic(old, new, fates)
    match old, new:
        case None, None:
            return Sameness.SAME
        case (None, given) | (given, None):
            return _given(given)
        case dict(), dict():
            return max(
                (compare(old.get(key), new.get(key), fates) for key in old.keys() | new.keys()),
                default=Sameness.SAME,
            )
        case list(), list() if len(old) == len(new):
            pairs = zip(old, new, strict=True)
            return max((compare(a, b, fates) for a, b in pairs), default=Sameness.SAME)
        case (list() | dict(), _) | (_, list() | dict()):
            return Sameness.DIFFERS
        case _:
            return _scalars(old, new)


def _given(value: Value) -> Sameness:
    """A value against none: small ones are often the default written out, which we do not know."""
    match value:
        case bool() | int() | float():
            return Sameness.MAYBE
        case _:
            return Sameness.DIFFERS if value else Sameness.MAYBE


def _scalars(old: Value, new: Value) -> Sameness:
    """Heat converts to the property's type first: 22 and "22" are one value."""
    if isinstance(old, bool) or isinstance(new, bool):
        if type(old) is type(new):
            return Sameness.SAME if old == new else Sameness.DIFFERS
        return Sameness.MAYBE
    if old == new or str(old) == str(new):
        return Sameness.SAME
    return Sameness.DIFFERS


def _symbolic(old: Value, new: Value, fates: Fates) -> Sameness:
    match old, new:
        case (Unknown(), _) | (_, Unknown()):
            return Sameness.MAYBE
        case Reference(), Reference():
            return _references(old, new, fates)
        case (Secret(), Secret()) | (Pseudo(), Pseudo()):
            return Sameness.SAME if old == new else Sameness.DIFFERS
        case Applied(), Applied() if old.function == new.function:
            same = compare(old.arguments, new.arguments, fates) is Sameness.SAME
            return Sameness.SAME if same else Sameness.MAYBE
        case Text(), Text():
            return _texts(old, new, fates)
        case (Text() as pattern, str() as given) | (str() as given, Text() as pattern):
            return Sameness.MAYBE if _fits(pattern, given) else Sameness.DIFFERS
        case _, Reference(resource) if _is_fresh(resource, fates):
            return Sameness.DIFFERS
        case _:
            return Sameness.MAYBE


def _references(old: Reference, new: Reference, fates: Fates) -> Sameness:
    if old == new:
        return fates.get(new.resource, UNTOLD).reference(new.attribute)
    both_ids = old.attribute is None and new.attribute is None
    return Sameness.DIFFERS if both_ids or _is_fresh(new.resource, fates) else Sameness.MAYBE


def _is_fresh(resource: str, fates: Fates) -> bool:
    return fates.get(resource, UNTOLD).effect in (Effect.ADDED, Effect.REPLACED)


def _texts(old: Text, new: Text, fates: Fates) -> Sameness:
    """Texts with the same literal parts differ as their symbols do, others differ."""
    if len(old.parts) != len(new.parts):
        return Sameness.DIFFERS
    worst = Sameness.SAME
    for a, b in zip(old.parts, new.parts, strict=True):
        if isinstance(a, str) or isinstance(b, str):
            if a != b:
                return Sameness.DIFFERS
        else:
            worst = max(worst, _symbolic(a, b, fates))
    return worst


def _fits(pattern: Text, given: str) -> bool:
    """True when some values of the symbols could give exactly this text."""
    first, last = pattern.parts[0], pattern.parts[-1]
    literals = [part for part in pattern.parts if isinstance(part, str)]
    end = len(given)
    if isinstance(last, str):
        if not given.endswith(last):
            return False
        end -= len(last)
        literals.pop()
    at = 0
    for index, literal in enumerate(literals):
        found = given.find(literal, at, end)
        if found < 0 or (index == 0 and literal is first and found > 0):
            return False
        at = found + len(literal)
    return True


def references(value: Value) -> frozenset[str]:
    """Paths of the resources that a value refers to."""
    return frozenset(s.resource for s in symbols(value) if isinstance(s, Reference))
