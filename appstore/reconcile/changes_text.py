"""Values as short, harmless texts."""

import json
from collections import Counter

LONGEST = 60


def shown(value: object) -> str:
    """A value on one short line; strings bare, everything else as JSON.

    Whatever is not printable is escaped, also direction marks that could turn a line around.
    """
    return _cut(_escaped(_written(value)))


def shown_pair(old: object, new: object) -> tuple[str | None, str | None]:
    """Both sides of a change; None where absent. Long ones are cut so that the change is seen."""
    if isinstance(old, str) and isinstance(new, str) and "\n" in old + new:
        return lines_changed(old, new)
    before, after = _written(old), _written(new)
    if before == after:  # a text that looks like a number
        before, after = _as_json(old), _as_json(new)
    before, after = _escaped(before), _escaped(after)
    if old is not None and new is not None and _cut(before) == _cut(after):
        at = next(
            (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
            min(len(before), len(after)),
        )
        start = max(0, at - LONGEST // 2)
        before, after = "..." + before[start:], "..." + after[start:]
    return (None if old is None else _cut(before)), (None if new is None else _cut(after))


def lines_changed(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two texts as `40 lines` and `+2 -1 lines`; linear in their size."""
    if old is None or new is None:
        return (None if old is None else _count(old)), (None if new is None else _count(new))
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    while before and after and before[0] == after[0]:
        before, after = before[1:], after[1:]
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    added, removed = Counter(after) - Counter(before), Counter(before) - Counter(after)
    plus, minus = added.total(), removed.total()
    if not plus and not minus:  # only the order changed
        plus = minus = len(after)
    return _count(old), f"+{plus} -{minus} lines"


def _count(text: str) -> str:
    count = len(text.splitlines())
    return f"{count} line{'' if count == 1 else 's'}"


def _written(value: object) -> str:
    return value if isinstance(value, str) else _as_json(value)


def _as_json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode("ascii")
        for c in text
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
