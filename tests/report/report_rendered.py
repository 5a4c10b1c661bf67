"""Markdown as a forge renders it, and what in it would act on somebody's behalf."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

_RENDERER = MarkdownIt("gfm-like", {"linkify": False})
_HARMLESS = {
    "paragraph_open", "paragraph_close", "heading_open", "heading_close", "bullet_list_open",
    "bullet_list_close", "list_item_open", "list_item_close", "strong_open", "strong_close",
    "inline", "text", "code_inline", "fence", "softbreak",
}  # fmt: skip
_ACTS = re.compile(
    r"[@#!~&$%^*_|\\`<>\[\]{}+=]|://|www\.|mailto|:\w+:|\b[0-9a-f]{7,}\b|[A-Za-z]-[0-9]|^\s*/"
    "|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]",
    re.IGNORECASE,
)
"""Both forges look for these in rendered text outside of code, or they steer the eye."""


def tokens(markdown: str) -> list[Token]:
    """All tokens, with those inside of lines."""
    return [
        each for token in _RENDERER.parse(markdown) for each in (token, *(token.children or ()))
    ]


def acts(markdown: str, ours: frozenset[str] = frozenset()) -> list[str]:
    """Everything but plain text, code, lists, headings and bold; `ours` are HTML lines and URLs."""
    found = []
    for token in tokens(markdown):
        match token.type:
            case "html_block" | "html_inline":
                found += [line for line in token.content.splitlines() if line not in ours]
            case "link_open":
                found += [href for href in [str(token.attrs["href"])] if href not in ours]
            case "link_close":
                pass
            case "text":
                found += [token.content] if _ACTS.search(token.content) else []
            case kind if kind not in _HARMLESS:
                found.append(kind)
    return found


def words(markdown: str) -> str:
    """What a person reads."""
    return "".join(t.content for t in tokens(markdown) if t.type in ("text", "code_inline"))
