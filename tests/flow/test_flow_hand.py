"""What somebody does to a stack with `openstack stack ...`: seen, said in words, and handled.

The somebody is a user of the project with python-heatclient, on the real Heat.
"""

import json
from typing import Any

import pytest
from flow_hand import Somebody
from flow_registry import HEAT, FlowRegistry

pytestmark = pytest.mark.cloud


@pytest.fixture
def hand(cloud_env: Any) -> Somebody:
    return Somebody(cloud_env.clouds_yaml)


@pytest.fixture
def name(registry: FlowRegistry, run) -> str:
    """The stack of seat s01, whose deployment has been applied."""
    assert run("apply").code == 0
    return f"{registry.course}--lab--s01"


def states(run, registry: FlowRegistry) -> dict[str, Any]:
    """How each seat stands."""
    told = json.loads(run("status", f"ada/{registry.course}", "--json").out)
    return {one["id"].rpartition("/")[2]: one for one in told}


def test_a_suspend_by_hand_is_seen_and_the_next_apply_wakes_it(
    registry, run, live, hand: Somebody, name: str
) -> None:
    before = live()
    hand.heat.actions.suspend(name)
    assert hand.settled(name) == "SUSPEND_COMPLETE"
    seat = states(run, registry)["s01"]
    assert (seat["state"], seat["reason"]) == ("suspended", "it is asleep and wanted awake")
    assert seat["next_step"] == "the next apply does it (resume)"
    assert f"> resume {registry.course}/lab/s01" in run("plan").out
    assert run("apply").code == 0
    after = live()
    assert (after["s01"].id, after["s01"].status) == (before["s01"].id, "RESUME_COMPLETE")
    assert after["s02"] == before["s02"]
    assert states(run, registry)["s01"]["state"] == "ready"


def test_a_resume_by_hand_of_what_shall_sleep_is_put_to_sleep_again(
    registry, run, live, hand: Somebody, name: str
) -> None:
    registry.lab("state: suspended")
    assert run("apply").code == 0
    hand.heat.actions.resume(name)
    assert hand.settled(name) == "RESUME_COMPLETE"
    planned = run("plan").out
    assert f"z suspend {registry.course}/lab/s01" in planned
    assert "state: suspended" in planned
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"SUSPEND_COMPLETE"}


def test_a_delete_by_hand_is_made_good_and_while_it_runs_nothing_is_sent(
    registry, run, live, hand: Somebody, name: str
) -> None:
    before = live()
    hand.heat.stacks.delete(name)
    said = run("apply")
    assert said.code == 0
    assert hand.settled(name) in ("", "CREATE_COMPLETE")
    seat = states(run, registry)["s01"]
    if seat["state"] == "planned":  # the delete was still running when apply looked
        assert "an earlier run is still at it" in said.out
        assert seat["reason"] == "it is not there yet"
        assert f"+ create {registry.course}/lab/s01" in run("plan").out
        assert run("apply").code == 0
    after = live()
    assert after["s01"].id != before["s01"].id
    assert after["s01"].status == "CREATE_COMPLETE"
    assert after["s02"] == before["s02"]


def test_an_update_by_hand_that_erases_our_tags_is_never_written_over(
    registry, run, live, hand: Somebody, name: str
) -> None:
    """`openstack stack update -t other.yaml NAME`: a PUT without tags takes ours away."""
    hand.heat.stacks.update(name, template=HEAT, parameters={"length": 20})
    assert hand.settled(name) == "UPDATE_COMPLETE"
    stacks = live()
    assert not stacks["s01"].tags
    seat = states(run, registry)["s01"]
    assert seat["state"] == "untagged"
    assert "does not say that it is ours" in seat["reason"]
    assert seat["owner"] == "lecturer"
    registry.lab("parameters: {length: 12}")
    refused = run("apply")
    assert refused.code == 3
    assert "[untagged]" in refused.out
    after = live()
    assert after["s01"] == stacks["s01"], "left alone"
    assert after["s02"].status == "UPDATE_COMPLETE", "the others go on"

    # Also a file that is gone, and a reset, do not touch it.
    registry.lab("state: absent")
    run("apply")
    assert live() == {"s01": stacks["s01"]}

    # The second way out, as it is told: deleted by hand, it is made anew.
    registry.lab()
    told = " ".join(run("plan").out.split())
    assert "or delete it by hand, which loses what is on it" in told
    hand.heat.stacks.delete(name)
    assert hand.settled(name) == ""
    assert run("apply").code == 0
    assert states(run, registry)["s01"]["state"] == "ready"


def test_a_seat_that_lost_our_tags_is_taken_over_again_by_the_line_that_the_plan_names(
    registry, run, live, hand: Somebody, name: str
) -> None:
    before = live()
    hand.heat.stacks.update(name, template=HEAT, parameters={"length": 20})
    assert hand.settled(name) == "UPDATE_COMPLETE"
    refused = run("plan")
    assert refused.code == 3
    line = f"adopt: {{s01: {before['s01'].id}}}"
    told = " ".join(refused.out.split())
    assert f"Take it over with `{line}` in deployments/ada/{registry.course}/lab.yaml" in told

    registry.lab(f"adopt: {{s01: {before['s02'].id}}}")
    careless = run("apply")
    assert careless.code == 3
    told = " ".join(careless.out.split())
    assert before["s01"].id in told
    assert before["s02"].id in told
    assert not live()["s01"].tags, "the stack of another seat is taken over by nobody"

    registry.lab(line)
    assert f"@ adopt {registry.course}/lab/s01" in run("plan").out
    assert run("apply").code == 0
    assert "appstore" in live()["s01"].tags
    shown = run("plan").out
    assert f"~ update {registry.course}/lab/s01" in shown
    assert "parameters.length: 20 -> " in shown, "what was done by hand"
    assert run("apply").code == 0
    after = live()
    assert (after["s01"].id, after["s01"].status) == (before["s01"].id, "UPDATE_COMPLETE")
    assert after["s02"] == before["s02"]
    assert states(run, registry)["s01"]["state"] == "ready"
    assert "nothing to do" in run("plan").out


def test_an_update_by_hand_of_a_single_machine_can_be_taken_over_again(
    registry, run, live, hand: Somebody
) -> None:
    lab = f"deployments/ada/{registry.course}/lab.yaml"
    text = "template: probe@1.0.0\nfor: course\nparameters: {length: 8}\n"
    registry.write(lab, text)
    registry.commit("one machine")
    assert run("apply").code == 0
    before = live()["course"]
    name = f"{registry.course}--lab--course"
    hand.heat.stacks.update(name, template=HEAT, parameters={"length": 20})
    assert hand.settled(name) == "UPDATE_COMPLETE"
    told = " ".join(run("plan").out.split())
    assert f"Take it over with `adopt: {before.id}` in {lab}" in told
    registry.write(lab, f"{text}adopt: {before.id}\n")
    registry.commit("adopt")
    assert run("apply").code == 0
    shown = run("plan").out
    assert "parameters.length: 20 -> 8" in shown, "what was done by hand"
    assert run("apply").code == 0
    after = live()["course"]
    assert (after.id, after.status) == (before.id, "UPDATE_COMPLETE")
    assert "nothing to do" in run("plan").out


def test_an_update_by_hand_that_fails_is_told_with_its_cause_and_healed(
    registry, run, live, hand: Somebody, name: str
) -> None:
    """`openstack stack update --existing --parameter fail=true NAME`: a PATCH keeps our tags."""
    before = live()
    hand.heat.stacks.update(name, existing=True, parameters={"fail": True})
    assert hand.settled(name) == "UPDATE_FAILED"
    seat = states(run, registry)["s01"]
    assert seat["state"] == "failed"
    assert seat["next_step"]
    registry.lab("retry: 1")
    assert run("apply").code == 0
    after = live()
    assert (after["s01"].id, after["s01"].status) == (before["s01"].id, "UPDATE_COMPLETE")
    assert after["s02"] == before["s02"]


def test_an_update_by_hand_that_is_still_running_is_waited_for(
    registry, run, live, hand: Somebody, name: str
) -> None:
    hand.heat.stacks.update(name, existing=True, parameters={"wait": 6, "length": 20})
    registry.lab("parameters: {length: 12}")
    busy = run("apply")
    assert busy.code == 3
    words = " ".join(busy.out.split())
    assert "s01: refused [busy] something else is being done" in words
    assert "UPDATE_IN_PROGRESS" in words
    assert "the next run tries again once it is at rest" in words
    assert hand.settled(name) == "UPDATE_COMPLETE"
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"UPDATE_COMPLETE"}
    assert "nothing to do" in run("plan").out
