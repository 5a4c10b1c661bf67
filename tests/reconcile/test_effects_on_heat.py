"""What we say an update does, against what the real Heat did.

Each row is a template, an edit and the resources whose physical id must have changed; ids are read
before and after the update. A row is a stack of its own and all of them are updated side by side.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest
import yaml
from effects_samples import Template, spec, values

from appstore.reconcile.difference import Difference, Effect
from appstore.reconcile.effects import difference, needed_types
from appstore.reconcile.request import LiveContent
from appstore.wanted.environment import environment
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


class Heat:
    """Just enough of the API, over plain keystoneauth."""

    def __init__(self, clouds_yaml: str) -> None:
        from keystoneauth1.adapter import Adapter
        from keystoneauth1.identity.v3 import Password
        from keystoneauth1.session import Session

        auth = yaml.safe_load(clouds_yaml)["clouds"]["devcloud"]["auth"]
        self.api = Adapter(Session(Password(**auth)), service_type="orchestration")
        self._schemas: dict[str, dict[str, bool]] = {}

    def send(self, call: Callable[..., Any], path: str, of: Spec, **more: object) -> None:
        body = {
            "template": of.template,
            "files": of.files,
            "environment": environment(of, values(of.parameters)),
            **more,
        }
        call(path, json=body)

    def wait(self, name: str, word: str) -> None:
        for _ in range(240):
            status = self.api.get(f"/stacks/{name}").json()["stack"]["stack_status"]
            if not status.endswith("IN_PROGRESS"):
                assert status == f"{word}_COMPLETE", (name, status)
                return
            Event().wait(0.5)
        pytest.fail(f"{name} did not end")

    def content(self, name: str) -> LiveContent:
        parts = (self.api.get(f"/stacks/{name}/{part}").json() for part in
                 ("template", "environment", "files"))  # fmt: skip
        return LiveContent(*parts)

    def ids(self, name: str) -> dict[str, str]:
        """Physical ids by path, members of groups as in our effects."""
        rows = self.api.get(f"/stacks/{name}/resources?nested_depth=5").json()["resources"]
        found = {}
        for row in rows:
            href = next(link["href"] for link in row["links"] if link["rel"] == "stack")
            stack = href.split("/stacks/")[1].split("/")[0]
            found[stack, row["resource_name"]] = row
        nested = {
            next((link["href"] for link in row["links"] if link["rel"] == "nested"), "")
            .partition("/stacks/")[2]
            .split("/")[0]: key
            for key, row in found.items()
        }
        groups = {
            key for key, row in found.items() if row["resource_type"] == "OS::Heat::ResourceGroup"
        }

        def path(key: tuple[str, str]) -> str:
            parent = nested.get(key[0])
            if parent is None:
                return key[1]
            return f"{path(parent)}[{key[1]}]" if parent in groups else f"{path(parent)}/{key[1]}"

        return {path(key): row["physical_resource_id"] for key, row in found.items()}

    def schemas(self, kinds: frozenset[str]) -> dict[str, dict[str, bool]]:
        for kind in kinds - self._schemas.keys():
            properties = self.api.get(f"/resource_types/{kind}").json()["properties"]
            self._schemas[kind] = {
                name: bool(one.get("update_allowed")) for name, one in properties.items()
            }
        return self._schemas


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
            heat.send(heat.api.post, "/stacks", row.spec(0), stack_name=names[row.name])
        before, predicted = {}, {}
        for row in ROWS:
            name = names[row.name]
            heat.wait(name, "CREATE")
            live, wanted = heat.content(name), row.spec(1)
            schemas = heat.schemas(needed_types(live, wanted))
            before[row.name] = heat.ids(name)
            predicted[row.name] = difference(
                live, wanted, values(wanted.parameters), schemas, frozenset()
            )
            stack = heat.api.get(f"/stacks/{name}").json()["stack"]
            heat.send(heat.api.put, f"/stacks/{name}/{stack['id']}", wanted)
        for row in ROWS:
            heat.wait(names[row.name], "UPDATE")
        yield {
            row.name: Seen(predicted[row.name], before[row.name], heat.ids(names[row.name]))
            for row in ROWS
        }
    finally:
        for name in names.values():
            stack = heat.api.get(f"/stacks/{name}", raise_exc=False)
            if stack.ok:
                heat.api.delete(f"/stacks/{name}/{stack.json()['stack']['id']}")


def effect_on(path: str, found: Difference) -> Effect:
    """The effect said for one path; what is inside a new or deleted thing comes and goes with it.

    `[*]` stands for every member of which nothing more is said, `[1..2]` for two of them.
    """
    for way in (*(path[:at] for at, sign in enumerate(path) if sign == "/"), path):
        said = [one for one in found.effects if _matches(one.name, way)]
        said.sort(key=lambda one: "[*]" in one.name)
        if said and (way == path or said[0].effect in (Effect.ADDED, Effect.DELETED)):
            return said[0].effect
    return Effect.UNCHANGED


def _matches(said: str, path: str) -> bool:
    for at, there in zip(said.split("/"), path.split("/"), strict=False):
        group, _, members = at.rstrip("]").partition("[")
        name, _, index = there.rstrip("]").partition("[")
        first, _, last = members.partition("..")
        if group != name or bool(members) != bool(index):
            return False
        if members not in ("", "*") and not int(first) <= int(index) <= int(last or first):
            return False
    return said.count("/") == path.count("/")


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_prediction_meets_heat(row: Row, seen: dict[str, Seen]) -> None:
    one = seen[row.name]
    said = {found.name for found in one.predicted.effects if found.effect is Effect.UNKNOWN}
    assert said == row.unknown
    for path in sorted({*one.before, *one.after}):
        match effect_on(path, one.predicted):
            case Effect.UNKNOWN:
                continue
            case Effect.REPLACED:
                assert one.before[path] != one.after[path], path
            case Effect.ADDED:
                assert path not in one.before, path
            case Effect.DELETED:
                assert path not in one.after, path
            case _:
                assert one.before[path] == one.after[path], path
