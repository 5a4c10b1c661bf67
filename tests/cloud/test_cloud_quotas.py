"""What is read of a quota: scripted answers of every sort, then the real Nova and Neutron."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from cloud_samples import RealClock, run_id
from cloud_server import Answer, FakeOpenStack

from appstore.cloud.cloud import Cloud, open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.needs.count import needs_of_template
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Flavor
from appstore.reconcile.needs.room import Limit, Room
from appstore.reconcile.request import StackRequest

EVERYTHING = frozenset(Kind)
ABSOLUTE = {
    "maxTotalInstances": 10, "totalInstancesUsed": 1, "maxTotalCores": 40, "totalCoresUsed": 4,
    "maxTotalRAMSize": -1, "totalRAMUsed": 8192, "maxServerGroups": 5, "totalServerGroupsUsed": 0,
    "maxTotalKeypairs": 100,
}  # fmt: skip
CINDER = {
    "maxTotalVolumes": 10, "totalVolumesUsed": 2, "maxTotalVolumeGigabytes": 1000,
    "totalGigabytesUsed": 20,
}  # fmt: skip


def _asked(server: FakeOpenStack) -> list[str]:
    """The requests beside those to Keystone."""
    return [path for _, path in server.seen if not path.startswith("/v3/")]


def _room(server: FakeOpenStack, cloud: Cloud, *kinds: Kind) -> Room:
    return cloud.room(cloud.project("lecturer-a"), frozenset(kinds))


def test_a_cloud_without_nova_and_neutron_has_no_such_limits(
    server: FakeOpenStack, cloud: Cloud
) -> None:
    assert cloud.room(cloud.project("lecturer-a"), EVERYTHING) == Room({})
    assert _asked(server) == []


def test_nova_tells_limits_flavors_and_key_pairs(server: FakeOpenStack, cloud: Cloud) -> None:
    server.services["compute"] = "/nova"
    server.script["GET", "/nova/limits"] = [Answer(body={"limits": {"absolute": ABSOLUTE}})]
    server.script["GET", "/nova/os-keypairs"] = [Answer(body={"keypairs": [{}, {}]})]
    pages = (
        [{"id": "f1", "name": "small", "vcpus": 1, "ram": 512}],
        [{"id": "f2", "name": "large", "vcpus": 8, "ram": 4096}],
    )
    server.script["GET", "/nova/flavors/detail"] = [
        Answer(body={"flavors": pages[0], "flavors_links": [{"rel": "next", "href": "x"}]}),
        Answer(body={"flavors": pages[1]}),
    ]
    found = _room(server, cloud, Kind.CORES, Kind.RAM, Kind.KEY_PAIRS)
    # what is not limited (-1) is left out
    assert found.limits == {Kind.CORES: Limit(40, 4), Kind.KEY_PAIRS: Limit(100, 2)}
    small, large = Flavor(1, 512), Flavor(8, 4096)
    assert found.flavors == {"f1": small, "small": small, "f2": large, "large": large}


@pytest.mark.parametrize("address", ["/net", "/net/v2.0", "/net/v2.0/"])
def test_neutron_counts_what_is_used_and_reserved(
    server: FakeOpenStack, cloud: Cloud, address: str
) -> None:
    server.services["network"] = address
    body = {
        "port": {"limit": 50, "used": 3, "reserved": 1},
        "network": {"limit": -1, "used": 3, "reserved": 0},
        "security_group": {"limit": 10, "used": 1, "reserved": 0},
    }
    server.script["GET", "/net/v2.0/quotas/p-a/details"] = [Answer(body={"quota": body})]
    found = _room(server, cloud, Kind.PORTS, Kind.NETWORKS, Kind.SECURITY_GROUPS)
    assert found.limits == {Kind.PORTS: Limit(50, 4), Kind.SECURITY_GROUPS: Limit(10, 1)}


def test_only_what_is_touched_is_asked_for(server: FakeOpenStack, cloud: Cloud) -> None:
    server.services |= {"compute": "/nova", "network": "/net", "block-storage": "/cinder"}
    server.script["GET", "/cinder/limits"] = [Answer(body={"limits": {"absolute": CINDER}})]
    found = _room(server, cloud, Kind.VOLUMES, Kind.GIGABYTES)
    assert found == Room({Kind.VOLUMES: Limit(10, 2), Kind.GIGABYTES: Limit(1000, 20)})
    assert _asked(server) == ["/cinder/limits"]


@pytest.mark.parametrize(
    "answer", [Answer(403, {"forbidden": {"message": "no"}}), Answer(body={"odd": 1})]
)
def test_what_cannot_be_read_is_said(server: FakeOpenStack, cloud: Cloud, answer: Answer) -> None:
    server.services["compute"] = "/nova"
    server.script["GET", "/nova/limits"] = [answer]
    found = _room(server, cloud, Kind.CORES)
    assert found.limits == {}
    [said] = found.unread
    assert "the look at the quota of 'lecturer-a'" in said


# The real ones

NET: dict[str, Any] = {
    "net": {"type": "OS::Neutron::Net"},
    "subnet": {
        "type": "OS::Neutron::Subnet",
        "properties": {"network": {"get_resource": "net"}, "cidr": "10.9.0.0/24"},
    },
}
ROUTED: dict[str, Any] = {
    **NET,
    "router": {
        "type": "OS::Neutron::Router",
        "properties": {"external_gateway_info": {"network": "public"}},
    },
    "way_out": {
        "type": "OS::Neutron::RouterInterface",
        "properties": {
            "router": {"get_resource": "router"},
            "subnet": {"get_resource": "subnet"},
        },
    },
}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB5RrmfHPIMWRYYSJmnXxJr2ZqOHgJ7vwqjyK3K9dcH3"
LAB: dict[str, Any] = {
    **ROUTED,
    "port": {
        "type": "OS::Neutron::Port",
        "properties": {
            "network": {"get_resource": "net"},
            "fixed_ips": [{"subnet": {"get_resource": "subnet"}}],
        },
    },
    "server": {
        "type": "OS::Nova::Server",
        "properties": {
            "flavor": "m1.small",
            "image": "cirros-fake",
            "networks": [{"port": {"get_resource": "port"}}],
        },
    },
    "more": {
        "type": "OS::Heat::ResourceGroup",
        "depends_on": "subnet",
        "properties": {
            "count": 2,
            "resource_def": {
                "type": "OS::Nova::Server",
                "properties": {
                    "flavor": "m1.tiny",
                    "image": "cirros-fake",
                    "networks": [{"network": {"get_resource": "net"}}],
                },
            },
        },
    },
    "address": {
        "type": "OS::Neutron::FloatingIP",
        "depends_on": "way_out",
        "properties": {"floating_network": "public", "port_id": {"get_resource": "port"}},
    },
    "group": {"type": "OS::Nova::ServerGroup"},
}
RULES: dict[str, Any] = {
    "web": {
        "type": "OS::Neutron::SecurityGroup",
        "properties": {
            "rules": [
                {"protocol": "tcp", "port_range_min": 80, "port_range_max": 80},
                {"direction": "egress"},
            ]
        },
    }
}


class Project:
    """One real project: stacks in it, and what it uses."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._project = cloud.project("lecturer-c")
        self.heat = cloud.heat(self._project)
        self.clock = RealClock()

    def used(self) -> dict[Kind, int]:
        room = self._cloud.room(self._project, EVERYTHING)
        assert room.unread == ()
        assert {*room.limits} == EVERYTHING - {Kind.STACKS, Kind.VOLUMES, Kind.GIGABYTES}
        return {kind: limit.used for kind, limit in room.limits.items()}

    def flavors(self) -> Any:
        return self._cloud.room(self._project, frozenset((Kind.CORES,))).flavors

    def settle(self, name: str) -> str:
        moving = ("_IN_PROGRESS", "DELETE_COMPLETE")  # the latter is gone in a moment
        while (found := self.heat.find(name)) and found.status.endswith(moving):
            self.clock.sleep(0.5)
        return found.status if found else "gone"


@pytest.fixture(scope="module")
def used_before(full_cloud: Any) -> None:
    """The project has had a routed network once.

    Neutron makes a project's default security group when it is first asked about that project,
    and counts the reservation for its four rules as used until the project's next change.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", str(full_cloud.clouds_yaml))
        with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
            project, name = Project(cloud), f"first-{uuid4().hex[:8]}"
            hot = {"heat_template_version": "2021-04-16", "resources": ROUTED}
            project.heat.create(StackRequest(name, hot, {}, {}, frozenset(), 10))
            assert project.settle(name) == "CREATE_COMPLETE"
            live = project.heat.find(name)
            assert live is not None
            project.heat.delete(live)
            assert project.settle(name) == "gone"


@pytest.fixture
def project(
    full_cloud: Any, used_before: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Project]:
    """A project of the full cloud in which nothing else is going on."""
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(full_cloud.clouds_yaml))
    with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
        yield Project(cloud)


@pytest.mark.cloud
@pytest.mark.parametrize(
    "resources",
    [ROUTED, LAB, RULES, {"key": {"type": "OS::Nova::KeyPair", "properties": {"name": "K"}}}],
    ids=["routed", "lab", "rules", "key"],
)
def test_what_is_counted_is_what_nova_and_neutron_count(
    project: Project, resources: dict[str, Any]
) -> None:
    name = f"quota-{uuid4().hex[:8]}"
    hot: dict[str, Any] = {"heat_template_version": "2021-04-16", "resources": {**resources}}
    if "key" in resources:
        hot["resources"]["key"]["properties"] = {"name": name, "public_key": KEY}
    before = project.used()
    project.heat.create(StackRequest(name, hot, {}, {}, frozenset(), 10))
    assert project.settle(name) == "CREATE_COMPLETE"
    live = project.heat.find(name)
    assert live is not None
    foreseen = needs_of_template(hot, {}, {}).amounts(project.flavors())
    try:
        assert {k: n - before[k] for k, n in project.used().items() if n != before[k]} == foreseen
        if "server" in resources:
            awake = project.used()
            project.heat.suspend(live)
            assert project.settle(name) == "SUSPEND_COMPLETE"
            assert project.used() == awake  # asleep is not away
    finally:
        project.heat.delete(live)
        assert project.settle(name) == "gone"


@pytest.mark.cloud
def test_the_planning_user_may_read_the_quota(
    full_cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(full_cloud.clouds_yaml))
    with open_cloud("devcloud", Purpose.READ, run_id()) as cloud:
        found = cloud.room(cloud.project("lecturer-c"), EVERYTHING)
    assert found.unread == ()
    assert found.flavors["m1.tiny"] == Flavor(1, 512)
