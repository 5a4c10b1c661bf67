"""After a delete: nothing is left, or it is told what, why, and who acts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from apply_samples import Story, farewell, gone, seat, spec
from heat_standin import StandInHeat

from appstore.apply.run import Settings
from appstore.cloud.errors import Unreachable
from appstore.reconcile.outcome import Done, Failed, Result
from appstore.reconcile.things import Thing, ThingKind
from appstore.report.outcomes import outcomes_json, outcomes_text
from appstore.wanted.stacks import WantedStack

NAME = "cs101--web-lab--{}"
NO_ANSWER = Unreachable("Neutron does not answer.", "Try again.")
FOREVER = timedelta(days=1)


def lab(member: str = "s01", **policies: str) -> WantedStack:
    """A seat with one resource of each kind that is looked up, whose policies may differ."""
    types = {
        "server": "OS::Nova::Server",
        "key": "OS::Nova::KeyPair",
        "port": "OS::Neutron::Port",
        "ip": "OS::Neutron::FloatingIP",
        "group": "OS::Neutron::SecurityGroup",
        "net": "OS::Neutron::Net",
        "subnet": "OS::Neutron::Subnet",
        "router": "OS::Neutron::Router",
        "disk": "OS::Cinder::Volume",
        "word": "OS::Heat::RandomString",
    }
    resources: dict[str, Any] = {name: {"type": type_} for name, type_ in types.items()}
    for name, policy in policies.items():
        resources[name]["deletion_policy"] = policy
    template = {**spec().template, "resources": resources}
    return seat(member, spec=replace(spec(), template=template))


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def heat(story: Story) -> StandInHeat:
    return story.project()


def made(story: Story, *stacks: WantedStack) -> None:
    results = story.run(*stacks)
    assert {type(result) for result in results.values()} == {Done}


def ended(story: Story, *stacks: WantedStack) -> dict[str, Result]:
    return story.run(*(replace(stack, wanted=gone()) for stack in stacks))


def id_of(heat: StandInHeat, name: str, resource: str) -> str:
    stack = heat.find(name)
    assert stack
    return next(r.physical_id for r in heat.resources(stack) if r.path == resource)


def stays(
    story: Story, heat: StandInHeat, resource: str, span: timedelta, seat: str = "s01"
) -> str:
    """The resource vanishes only so long from now."""
    id_ = id_of(heat, NAME.format(seat), resource)
    heat.leftovers.stay(id_, story.clock.now() + span)
    return id_


def told(story: Story, *stacks: WantedStack) -> str:
    plan = story.plan(replace(stack, wanted=gone()) for stack in stacks)
    return "\n".join(outcomes_text(story.outcomes(plan)))


def test_a_delete_looks_once_at_each_kind_and_is_done(story: Story, heat: StandInHeat) -> None:
    made(story, lab())
    heat.requests.clear()
    assert isinstance(ended(story, lab())[NAME.format("s01")], Done)
    assert Counter(heat.leftovers.asked) == dict.fromkeys(ThingKind, 1)
    sent = [method for method, _ in heat.requests if method != "listing"]
    assert sent == ["resources", "content", "find", "delete"]


def test_thirty_deletes_share_their_listings(story: Story, heat: StandInHeat) -> None:
    seats = [lab(f"s{number:02d}") for number in range(1, 31)]
    made(story, *seats)
    heat.requests.clear()
    results = ended(story, *seats)
    assert {type(result) for result in results.values()} == {Done}
    requests = Counter(method for method, _ in heat.requests)
    assert (requests["resources"], requests["delete"]) == (30, 30)
    assert set(Counter(heat.leftovers.asked).values()) <= set(range(1, requests["listing"] + 1))


def test_a_stack_without_such_things_costs_no_listing(story: Story, heat: StandInHeat) -> None:
    made(story, seat("s01"))
    assert isinstance(ended(story, seat("s01"))[NAME.format("s01")], Done)
    assert heat.leftovers.asked == []


def test_what_vanishes_a_little_later_is_waited_for(story: Story, heat: StandInHeat) -> None:
    made(story, lab())
    stays(story, heat, "ip", timedelta(seconds=40))
    began = story.clock.now()
    result = ended(story, lab())[NAME.format("s01")]
    assert isinstance(result, Done)
    assert timedelta(seconds=40) <= story.clock.now() - began < timedelta(seconds=50)


def test_what_stays_is_told_with_id_cause_and_way_out(story: Story, heat: StandInHeat) -> None:
    made(story, lab())
    port, group = (stays(story, heat, name, FOREVER) for name in ("port", "group"))
    heat.leftovers.add(
        Thing(ThingKind.PORT, "77aa", "anna", uses=frozenset({group, "net-of-anna"}))
    )
    began = story.clock.now()
    assert told(story, lab()) == (
        "  dr-a/cs101/web-lab/s01: failed\n"
        '      The stack is gone, but some things of it stayed: port "port"\n'
        "      (lecturer-id-1-port): OpenStack still lists it and gives no reason;\n"
        '      security group "group" (lecturer-id-1-group): port "anna" (77aa) still\n'
        "      uses it.\n"
        "      resource: port (OS::Neutron::Port) and 1 more\n"
        "      -> Remove them, no run will: openstack port delete lecturer-id-1-port;\n"
        "         openstack security group delete lecturer-id-1-group. (lecturer)\n"
        "Apply: 1 failed."
    )
    assert (port, heat.find(NAME.format("s01"))) == ("lecturer-id-1-port", None)
    # Bounded by its patience, not by the thing.
    assert timedelta(minutes=2) <= story.clock.now() - began < timedelta(minutes=2, seconds=20)


def test_what_the_template_keeps_is_told_and_not_waited_for(
    story: Story, heat: StandInHeat
) -> None:
    stack = lab(disk="retain")
    made(story, stack)
    began = story.clock.now()
    plan = story.plan([replace(stack, wanted=gone())])
    outcomes = story.outcomes(plan)
    assert "\n".join(outcomes_text(outcomes)) == (
        "  dr-a/cs101/web-lab/s01: done\n"
        "      Its template keeps the volume disk (lecturer-id-1-disk).\n"
        "      -> Whoever needs it no longer removes it by hand (lecturer)\n"
        "Apply: 1 done (1 delete)."
    )
    [said] = outcomes_json(outcomes)
    assert said["kept"] == [{"path": "disk", "id": "lecturer-id-1-disk"}]
    assert story.clock.now() - began < timedelta(seconds=20)


def test_a_leftover_holds_up_nobody(story: Story, heat: StandInHeat) -> None:
    """Neither the creates that wait for its room nor unordered deletes of its own deployment."""
    made(story, lab("s01"), lab("s02"))
    stays(story, heat, "ip", FOREVER)
    heat.requests.clear()
    began = story.clock.now()
    results = story.run(replace(lab("s01"), wanted=gone()), lab("s03"), farewell("s02"))
    kinds = {name[-3:]: type(result) for name, result in results.items()}
    assert kinds == {"s01": Failed, "s02": Done, "s03": Done}
    ends = [row for row in story.told if row.startswith("ended")][-3:]
    assert ends[-1] == f"ended {NAME.format('s01')}"
    assert story.clock.now() - began < timedelta(minutes=2, seconds=20)


def test_a_reset_makes_the_new_machine_before_it_waits(story: Story, heat: StandInHeat) -> None:
    made(story, lab())
    stays(story, heat, "port", FOREVER)
    result = story.run(replace(lab(), generation=2))[NAME.format("s01")]
    assert isinstance(result, Failed)
    assert result.resource == "port (OS::Neutron::Port)"
    stack = heat.find(NAME.format("s01"))
    assert stack
    assert stack.status == "CREATE_COMPLETE"


def test_a_failed_create_after_it_is_told_first(story: Story, heat: StandInHeat) -> None:
    made(story, lab())
    stays(story, heat, "port", FOREVER)
    heat.spoil("create", NAME.format("s01"), "No valid host was found")
    result = story.run(replace(lab(), generation=2))[NAME.format("s01")]
    assert isinstance(result, Failed)
    assert result.reason.startswith("The cloud found no machine with room for this server. The ")
    assert "lecturer-id-1-port" in result.reason


@pytest.mark.parametrize("minutes", [0.2, 1])
def test_the_end_of_the_run_does_not_hide_a_leftover(
    story: Story, heat: StandInHeat, minutes: float
) -> None:
    made(story, lab())
    id_ = stays(story, heat, "port", FOREVER)
    until = story.clock.now() + timedelta(minutes=minutes)
    story.settings = Settings("req-run", workers=1, deadline=until)
    result = ended(story, lab())[NAME.format("s01")]
    assert isinstance(result, Failed)
    assert result.reason == (
        "The stack is gone, but not all that it was made of was seen to be gone: "
        f"port {id_}. The run's time was over."
    )
    assert "no run will" in result.next_step


def test_services_that_do_not_answer_prove_nothing(story: Story, heat: StandInHeat) -> None:
    made(story, lab())
    heat.leftovers.fail(NO_ANSWER)
    result = ended(story, lab())[NAME.format("s01")]
    assert isinstance(result, Failed)
    assert "port lecturer-id-1-port" in result.reason
    assert result.reason.endswith("Neutron does not answer.")


def test_nothing_is_deleted_whose_parts_could_not_be_listed(
    story: Story, heat: StandInHeat
) -> None:
    made(story, lab())
    heat.turn_away("resources", NAME.format("s01"), NO_ANSWER)
    assert isinstance(ended(story, lab())[NAME.format("s01")], Failed)
    assert heat.find(NAME.format("s01"))
    assert isinstance(ended(story, lab())[NAME.format("s01")], Done)


SUBNET = (
    "Conflict: resources.subnet: Unable to complete operation on subnet {}: One or more ports "
    "have an IP allocation from this subnet."
)
"""HEAT-FACTS.md 13.9, as Heat 27 words it."""


def blocked(story: Story, heat: StandInHeat, *things: Thing) -> str:
    subnet = "lecturer-id-1-subnet"
    for thing in things:
        heat.leftovers.add(thing)
    heat.spoil("delete", NAME.format("s01"), SUBNET.format(subnet))
    return told(story, only_subnet())


def only_subnet() -> WantedStack:
    template: Mapping[str, Any] = {
        **spec().template,
        "resources": {"subnet": {"type": "OS::Neutron::Subnet"}},
    }
    return seat("s01", spec=replace(spec(), template=template))


def test_a_foreign_port_is_named(story: Story, heat: StandInHeat) -> None:
    made(story, only_subnet())
    uses = frozenset({"lecturer-id-1-subnet", "vm-7"})
    port = Thing(ThingKind.PORT, "0c2d8a4e-9b7e-4f5a-8c1d-2d6c1a9e4f01", "anna-test", uses=uses)
    server = Thing(ThingKind.SERVER, "vm-7", "annas-box")
    assert blocked(story, heat, port, server) == (
        "  dr-a/cs101/web-lab/s01: failed\n"
        '      "subnet" cannot be deleted: port "anna-test"\n'
        '      (0c2d8a4e-9b7e-4f5a-8c1d-2d6c1a9e4f01) of server "annas-box" still uses\n'
        "      it, and is not part of this instance.\n"
        "      resource: subnet (OS::Neutron::Subnet)\n"
        "      -> Take it away: openstack server remove port vm-7\n"
        "         0c2d8a4e-9b7e-4f5a-8c1d-2d6c1a9e4f01. A later apply deletes again, at\n"
        "         most once an hour. (lecturer)\n"
        "Apply: 1 failed."
    )


def test_where_nothing_is_seen_heats_own_words_do(story: Story, heat: StandInHeat) -> None:
    made(story, only_subnet())
    assert "that is not part of this instance still uses its subnet" in blocked(story, heat)


def test_a_failed_delete_holds_up_nobody(story: Story, heat: StandInHeat) -> None:
    made(story, *(seat(f"s0{number}") for number in (1, 2, 3)))
    heat.spoil("delete", NAME.format("s01"), SUBNET.format("x"))
    results = story.run(farewell("s01"), farewell("s02"), farewell("s03"))
    kinds = {name[-3:]: type(result) for name, result in results.items()}
    assert kinds == {"s01": Failed, "s02": Done, "s03": Done}
