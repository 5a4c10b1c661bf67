"""Failures on the real Nova and Neutron: what a lecturer reads when apply ends, and in status.

A plan refuses what does not fit, so a quota is met only when somebody else used it up after the
plan was made: here the quotas fall between plan and first write.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from effects_cloud import api
from flow_registry import FlowRegistry

import appstore.runs.apply as apply_run
from appstore.cli.runid import RUN_ID
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose

pytestmark = pytest.mark.cloud
PROJECTS = {"ada": "lecturer-a", "bob": "lecturer-b", "cem": "lecturer-c"}
SITE = """\
owner: owner-NAME
clouds: {devcloud: {networks: {lab: lab-NAME}}}
tenants: {faculty: {title: Faculty, clouds: [devcloud]}}
resource_types: ['OS::Neutron::*', 'OS::Nova::*', 'OS::Heat::ResourceGroup']
"""
COURSE = """\
title: Course
term: 2026w
starts: 2026-01-01
ends: 2099-01-01
roster: {seats: 1}
"""


def server(flavor: object = "m1.tiny", **more: object) -> dict[str, object]:
    """A server that needs no network."""
    properties = {
        "flavor": flavor,
        "image": "cirros-fake",
        "image_update_policy": "REPLACE",
        "networks": [{"allocate_network": "none"}],
    }
    return {"type": "OS::Nova::Server", "properties": {**properties, **more}}


def neutron(kind: str, **properties: object) -> dict[str, object]:
    return {"type": f"OS::Neutron::{kind}", "properties": properties}


def ref(name: str) -> dict[str, str]:
    return {"get_resource": name}


NET = neutron("Net")
SUBNET = neutron("Subnet", network=ref("net"), cidr="10.7.0.0/24")
FIP = neutron("FloatingIP", floating_network="public")
PORT = neutron("Port", network=ref("net"), fixed_ips=[{"subnet": ref("sub")}])
GROUP = {
    "type": "OS::Heat::ResourceGroup",
    "properties": {"count": 2, "resource_def": server()},
}


@dataclass(frozen=True)
class Case:
    """Who asks for which resources, and what the lecturer then reads.

    `stays` says whether Heat keeps the failed stack, so that status can tell the same.
    """

    lecturer: str
    resources: Mapping[str, object]
    reason: str
    owner: str
    next_step: str
    stays: bool = True


QUOTA = "Use a smaller size or fewer seats"
CASES = {
    "several": Case(
        "ada",
        {"s": server("m1.large")},
        "The project's quotas for cores, memory in MB are used up",
        "lecturer",
        QUOTA,
    ),
    "group": Case(
        "ada", {"g": GROUP}, "The project's quota for cores is used up", "lecturer", QUOTA
    ),
    "ram": Case(
        "bob", {"s": server()}, "The project's quota for memory in MB is used up", "lecturer", QUOTA
    ),
    "instances": Case(
        "cem", {"s": server()}, "The project's quota for servers is used up", "lecturer", QUOTA
    ),
    "network": Case(
        "bob",
        {"net": NET},
        "quota for networks is used up",
        "lecturer",
        "End what is no longer needed",
    ),
    "address": Case(
        "bob",
        {"f": FIP},
        "quota for floating IPs is used up",
        "lecturer",
        "End what is no longer needed",
    ),
    "image": Case(
        "ada",
        {"s": server(image="no-such-image")},
        "no image named 'no-such-image'",
        "admin",
        "deployments/site.yaml",
        stays=False,
    ),
    "flavor": Case(
        "ada",
        {"s": server("no-such-flavor")},
        "no size named 'no-such-flavor'",
        "admin",
        "deployments/site.yaml",
        stays=False,
    ),
    "wire": Case(
        "ada",
        {"p": neutron("Port", network="no-such-net")},
        "no network named 'no-such-net'",
        "admin",
        "deployments/site.yaml",
        stays=False,
    ),
    "base": Case(
        "ada",
        {"p": neutron("Port", network={"get_param": "network"})},
        "no network named 'lab-NAME'",
        "admin",
        "project's base is applied",
        stays=False,
    ),
    "key": Case(
        "ada",
        {"s": server(key_name="no-such-key")},
        "no key pair named 'no-such-key'",
        "lecturer",
        "Make the key pair",
        stays=False,
    ),
    "unrouted": Case(
        "ada",
        {
            "net": NET,
            "sub": SUBNET,
            "port": PORT,
            "f": neutron("FloatingIP", floating_network="public", port_id=ref("port")),
        },
        "no router joins its network to the outside",
        "lecturer",
        "the router's interface",
    ),
    "overlap": Case(
        "ada",
        {"net": NET, "sub": SUBNET, "sub2": {**SUBNET, "depends_on": "sub"}},
        "10.7.0.0/24 is already in use on this network",
        "lecturer",
        "Choose another address range",
    ),
}
GROWS = {"s": server({"get_param": "size"})}
MOVES = {
    "net": NET,
    "sub": SUBNET,
    "router": neutron("Router", external_gateway_info={"network": "public"}),
    "plug": neutron("RouterInterface", router=ref("router"), subnet=ref("sub")),
    "port": neutron(
        "Port",
        network=ref("net"),
        fixed_ips=[{"subnet": ref("sub"), "ip_address": {"get_param": "address"}}],
    ),
    "f": {
        "depends_on": "plug",
        **neutron("FloatingIP", floating_network="public", port_id=ref("port")),
    },
}


@pytest.fixture
def courses(registry: FlowRegistry, cloud_env: Any) -> Iterator[FlowRegistry]:
    """One course for each of three projects; what is left of them is deleted at the end."""
    registry.fill({"deployments/site.yaml": SITE})
    for who, project in PROJECTS.items():
        lecturer = f"tenant: faculty\ncloud: devcloud\nproject: {project}\n"
        registry.write(f"deployments/{who}/lecturer.yaml", lecturer)
        registry.write(f"deployments/{who}/{registry.course}-{who}/course.yaml", COURSE)
    registry.remove(f"deployments/ada/{registry.course}/lab.yaml")
    registry.remove(f"deployments/ada/{registry.course}/course.yaml")
    registry.remove("catalog/probe/1.0.0/heat.yaml")
    registry.remove("catalog/probe/1.0.0/version.yaml")
    registry.remove("catalog/probe/template.yaml")
    yield registry
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        for project in PROJECTS.values():
            heat = cloud.heat(cloud.project(project))
            for stack in heat.listing().stacks:
                if stack.name.startswith(f"{registry.course}-"):
                    heat.delete(stack)


def deploy(
    registry: FlowRegistry,
    who: str,
    name: str,
    resources: Mapping[str, object],
    *lines: str,
    parameters: str = "{}",
) -> None:
    """A template of its own and one deployment of it; committed by whoever calls."""
    declared = {one: {"type": "string"} for one in yaml.safe_load(parameters)}
    heat = {
        "heat_template_version": "2021-04-16",
        "parameters": declared,
        "resources": json.loads(json.dumps(resources).replace("NAME", registry.course)),
    }
    folder = f"catalog/{name}/1.0.0"
    card = f"title: Probe\nsummary: For tests\nowner: {who}\n"
    registry.write(f"catalog/{name}/template.yaml", card)
    registry.write(f"{folder}/version.yaml", f"parameters: {parameters}\ntimeout: 10\n")
    registry.write(f"{folder}/heat.yaml", yaml.safe_dump(heat))
    text = "\n".join([f"template: {name}@1.0.0", "for: course", *lines, ""])
    registry.write(f"deployments/{who}/{registry.course}-{who}/{name}.yaml", text)


class Quotas:
    """The quotas of the three projects, lowered by the admin and put back."""

    def __init__(self, clouds_yaml: str) -> None:
        services = ("compute", "network", "identity")
        self._admin = {name: api(clouds_yaml, "devcloud-admin", name) for name in services}
        rows = self._admin["identity"].get("/projects").json()["projects"]
        self._ids = {row["name"]: row["id"] for row in rows}
        self._before: list[tuple[str, str, Mapping[str, int]]] = []

    def left(self, project: str, **left: int) -> None:
        """So much more than is in use may be used of each resource; compute or network."""
        service, path, key = (
            ("network", "/v2.0/quotas/{}/details", "quota")
            if {"network", "floatingip"} & left.keys()
            else ("compute", "/os-quota-sets/{}/detail", "quota_set")
        )
        rows = self._admin[service].get(path.format(self._ids[project])).json()[key]
        used = {name: rows[name].get("in_use", rows[name].get("used", 0)) for name in left}
        self._before.append((project, service, {name: rows[name]["limit"] for name in left}))
        self._put(project, service, {name: used[name] + more for name, more in left.items()})

    def restore(self) -> None:
        for project, service, limits in reversed(self._before):
            self._put(project, service, limits)

    def _put(self, project: str, service: str, limits: Mapping[str, int]) -> None:
        id_ = self._ids[project]
        if service == "network":
            self._admin[service].put(f"/v2.0/quotas/{id_}", json={"quota": limits})
        else:
            body = {"quota_set": {**limits, "force": True}}
            self._admin[service].put(f"/os-quota-sets/{id_}", json=body)


@pytest.fixture
def quotas(cloud_env: Any) -> Iterator[Quotas]:
    quotas = Quotas(cloud_env.clouds_yaml.read_text())
    yield quotas
    quotas.restore()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """`meanwhile(act)`: act once the next plan is made and before anything is written."""
    real = apply_run.make_plan

    def between(act: Callable[[], None]) -> None:
        def make_plan(*arguments: Any) -> Any:
            planned = real(*arguments)
            act()
            return planned

        monkeypatch.setattr(apply_run, "make_plan", make_plan)

    return between


def by_name(text: str, key: str) -> dict[str, dict[str, Any]]:
    """Outcomes or states by the deployment's name."""
    told = json.loads(text)
    rows = told[key] if isinstance(told, dict) else told
    return {row["id"].split("/")[-2]: row for row in rows}


def test_every_failure_is_told_in_a_lecturers_words(
    courses: FlowRegistry, run: Any, quotas: Quotas, meanwhile: Any
) -> None:
    size, place = "{size: {title: Size}}", "{address: {title: Address}}"
    deploy(courses, "ada", "grows", GROWS, "parameters: {size: m1.tiny}", parameters=size)
    deploy(courses, "ada", "moves", MOVES, "parameters: {address: 10.7.0.9}", parameters=place)
    courses.commit("healthy")
    assert run("apply").code == 0

    deploy(courses, "ada", "grows", GROWS, "parameters: {size: m1.large}", parameters=size)
    deploy(courses, "ada", "moves", MOVES, "parameters: {address: 10.7.0.8}", parameters=place)
    for name, case in CASES.items():
        more = "{network: {bind: network, fixed: lab}}" if name == "base" else "{}"
        deploy(courses, case.lecturer, name, case.resources, parameters=more)
    courses.commit("everything that fails")

    def use_up() -> None:
        quotas.left("lecturer-a", cores=1, ram=5000)
        quotas.left("lecturer-b", ram=100)
        quotas.left("lecturer-b", network=0, floatingip=0)
        quotas.left("lecturer-c", instances=0)

    meanwhile(use_up)
    applied = run("apply", "--json")
    outcomes = by_name(applied.out, "outcomes")
    status = by_name(run("status", "--json").out, "instances")
    assert applied.code == 1
    cases = {
        **CASES,
        "grows": Case("ada", {}, "quotas for cores, memory in MB are used up", "lecturer", QUOTA),
        "moves": Case(
            "ada", {}, "while a floating IP points to it", "lecturer", "Take the change back"
        ),
    }
    assert outcomes.keys() == cases.keys()
    for name, case in cases.items():
        outcome, stands = outcomes[name], status[name]
        reason = case.reason.replace("NAME", courses.course)
        assert outcome["result"] == "failed", outcome
        assert reason in outcome["reason"]
        assert outcome["owner"] == case.owner
        assert case.next_step in outcome["next_step"]
        if case.stays:
            assert stands["state"] == "failed"
            assert reason in stands["reason"]
            assert stands["owner"] == case.owner
            assert case.next_step in stands["next_step"]


@pytest.fixture
def huge(cloud_env: Any) -> Iterator[str]:
    """A flavor whose disk no machine has; disks are in no quota of Nova."""
    nova = api(cloud_env.clouds_yaml.read_text(), "devcloud-admin", "compute")
    body = {"flavor": {"name": "failures-huge", "vcpus": 1, "ram": 512, "disk": 50_000_000}}
    made = nova.post("/flavors", json=body).json()["flavor"]
    yield made["name"]
    nova.delete(f"/flavors/{made['id']}")


@pytest.mark.exhaustive
def test_no_machine_with_room(courses: FlowRegistry, run: Any, huge: str) -> None:
    """Heat tries five times, which takes a minute and a half."""
    deploy(courses, "ada", "crowded", {"s": server(huge)})
    courses.commit("too large for this cloud")
    outcome = by_name(run("apply", "--json").out, "outcomes")["crowded"]
    stands = by_name(run("status", "--json").out, "instances")["crowded"]
    assert (outcome["result"], stands["state"]) == ("failed", "failed")
    for told in (outcome, stands):
        assert "no machine with room for this server" in told["reason"]
        assert told["owner"] == "openstack-admin"
        assert "Use a smaller size" in told["next_step"]
