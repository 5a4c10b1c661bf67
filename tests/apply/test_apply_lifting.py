"""Guards with some left out, and that no other resource loses its own."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appstore.apply.lifting import without

GUARD = {"restricted_actions": "replace"}


@pytest.mark.parametrize(
    ("guards", "paths", "left"),
    [
        ({"srv": GUARD, "vol": GUARD}, [], {"srv": GUARD, "vol": GUARD}),
        ({"srv": GUARD, "vol": GUARD}, ["srv"], {"vol": GUARD}),
        ({"srv": GUARD}, ["port"], {"srv": GUARD}),
        ({"in": {"srv": GUARD, "vol": GUARD}}, ["in/srv"], {"in": {"vol": GUARD}}),
        ({"grp": {"*": GUARD}}, ["grp/1"], {"grp": {"[!1]*": GUARD, "1?*": GUARD}}),
        ({"grp": {"*": GUARD}}, ["grp/a[b"], {"grp": {"*": GUARD}}),
        (
            {"grp": {"*": {"srv": GUARD}}},
            ["grp/1/srv"],
            {"grp": {"[!1]*": {"srv": GUARD}, "1?*": {"srv": GUARD}}},
        ),
    ],
)
def test_without(guards: dict[str, Any], paths: list[str], left: dict[str, Any]) -> None:
    assert without(guards, paths) == left


names = st.text(st.sampled_from("01ab-_"), min_size=1, max_size=4)


@given(failed=st.sets(names, min_size=1, max_size=4), other=names)
def test_exactly_the_failed_members_of_a_group_are_let_through(
    failed: set[str], other: str
) -> None:
    kept: Any = without({"grp": {"*": GUARD}}, [f"grp/{name}" for name in failed])["grp"]
    for name in failed | {other}:
        guarded = any(fnmatchcase(name, pattern) for pattern, guard in kept.items() if guard)
        assert guarded == (name not in failed)
