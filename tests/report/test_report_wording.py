"""Words and figures for people."""

from datetime import timedelta

import pytest

from appstore.report.escape import plain
from appstore.report.wording import age, counted, members


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["s01"], "s01"),
        (["s01", "s02"], "s01, s02"),
        (["s01", "s02", "s03", "s05"], "s01..s03, s05"),
        (["s98", "s99", "s100", "s101"], "s98..s101"),
        (["blue", "red"], "blue, red"),
        (["s01", "s02", "s03", "x01", "x02", "x03"], "s01..s03, x01..x03"),
    ],
)
def test_numbered_members_are_joined_to_runs(names: list[str], text: str) -> None:
    assert members(names) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (90_000, "1 day")],
)
def test_an_age_is_shown_in_its_largest_unit(seconds: int, text: str) -> None:
    assert age(timedelta(seconds=seconds)) == text


def test_one_and_many() -> None:
    assert (counted(1, "entry", "entries"), counted(2, "entry", "entries"), counted(0, "file")) == (
        "1 entry",
        "2 entries",
        "0 files",
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Grüße, 学生", "Grüße, 学生"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\nb\tc", "a b c"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("::error::fake\r\n", "\\x3a\\x3aerror::fake\\r "),
        ("  ::add-mask::x", "  \\x3a\\x3aadd-mask::x"),
        ("a ##[add-mask]x ::b::", "a ##\\x5badd-mask]x ::b::"),
    ],
)
def test_what_somebody_wrote_cannot_steer_the_terminal(written: str, shown: str) -> None:
    assert plain(written) == shown


def test_long_text_is_cut_and_says_so() -> None:
    assert plain("x" * 50, limit=10) == "xxxxxxxxxx... (40 more)"
