"""The hint beside a name that nobody knows."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

_MOST = 8


def known_instead(name: str, known: Collection[str]) -> str:
    """`Did you mean "web-lab"?`, or what there is when nothing is near."""
    if near := get_close_matches(name, sorted(known), n=1, cutoff=0.6):
        return f'Did you mean "{near[0]}"?'
    return f"There is: {listed(sorted(known))}." if known else "There is none yet."


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more."""
    every = list(names)
    shown = ", ".join(every[:_MOST]) or "none yet"
    return shown if len(every) <= _MOST else f"{shown} and {len(every) - _MOST} more"
