"""Servers that somebody stopped, deleted or broke by hand, on the real Nova: `status --deep`."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from effects_cloud import api
from flow_hand import Somebody
from flow_registry import FlowRegistry

from appstore.devcloud.waiting import until

pytestmark = pytest.mark.cloud

HEAT = """\
heat_template_version: 2021-04-16
resources:
  server:
    type: OS::Nova::Server
    properties:
      image: cirros-fake
      image_update_policy: REPLACE
      flavor: m1.tiny
      networks: [{allocate_network: none}]
"""
FILES = {
    "catalog/probe/1.0.0/heat.yaml": HEAT,
    "catalog/probe/1.0.0/version.yaml": "timeout: 5\n",
    "catalog/named/template.yaml": "title: Named\nsummary: For tests\nowner: ada\n",
    "catalog/named/1.0.0/heat.yaml": f"{HEAT}      name: workbench\n",
    "catalog/named/1.0.0/version.yaml": "timeout: 5\n",
    "deployments/site.yaml": (
        "owner: owner-NAME\n"
        "clouds: {devcloud: {}}\n"
        "tenants: {faculty: {title: Faculty, clouds: [devcloud]}}\n"
        "resource_types: ['OS::Nova::Server']\n"
    ),
    "deployments/ada/NAME/odd.yaml": "template: named@1.0.0\nfor: course\n",
}
NOVA: Any = {"service_type": "compute", "interface": "public"}


@pytest.fixture
def machines(registry: FlowRegistry) -> FlowRegistry:
    """Four seats with a server each, and one whose template names its server."""
    registry.fill(FILES)
    registry.change(f"deployments/ada/{registry.course}/course.yaml", "seats: 2", "seats: 4")
    return registry


@pytest.fixture
def hand(cloud_env: Any) -> Somebody:
    return Somebody(cloud_env.clouds_yaml)


class Log:
    """What one run asked Nova for, and Heat for resources."""

    def __init__(self, home: Path) -> None:
        self._file = home / "state" / "teaching-appstore" / "appstore.log"

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)

    def asked(self) -> Counter[str]:
        lines = [json.loads(line)["message"] for line in self._file.read_text().splitlines()]
        paths = [line.split()[1] for line in lines if line.startswith("GET /")]
        kinds = ("/servers/detail", "/resources")
        return Counter(kind for path in paths for kind in kinds if path.endswith(kind))


def deep(run: Any, registry: FlowRegistry) -> tuple[int, dict[str, Any]]:
    """`status --deep`: its exit code, and how each instance stands."""
    ended = run("status", "--deep", "--json")
    start = f"{registry.course}/"
    return ended.code, {one["id"].removeprefix(start): one for one in json.loads(ended.out)}


def states(told: dict[str, Any]) -> dict[str, str]:
    return {name: one["state"] for name, one in told.items()}


def test_what_happened_to_servers_by_hand_is_seen_named_and_mended(
    machines: FlowRegistry, run: Any, live: Any, hand: Somebody, cloud_env: Any, tmp_path: Path
) -> None:
    log = Log(tmp_path)
    assert run("apply").code == 0
    everybody = ("lab/s01", "lab/s02", "lab/s03", "lab/s04", "odd/course")
    servers = servers_of(hand, machines)

    # All is well: one listing for the project, and one look where a template names its server.
    log.clear()
    code, told = deep(run, machines)
    assert (code, states(told)) == (0, dict.fromkeys(everybody, "ready"))
    assert log.asked() == {"/servers/detail": 1, "/resources": 1}
    log.clear()
    assert run("status").code == 0
    assert log.asked() == {}

    # One is stopped, one deleted, one broken, and their stacks are as they were.
    stacks = live()
    stop(hand, servers["s01"])
    hand.session.delete(f"/servers/{servers['s02']}", endpoint_filter=NOVA)
    spoil(cloud_env, servers["s03"])
    assert until(lambda: seen(hand, servers) == ["SHUTOFF", "ERROR", "ACTIVE"], 60)
    assert live() == stacks
    plain = json.loads(run("status", "--json").out)
    assert {one["state"] for one in plain} == {"ready"}, "what Heat says"
    log.clear()
    code, told = deep(run, machines)
    assert code == 1
    drifted = dict.fromkeys(("lab/s01", "lab/s02", "lab/s03"), "drifted")
    assert states(told) == dict.fromkeys(everybody, "ready") | drifted
    assert log.asked() == {"/servers/detail": 1, "/resources": 4}, "only where there is a doubt"
    reset = f"appstore reset ada/{machines.course}/lab"
    assert told["lab/s01"]["reason"] == f'its server "server" ({servers["s01"]}) is stopped'
    assert told["lab/s01"]["next_step"].splitlines() == [
        f"openstack server start {servers['s01']}",
        f"or, if nothing on it has to stay: {reset}/s01",
    ]
    assert "is gone, and no run of ours deleted it" in told["lab/s02"]["reason"]
    assert told["lab/s02"]["next_step"] == f"{reset}/s02"
    assert "is in ERROR" in told["lab/s03"]["reason"]
    assert told["lab/s03"]["next_step"] == f"{reset}/s03"
    assert {told[name]["owner"] for name in drifted} == {"lecturer"}

    # Nothing is done to them behind anybody's back.
    assert run("plan", "--detailed-exitcode").code == 0

    # The ways out, as they were told.
    start(hand, servers["s01"])
    for seat in ("s02", "s03"):
        assert run(*f"reset ada/{machines.course}/lab/{seat}".split()).code == 0
    machines.commit("reset what is lost")
    assert run("apply").code == 0
    code, told = deep(run, machines)
    assert (code, states(told)) == (0, dict.fromkeys(everybody, "ready"))
    assert servers_of(hand, machines)["s04"] == servers["s04"]


def test_asleep_a_server_that_is_gone_is_seen_before_the_class(
    machines: FlowRegistry, run: Any, hand: Somebody
) -> None:
    machines.remove(f"deployments/ada/{machines.course}/odd.yaml")
    machines.lab("reset: {all: 1}", "state: suspended")
    assert run("apply").code == 0
    servers = servers_of(hand, machines)
    code, told = deep(run, machines)
    assert (code, set(states(told).values())) == (0, {"asleep"})
    hand.session.delete(f"/servers/{servers['s01']}", endpoint_filter=NOVA)
    act(hand, servers["s02"], "resume")
    assert until(lambda: seen(hand, servers) == ["ACTIVE", "SUSPENDED", "SUSPENDED"], 60)
    code, told = deep(run, machines)
    assert code == 1
    assert {name for name, state in states(told).items() if state == "drifted"} == {"lab/s01"}

    # One that was woken by hand is no harm: its stack wakes with the others.
    machines.lab("reset: {all: 1, s01: 1}")
    assert run("apply").code == 0
    code, told = deep(run, machines)
    assert (code, set(states(told).values())) == (0, {"ready"})


def servers_of(hand: Somebody, machines: FlowRegistry) -> dict[str, str]:
    """The seats' servers by seat; Heat names them `<stack>-<resource>-<random>`."""
    prefix = f"{machines.course}--lab--"
    mine = (row for row in hand.servers() if row["name"].startswith(prefix))
    return {row["name"].removeprefix(prefix).split("-")[0]: row["id"] for row in mine}


def seen(hand: Somebody, servers: dict[str, str]) -> list[str]:
    """The states of those of these servers that are there, by seat."""
    found = {row["id"]: str(row["status"]) for row in hand.servers()}
    return [found[id_] for _, id_ in sorted(servers.items()) if id_ in found]


def act(hand: Somebody, server: str, what: str) -> None:
    hand.session.post(f"/servers/{server}/action", json={what: None}, endpoint_filter=NOVA)


def stop(hand: Somebody, server: str) -> None:
    act(hand, server, "os-stop")


def start(hand: Somebody, server: str) -> None:
    act(hand, server, "os-start")
    assert until(lambda: seen(hand, {"it": server}) == ["ACTIVE"], 60)


def spoil(cloud_env: Any, server: str) -> None:
    """As a broken hypervisor leaves it; only an admin of OpenStack can do it at will."""
    nova = api(cloud_env.clouds_yaml.read_text(), "devcloud-admin", "compute")
    nova.post(f"/servers/{server}/action", json={"os-resetState": {"state": "error"}})
