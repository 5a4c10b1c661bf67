"""The changed fields of an update, as a person reads them."""

from copy import deepcopy
from typing import Any

import pytest
from effects_samples import FILES, GUARDS, LAB, SCHEMAS, edited, effects, live, spec, values

from appstore.reconcile.changes_text import lines_changed, shown, shown_pair
from appstore.reconcile.difference import Difference
from appstore.reconcile.effects import difference, needed_types
from appstore.wanted.spec import Logical, Parameter, Plain, SecretRef

Row = tuple[str, str | None, str | None]
SECRET = "(secret)"
OLD_KEY, NEW_KEY = SecretRef("env", "PW", 1), SecretRef("env", "PW", 2)
SMALL, MEDIUM = Logical("size", "small", "m1.small"), Logical("size", "medium", "m1.medium")


def fields(found: Difference) -> list[Row]:
    return [(one.field, one.old, one.new) for one in found.fields]


PARAMETERS: list[tuple[str, dict[str, Parameter], dict[str, Parameter], list[Row]]] = [
    ("same", {"flavor": SMALL}, {"flavor": SMALL}, []),
    (
        "written",
        {"flavor": SMALL},
        {"flavor": MEDIUM},
        [("parameters.flavor", "small", "medium")],
    ),
    ("number", {"members": Plain(2)}, {"members": Plain(3)}, [("parameters.members", "2", "3")]),
    ("type", {"members": Plain(2)}, {"members": Plain("2")}, [("parameters.members", "2", '"2"')]),
    ("new", {}, {"members": Plain(3)}, [("parameters.members", None, "3")]),
    ("gone", {"members": Plain(3)}, {}, [("parameters.members", "3", None)]),
    ("secret stays", {"password": OLD_KEY}, {"password": OLD_KEY}, []),
    (
        "secret version",
        {"password": OLD_KEY},
        {"password": NEW_KEY},
        [("parameters.password", SECRET, SECRET)],
    ),
    ("new secret", {}, {"password": NEW_KEY}, [("parameters.password", None, SECRET)]),
    ("no secret", {"password": OLD_KEY}, {}, [("parameters.password", SECRET, None)]),
    (
        "plain value of a hidden parameter",
        {"password": Plain("hunter2")},
        {"password": Plain("hunter3")},
        [("parameters.password", SECRET, SECRET)],
    ),
    (
        "secret of a parameter that is not hidden",
        {"flavor": OLD_KEY},
        {"flavor": NEW_KEY},
        [("parameters.flavor", SECRET, SECRET)],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "rows"), [row[1:] for row in PARAMETERS], ids=[r[0] for r in PARAMETERS]
)
def test_parameters(
    before: dict[str, Parameter], after: dict[str, Parameter], rows: list[Row]
) -> None:
    assert fields(edited(before=before, parameters=after)) == rows


def test_raw_values_where_nothing_was_written() -> None:
    old, new = spec(LAB, {"flavor": SMALL}), spec(LAB, {"flavor": MEDIUM})
    found = difference(live(old, written=False), new, values(new.parameters), SCHEMAS, frozenset())
    assert fields(found) == [("parameters.flavor", "m1.small", "m1.medium")]


def test_a_mask_is_never_taken_for_a_value() -> None:
    """Without the written form a hidden value is unseen: no field, but nothing is unchanged."""
    template: dict[str, Any] = {
        "parameters": {"password": {"type": "string", "hidden": True}},
        "resources": {
            "server": {
                "type": "OS::Nova::Server",
                "properties": {"user_data": {"get_param": "password"}},
            }
        },
    }
    for parameter in (OLD_KEY, Plain("******")):
        one = spec(template, {"password": parameter})
        found = difference(
            live(one, written=False), one, values(one.parameters), SCHEMAS, frozenset()
        )
        assert fields(found) == []
        assert effects(found) == {"server": "unknown"}


def test_a_site_change_shows_what_is_sent() -> None:
    """The written name is the same; where another value would be sent after all, it is seen."""
    old = spec(LAB, {"flavor": SMALL})
    found = difference(live(old), old, {"flavor": "m2.small"}, SCHEMAS, frozenset())
    assert fields(found) == [("parameters.flavor", "m1.small", "m2.small")]
    assert effects(found) == {"server": "updated"}


TEMPLATES: list[tuple[str, Any, list[Row]]] = [
    ("description", {"description": "New"}, [("template.description", "A web lab", "New")]),
    (
        "property",
        {"resources": {"net": {"properties": {"name": "b"}}}},
        [("template.resources.net.properties.name", "lab", "b")],
    ),
    (
        "function",
        {"resources": {"server": {"properties": {"flavor": {"get_param": "image"}}}}},
        [
            (
                "template.resources.server.properties.flavor",
                '{"get_param": "flavor"}',
                '{"get_param": "image"}',
            )
        ],
    ),
    (
        "default",
        {"parameters": {"flavor": {"default": "m1.large"}}},
        [("template.parameters.flavor.default", "m1.small", "m1.large")],
    ),
    ("hidden default", {"parameters": {"password": {"default": "hunter2"}}}, []),
    (
        "resource",
        {"resources": {"extra": {"type": "OS::Heat::None"}}},
        [("template.resources.extra", None, '{"type": "OS::Heat::None"}')],
    ),
    (
        "output",
        {"outputs": {"ip": {"value": "none"}}},
        [
            (
                "template.outputs.ip.value",
                '{"get_attr": ["fip", "floating_ip_address"]}',
                "none",
            )
        ],
    ),
    (
        "colours",
        {"description": "\x1b[31mred\u202e"},
        [("template.description", "A web lab", "\\x1b[31mred\\u202e")],
    ),
]


def merge(into: dict[str, Any], patch: dict[str, Any]) -> None:
    for name, value in patch.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict) and len(value) == 1:
            inner = next(iter(value))
            if inner.startswith("get_"):
                into[name] = value
            else:
                merge(into[name], value)
        else:
            into[name] = value


@pytest.mark.parametrize(
    ("patch", "rows"), [row[1:] for row in TEMPLATES], ids=[row[0] for row in TEMPLATES]
)
def test_template(patch: dict[str, Any], rows: list[Row]) -> None:
    assert fields(edited(lambda template: merge(template, patch))) == rows


def test_files_and_guards() -> None:
    new = spec(deepcopy(LAB), {}, {"init.sh": "#!/bin/sh\ntrue\n", "b": "x"}, {})
    found = difference(live(spec(LAB, {}, FILES, GUARDS)), new, {}, SCHEMAS, frozenset())
    assert fields(found) == [
        ("files.b", None, "1 line"),
        ("files.desk.yaml", "17 lines", None),
        ("files.init.sh", "3 lines", "+1 -2 lines"),
        ("guards.grp/*", "replace", None),
        ("guards.server", "replace", None),
    ]


def test_what_heat_adds_by_itself_is_no_change() -> None:
    assert fields(edited()) == []


def test_what_somebody_else_sent_is_seen_to_go() -> None:
    one = spec({"resources": {}})
    content = live(one)
    content.environment["parameter_defaults"]["colour"] = "blue"  # type: ignore[index,call-overload]
    content.environment["resource_registry"]["OS::My"] = "my.yaml"  # type: ignore[index,call-overload]
    assert fields(difference(content, one, {}, SCHEMAS, frozenset())) == [
        ("environment.parameter_defaults.colour", "blue", None),
        ("environment.resource_registry.OS::My", "my.yaml", None),
    ]


LONG = "x" * 100


@pytest.mark.parametrize(
    ("old", "new", "pair"),
    [
        ("a", "b", ("a", "b")),
        (None, 0, (None, "0")),
        (1, True, ("1", "true")),
        (LONG + "a", LONG + "b", ("..." + "x" * 30 + "a", "..." + "x" * 30 + "b")),
        (LONG, "b", ("x" * 57 + "...", "b")),
        ("a\nb", "a\nc\nd", ("2 lines", "+2 -1 lines")),
        ("a\r", "a", ("a\\r", "a")),
        (["a"], {"b": None}, ('["a"]', '{"b": null}')),
    ],
)
def test_short_pairs(old: object, new: object, pair: tuple[str | None, str | None]) -> None:
    assert shown_pair(old, new) == pair


def test_texts_of_one_size_and_another_order_differ() -> None:
    assert lines_changed("a\nb\n", "b\na\n") == ("2 lines", "+2 -2 lines")


def test_lone_surrogates_are_shown() -> None:
    assert shown("\ud800") == "\\ud800"


def test_types_that_are_asked_for() -> None:
    one = spec(LAB, {}, FILES)
    types = needed_types(live(one), one)
    assert {"OS::Nova::Server", "OS::Heat::ResourceGroup", "OS::Neutron::Port"} <= types
    assert "desk.yaml" not in types
    assert needed_types(live(spec({"resources": {}})), one) == frozenset()
