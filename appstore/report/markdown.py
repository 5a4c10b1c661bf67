"""Text that somebody else wrote, made inert in the Markdown of GitHub and GitLab.

Escaping with backslashes does not hold: both forges look for mentions, references and links in
the rendered text, where the backslash is gone. Inside a code span they look for nothing. So a word
that is not plainly a word of a language becomes one: what cannot be told to be harmless is shown
as it was typed.
"""

import re
from collections.abc import Iterable
from itertools import islice

from appstore.report.escape import plain

_QUOTED = re.compile(r"`([^`]+)`")
_BEFORE, _AFTER = "\"'(\u201e\u201c\u2018", "\"').,;:?\u201c\u201d\u2019"
_REFERENCE = re.compile(r"[0-9a-f]{7,}|.*-[0-9].*", re.IGNORECASE)
"""Commit ids, and `GH-12` or `ABC-12`, which GitHub and a tracker behind GitLab link."""
_ITEM = re.compile(r"[0-9]+[.)]")
"""What begins a list where it is the first word."""


def code(value: str, limit: int = 200) -> str:
    """A code span of one line; the empty text is shown as two quotation marks."""
    shown = plain(value, limit).strip() or '""'
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def text(value: str, limit: int = 400) -> str:
    """A sentence in one line: its words as they are, what is no plain word in code spans.

    What stands between backticks is one span. The caller puts something before it in the line.
    """
    pieces: list[str] = []
    for number, part in enumerate(_QUOTED.split(plain(value, limit))):
        pieces += [code(part)] if number % 2 else _words(part)
    shown = ""
    for piece in pieces:
        shown += f" {piece}" if shown.endswith("`") and piece.startswith("`") else piece
    shown = " ".join(shown.split(" ")).strip()
    first, _, rest = shown.partition(" ")
    return f"{code(first)} {rest}".rstrip() if _ITEM.fullmatch(first) else shown


def fenced(lines: Iterable[str], indent: str = "", most: int = 20) -> str:
    """Lines to copy, as they are, in a fence that none of them can close; no more than `most`."""
    shown = [plain(line, 300) for line in islice(lines, most)]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    # A space of ours before each line: GitLab takes a slash at its start for a quick action.
    return "\n".join(f"{indent}{line}" for line in (fence, *(f" {each}" for each in shown), fence))


def link(words: str, url: str) -> str:
    """A link with words of ours; without an address that begins with http(s) only the words."""
    if not re.fullmatch(r"https?://[!-~]+", url):
        return words
    address = "".join(f"%{ord(c):02X}" if c in "<>()[]\\`\"'*_|~" else c for c in url)
    return f"[{words}](<{address}>)"


def _words(part: str) -> list[str]:
    """The words and the spaces between them."""
    return [
        piece if not piece.strip(" ") or _is_word(piece) else code(piece)
        for piece in re.split("( +)", part)
        if piece
    ]


def _is_word(piece: str) -> bool:
    """Letters and digits with single hyphens and apostrophes inside, punctuation around."""
    core = piece.lstrip(_BEFORE).rstrip(_AFTER)
    if not core:
        return all(character in _AFTER for character in piece)
    parts = re.split("[-'\u2019]", core)
    return all(map(str.isalnum, parts)) and not _REFERENCE.fullmatch(core)
