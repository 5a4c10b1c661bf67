"""What somebody wrote does nothing in a note: hostile texts, and any text at all, rendered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_hostile import HOSTILE, hostile_text
from report_rendered import acts, tokens, words

from appstore.report.markdown import code, fenced, link, text

INERT = {"`$`x`$`", "`/merge`", "``` `", "a`", "\ud800", "   ", ""}
"""Already a code span, or nothing but characters."""
ONE_ITEM = {
    "bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "code_inline",
    "paragraph_close", "list_item_close", "bullet_list_close",
}  # fmt: skip


def is_one_line_of_text(shown: str) -> bool:
    """Behind a dash it is one item with text and code, and nothing in it acts."""
    kinds = [token.type for token in tokens(f"- {shown}")]
    one = kinds.count("list_item_open") == 1 and set(kinds) <= ONE_ITEM
    return one and "\n" not in shown and acts(f"- {shown}") == []


@pytest.mark.parametrize("written", HOSTILE)
def test_a_hostile_text_is_shown_and_does_nothing(written: str) -> None:
    assert is_one_line_of_text(text(written))
    assert is_one_line_of_text(code(written))
    assert acts(f"- **{code(written)}** and {text(written)}") == []


@pytest.mark.parametrize(
    "written",
    sorted(set(HOSTILE) - INERT),
)
def test_without_escaping_the_same_text_is_seen_to_act(written: str) -> None:
    assert not is_one_line_of_text(written)


@given(hostile_text())
def test_any_text_is_shown_and_does_nothing(written: str) -> None:
    assert is_one_line_of_text(text(written))
    assert is_one_line_of_text(code(written))


@given(st.lists(hostile_text(), max_size=5), st.sampled_from(["", "    "]))
def test_no_line_closes_a_fence(lines: list[str], indent: str) -> None:
    page = f"- before\n{fenced(lines, indent)}\n\nafter"
    assert acts(page) == []
    (fence,) = [t for t in tokens(page) if t.type == "fence"]
    assert len(fence.content.splitlines()) == len(lines)
    assert all(line.startswith(("`", " ")) for line in fenced(lines, indent).splitlines())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("It's done (as wanted): re-use them.", "It's done (as wanted): re-use them."),
        ("web-lab@1.0.0 has no size", "`web-lab@1.0.0` has no size"),
        ("write `state: absent` there.", "write `state: absent` there."),
        ("two `a``b` spans", "two `a` `b` spans"),
        ("1. first", "`1.` first"),
        ("Größe für 学生", "Größe für 学生"),
        ("closes GH-12", "closes `GH-12`"),
        ("", ""),
    ],
)
def test_a_sentence_stays_one(written: str, shown: str) -> None:
    assert text(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [("a`b", "``a`b``"), ("`", "`` ` ``"), ("", '`""`'), ("a\nb", "`a b`"), ("<!--", "`<!--`")],
)
def test_code_keeps_what_was_written(written: str, shown: str) -> None:
    assert code(written) == shown
    assert words(f"- {code(written)}").strip() == shown.strip("` ") or "`" in written


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://a b", "//x", "", "https://x\n/merge", "data:text/html,x"],
)
def test_only_a_web_address_becomes_a_link(url: str) -> None:
    assert link("Full plan", url) == "Full plan"


def test_an_address_cannot_end_the_link() -> None:
    shown = link("Full plan", "https://x/a)b>c](d)`@ada*")
    assert [t.type for t in tokens(shown)].count("link_open") == 1
    assert words(shown) == "Full plan"
