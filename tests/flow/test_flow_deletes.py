"""A delete that meets the end of another run's: Heat falls over it, the command tells the truth."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flow_proxy import Exchange, Reply

from appstore.apply import waiting

pytestmark = pytest.mark.cloud


@contextmanager
def credentials_gone(state: Path, stack_id: str) -> Iterator[None]:
    """What a request sees that read the stack just before another delete ended, and reads on."""

    def move(sign: str) -> None:
        with closing(sqlite3.connect(state / "db" / "heat.db", timeout=60)) as heat, heat:
            moved = heat.execute(
                f"UPDATE user_creds SET id = -id WHERE id = {sign}"
                "(SELECT user_creds_id FROM stack WHERE id = ?)",
                (stack_id,),
            )
            assert moved.rowcount == 1

    move("+")
    try:
        yield
    finally:
        move("-")


@pytest.mark.parametrize("another", [True, False], ids=["another run", "nobody else"])
def test_a_delete_that_heat_falls_over_is_what_the_listing_tells(
    registry, run, live, proxy, cloud_env, monkeypatch, another
) -> None:
    monkeypatch.setattr(waiting, "QUIET", waiting.timedelta(seconds=2))
    assert run("apply").code == 0
    seats = live()
    met: list[Reply] = []

    def meets_the_end(exchange: Exchange) -> None:
        with credentials_gone(cloud_env.state, seats["s01"].id):
            met.append(exchange.forward())
        if another:
            assert exchange.forward().status == 204
        exchange.answer(met[0])

    proxy.plot = lambda call: (
        meets_the_end if call.verb == "delete" and call.stack == seats["s01"].name else None
    )
    registry.lab("state: absent")
    ended = run("apply", "--json")

    # Heat's own answer (README of appstore, fact 3.10).
    [reply] = met
    assert (reply.status, json.loads(reply.body)["error"]["type"]) == (400, "AttributeError")
    told = {one["id"].rpartition("/")[2]: one for one in json.loads(ended.out)["outcomes"]}
    assert told["s02"]["result"] == "done"
    if another:
        assert (ended.code, told["s01"]["result"], live()) == (0, "done", {})
        return
    assert (ended.code, told["s01"]["result"]) == (1, "failed")
    assert "failed at the deletion of stack" in told["s01"]["reason"]
    assert live() == {"s01": seats["s01"]}
    proxy.plot = lambda call: None
    assert (run("apply").code, live()) == (0, {})
