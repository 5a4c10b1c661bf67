"""Templates that would cost a machine its memory or its day to work out end soon, as unknown."""

import time
from typing import Any

import pytest

from appstore.reconcile.needs.count import needs_of_template

HALF_A_MEGABYTE = "ax" * 200_000
MANY = {"get_file": "many.txt"}
ROWS = list(range(1000))


def _rows(*more: object) -> dict[str, Any]:
    return {"repeat": {"for_each": {"%": ROWS}, "template": [*more] or "%"}}


def _unique(number: int) -> list[dict[str, Any]]:
    return [{"repeat": {"for_each": {"%": ROWS}, "template": f"{n}-%"}} for n in range(number)]


BOMBS = {
    "many rows of a long text": {"list_join": [",", _rows(*[MANY] * 8)]},
    "a text that is all placeholders": {
        "str_replace": {"template": MANY, "params": {"a": MANY, "x": MANY}}
    },
    "many placeholders in a long text": {
        "str_replace": {"template": MANY, "params": {f"k{n}": "v" for n in range(15_000)}}
    },
    "each with each": {"list_concat_unique": _unique(100)},
}


@pytest.mark.parametrize("count", BOMBS.values(), ids=BOMBS)
def test_what_is_too_much_work_is_not_known(count: Any) -> None:
    began = time.process_time()
    member = {"type": "OS::Nova::Server", "properties": {"flavor": "small"}}
    group = {"count": count, "resource_def": member}
    template = {"resources": {"g": {"type": "OS::Heat::ResourceGroup", "properties": group}}}
    needs = needs_of_template(template, {"many.txt": HALF_A_MEGABYTE}, {})
    assert needs.unknown
    assert time.process_time() - began < 5


def test_a_thousand_placeholders_are_no_bomb() -> None:
    """They were a RecursionError, which ended the runs of everybody."""
    params = {f"k{n}k": "2" for n in range(1500)}
    count = {"str_replace": {"template": "k1499k", "params": params}}
    rule = {"type": "OS::Neutron::Net"}
    group = {"count": count, "resource_def": rule}
    template = {"resources": {"g": {"type": "OS::Heat::ResourceGroup", "properties": group}}}
    assert needs_of_template(template, {}, {}).counts == {"networks": 2}
