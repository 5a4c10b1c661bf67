"""Deletes on the real Heat, Nova and Neutron: nothing is left, or it is told what and why."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from apply_samples import Story, entry, gone, plan_of, seat, spec
from effects_cloud import api

from appstore.apply.clock import WallClock
from appstore.apply.protocols import Heat
from appstore.apply.run import Settings
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.decision import Act, Action, Step
from appstore.reconcile.live import LiveStack
from appstore.reconcile.outcome import Done, Failed
from appstore.reconcile.things import KINDS, StackResource, ThingKind
from appstore.report.outcomes import outcomes_text
from appstore.wanted.stacks import WantedStack

pytestmark = pytest.mark.cloud
RUN_ID = f"req-{uuid4()}"
PROJECT = ("standin", "lecturer")
DEPLOYMENT = f"rm{uuid4().hex[:8]}"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBn+06H6zGefR+b+da5cM1lloKLKwwQPFDZTqBDpnA+W sample"


def ref(name: str) -> dict[str, str]:
    return {"get_resource": name}


def resource(type_: str, depends_on: str = "", **properties: object) -> dict[str, Any]:
    found: dict[str, Any] = {"type": type_, "properties": properties}
    return {**found, "depends_on": depends_on} if depends_on else found


NETWORK = {
    "net": resource("OS::Neutron::Net"),
    "subnet": resource("OS::Neutron::Subnet", network=ref("net"), cidr="10.9.0.0/24"),
    "router": resource("OS::Neutron::Router", external_gateway_info={"network": "public"}),
    "plug": resource("OS::Neutron::RouterInterface", router=ref("router"), subnet=ref("subnet")),
}
WHOLE = {
    **NETWORK,
    "group": resource("OS::Neutron::SecurityGroup"),
    "key": resource("OS::Nova::KeyPair", name={"get_param": "OS::stack_name"}, public_key=KEY),
    "port": resource(
        "OS::Neutron::Port",
        network=ref("net"),
        fixed_ips=[{"subnet": ref("subnet")}],
        security_groups=[ref("group")],
    ),
    "server": resource(
        "OS::Nova::Server",
        flavor="m1.tiny",
        image="cirros-fake",
        key_name=ref("key"),
        networks=[{"port": ref("port")}],
    ),
    "ip": resource(
        "OS::Neutron::FloatingIP", "plug", floating_network="public", port_id=ref("port")
    ),
}


def lab(member: str, resources: dict[str, Any]) -> WantedStack:
    template = {"heat_template_version": "2021-04-16", "resources": resources}
    whole = replace(spec(), template=template, restrictions={})
    return seat(member, deployment=DEPLOYMENT, spec=whole)


@dataclass
class Campus:
    """One real project, and a hand in it that is not ours."""

    story: Story
    heat: Heat
    neutron: Any

    def made(self, *stacks: WantedStack) -> dict[str, dict[str, StackResource]]:
        """The resources of each stack by path, once all are built."""
        results = self.story.run(*stacks)
        assert {type(result) for result in results.values()} == {Done}, results
        found = {}
        for stack in stacks:
            live = self.heat.find(stack.name)
            assert live
            found[stack.name] = {each.path: each for each in self.heat.resources(live)}
        return found

    def by_hand(self, rows: str, **body: object) -> str:
        """Somebody makes something in the dashboard; its id."""
        (row,) = (
            self.neutron.post(f"/v2.0/{rows}", json={rows[:-1].replace("-", "_"): body})
            .json()
            .values()
        )
        return str(row["id"])

    def away(self, rows: str, id_: str) -> None:
        self.neutron.delete(f"/v2.0/{rows}/{id_}")


@pytest.fixture
def campus(full_cloud: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Campus]:
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(full_cloud.clouds_yaml))
    neutron = api(Path(full_cloud.clouds_yaml).read_text(), "devcloud", "network")
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        clock = WallClock()
        yield Campus(Story(clock, {PROJECT: heat}, clock.stop, Settings(RUN_ID)), heat, neutron)
        for row in heat.listing().stacks:
            if f"--{DEPLOYMENT}--" in row.name:
                heat.delete(row)


def ends(*stacks: WantedStack) -> list[WantedStack]:
    return [replace(stack, wanted=gone()) for stack in stacks]


def test_nothing_is_left_of_a_whole_lab(campus: Campus) -> None:
    stack = lab("whole", WHOLE)
    resources = campus.made(stack)[stack.name]
    things = {(KINDS[r.type], r.physical_id) for r in resources.values() if r.type in KINDS}
    everything = tuple(ThingKind)
    assert things <= {thing.key for thing in campus.heat.leftovers.listed(everything)}
    assert {kind for kind, _ in things} == {*ThingKind} - {ThingKind.VOLUME}
    result = campus.story.run(*ends(stack))[stack.name]
    assert isinstance(result, Done), result
    assert result.kept == ()
    assert things.isdisjoint({thing.key for thing in campus.heat.leftovers.listed(everything)})


def test_what_the_template_keeps_is_said_and_is_no_failure(campus: Campus) -> None:
    net = {**resource("OS::Neutron::Net"), "deletion_policy": "Retain"}
    stack = lab("keeps", {"net": net, "group": resource("OS::Neutron::SecurityGroup")})
    kept = campus.made(stack)[stack.name]["net"]
    outcomes = campus.story.outcomes(campus.story.plan(ends(stack)))
    text = list(outcomes_text(outcomes))
    campus.away("networks", kept.physical_id)
    assert text == [
        f"  dr-a/cs101/{DEPLOYMENT}/keeps: done",
        f"      Its template keeps the network net ({kept.physical_id}).",
        "      -> Whoever needs it no longer removes it by hand (lecturer)",
        "Apply: 1 done (1 delete).",
    ]


class Forgetful:
    """The real Heat, but it takes a thing made by hand for a part of every stack."""

    def __init__(self, heat: Heat, extra: StackResource) -> None:
        self._heat = heat
        self._extra = extra

    def __getattr__(self, name: str) -> Any:
        return getattr(self._heat, name)

    def resources(self, stack: LiveStack) -> tuple[StackResource, ...]:
        return (*self._heat.resources(stack), self._extra)


def test_what_stays_is_looked_up_until_its_time_is_over(campus: Campus) -> None:
    group = campus.by_hand("security-groups", name="forgotten")
    extra = StackResource("extra", "OS::Neutron::SecurityGroup", group)
    stack = lab("stays", {"net": resource("OS::Neutron::Net")})
    campus.made(stack)
    campus.story.heats[PROJECT] = Forgetful(campus.heat, extra)
    campus.story.settings = replace(
        campus.story.settings, patience=campus.story.settings.first_look
    )
    outcomes = campus.story.outcomes(campus.story.plan(ends(stack)))
    campus.away("security-groups", group)
    assert list(outcomes_text(outcomes)) == [
        f"  dr-a/cs101/{DEPLOYMENT}/stays: failed",
        '      The stack is gone, but something of it stayed: security group "forgotten"',
        f"      ({group}): OpenStack still lists it and gives",
        "      no reason.",
        "      resource: extra (OS::Neutron::SecurityGroup)",
        "      -> Remove it, no run will: openstack security group delete",
        f"         {group}. (lecturer)",
        "Apply: 1 failed.",
    ]


@pytest.mark.exhaustive
def test_what_somebody_attached_by_hand_is_named_and_blocks_nobody_else(campus: Campus) -> None:
    """Heat tries for 72 s before it gives up."""
    port, address, free = (lab(name, NETWORK) for name in ("port", "address", "free"))
    made = campus.made(port, address, free)
    one, two = made[port.name], made[address.name]
    net, subnet = one["net"].physical_id, one["subnet"].physical_id
    anna = campus.by_hand("ports", name="anna-test", network_id=net)
    ben = campus.by_hand("ports", name="ben", network_id=two["net"].physical_id)
    (public,) = campus.neutron.get("/v2.0/networks?name=public").json()["networks"]
    ip = campus.by_hand("floatingips", floating_network_id=public["id"], port_id=ben)

    results = campus.story.run(*ends(port, address, free))
    by_port, by_address = results[port.name], results[address.name]
    assert isinstance(results[free.name], Done)
    assert isinstance(by_port, Failed)
    assert by_port.reason == (
        f'"subnet" cannot be deleted: port "anna-test" ({anna}) still uses it, '
        "and is not part of this instance."
    )
    assert by_port.resource == "subnet (OS::Neutron::Subnet)"
    assert (by_port.owner, subnet) == ("lecturer", one["subnet"].physical_id)
    assert f"openstack port delete {anna}" in by_port.next_step
    assert isinstance(by_address, Failed)
    assert by_address.resource == "plug (OS::Neutron::RouterInterface)"
    assert f"({ip}) still uses it" in by_address.reason
    assert f"openstack floating ip unset --port {ip}" in by_address.next_step

    # What was said helps; the hour that a run leaves between two tries is left out here.
    campus.away("ports", anna)
    campus.away("floatingips", ip)
    campus.away("ports", ben)
    again = Act(Action.DELETE, (Step.DELETE,), "again")
    lives = {stack.name: campus.heat.find(stack.name) for stack in (port, address)}
    entries = [entry(stack, lives[stack.name], again) for stack in ends(port, address)]
    freed = campus.story.apply(plan_of(entries, campus.story.clock))
    assert {type(result) for result in freed.values()} == {Done}, freed
