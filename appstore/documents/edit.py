"""One value put into a file that a person wrote; every other byte stays as it was.

The changed text is read again by the strict loader and must differ in exactly that value, order
included. Where that cannot be had, nothing is changed and a finding says what to write by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from appstore.documents.edit_spans import HolderSpan, ScalarSpan, Span, spans_of
from appstore.documents.edit_writing import entry, written_like
from appstore.documents.findings import Finding
from appstore.documents.marks import Document, JsonValue, Path
from appstore.documents.strict import OURS, load


@dataclass(frozen=True, slots=True)
class Edit:
    """One file as it was read, and as it shall be; without `before` it is a new one.

    `copy_of` is the file whose content a new one has unchanged.
    """

    path: str
    before: bytes | None
    after: bytes
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class _Cut:
    """The text to put in place of what stands between two indexes."""

    start: int
    end: int
    text: str


def put(path: str, data: bytes, at: Path, value: JsonValue) -> bytes | tuple[Finding, ...]:
    """The file with this value at this path, set or added at the end of its mapping or list.

    What is missing on the way is added too: `("reset", "s07")` writes `reset: {s07: 1}`. A list
    takes one more item at the index that is its length. Findings where the file cannot be read,
    or not be edited without touching more.
    """
    loaded = load(path, data, OURS)
    if loaded.value is None or loaded.findings:
        return loaded.findings
    text = data.decode()
    spans = spans_of(text)
    at, value = _outermost(spans, at, value)
    cut = _cut(text, spans, at, value)
    if cut is not None:
        edited = (text[: cut.start] + cut.text + text[cut.end :]).encode()
        again = load(path, edited, OURS)
        # repr tells 1 from true and 1.0, and one order of keys from another.
        if not again.findings and repr(again.value) == repr(_with(loaded.value, at, value)):
            return edited
    where = f" below `{'.'.join(map(str, at[:-1]))}`" if at[:-1] else ""
    return (
        Document(path, None, loaded.marks).finding(
            "edit/by-hand",
            "This is written in a way that cannot be changed without touching what is around it.",
            f"Write {entry(at[-1], value)}{where} by hand.",
            at,
        ),
    )


def _outermost(spans: Mapping[Path, Span], at: Path, value: JsonValue) -> tuple[Path, JsonValue]:
    """The first missing part of the path, with everything below it as its value."""
    depth = next((d for d in range(1, len(at)) if at[:d] not in spans), len(at))
    for key in reversed(at[depth:]):
        value = {key: value} if isinstance(key, str) else [value]
    return at[:depth], value


def _with(holder: JsonValue, at: Path, value: JsonValue) -> JsonValue:
    """The same value with one part put in."""
    match at, holder:
        case (), _:
            return value
        case (str() as key, *rest), dict():
            return {**holder, key: _with(holder.get(key), tuple(rest), value)}
        case (int() as number, *rest), list():
            inner = holder[number] if number < len(holder) else None
            return [*holder[:number], _with(inner, tuple(rest), value), *holder[number + 1 :]]
        case _:
            return holder


def _cut(text: str, spans: Mapping[Path, Span], at: Path, value: JsonValue) -> _Cut | None:
    """The one place to change; None where there is none."""
    match spans.get(at), spans.get(at[:-1]):
        case ScalarSpan(quote="|" | ">"), _:
            return None  # its lines may hold a comment, and end where the next key begins
        case ScalarSpan(start, end) as old, _:
            space = " " if start == end and text[start - 1 : start] in (":", "-") else ""
            return _Cut(start, end, space + written_like(old.quote, value))
        case None, HolderSpan(start, None):
            return _Cut(start + 1, start + 1, entry(at[-1], value))
        case None, HolderSpan(flow=True, end=int() as end):
            return _Cut(end, end, f", {entry(at[-1], value)}")
        case None, HolderSpan(end=int() as end, column=column):
            dash = "- " if isinstance(at[-1], int) else ""
            line = f"{' ' * column}{dash}{entry(at[-1], value)}"
            return _new_line(text, end, column, line)
        case _:
            return None


def _new_line(text: str, end: int, column: int, line: str) -> _Cut:
    """A line of its own after the last value, and after comments that are indented below it."""
    at = end if text[end - 1] == "\n" else _next_line(text, end)
    while _is_comment_below(text[at : _next_line(text, at)], column):
        at = _next_line(text, at)
    newline = "\r\n" if "\r\n" in text else "\n"
    complete = text[at - 1] == "\n"
    return _Cut(at, at, f"{line}{newline}" if complete else f"{newline}{line}")


def _next_line(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _is_comment_below(line: str, column: int) -> bool:
    bare = line.lstrip(" ")
    return bare.startswith("#") and len(line) - len(bare) > column
