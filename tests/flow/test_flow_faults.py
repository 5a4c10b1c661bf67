"""Faults between the command and the real Heat: the next run mends it, or one clear error."""

import json
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest
from flow_faults import (
    Repeating,
    cut,
    ending_early,
    gateway_lost,
    hanging,
    instead,
    late,
    listings,
    login_page,
    lost,
    once_each,
    without_count,
)
from flow_mix import Rows, length, rows, settle, stack_name
from flow_proxy import Exchange, Proxy, Spoil
from flow_registry import FlowRegistry
from urllib3.util import retry

from appstore.apply import waiting
from appstore.cloud import transport

pytestmark = pytest.mark.cloud

PATIENCE = 3.0
"""Seconds; stands for the 65 that the command waits for an answer."""
WRITE_FAULTS: Mapping[str, Spoil] = {
    "expired": instead(401),
    "slowly": instead(429, ("Retry-After", "1")),
    "error": instead(500),
    "gateway": instead(502),
    "unready": instead(503),
    "reset": Exchange.reset,
    "lost": lost,
    "gatelost": gateway_lost,
    "late": late(PATIENCE + 1),
    "page": login_page,
    "cut": cut,
    "well": lambda exchange: exchange.answer(exchange.forward()),
}
LISTING_FAULTS: Mapping[str, tuple[Callable[[], Spoil], str]] = {
    "expired": (lambda: instead(401), "does not accept the credential"),
    "slowly": (lambda: instead(429, ("Retry-After", "1")), "asks to slow down"),
    "error": (lambda: instead(500), "failed at the listing"),
    "gateway": (lambda: instead(502), "failed at the listing"),
    "unready": (lambda: instead(503), "failed at the listing"),
    "reset": (lambda: Exchange.reset, "broke off"),
    "page": (lambda: login_page, "something that is not JSON"),
    "cut": (lambda: cut, "something that is not JSON"),
    "repeating": (Repeating, "did not end properly"),
    "early": (lambda: ending_early, "did not end properly"),
    "uncounted": (lambda: without_count, "not understood"),
}
PHASES = {
    "create": "",
    "update": length(9),
    "suspend": f"state: suspended\n{length(9)}",
    "resume": length(9),
    "recreate": f"reset: {{all: 1}}\n{length(9)}",
    "delete": "state: absent\n",
}
DELETING = ("recreate", "delete")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules with shorter times: pauses of retries are left out, answers are due sooner."""
    no_pause = SimpleNamespace(sleep=lambda seconds: None, time=time.time)
    monkeypatch.setattr(retry, "time", no_pause)
    monkeypatch.setattr(transport, "ANSWER_SECONDS", PATIENCE)
    monkeypatch.setattr(waiting, "QUIET", waiting.timedelta(seconds=3))


def write_all(registry: FlowRegistry, lines: str) -> None:
    """One deployment for each fault, all with these lines."""
    for name in WRITE_FAULTS:
        path = f"deployments/ada/{registry.course}/{name}.yaml"
        registry.write(path, f"template: probe@1.0.0\nfor: course\n{lines}")
    registry.commit("phase")


def play(registry: FlowRegistry, run, proxy: Proxy, phases: list[str]) -> None:
    """Each phase: one run in which every write meets its fault, then runs until all is done."""
    registry.remove(f"deployments/ada/{registry.course}/lab.yaml")
    spoils = {stack_name(registry, name): spoil for name, spoil in WRITE_FAULTS.items()}
    for phase in phases:
        before = rows(registry)
        write_all(registry, PHASES[phase])
        proxy.reached.clear()
        proxy.plot = once_each(spoils)
        ended = run("apply", "--json")
        proxy.plot = lambda call: None
        told = {one["id"].split("/")[-2]: one for one in json.loads(ended.out)["outcomes"]}
        assert told.keys() == WRITE_FAULTS.keys()
        assert told["well"]["result"] == "done"
        for one in told.values():
            assert one["result"] in ("done", "failed", "not started"), one
            assert one["result"] == "done" or one["reason"].endswith("."), one
        assert ended.code == any(one["result"] == "failed" for one in told.values())
        settle(run)
        after = rows(registry)
        assert len(after) == (0 if phase == "delete" else len(WRITE_FAULTS))
        same = {name for name in before.keys() & after.keys() if before[name].id == after[name].id}
        assert same == (set() if phase in DELETING else set(before))
        deleted = {
            one.path.rpartition("/")[2] for one in proxy.reached if one.call.verb == "delete"
        }
        assert deleted == ({s.id for s in before.values()} if phase in DELETING else set())
        others = [one for one in proxy.accepted() if not one.startswith("delete")]
        assert len(others) == len(set(others)), "nothing was accepted twice"


def test_writes_that_meet_a_fault_are_done_once_in_the_end(registry, run, proxy) -> None:
    play(registry, run, proxy, ["create", "update", "delete"])


@pytest.mark.exhaustive
def test_every_kind_of_write_that_meets_a_fault_is_done_once_in_the_end(
    registry, run, proxy
) -> None:
    play(registry, run, proxy, list(PHASES))


@pytest.fixture
def due(registry, run) -> Rows:
    """The stacks of a course of which a delete and a create are due."""
    settle(run)
    before = rows(registry)
    registry.change(f"deployments/ada/{registry.course}/course.yaml", "seats: 2", "seats: 1")
    other = f"deployments/ada/{registry.course}/other.yaml"
    registry.write(other, "template: probe@1.0.0\nfor: course\n")
    registry.commit("a machine less and one more")
    return before


def test_a_project_that_cannot_be_listed_whole_is_not_planned_and_not_touched(
    registry, proxy, due, run
) -> None:
    proxy.reached.clear()
    for name, (fault, says) in LISTING_FAULTS.items():
        proxy.plot = listings(fault())
        ended = run("apply")
        assert ended.code == 1, (name, ended)
        assert says in " ".join(ended.out.split()), (name, ended)
        assert proxy.reached == [], name
    proxy.plot = lambda call: None
    assert rows(registry) == due


def test_a_cloud_that_hangs_ends_every_verb_at_its_deadline(
    registry, run, proxy, monkeypatch
) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 65.0)
    proxy.plot = lambda call: hanging
    for verb in ("plan", "status", "apply"):
        began = time.monotonic()
        ended = run(verb, "--deadline", "0.03")
        assert time.monotonic() - began < 1.8 + 5
        assert ended.code == 1
        assert "did not answer in time" in ended.out or "time was over" in ended.out, ended
    assert proxy.reached == []


def test_a_heat_that_hangs_in_mid_run_ends_it_at_its_deadline_and_the_next_goes_on(
    registry, run, proxy, due, monkeypatch
) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 65.0)
    proxy.reached.clear()
    proxy.plot = lambda call: hanging if proxy.reached else None
    began = time.monotonic()
    ended = run("apply", "--deadline", "0.1")
    assert time.monotonic() - began < 6 + 5
    assert ended.code == 1
    assert "The run's time was over." in ended.out
    proxy.plot = lambda call: None
    settle(run)
    check_due(registry, proxy, due)


def check_due(registry: FlowRegistry, proxy: Proxy, before: Rows) -> None:
    """What was due is done, once."""
    kept, fresh = f"{registry.course}--lab--s01", stack_name(registry, "other")
    after = rows(registry)
    assert after[kept] == before[kept]
    assert after[fresh].status == "CREATE_COMPLETE"
    assert [one for one in proxy.accepted() if "create" in one] == [f"create {fresh}"]
    deleted = {one.path.rpartition("/")[2] for one in proxy.reached if one.call.verb == "delete"}
    assert deleted <= {before[f"{registry.course}--lab--s02"].id}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", LISTING_FAULTS)
def test_a_project_that_cannot_be_listed_any_more_in_mid_run_is_given_up_and_gone_on_with(
    registry, run, proxy, due, name: str
) -> None:
    proxy.reached.clear()
    fault, _ = LISTING_FAULTS[name]
    proxy.plot = listings(fault(), after=lambda: bool(proxy.reached))
    ended = run("apply")
    assert ended.code == 1
    assert "Its project cannot be listed any more" in ended.out, ended
    proxy.plot = lambda call: None
    settle(run)
    check_due(registry, proxy, due)


@pytest.mark.exhaustive
def test_an_answer_after_thirty_seconds_is_waited_for(
    registry, run, proxy, due, monkeypatch
) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 65.0)
    proxy.reached.clear()
    proxy.plot = lambda call: late(30) if call.verb == "create" else None
    ended = run("apply")
    assert ended.code == 0, ended
    proxy.plot = lambda call: None
    check_due(registry, proxy, due)
