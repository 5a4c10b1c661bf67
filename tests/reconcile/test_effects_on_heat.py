"""What we say an update does, against what the real Heat did.

Each row is a template, an edit and the resources whose physical id must have changed; ids are read
before and after the update. A row is a stack of its own and all of them are updated side by side.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from effects_cloud import Heat, as_said, effect_on
from effects_samples import Template, spec

from appstore.reconcile.difference import Difference, Effect
from appstore.wanted.spec import Parameter, Plain, Spec

pytestmark = pytest.mark.cloud
HOT = "heat_template_version: 2018-08-31\n"


def text(value: object, **more: object) -> Template:
    return {"type": "OS::Heat::TestResource", "properties": {"value": value, **more}}


def random(length: object, **more: object) -> Template:
    return {"type": "OS::Heat::RandomString", "properties": {"length": length, **more}}


def group(count: object, definition: Template) -> Template:
    properties = {"count": count, "resource_def": definition}
    return {"type": "OS::Heat::ResourceGroup", "properties": properties}


@dataclass(frozen=True)
class Row:
    """Resources before and after, and what else the two sides are sent.

    `unknown` are the resources of which we cannot say what happens; Heat may do either.
    """

    name: str
    before: Template
    after: Template
    parameters: tuple[dict[str, Parameter], dict[str, Parameter]] = ({}, {})
    files: tuple[dict[str, str], dict[str, str]] = ({}, {})
    unknown: frozenset[str] = frozenset()

    def spec(self, side: int) -> Spec:
        resources = (self.before, self.after)[side]
        template = {"heat_template_version": "2018-08-31", **SECTIONS, "resources": resources}
        return spec(template, self.parameters[side], self.files[side])


SECTIONS: Template = {
    "parameters": {
        "length": {"type": "number", "default": 8},
        "word": {"type": "string", "default": "one"},
        "on": {"type": "boolean", "default": True},
    },
    "conditions": {"on": {"get_param": "on"}},
}
REFER = {"get_resource": "a"}
NESTED = HOT + "parameters: {n: {type: number}}\nresources:\n  r: {type: 'OS::Heat::RandomString', "
NESTED += "properties: {length: {get_param: n}}}\n"
DESK = {"type": "desk.yaml", "properties": {"n": 8}}

ROWS = [
    Row("same", {"a": random(8), "b": text(REFER)}, {"a": random(8), "b": text(REFER)}),
    Row("fixed property", {"a": random(8)}, {"a": random(9)}),
    Row("updatable property", {"a": text("x")}, {"a": text("y")}),
    Row("replaced by policy", {"a": text("x")}, {"a": text("y", update_replace=True)}),
    Row("default", {"a": random({"get_param": "length"})}, {"a": random(8)}),
    Row(
        "parameter",
        {"a": random({"get_param": "length"})},
        {"a": random({"get_param": "length"})},
        ({"length": Plain(8)}, {"length": Plain("9")}),
    ),
    Row("number as text", {"a": random(8)}, {"a": random("8")}),
    Row(
        "carried to an updatable property",
        {"a": random(8), "b": text(REFER)},
        {"a": random(9), "b": text(REFER)},
    ),
    Row(
        "carried to a fixed property",
        {"a": random(8), "b": random(8, salt=REFER), "c": random(8, salt={"get_resource": "b"})},
        {"a": random(9), "b": random(8, salt=REFER), "c": random(8, salt={"get_resource": "b"})},
    ),
    Row(
        "attribute of an updated resource",
        {"a": text("x"), "b": random(8, salt={"get_attr": ["a", "output"]})},
        {"a": text("y"), "b": random(8, salt={"get_attr": ["a", "output"]})},
        unknown=frozenset({"b"}),
    ),
    Row(
        "text with a reference",
        {"a": random(8), "b": random(8, salt={"list_join": ["-", ["x", REFER]]})},
        {
            "a": random(8),
            "b": random(8, salt={"str_replace": {"template": "x-$a", "params": {"$a": REFER}}}),
        },
    ),
    Row("added and deleted", {"a": random(8), "b": text("x")}, {"a": random(8), "c": text("x")}),
    Row("type", {"a": random(8)}, {"a": text("x")}),
    Row(
        "metadata",
        {"a": random(8)},
        {"a": {**random(8), "metadata": {"k": "v"}, "deletion_policy": "Retain"}},
    ),
    Row(
        "condition",
        {"a": {**random(8), "condition": "on"}, "b": random({"if": ["on", 8, 9]})},
        {"a": {**random(8), "condition": "on"}, "b": random({"if": ["on", 8, 9]})},
        ({"on": Plain(True)}, {"on": Plain("no")}),
    ),
    Row("group grows", {"g": group(1, random(8))}, {"g": group(3, random(8))}),
    Row("group shrinks", {"g": group(3, random(8))}, {"g": group(1, random(8))}),
    Row("definition", {"g": group(2, random(8))}, {"g": group(2, random(9))}),
    Row("definition stays", {"g": group(2, text("x"))}, {"g": group(2, text("y"))}),
    Row("nested property", {"d": DESK}, {"d": {**DESK, "properties": {"n": 9}}},
        files=({"desk.yaml": NESTED}, {"desk.yaml": NESTED})),
    Row("nested file", {"d": DESK}, {"d": DESK},
        files=({"desk.yaml": NESTED}, {"desk.yaml": NESTED.replace("get_param: n", "'x': 1}")
               .replace("length: {'x': 1}}", "length: 12")})),
    Row("nested description", {"d": DESK}, {"d": DESK},
        files=({"desk.yaml": NESTED}, {"desk.yaml": NESTED + "description: x\n"})),
    Row("group of nested", {"g": group(1, DESK)},
        {"g": group(2, {**DESK, "properties": {"n": 9}})},
        files=({"desk.yaml": NESTED}, {"desk.yaml": NESTED})),
    Row("file", {"a": random(8, salt={"get_file": "f"})}, {"a": random(8, salt={"get_file": "f"})},
        files=({"f": "1"}, {"f": "2"})),
    Row("none", {"a": {"type": "OS::Heat::None", "properties": {"x": 1}}},
        {"a": {"type": "OS::Heat::None", "properties": {"x": 2}}}),
]  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One row after its update."""

    predicted: Difference
    before: dict[str, str]
    after: dict[str, str]


@pytest.fixture(scope="module")
def seen(heat_cloud: Any) -> Iterator[dict[str, Seen]]:
    """All rows created, predicted and updated, a few at a time on the server's side."""
    heat = Heat(heat_cloud.clouds_yaml.read_text())
    prefix = f"effects-{uuid.uuid4().hex[:6]}"
    names = {row.name: f"{prefix}-{index}" for index, row in enumerate(ROWS)}
    try:
        for row in ROWS:
            heat.create(names[row.name], row.spec(0))
        before, predicted = {}, {}
        for row in ROWS:
            name = names[row.name]
            heat.wait(name, "CREATE")
            before[row.name] = heat.ids(name)
            predicted[row.name] = heat.predicted(name, row.spec(1))
            heat.update(name, row.spec(1))
        for row in ROWS:
            heat.wait(names[row.name], "UPDATE")
        yield {
            row.name: Seen(predicted[row.name], before[row.name], heat.ids(names[row.name]))
            for row in ROWS
        }
    finally:
        for name in names.values():
            heat.delete(name)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_prediction_meets_heat(row: Row, seen: dict[str, Seen]) -> None:
    one = seen[row.name]
    said = {found.name for found in one.predicted.effects if found.effect is Effect.UNKNOWN}
    assert said == row.unknown
    for path in sorted({*one.before, *one.after}):
        effect = effect_on(path, one.predicted)
        if effect is not Effect.UNKNOWN:
            assert as_said(effect, one.before.get(path), one.after.get(path)), (path, effect)
