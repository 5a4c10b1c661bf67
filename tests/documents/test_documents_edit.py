"""Edits of files that people wrote: one value changes, every other byte stays."""

import pytest

from appstore.documents.edit import put
from appstore.documents.marks import JsonValue, Path

COMMENTED = """\
# Web lab of the course; ask Ada before changing it.
template: web-lab@1.0.0   # reviewed in June
for: student

# the machines
parameters:
  size: small  # enough for 30
  # memory: large

# the end
"""
CHANGES: list[tuple[str, str, Path, JsonValue, str]] = [
    (
        "a key at the end, before what follows, after comments indented below the last one",
        COMMENTED,
        ("state",),
        "suspended",
        COMMENTED.replace("  # memory: large\n", "  # memory: large\nstate: suspended\n"),
    ),
    (
        "a mapping that is missing",
        "a: 1\n",
        ("reset", "s07"),
        1,
        "a: 1\nreset: {s07: 1}\n",
    ),
    (
        "a counter in braces",
        "reset: {all: 1, s07: 2} # two\nb: 1\n",
        ("reset", "s07"),
        3,
        "reset: {all: 1, s07: 3} # two\nb: 1\n",
    ),
    (
        "a counter in braces that is missing",
        "reset: { all: 1 }\n",
        ("reset", "s07"),
        1,
        "reset: { all: 1, s07: 1 }\n",
    ),
    ("an empty item", "a:\n- 1\n-\n- # two\n", ("a", 2), 3, "a:\n- 1\n-\n- 3 # two\n"),
    ("empty braces", "reset: {}\nb: 1\n", ("reset", "s1"), 1, "reset: {s1: 1}\nb: 1\n"),
    (
        "braces over lines",
        "reset: {\n  all: 1,  # everybody\n  s01: 4,  # Bob's\n}\nb: 1\n",
        ("reset", "s02"),
        1,
        "reset: {\n  all: 1,  # everybody\n  s01: 4, s02: 1,  # Bob's\n}\nb: 1\n",
    ),
    (
        "a counter on a line of its own",
        "reset:\n    all: 1 # once\n    s07: 2   # twice\nretry: 1\n",
        ("reset", "s07"),
        3,
        "reset:\n    all: 1 # once\n    s07: 3   # twice\nretry: 1\n",
    ),
    (
        "a new counter beside others on lines of their own",
        "reset:\n    all: 1 # once\nretry: 1\n",
        ("reset", "s07"),
        1,
        "reset:\n    all: 1 # once\n    s07: 1\nretry: 1\n",
    ),
    ("double quotes", 'state: "running" # x\n', ("state",), "absent", 'state: "absent" # x\n'),
    ("single quotes", "ends: '2026-01-01'\n", ("ends",), "2026-02-01", "ends: '2026-02-01'\n"),
    (
        "no value yet",
        "ends:  # open\nb: 1\n",
        ("ends",),
        "2026-02-01",
        "ends: 2026-02-01  # open\nb: 1\n",
    ),
    (
        "a value on the next line",
        "ends:\n  2026-01-01\n",
        ("ends",),
        "2026-02-01",
        "ends:\n  2026-02-01\n",
    ),
    ("no line break at the end", "a: 1", ("state",), "absent", "a: 1\nstate: absent"),
    ("line breaks of Windows", "a: 1\r\nb: 2\r\n", ("c",), 3, "a: 1\r\nb: 2\r\nc: 3\r\n"),
    ("all in braces", "{a: 1, b: x}\n", ("state",), "absent", "{a: 1, b: x, state: absent}\n"),
    (
        "an indented document",
        "---\n  a: 1\n  b: 2\n...\n",
        ("c",),
        3,
        "---\n  a: 1\n  b: 2\n  c: 3\n...\n",
    ),
    (
        "after a text of lines",
        "a: |\n  one\n  two\n\n# end\n",
        ("b",),
        2,
        "a: |\n  one\n  two\n\nb: 2\n# end\n",
    ),
    (
        "umlauts and symbols before it",
        "t: {de: Übung 🎓, n: 1}\n",
        ("t", "n"),
        2,
        "t: {de: Übung 🎓, n: 2}\n",
    ),
    (
        "text that needs quotes",
        "a: 1\n",
        ("why",),
        'it "broke": #3',
        'a: 1\nwhy: "it \\"broke\\": #3"\n',
    ),
    ("text that looks like a number", "a: 1\n", ("v",), "12", 'a: 1\nv: "12"\n'),
    ("the first item of a list", "a: 1\n", ("l", 0), {"m": "s07"}, "a: 1\nl: [{m: s07}]\n"),
    (
        "an item on a line of its own",
        "l:\n- {m: s01} # x\nb: 1\n",
        ("l", 1),
        {"m": "s07"},
        "l:\n- {m: s01} # x\n- {m: s07}\nb: 1\n",
    ),
    ("an item in brackets", "l: [{m: s01}]\n", ("l", 1), {"m": "s07"}, "l: [{m: s01}, {m: s07}]\n"),
]


@pytest.mark.parametrize(
    ("before", "at", "value", "after"),
    [pytest.param(*change[1:], id=change[0]) for change in CHANGES],
)
def test_a_change_is_exactly_this(before: str, at: Path, value: JsonValue, after: str) -> None:
    edited = put("lab.yaml", before.encode(), at, value)
    assert isinstance(edited, bytes), edited
    assert edited.decode() == after


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("state: |-\n  running\n", ("state",)),
        ("state: >-  # why\n  running\n", ("state",)),
        ("reset: [all]\n", ("reset", "s07")),
        ("reset: 3\n", ("reset", "s07")),
        ("reset: {all: {s07: 1}}\n", ("reset", "all")),
        ("note: |\n  no line break at the end", ("state",)),
    ],
)
def test_what_cannot_be_changed_alone_is_left_to_a_person(text: str, at: Path) -> None:
    edited = put("lab.yaml", text.encode(), at, 7)
    assert isinstance(edited, tuple)
    (finding,) = edited
    assert (finding.rule, finding.line) == ("edit/by-hand", 1)
    assert "7" in finding.hint


def test_a_file_with_findings_is_not_touched() -> None:
    edited = put("lab.yaml", b"a: 1\na: 2\n", ("b",), 1)
    assert isinstance(edited, tuple)
    assert edited[0].rule == "yaml/duplicate-key"
