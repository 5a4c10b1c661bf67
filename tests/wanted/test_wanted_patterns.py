"""Which patterns are accepted, and that those which are take linear time."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appstore.wanted.patterns import unsafe


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "[a-z]",
        "^[a-z0-9]+(-[a-z0-9]+)*$",
        "[a-zA-Z][a-zA-Z0-9_]{0,30}",
        r"\d{1,3}(\.\d{1,3}){3}",
        r"\w+\s\w+",
        "(red|green|blue)",
        "[^@]+@[^@]+",
        "a?b?c?",
        r"^\S+\Z",
        r"#[0-9a-fA-F]{6}",
    ],
)
def test_safe(pattern: str) -> None:
    assert unsafe(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a+)+$", "more than one way"),
        ("(a|a)*b", "nothing at all"),
        ("([a-c]x|[b-d]y)*", "more than one way"),
        (".*.*x", "more than one way"),
        ("(a|b|ab)*c", "more than one way"),
        ("(.*)*", "repeats something"),
        ("(a?){30}", "repeats something"),
        ("(|a|){30}", "nothing at all"),
        ("(éa|üb)+", "more than one way"),
        ("a{1,9999}", "written out"),
        ("(a{400}){400}", "written out"),
        ("(?=a)b", "looks ahead"),
        (r"(a)\1", "looks ahead"),
        ("(?i)a", "flags"),
        ("(?i:a)", "flags"),
        ("[a-z", "not a valid"),
        ("[[a]", "not a valid"),
        ("*", "not a valid"),
        ("(" * 5000, "not a valid"),
    ],
)
def test_unsafe(pattern: str, why: str) -> None:
    assert why in str(unsafe(pattern))


_ATOMS = st.sampled_from(["a", "b", "[ab]", ".", r"\d", r"\w", "-", ""])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})")
        | st.tuples(inner, st.sampled_from("*+?")).map(lambda pair: f"(?:{pair[0]}){pair[1]}")
    ),
    max_leaves=8,
)


@settings(deadline=None)  # the machine may be busy
@given(_PATTERNS, st.text("ab-1", min_size=1, max_size=4))
def test_whatever_is_safe_matches_long_texts_at_once(pattern: str, unit: str) -> None:
    """Ten thousand characters and a mismatch at the end: an unsafe one would not come back."""
    if unsafe(pattern) is None:
        re.fullmatch(pattern, unit * (10_000 // len(unit)) + "\0")
