"""What holds for every template."""

from copy import deepcopy
from typing import Any

from effects_samples import LAB, SCHEMAS, live, spec
from hypothesis import given, settings
from hypothesis import strategies as st

from appstore.reconcile.difference import Difference, Effect
from appstore.reconcile.effects import TOO_LARGE, difference, needed_types
from appstore.reconcile.hot.compare import compare
from appstore.reconcile.hot.fates import Fate, Sameness
from appstore.reconcile.hot.values import Applied, Reference, Unknown, Value, text
from appstore.reconcile.request import LiveContent
from appstore.wanted.spec import Plain

NAMES = st.sampled_from(["a", "b", "c", "grp", "nested.yaml"])
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), NAMES)
KEYS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [
            *("get_param", "get_resource", "get_attr", "get_file", "str_replace", "template"),
            *("list_join", "repeat", "for_each", "params", "if", "equals", "not", "and", "or"),
            *("map_merge", "list_concat", "yaql", "digest", "str_split", "properties", "type"),
            *("parameters", "resources", "conditions", "condition", "default", "outputs"),
        ]
    ),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=20,
)
TYPES = st.sampled_from([*sorted(SCHEMAS), "nested.yaml", "My::Own"])
RESOURCES = st.dictionaries(
    NAMES,
    JSON
    | st.fixed_dictionaries(
        {"type": TYPES},
        optional={"properties": JSON, "condition": JSON, "metadata": JSON, "depends_on": JSON},
    ),
    max_size=4,
)
WILD = st.fixed_dictionaries(
    {"resources": RESOURCES | JSON},
    optional={"parameters": JSON, "conditions": JSON, "outputs": JSON, "description": JSON},
)
TEXTS = st.dictionaries(NAMES, st.text(max_size=30) | st.just("resources: {a: {type: a}}"))


def wild(template: Any, files: dict[str, str], environment: Any) -> LiveContent:
    return LiveContent(template, environment, files)


@settings(max_examples=100, deadline=None)
@given(WILD, WILD, TEXTS, TEXTS, st.dictionaries(KEYS, JSON, max_size=3), st.sets(st.text()))
def test_total(
    old: Any, new: Any, files: Any, new_files: Any, environment: Any, failed: set[str]
) -> None:
    content = wild(old, files, environment)
    wanted = spec({"resources": {}} | {"x": new}, {"a": Plain(1)}, new_files)
    object.__setattr__(wanted, "template", new)
    needed_types(content, wanted)
    found = difference(content, wanted, {"a": 1}, SCHEMAS, frozenset(failed))
    assert isinstance(found, Difference)
    assert found == difference(content, wanted, {"a": 1}, SCHEMAS, frozenset(failed))


def names_of(template: dict[str, Any]) -> list[str]:
    return sorted(template["resources"])


@st.composite
def proper_templates(draw: st.DrawFn) -> dict[str, Any]:
    """Resources that refer to earlier ones and to parameters by every kind of function."""
    resources: dict[str, Any] = {}
    for index in range(draw(st.integers(1, 6))):
        earlier = sorted(resources)
        leaves: list[st.SearchStrategy[Any]] = [
            st.text(max_size=5),
            st.integers(),
            st.just({"get_param": "p"}),
            st.just({"get_param": "OS::stack_name"}),
            st.just({"get_file": "f"}),
            st.just({"yaql": {"expression": "$", "data": {"get_param": "p"}}}),
        ]
        if earlier:
            leaves += [
                st.sampled_from(earlier).map(lambda name: {"get_resource": name}),
                st.sampled_from(earlier).map(lambda name: {"get_attr": [name, "x", 0]}),
            ]
        leaf = st.one_of(leaves)
        value = st.one_of(
            leaf,
            st.lists(leaf, max_size=2),
            st.builds(lambda v: {"str_replace": {"template": "a $x", "params": {"$x": v}}}, leaf),
            st.builds(lambda v, w: {"list_join": [",", [v, w]]}, leaf, leaf),
            st.builds(lambda v, w: {"if": ["c", v, w]}, leaf, leaf),
            st.builds(lambda v: {"repeat": {"template": "%i%", "for_each": {"%i%": [v]}}}, leaf),
        )
        kind = draw(st.sampled_from(sorted(SCHEMAS)))
        properties = st.dictionaries(st.sampled_from([*SCHEMAS[kind], "other"]), value, max_size=3)
        resources[f"r{index}"] = {"type": kind, "properties": draw(properties)}
    return {
        "parameters": {"p": {"type": "string", "default": "v"}},
        "conditions": {"c": {"equals": [{"get_param": "p"}, draw(st.sampled_from("vw"))]}},
        "resources": resources,
    }


@settings(max_examples=100, deadline=None)
@given(proper_templates())
def test_a_template_against_itself_is_no_difference(template: dict[str, Any]) -> None:
    one = spec(template, {}, {"f": "file"})
    assert difference(live(one), one, {}, SCHEMAS, frozenset()) == Difference((), (), ())


@settings(max_examples=100, deadline=None)
@given(proper_templates(), st.data())
def test_who_refers_to_a_replaced_resource_is_never_unchanged(
    template: dict[str, Any], data: st.DataObject
) -> None:
    victim = data.draw(st.sampled_from(names_of(template)))
    new = deepcopy(template)
    new["resources"][victim] = {"type": "My::Own"}
    one = spec(template, {}, {"f": "file"})
    found = difference(live(one), spec(new, {}, {"f": "file"}), {}, SCHEMAS, frozenset())
    touched = {effect.name for effect in found.effects}
    for name, resource in new["resources"].items():
        direct = resource.get("properties", {}).values()
        refers = any(value == {"get_resource": victim} for value in direct)
        if refers and resource["type"] != "OS::Heat::None":
            assert name in touched


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(
        LEAVES,
        st.builds(Reference, NAMES, st.none() | st.just(("x",))),
        st.just(Unknown("test")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(NAMES, inner, max_size=3),
        st.builds(Applied, NAMES, inner),
        st.builds(lambda one: text(["a", one, "b"]), st.builds(Applied, NAMES, inner)),
    ),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(VALUES, VALUES)
def test_unknown_is_never_the_same(one: Value, other: Value) -> None:
    calm = dict.fromkeys(["a", "b", "c", "grp", "nested.yaml"], Fate(Effect.UNCHANGED))
    assert compare(Unknown("x"), one, calm) is not Sameness.SAME
    assert compare([Unknown("x"), one], [Unknown("x"), one], calm) is not Sameness.SAME
    assert (compare(one, other, calm) is Sameness.SAME) == (
        compare(other, one, calm) is Sameness.SAME
    )


def test_bombs_end_soon() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    one = spec({"resources": {"a": {"type": "x", "properties": {"deep": deep}}}})
    assert difference(live(spec(LAB)), one, {}, {}, frozenset()) == TOO_LARGE

    aliases = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    itself = "resources: {" + ", ".join(f"r{n}: {{type: self.yaml}}" for n in range(40)) + "}"
    template = {"resources": {"a": {"type": "bomb.yaml"}, "b": {"type": "self.yaml"}}}
    old = spec(template, {}, {"bomb.yaml": aliases, "self.yaml": itself})
    new = spec(template, {}, {"bomb.yaml": aliases + "#", "self.yaml": itself + "#"})
    found = difference(live(old), new, {}, {}, frozenset())
    assert {one.effect for one in found.effects} <= {Effect.UNKNOWN, Effect.UPDATED}

    doubling: Any = "x" * 1000
    for _ in range(12):
        params = {"x": doubling}
        doubling = {"str_replace": {"template": "x" * 50, "params": params}}
    wide = {"repeat": {"template": "%a%", "for_each": {key: list("x" * 90) for key in "abcdefgh"}}}
    properties = {"name": doubling, "tags": wide}
    one = spec({"resources": {"a": {"type": "OS::Nova::Server", "properties": properties}}})
    assert difference(live(spec(LAB)), one, {}, SCHEMAS, frozenset()).effects
