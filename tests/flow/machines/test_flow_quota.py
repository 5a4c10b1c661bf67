"""The quota of a project, met by a course on the real Nova and Neutron."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from effects_cloud import api
from flow_registry import FlowRegistry

from appstore.cli.runid import RUN_ID
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.devcloud.waiting import until

pytestmark = pytest.mark.cloud

HEAT = """\
heat_template_version: 2021-04-16
parameters: {size: {type: string}}
resources:
  net: {type: OS::Neutron::Net}
  subnet:
    type: OS::Neutron::Subnet
    properties: {network: {get_resource: net}, cidr: 10.8.0.0/24}
  server:
    type: OS::Nova::Server
    depends_on: subnet
    properties:
      image: cirros-fake
      image_update_policy: REPLACE
      flavor: {get_param: size}
      networks: [{network: {get_resource: net}}]
"""
FILES = {
    "catalog/probe/1.0.0/heat.yaml": HEAT,
    "catalog/probe/1.0.0/version.yaml": (
        "parameters: {size: {bind: size, default: medium}}\ntimeout: 5\n"
    ),
    "deployments/site.yaml": (
        "owner: owner-NAME\n"
        "clouds: {devcloud: {sizes: {tiny: m1.tiny, medium: m1.medium}}}\n"
        "tenants: {faculty: {title: Faculty, clouds: [devcloud]}}\n"
        "resource_types: ['OS::Neutron::*', 'OS::Nova::Server']\n"
    ),
}


@pytest.fixture
def machines(registry: FlowRegistry) -> FlowRegistry:
    """Two seats with a server each; m1.medium has two cores."""
    registry.fill(FILES)
    registry.commit("machines")
    return registry


def no_delete_under_way() -> bool:
    with open_cloud("devcloud", Purpose.READ, RUN_ID) as cloud:
        stacks = cloud.heat(cloud.project("lecturer-a")).listing().stacks
    return all(stack.status != "DELETE_IN_PROGRESS" for stack in stacks)


@pytest.fixture
def cores(cloud_env: Any) -> Iterator[Callable[[int], int]]:
    """`cores(3)`: three cores more than are in use; gives the limit."""
    clouds_yaml = cloud_env.clouds_yaml.read_text()
    nova = api(clouds_yaml, "devcloud-admin", "compute")
    rows = api(clouds_yaml, "devcloud-admin", "identity").get("/projects").json()["projects"]
    [project] = [row["id"] for row in rows if row["name"] == "lecturer-a"]

    def detail() -> Any:
        return nova.get(f"/os-quota-sets/{project}/detail").json()["quota_set"]["cores"]

    def put(limit: int) -> int:
        body = {"quota_set": {"cores": limit, "force": True}}
        nova.put(f"/os-quota-sets/{project}", json=body)
        return limit

    assert until(no_delete_under_way, 60), "what the test before used does not count"
    limit = detail()["limit"]
    yield lambda more: put(detail()["in_use"] + more)
    put(limit)


def test_a_course_that_does_not_fit_is_told_what_would(
    machines: FlowRegistry, run: Any, live: Any, cores: Callable[[int], int]
) -> None:
    limit = cores(3)
    refused = run("apply")
    assert refused.code == 3
    assert live() == {}  # nothing was sent
    text = " ".join(run("plan").out.split())
    assert (
        f"1 of 2 fit into the quota of project lecturer-a (cores: 4 more needed, 3 left of {limit})"
        in text
    )
    assert (
        f"Write `size: tiny` in deployments/ada/{machines.course}/lab.yaml: then all 2 fit." in text
    )
    assert f"openstack quota set --cores {limit + 1} lecturer-a" in text
    told = json.loads(run("plan", "--json").out)["shortages"]
    assert [one["wanted"] for one in told[0]["missing"]] == [limit + 1]

    machines.lab("parameters: {size: tiny}")  # what the message says
    assert run("apply").code == 0
    assert {each.status for each in live().values()} == {"CREATE_COMPLETE"}

    # the same again adds nothing, so Nova and Neutron are not asked
    run("plan", "--log-json")
    lines = run("plan", "--log-json").err
    assert "/stacks" in lines
    assert not any(word in lines for word in ("/limits", "/quotas/", "/flavors"))

    cores(0)  # and growing back does not fit
    machines.lab()
    grown = run("plan")
    assert grown.code == 3
    assert "0 of 2 fit" in " ".join(grown.out.split())


def test_what_is_deleted_first_makes_room(
    machines: FlowRegistry, run: Any, live: Any, cores: Callable[[int], int]
) -> None:
    cores(4)
    assert run("apply").code == 0
    cores(0)
    new = f"deployments/ada/{machines.course}/next.yaml"
    machines.write(new, "template: probe@1.0.0\nfor: student\n")
    machines.commit("next")
    assert run("plan").code == 3
    machines.lab("state: absent")
    assert run("apply").code == 0
    assert live() == {}
    assert "nothing to do" in run("plan").out
