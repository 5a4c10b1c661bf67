"""What is sent to Heat."""

from dataclasses import replace

import pytest
from reconcile_samples import SPEC, stack

from appstore.documents.marks import JsonValue
from appstore.reconcile.request import stack_request, tag_request

GUARD: JsonValue = {"restricted_actions": "replace"}
TAGS = frozenset({"appstore"})


def restrictions(unguarded: tuple[str, ...]) -> JsonValue:
    nested = {"server": GUARD, "grp": {"*": GUARD}, "inner": {"disk": GUARD, "server": GUARD}}
    wanted = stack(spec=replace(SPEC, restrictions=nested))
    request = stack_request(wanted, {"size": "m1.small"}, TAGS, unguarded)
    registry = request.environment["resource_registry"]
    assert isinstance(registry, dict)
    return registry["resources"]


@pytest.mark.parametrize(
    ("unguarded", "left"),
    [
        ((), {"server", "grp.*", "inner.disk", "inner.server"}),
        (("server",), {"grp.*", "inner.disk", "inner.server"}),
        (("inner/server",), {"server", "grp.*", "inner.disk"}),
        (("inner/server", "inner/disk"), {"server", "grp.*"}),
        (("grp/1",), {"server", "grp.*", "inner.disk", "inner.server"}),
        (("unknown", "server/deeper"), {"server", "grp.*", "inner.disk", "inner.server"}),
    ],
)
def test_only_what_never_served_anybody_loses_its_guard(
    unguarded: tuple[str, ...], left: set[str]
) -> None:
    found = restrictions(unguarded)
    assert isinstance(found, dict)
    flat = set()
    for name, value in found.items():
        assert isinstance(value, dict)
        flat |= {name} if value == GUARD else {f"{name}.{inner}" for inner in value}
    assert flat == left


def test_a_request_holds_the_whole_wanted_state() -> None:
    request = stack_request(stack(), {"size": "m1.small"}, TAGS)
    assert (request.name, request.template, request.files) == (
        "cs101--web-lab--s01",
        SPEC.template,
        SPEC.files,
    )
    assert request.environment["parameters"] == {"size": "m1.small"}
    assert (request.tags, request.timeout_minutes) == (TAGS, 60)


def test_new_tags_bring_the_guards_along_and_never_take_any_away() -> None:
    assert tag_request({"server": GUARD}, TAGS).environment == {
        "resource_registry": {"resources": {"server": GUARD}}
    }
    assert tag_request({}, TAGS).environment == {}
