"""What Heat is told never to replace: refused in the plan, and by Heat where we foresaw it wrongly.

On the real Nova: the server's id tells whether it is still the one that a student works on.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from effects_cloud import api
from flow_registry import FlowRegistry

import appstore.runs.plan as planning
from appstore.reconcile.difference import Difference

pytestmark = pytest.mark.cloud

HEAT = """\
heat_template_version: 2021-04-16
parameters: {greeting: {type: string}}
resources:
  server:
    type: OS::Nova::Server
    properties:
      name: {get_param: 'OS::stack_name'}
      image: cirros-fake
      image_update_policy: REPLACE
      flavor: m1.tiny
      networks: [{allocate_network: none}]
      user_data_format: RAW
      user_data: {get_param: greeting}
"""
FILES = {
    "catalog/probe/1.0.0/heat.yaml": HEAT,
    "catalog/probe/1.0.0/version.yaml": "timeout: 5\n",
    "deployments/site.yaml": (
        "owner: owner-NAME\n"
        "clouds: {devcloud: {}}\n"
        "tenants: {faculty: {title: Faculty, clouds: [devcloud]}}\n"
        "resource_types: ['OS::Nova::Server']\n"
    ),
}


@pytest.fixture
def machines(registry: FlowRegistry) -> FlowRegistry:
    """Two seats with a server each; what it is greeted with is its user data."""
    registry.fill(FILES)
    registry.lab("parameters: {greeting: one}")
    return registry


Servers = Callable[[], Mapping[str, tuple[str, str]]]


@pytest.fixture
def servers(registry: FlowRegistry, cloud_env: Any) -> Servers:
    """Id and status of this course's servers by seat, as Nova lists them."""
    nova = api(cloud_env.clouds_yaml.read_text(), "devcloud", "compute")

    def now() -> Mapping[str, tuple[str, str]]:
        rows = nova.get("/servers/detail").json()["servers"]
        return {
            row["name"].rpartition("--")[2]: (row["id"], row["status"])
            for row in rows
            if row["name"].startswith(f"{registry.course}--")
        }

    return now


@contextmanager
def blind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our prediction says that no update does any harm."""

    def harmless(entries: Any, heats: Any) -> Mapping[str, Difference]:
        return {entry.live.id: Difference((), (), ()) for entry in entries}

    with monkeypatch.context() as patch:
        patch.setattr(planning, "read_differences", harmless)
        yield


def test_a_server_outlives_an_edit_that_would_replace_it(
    machines: FlowRegistry, run: Any, live: Any, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("apply").code == 0
    before = servers()
    assert {status for _, status in before.values()} == {"ACTIVE"}

    # Foreseen: the plan refuses it, and nothing is sent.
    machines.lab("parameters: {greeting: two}")
    stacks = live()
    refused = run("apply")
    assert refused.code == 3
    assert "[replace-guard]" in refused.out
    assert "what is stored there would be lost" in " ".join(refused.out.split())
    assert "accept_replace: probe@1.0.0" in refused.out
    assert live() == stacks
    assert servers() == before

    # Not foreseen: Heat refuses it, and the servers stay what they are.
    with blind(monkeypatch):
        failed = json.loads(run("apply", "--json").out)["outcomes"]
    assert {one["result"] for one in failed} == {"failed"}
    assert all("nothing was changed on it" in one["reason"] for one in failed)
    assert all("Take the change back" in one["next_step"] for one in failed)
    assert all("have to replace 'server', which is forbidden" in one["reason"] for one in failed)
    assert {one["owner"] for one in failed} == {"lecturer"}
    assert servers() == before
    status = json.loads(run("status", "--json").out)
    assert {one["state"] for one in status} == {"failed"}
    assert all("nothing was changed on it" in one["reason"] for one in status)
    assert {one["owner"] for one in status} == {"lecturer"}

    # The same again would be refused again, so nothing is sent.
    stacks = live()
    again = run("apply")
    assert again.code == 1
    assert "Take the change back" in " ".join(again.out.split())
    assert live() == stacks

    # What the message says: the change taken back heals the stacks.
    machines.lab("parameters: {greeting: one}")
    back = run("apply")
    assert back.code == 0
    assert servers() == before
    assert {one["state"] for one in json.loads(run("status", "--json").out)} == {"ready"}

    # And ordered, it is done.
    machines.lab("parameters: {greeting: two}", "accept_replace: probe@1.0.0")
    assert run("apply").code == 0
    after = servers()
    assert {status for _, status in after.values()} == {"ACTIVE"}
    assert not {id_ for id_, _ in before.values()} & {id_ for id_, _ in after.values()}
