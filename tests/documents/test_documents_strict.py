"""The strict loader against BAD-INPUT.md: every class gives findings with their place."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appstore.documents.strict import OURS, load
from appstore.documents.text import quoted

BOMB = b"a: &a [x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (c, c, c - 1, c - 1) for c in range(ord("b"), ord("k"))
)
HOSTILE = [
    ("1 empty", b"", (1, 1, "yaml/empty")),
    ("2 comments", b"# nothing\n\n# here\n", (1, 1, "yaml/empty")),
    ("3 scalar", b"hello\n", (1, 1, "yaml/not-a-mapping")),
    ("3 no colon", b"template web@1.0.0\n", (1, 1, "yaml/not-a-mapping")),
    ("4 list", b"\n- a\n- b\n", (2, 1, "yaml/not-a-mapping")),
    ("5 two documents", b"a: 1\n---\nb: 2\n", (2, 1, "yaml/second-document")),
    ("5 after the end", b"a: 1\n...\nb: 2\n", (3, 1, "yaml/second-document")),
    ("6 only ---", b"---\n", (1, 1, "yaml/empty")),
    ("7 alias bomb", BOMB, (1, 4, "yaml/anchor")),
    ("8 cycle", b"a: &a [*a]\n", (1, 4, "yaml/anchor")),
    ("8 top alias", b"*a\n", (1, 1, "yaml/anchor")),
    ("10 merge key", b"a: 1\nb:\n  <<: {c: 1}\n", (3, 3, "yaml/merge-key")),
    ("11 duplicate", b"a: 1\nb: 2\na: 3\n", (3, 1, "yaml/duplicate-key")),
    ("12 duplicate nested", b"x:\n  a: 1\n  'a': 3\n", (3, 3, "yaml/duplicate-key")),
    ("12 duplicate flow", b"x: {a: 1, a: 3}\n", (1, 11, "yaml/duplicate-key")),
    ("14 python", b"a: !!python/object/apply:os.system ['id']\n", (1, 4, "yaml/tag")),
    ("15 custom tag", b"a: 1\nb: !vault |\n  x\n", (2, 4, "yaml/tag")),
    ("15 include", b"a: !include /etc/passwd\n", (1, 4, "yaml/tag")),
    ("16 binary", b"a: !!binary aGVsbG8=\n", (1, 4, "yaml/tag")),
    ("17 set", b"a: !!set {x, y}\n", (1, 4, "yaml/tag")),
    ("18 tag on key", b"!!str a: 1\n", (1, 1, "yaml/tag")),
    ("18 undefined handle", b"a: !x!y z\n", (1, 4, "yaml/syntax")),
    ("19 YAML 2.0", b"%YAML 2.0\n---\na: 1\n", (1, 1, "yaml/directive")),
    ("19 YAML 1.1", b"%YAML 1.1\n---\na: 1\n", (1, 1, "yaml/directive")),
    ("19 TAG", b"%TAG ! tag:x,2000:\n---\na: 1\n", (1, 1, "yaml/directive")),
    ("19 other", b"%FOO x\n---\na: 1\n", (1, 5, "yaml/directive")),
    ("20 undefined alias", b"a: *x\n", (1, 4, "yaml/anchor")),
    ("21 tab", b"a:\n\tb: 1\n", (2, 1, "yaml/tab")),
    ("21 tab deeper", b"a: x\n\ty: 2\n", (2, 1, "yaml/tab")),
    ("21 tab in block", b"a: |\n\tfoo\n", (2, 1, "yaml/tab")),
    ("23 BOM", b"\xef\xbb\xbfa: 1\n", (1, 1, "yaml/byte-order-mark")),
    ("23 BOM inside", "a: 1\nb: x\ufeff\n".encode(), (2, 5, "yaml/character")),
    ("24 UTF-16", "a: 1\n".encode("utf-16"), (1, 1, "yaml/encoding")),
    ("24 UTF-16 without BOM", "a: 1\n".encode("utf-16-be"), (1, 1, "yaml/encoding")),
    ("25 Latin-1", "a: 1\nb: Übung\n".encode("latin-1"), (2, 4, "yaml/encoding")),
    ("26 bad UTF-8", b"a: \xc0\xaf\n", (1, 4, "yaml/encoding")),
    ("26 surrogate bytes", b"a: \xed\xa0\x80\n", (1, 4, "yaml/encoding")),
    ("27 NUL", b"a: x\0y\n", (1, 5, "yaml/character")),
    ("28 NUL escaped", b'a: "x\\0y"\n', (1, 4, "yaml/character")),
    ("29 ESC", b"a: 1\ntitle: \x1b[31mred\n", (2, 8, "yaml/character")),
    ("29 ESC escaped", b'title: "\\e[31mred"\n', (1, 8, "yaml/character")),
    ("29 C1", "a: \x9b31m\n".encode(), (1, 4, "yaml/character")),
    ("29 escaped key", b'"\\x1b": 1\n', (1, 1, "yaml/character")),
    ("29 lone CR", b"a: 1\rb: 2\n", (1, 5, "yaml/character")),
    ("30 U+2028", "a: x\u2028b: y\n".encode(), (1, 5, "yaml/character")),
    ("31 bidi", "a: x\u202ey\n".encode(), (1, 5, "yaml/character")),
    ("31 bidi escaped", b'a: "\\u202e"\n', (1, 4, "yaml/character")),
    ("32 zero width", "a\u200db: 1\n".encode(), (1, 2, "yaml/character")),
    ("32 letters without a shape", "a\u3164b: 1\n".encode(), (1, 2, "yaml/character")),
    ("32 a text in selectors", "a: x\U000e0121\U000e0122\n".encode(), (1, 5, "yaml/character")),
    ("32 tag characters", "a: \U000e0041\n".encode(), (1, 4, "yaml/character")),
    ("33 lone surrogate", b'a: "\\ud800"\n', (1, 7, "yaml/syntax")),
    ("34 depth", b"a: " + b"[" * 100_000, (1, 23, "yaml/too-deep")),
    ("34 depth, block", b"- " * 100_000, (1, 1, "yaml/not-a-mapping")),
    ("34 depth of keys", b"? " * 100_000, (1, 41, "yaml/too-deep")),
    ("35 huge scalar", b"a: " + b"x" * 10_000_000, (0, 0, "yaml/too-large")),
    ("36 huge flow list", b"a: [" + b"1," * 130_000, (1, 9_999, "yaml/too-many-values")),
    ("37 many keys", b"".join(b"k%d: 1\n" % n for n in range(25_000)),
     (2500, 8, "yaml/too-many-values")),
    ("38 int key", b"a: 1\n1: x\n", (2, 1, "yaml/key")),
    ("38 null key", b"null: x\n", (1, 1, "yaml/key")),
    ("38 bool key", b"true: x\n", (1, 1, "yaml/key")),
    ("38 list key", b"[a]: x\n", (1, 1, "yaml/key")),
    ("38 mapping key", b"? {a: 1}\n: x\n", (1, 3, "yaml/key")),
    ("40 open bracket", b"a: [1, 2\nb: 3\n", (1, 4, "yaml/syntax")),
    ("40 open quote", b"a: 'x\nb: 3\n", (1, 4, "yaml/syntax")),
    ("40 two colons", b"a: b: c\n", (1, 5, "yaml/syntax")),
    ("40 indentation", b"a: 1\n b: 2\n", (2, 3, "yaml/syntax")),
    ("40 no colon", b"key: value\nfoo\nbar: 1\n", (2, 1, "yaml/syntax")),
    ("40 at sign", b"a: @x\n", (1, 4, "yaml/syntax")),
    ("40 escape", b'a: "\\q"\n', (1, 5, "yaml/syntax")),
    ("59 braces", b"a: {{ 7*7 }}\n", (1, 5, "yaml/key")),
    ("68 private key", b"a: |\n  -----BEGIN RSA PRIVATE KEY-----\n", (2, 3, "secret/literal")),
    ("68 token", b"a: glpat-abcdefghij1234567890\n", (1, 4, "secret/literal")),
    (
        "112 conflict",
        b"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> main\n",
        (2, 1, "yaml/merge-conflict"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "expected"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_hostile_input_gives_one_finding_with_its_place(
    data: bytes, expected: tuple[int, int, str]
) -> None:
    before = time.process_time()
    loaded = load("f.yaml", data, OURS)
    assert time.process_time() - before < 2
    assert [(f.line, f.column, f.rule) for f in loaded.findings] == [expected]
    assert all(finding.message and finding.hint for finding in loaded.findings)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("y", "y"), ("22:22", "22:22"),
        ("2024-13-45", "2024-13-45"), ("2026-10-01", "2026-10-01"), ("0777", "0777"),
        ("08", "08"), ("1_000", "1_000"), ("0x1F", "0x1F"), ("0o14", "0o14"), ("=", "="),
        (".nan", ".nan"), ("-.inf", "-.inf"), ("1e400", "1e400"), ("1,5", "1,5"),
        ("9" * 18, int("9" * 18)), ("9" * 19, "9" * 19), ("-3", -3), ("+3", 3), ("-0", 0),
        ("1.10", 1.1), ("1e3", 1000.0), (".5", 0.5), ("1.", 1.0), ("true", True), ("False", False),
        ("~", None), ("", None), ("null", None), ("'1'", "1"), ('"no"', "no"), ("[1, a]", [1, "a"]),
        ("{no: no}", {"no": "no"}), ("a  # note", "a"), ('"a\\tb\\n"', "a\tb\n"),
        ("|\n  a\tb\n", "a\tb\n"),
    ],
)  # fmt: skip
def test_scalars_hold_no_surprises(text: str, value: object) -> None:
    loaded = load("f.yaml", f"a: {text}\n".encode(), OURS)
    assert loaded.findings == ()
    assert loaded.value is not None
    assert (loaded.value["a"], type(loaded.value["a"])) == (value, type(value))


def test_a_sign_may_have_one_selector() -> None:
    text = "title: \u26a0\ufe0f Exam \u845b\U000e0100\n"
    assert load("f.yaml", text.encode(), OURS).value == {"title": text[7:-1]}


def test_a_long_text_is_quoted_to_its_end() -> None:
    assert quoted("x\n" * 40) == '"' + "x\\n" * 18 + 'x..."'


def test_windows_line_ends_are_fine() -> None:
    assert load("f.yaml", b"a: 1\r\nb: |\r\n  x\r\n", OURS).value == {"a": 1, "b": "x\n"}


def test_marks_are_the_places_of_keys_and_items() -> None:
    loaded = load("f.yaml", b"# top\na: 1\nb:\n  c: [x, {d: 2}]\n", OURS)
    assert {path: (mark.line, mark.column) for path, mark in loaded.marks.items()} == {
        (): (2, 1),
        ("a",): (2, 1),
        ("b",): (3, 1),
        ("b", "c"): (4, 3),
        ("b", "c", 0): (4, 7),
        ("b", "c", 1): (4, 10),
        ("b", "c", 1, "d"): (4, 11),
    }


def test_a_duplicate_key_names_both_lines_and_keeps_the_first() -> None:
    loaded = load("f.yaml", b"a: 1\nb: 2\na: {c: 3}\n", OURS)
    assert loaded.value == {"a": 1, "b": 2}
    assert ("a", "c") not in loaded.marks
    assert loaded.findings[0].message == '"a" is written twice, in line 1 and in line 3.'


def test_all_findings_of_a_file_are_found() -> None:
    data = b"a: !x 1\nb: &b 2\nc: *b\n1: x\nd: 1\nd: !y 2\n? [e]\n: 1\nf: 'open\n"
    found = [(f.line, f.rule) for f in load("f.yaml", data, OURS).findings]
    assert found == [
        (1, "yaml/tag"),
        (2, "yaml/anchor"),
        (4, "yaml/key"),
        (6, "yaml/duplicate-key"),
        (6, "yaml/tag"),
        (7, "yaml/key"),
        (9, "yaml/syntax"),
    ]


PIECES = st.sampled_from(
    [*"ab1:-?[]{},&*!|>'\"%@`#~ \n\t\\", "a: ", "\n  ", "- ", "<<", "---\n", "...\n", "\r",
     "\u2028", "\x00", "é", "no", "0777", "1e3", "=", "null", "&a ", "*a", "!!str ", "? ", ": ",
     "\\x1b", "\ufeff"]
)  # fmt: skip
LIKE_YAML = st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode())


@given(st.binary(max_size=200) | LIKE_YAML)
def test_anything_gives_findings_or_a_value_that_json_can_hold(data: bytes) -> None:
    loaded = load("f.yaml", data, OURS)
    assert (loaded.value is not None) or loaded.findings
    if loaded.value is not None:
        assert json.loads(json.dumps(loaded.value, allow_nan=False)) == loaded.value
    for finding in loaded.findings:
        assert 1 <= finding.line <= data.count(b"\n") + data.count(b"\r") + 2
        assert finding.column >= 1
