"""From bytes to text that is safe to parse, compare and show (BAD-INPUT.md, encoding)."""

import json
import re
import unicodedata
from dataclasses import dataclass

from appstore.documents.findings import Finding

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)"  # C0 and C1; tab and line ends are fine
    "|[\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
    "|[\ud800-\udfff\U000e0000-\U000e007f]"
    "|[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]"  # joiners and fillers: letters without a shape
    # One selector chooses the shape of the sign before it; a row of them spells a hidden text.
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef](?=[\ufe00-\ufe0f\U000e0100-\U000e01ef])"
)
"""Characters that steer a terminal, reorder what one reads, or cannot be seen (CVE-2021-42574)."""

_CONFLICT = re.compile(r"^(?:<{7} |={7}\r?$|>{7} |\|{7} )", re.MULTILINE)
_CONFLICT_START = re.compile(r"^<{7} ", re.MULTILINE)
_SECRET = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"
    r"|\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,}"
    r"|glpat-[A-Za-z0-9_-]{20,})"
)
_MOST = 20


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file; None when it must not be parsed, then a finding says why."""

    text: str | None
    findings: tuple[Finding, ...] = ()


def place_of(text: str, index: int) -> tuple[int, int]:
    """Line and column, counted from 1, of the character at `index`."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def first_hidden(text: str) -> str | None:
    """The name of the first character that nobody could see, or None."""
    found = _HIDDEN.search(text)
    return None if found is None else _name(found[0])


def quoted(text: str) -> str:
    """A text of the file as a message may show it: on one line, at most 60 characters."""
    shown = json.dumps(text, ensure_ascii=False)
    return shown if len(shown) <= 60 else f'{shown[:56]}..."'


def decode(path: str, data: bytes, max_bytes: int) -> Decoded:
    """Strict UTF-8 without a byte order mark, hidden characters or merge-conflict markers.

    A secret written out is a finding and does not stop the reading.
    """
    if len(data) > max_bytes:
        return Decoded(None, (_too_large(path, len(data), max_bytes),))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[1:2] == b"\0" or data[:1] == b"\0":
        return Decoded(None, (_not_utf8(path, 1, 1),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        return Decoded(None, (_not_utf8(path, *place_of(before, len(before))),))
    if text.startswith("\ufeff"):
        return Decoded(None, (_byte_order_mark(path),))
    if hidden := _hidden_characters(path, text):
        return Decoded(None, hidden)
    if (conflict := _CONFLICT_START.search(text)) is not None:
        return Decoded(None, (_conflict(path, text, conflict.start()),))
    return Decoded(text, _secrets(path, text))


def _name(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")


def _hidden_characters(path: str, text: str) -> tuple[Finding, ...]:
    """One finding per different character, at its first place."""
    first: dict[str, int] = {}
    for found in _HIDDEN.finditer(text):
        first.setdefault(found[0], found.start())
        if len(first) == _MOST:
            break
    return tuple(
        Finding(
            path,
            *place_of(text, index),
            "yaml/character",
            f"Here is the character {_name(character)}, which one cannot see or which changes "
            "what others see.",
            "Delete it; typing the line again by hand helps when it came from copying.",
        )
        for character, index in first.items()
    )


def _secrets(path: str, text: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            path,
            *place_of(text, found.start()),
            "secret/literal",
            "This looks like a private key or an access token, written out in the file.",
            "Make a new one, since git keeps what was written, and refer to it: "
            "{secret: {from: env, key: my_key}}.",
        )
        for found in list(_SECRET.finditer(text))[:_MOST]
    )


def _conflict(path: str, text: str, start: int) -> Finding:
    lines = [place_of(text, found.start())[0] for found in _CONFLICT.finditer(text, start)][:3]
    return Finding(
        path,
        *place_of(text, start),
        "yaml/merge-conflict",
        f"The file holds an unfinished merge (markers in line {', '.join(map(str, lines))}).",
        "Keep the lines that are right, delete the others and the marker lines, and commit again.",
    )


def _too_large(path: str, size: int, max_bytes: int) -> Finding:
    return Finding(
        path,
        0,
        0,
        "yaml/too-large",
        f"The file has {size} bytes; at most {max_bytes} are read.",
        "Move long scripts into files of their own beside heat.yaml.",
    )


def _not_utf8(path: str, line: int, column: int) -> Finding:
    return Finding(
        path,
        line,
        column,
        "yaml/encoding",
        "The file is not UTF-8 text from here on.",
        'Save it with the encoding "UTF-8" (without BOM) in your editor.',
    )


def _byte_order_mark(path: str) -> Finding:
    return Finding(
        path,
        1,
        1,
        "yaml/byte-order-mark",
        "The file begins with an invisible byte order mark.",
        'Save it as "UTF-8" without BOM in your editor.',
    )
