"""What a deleted stack left behind: looked up alike in the stand-in and in the real services."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cloud_samples import Bench, RealClock, run_id
from cloud_server import Answer, FakeOpenStack
from effects_cloud import api
from heat_standin import FakeClock, StandInHeat

from appstore.cloud.cloud import Cloud, open_cloud
from appstore.cloud.credentials import Purpose
from appstore.cloud.errors import CloudError, Unreachable
from appstore.reconcile.live import LiveStack
from appstore.reconcile.request import StackRequest
from appstore.reconcile.retained import outlives
from appstore.reconcile.things import KINDS, StackResource, Thing, ThingKind

KEPT = ("port", "net", "group")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBn+06H6zGefR+b+da5cM1lloKLKwwQPFDZTqBDpnA+W sample"


def template(prefix: str, kept: Iterable[str]) -> dict[str, Any]:
    """One of each kind that needs neither a server nor an outside; `kept` outlive their stack."""
    whole: dict[str, Any] = {
        "heat_template_version": "2021-04-16",
        "parameters": {},
        "resources": {
            "word": {"type": "OS::Heat::RandomString"},
            "key": {
                "type": "OS::Nova::KeyPair",
                "properties": {"name": f"{prefix}key", "public_key": KEY},
            },
            "net": {"type": "OS::Neutron::Net"},
            "group": {"type": "OS::Neutron::SecurityGroup"},
            "port": {
                "type": "OS::Neutron::Port",
                "properties": {
                    "network": {"get_resource": "net"},
                    "security_groups": [{"get_resource": "group"}],
                },
            },
        },
    }
    for name in kept:
        whole["resources"][name]["deletion_policy"] = "retain"
    return whole


@dataclass(frozen=True)
class Lab(Bench):
    """A bench whose stacks have a port, a network, a security group and a key pair."""

    def build(self, kept: Iterable[str] = ()) -> tuple[LiveStack, dict[str, StackResource]]:
        """The stack and its resources by path."""
        name = f"{self.prefix}one"
        self.heat.create(
            StackRequest(name, template(self.prefix, kept), {}, {}, frozenset({"t"}), 5)
        )
        stack = self.settled()
        assert stack.status == "CREATE_COMPLETE", stack.reason
        return stack, {each.path: each for each in self.heat.resources(stack)}

    def listed(self, *kinds: ThingKind) -> set[tuple[ThingKind, str]]:
        """The keys of all things of these kinds."""
        return {thing.key for thing in self.heat.leftovers.listed(kinds)}


def sweep_up(clouds_yaml: str, prefix: str) -> None:
    """Remove what a template kept: it is named after its stack."""
    neutron = api(Path(clouds_yaml).read_text(), "devcloud", "network")
    for rows in ("ports", "security-groups", "networks"):
        for row in neutron.get(f"/v2.0/{rows}").json()[rows.replace("-", "_")]:
            if row["name"].startswith(prefix):
                # One that Heat is deleting may be gone already.
                neutron.delete(f"/v2.0/{rows}/{row['id']}", raise_exc=False)


@pytest.fixture(params=["standin", pytest.param("real", marks=pytest.mark.cloud)])
def lab(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """First the stand-in, then a project of the full embedded cloud, left as it was found."""
    prefix = f"remains-{uuid4().hex[:8]}-"
    if request.param == "standin":
        clock = FakeClock()
        yield Lab(StandInHeat(clock), clock, prefix)
        return
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    full = request.getfixturevalue("full_cloud")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(full.clouds_yaml))
    with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        yield Lab(heat, RealClock(), prefix)
        for stack in heat.listing().stacks:
            if stack.name.startswith(prefix):
                heat.delete(stack)
        sweep_up(str(full.clouds_yaml), prefix)


def test_resources_are_told_with_the_ids_under_which_the_services_list_them(lab: Lab) -> None:
    stack, resources = lab.build()
    assert set(resources) == {"word", "key", "net", "group", "port"}
    assert all(resource.physical_id for resource in resources.values())
    things = {(KINDS[r.type], r.physical_id) for r in resources.values() if r.type in KINDS}
    assert {kind for kind, _ in things} == {
        ThingKind.KEY_PAIR,
        ThingKind.NETWORK,
        ThingKind.SECURITY_GROUP,
        ThingKind.PORT,
    }
    assert things <= lab.listed(*ThingKind)
    assert {kind for kind, _ in lab.listed(ThingKind.PORT)} == {ThingKind.PORT}
    assert lab.listed() == set()
    assert lab.heat.content(stack).template["resources"]
    lab.heat.delete(stack)
    lab.freed()
    assert things.isdisjoint(lab.listed(*ThingKind))
    # With the delete Heat forgets what it had made, and why.
    assert lab.heat.resources(stack) == ()
    assert not lab.heat.content(stack).template.get("resources")


def test_what_the_template_keeps_outlives_its_stack(lab: Lab) -> None:
    stack, resources = lab.build(kept=KEPT)
    content = lab.heat.content(stack)
    assert {path for path in resources if outlives(content, path)} == set(KEPT)
    lab.heat.delete(stack)
    lab.freed()
    kinds = (ThingKind.PORT, ThingKind.NETWORK, ThingKind.SECURITY_GROUP, ThingKind.KEY_PAIR)
    kept = {(KINDS[r.type], r.physical_id) for p, r in resources.items() if p in KEPT}
    assert lab.listed(*kinds) >= kept
    assert (ThingKind.KEY_PAIR, resources["key"].physical_id) not in lab.listed(*kinds)


@pytest.mark.cloud
def test_a_cloud_without_such_services_holds_nothing(cloud_env: object) -> None:
    with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
        heat = cloud.heat(cloud.project("lecturer-c"))
        assert heat.leftovers.listed(ThingKind) == ()


def things(cloud: Cloud, *kinds: ThingKind) -> tuple[Thing, ...]:
    """What the scripted services list."""
    return cloud.heat(cloud.project("lecturer-a")).leftovers.listed(kinds)


def test_a_listing_is_read_to_its_end(server: FakeOpenStack, cloud: Cloud) -> None:
    server.services["compute"] = "/nova"
    rows = [{"id": f"vm-{number}", "name": "web", "status": "ACTIVE"} for number in range(2)]
    # Behind a proxy the link names a host that answers nobody.
    following = {"rel": "next", "href": "http://inside:8774/servers/detail?marker=vm-0"}
    server.script["GET", "/nova/servers/detail"] = [
        Answer(body={"servers": rows[:1], "servers_links": [following]}),
        Answer(body={"servers": rows[1:]}),
    ]
    assert things(cloud, ThingKind.SERVER) == (
        Thing(ThingKind.SERVER, "vm-0", "web", "ACTIVE"),
        Thing(ThingKind.SERVER, "vm-1", "web", "ACTIVE"),
    )


@pytest.mark.usefixtures("pauses")
def test_a_listing_that_fails_proves_nothing(server: FakeOpenStack, cloud: Cloud) -> None:
    server.services["network"] = "/neutron"
    server.script["GET", "/neutron/v2.0/ports"] = [Answer(500, {})] * 9
    with pytest.raises(Unreachable, match="the look at the ports in project 'lecturer-a'"):
        things(cloud, ThingKind.PORT)


def test_a_listing_that_goes_in_circles_is_an_error(server: FakeOpenStack, cloud: Cloud) -> None:
    server.services["network"] = "/neutron"
    again = {"rel": "next", "href": "http://x/v2.0/routers?marker=r"}
    page = Answer(body={"routers": [], "routers_links": [again]})
    server.script["GET", "/neutron/v2.0/routers"] = [page] * 300
    with pytest.raises(CloudError, match="did not end"):
        things(cloud, ThingKind.ROUTER)


def test_an_address_with_a_version_is_as_good(server: FakeOpenStack, cloud: Cloud) -> None:
    server.services["network"] = "/neutron/v2.0"
    row = {
        "id": "ip-1",
        "floating_ip_address": "10.0.0.9",
        "status": "DOWN",
        "port_id": None,
        "router_id": "r-1",
    }
    server.script["GET", "/neutron/v2.0/floatingips"] = [Answer(body={"floatingips": [row]})]
    assert things(cloud, ThingKind.FLOATING_IP) == (
        Thing(ThingKind.FLOATING_IP, "ip-1", "10.0.0.9", "DOWN", frozenset({"r-1"})),
    )


def test_ports_say_what_they_use_and_those_of_dhcp_do_not_count(
    server: FakeOpenStack, cloud: Cloud
) -> None:
    server.services["network"] = "/neutron"
    port = {
        "id": "p-1",
        "name": "",
        "status": "ACTIVE",
        "network_id": "n",
        "device_id": "vm",
        "device_owner": "compute:nova",
        "security_groups": ["g"],
        "fixed_ips": [{"subnet_id": "s", "ip_address": "10.0.0.3"}],
    }
    dhcp = {**port, "id": "p-2", "device_owner": "network:dhcp"}
    server.script["GET", "/neutron/v2.0/ports"] = [Answer(body={"ports": [port, dhcp]})]
    assert things(cloud, ThingKind.PORT) == (
        Thing(ThingKind.PORT, "p-1", "", "ACTIVE", frozenset({"n", "vm", "g", "s"})),
    )


def test_volumes_say_which_server_holds_them(server: FakeOpenStack, cloud: Cloud) -> None:
    """Cinder's own answer, as its API reference has it; the embedded cloud has no Cinder."""
    server.services["block-storage"] = "/cinder"
    row = {
        "id": "v-1",
        "name": None,
        "status": "in-use",
        "attachments": [{"server_id": "vm", "device": "/dev/vdb"}],
    }
    server.script["GET", "/cinder/volumes/detail"] = [Answer(body={"volumes": [row]})]
    assert things(cloud, ThingKind.VOLUME) == (
        Thing(ThingKind.VOLUME, "v-1", "", "in-use", frozenset({"vm"})),
    )
