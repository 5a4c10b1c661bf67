"""Sentences on a terminal of 80 columns."""

from textwrap import wrap

WIDTH = 80


def wrapped(text: str, first: str = "", more: str = "") -> list[str]:
    """Lines that begin with `first` and then `more`; names, ids and paths are not cut."""
    return wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=more,
        break_long_words=False,
        break_on_hyphens=False,
    )
