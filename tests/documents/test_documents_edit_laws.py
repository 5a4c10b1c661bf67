"""Laws of every edit, over documents in all the ways that people write them."""

import difflib
import re
from copy import deepcopy
from dataclasses import dataclass, field

from hypothesis import assume, given
from hypothesis import strategies as st

from appstore.documents.edit import put
from appstore.documents.marks import JsonValue, Path
from appstore.documents.strict import OURS, load

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)
SCALARS = st.one_of(
    st.integers(-999, 99999).map(str),
    NAMES,
    st.sampled_from(["2026-10-01", "web-lab@1.0.0", "true", "~", "1.5", "", "two words"]),
    TEXTS.map(lambda text: "'" + text.replace("'", "''") + "'"),
    TEXTS.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
)
VALUES = st.one_of(st.integers(0, 9999), NAMES, TEXTS, st.just("2026-12-24"), st.booleans())


@dataclass
class Draft:
    """A text as it grows, line by line, with comments that nobody else writes."""

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list)
    comments: int = 0

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}"

    def line(self, text: str) -> None:
        if self.draw(st.integers(0, 4)) == 0:
            self.lines.append(" " * self.draw(st.integers(0, 5)) + self.comment())
        if self.draw(st.integers(0, 6)) == 0:
            self.lines.append(" " * self.draw(st.integers(0, 3)))
        ending = f"{' ' * self.draw(st.integers(1, 3))}{self.comment()}"
        self.lines.append(text + (ending if self.draw(st.integers(0, 2)) == 0 else ""))

    def mapping(self, indent: int, depth: int) -> None:
        for key in self.draw(st.lists(NAMES, min_size=1, max_size=4, unique=True)):
            self.value(f"{' ' * indent}{key}:", indent, depth)

    def value(self, head: str, indent: int, depth: int) -> None:
        kinds = ["scalar", "scalar", "flow"] + (["block", "list", "text"] if depth < 3 else [])
        match self.draw(st.sampled_from(kinds)):
            case "scalar":
                self.line(f"{head} {self.draw(SCALARS)}".rstrip(" "))
            case "flow":
                self.line(f"{head} {self.flow(depth)}")
            case "block":
                self.line(head)
                self.mapping(indent + self.draw(st.integers(1, 4)), depth + 1)
            case "list":
                self.line(head)
                inner = indent + self.draw(st.integers(0, 2))
                for _ in range(self.draw(st.integers(1, 3))):
                    self.value(f"{' ' * inner}-", inner + 2, depth + 1)
            case "text":
                self.lines.append(f"{head} {self.draw(st.sampled_from(['|', '>', '|-', '|+']))}")
                self.lines += [
                    f"{' ' * (indent + 3)}words",
                    *self.draw(st.sampled_from([[], [""]])),
                ]

    def flow(self, depth: int) -> str:
        gap = self.draw(st.sampled_from(["", " "]))
        if self.draw(st.booleans()):
            items = self.draw(st.lists(NAMES, max_size=3))
            return f"[{gap}{', '.join(items)}{gap}]"
        entries = []
        for key in self.draw(st.lists(NAMES, max_size=3, unique=True)):
            nested = depth < 3 and self.draw(st.integers(0, 4)) == 0
            scalar = st.integers(0, 99).map(str) | NAMES
            entries.append(f"{key}: {self.flow(depth + 1) if nested else self.draw(scalar)}")
        return f"{{{gap}{', '.join(entries)}{gap}}}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    draft = Draft(draw)
    draft.mapping(draw(st.sampled_from([0, 0, 0, 2])), 0)
    ending = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    tail = draw(st.sampled_from(["", ending, f"{ending}# last", f"{ending}...{ending}"]))
    return ending.join(draft.lines) + tail


def paths(value: JsonValue, at: Path = ()) -> list[Path]:
    """The path of every value."""
    match value:
        case dict():
            return [at, *(p for key, inner in value.items() for p in paths(inner, (*at, key)))]
        case list():
            return [at, *(p for n, inner in enumerate(value) for p in paths(inner, (*at, n)))]
        case _:
            return [at]


def look(value: JsonValue, at: Path) -> JsonValue:
    for key in at:
        value = value[key]  # type: ignore[index, call-overload]
    return value


def with_value(value: JsonValue, at: Path, new: JsonValue) -> JsonValue:
    """The same by another way than the code: rebuilt from flat paths."""
    copy = deepcopy(value)
    holder = look(copy, at[:-1])
    if isinstance(holder, list) and at[-1] == len(holder):
        holder.append(new)
    else:
        holder[at[-1]] = new  # type: ignore[index, call-overload]
    return copy


def changeable(text: str) -> bool:
    """Whether the tool promises the edit: a text block that lacks its last line break would get
    one, and mean something else."""
    return text.endswith("\n") or not re.search(r"[|>][-+]?\r?$", text, re.MULTILINE)


@given(documents(), st.data())
def test_an_added_key_is_the_only_difference(text: str, data: st.DataObject) -> None:
    before = load("f.yaml", text.encode(), OURS)
    assume(before.value is not None and not before.findings)
    holders = [p for p in paths(before.value) if isinstance(look(before.value, p), dict)]
    holder = data.draw(st.sampled_from(holders))
    key = data.draw(NAMES.filter(lambda name: name not in look(before.value, holder)))
    check(text, before.value, (*holder, key), data.draw(VALUES))


@given(documents(), st.data())
def test_an_added_item_is_the_only_difference(text: str, data: st.DataObject) -> None:
    before = load("f.yaml", text.encode(), OURS)
    assume(before.value is not None and not before.findings)
    lists = [p for p in paths(before.value) if isinstance(look(before.value, p), list)]
    assume(lists)
    at = data.draw(st.sampled_from(lists))
    check(text, before.value, (*at, len(look(before.value, at))), {"member": data.draw(NAMES)})


@given(documents(), st.data())
def test_a_set_scalar_is_the_only_difference(text: str, data: st.DataObject) -> None:
    before = load("f.yaml", text.encode(), OURS)
    assume(before.value is not None and not before.findings)
    scalars = [p for p in paths(before.value) if not isinstance(look(before.value, p), dict | list)]
    scalars = [p for p in scalars if "words" not in str(look(before.value, p))]
    assume(scalars)
    check(text, before.value, data.draw(st.sampled_from(scalars)), data.draw(VALUES))


def check(text: str, before: JsonValue, at: Path, value: JsonValue) -> None:
    """The new text means the old value with one part changed, and is the old text around it."""
    edited = put("f.yaml", text.encode(), at, value)
    if isinstance(edited, tuple):
        assert not changeable(text), edited
        return
    after = edited.decode()
    loaded = load("f.yaml", edited, OURS)
    assert not loaded.findings
    assert repr(loaded.value) == repr(with_value(before, at, value))
    comments = re.compile(r"# (?:c\d+|last)")
    assert comments.findall(after) == comments.findall(text)
    lines = list(difflib.ndiff(text.splitlines(), after.splitlines()))
    assert sum(line.startswith("+ ") for line in lines) <= 1
    assert sum(line.startswith("- ") for line in lines) <= 1
