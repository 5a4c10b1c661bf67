"""The day-to-day verbs, from the command that edits a file to the stacks on the real Heat."""

import json

import pytest
import yaml
from flow_registry import HEAT

from appstore.cli.runid import RUN_ID
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.request import StackRequest, TagRequest

pytestmark = pytest.mark.cloud

COMMENTED = """\
# The lab of the course.
#   Ask Ada before changing anything.
template: probe@1.0.0   # reviewed
for: student

parameters: {length: 8}  # long enough
# wait: 5
"""


def lab(registry) -> str:
    return f"ada/{registry.course}/lab"


def file(registry) -> str:
    return f"deployments/ada/{registry.course}/lab.yaml"


def edit(registry, run, *words: str) -> str:
    """One verb of the command, committed; gives what it said."""
    ended = run(*words)
    assert ended.code == 0, ended
    assert "Nothing has happened to any machine yet." in ended.out
    registry.commit(words[0])
    return ended.out


@pytest.mark.parametrize("seats", [8, pytest.param(30, marks=pytest.mark.exhaustive)])
def test_a_reset_of_one_seat_makes_one_stack_anew_and_touches_no_other(
    registry, run, live, seats
) -> None:
    course = f"deployments/ada/{registry.course}/course.yaml"
    registry.change(course, "seats: 2", f"seats: {seats}")
    registry.write(file(registry), COMMENTED)
    registry.commit("a lab with comments")
    assert run("apply").code == 0
    before = live()
    assert len(before) == seats

    told = edit(registry, run, "reset", lab(registry), "--member", "s05")
    assert "The machine of s05 is deleted and made anew." in told
    assert "Everything on the disks is lost." in told
    text = (registry.root / file(registry)).read_text()
    assert text == COMMENTED.replace("# wait: 5\n", "reset: {s05: 1}\n# wait: 5\n")
    planned = run("plan").out
    assert f"# recreate {registry.course}/lab/s05" in planned
    assert f"1 of {seats} instances change" in planned
    assert run("apply").code == 0

    after = live()
    assert after["s05"].id != before["s05"].id
    assert after["s05"].name == before["s05"].name
    assert after["s05"].status == "CREATE_COMPLETE"
    assert {m: s for m, s in after.items() if m != "s05"} == {
        m: s for m, s in before.items() if m != "s05"
    }
    assert "nothing to do" in run("plan").out


def test_suspended_resumed_and_removed_by_one_word_each(registry, run, live) -> None:
    run("apply")
    before = live()
    edit(registry, run, "suspend", lab(registry))
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"SUSPEND_COMPLETE"}
    edit(registry, run, "resume", lab(registry))
    assert run("apply").code == 0
    after = live()
    assert {s.status for s in after.values()} == {"RESUME_COMPLETE"}
    assert {m: s.id for m, s in after.items()} == {m: s.id for m, s in before.items()}
    assert "without a grace" in " ".join(edit(registry, run, "remove", lab(registry)).split())
    assert run("apply").code == 0
    assert live() == {}
    edit(registry, run, "resume", lab(registry))
    assert "+ create x2" in run("plan").out


def test_a_removed_seat_is_the_rosters_affair_and_edits_nothing(registry, run) -> None:
    before = (registry.root / file(registry)).read_text()
    ended = run("remove", f"{lab(registry)}/s02")
    assert ended.code == 3
    assert "is decided by `roster`" in " ".join(ended.out.split())
    assert (registry.root / file(registry)).read_text() == before


def test_what_was_given_up_is_tried_again_on_request(registry, run, live) -> None:
    registry.lab("parameters: {fail: true}")
    assert run("apply").code == 1
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        for stack in live().values():  # five repeats take half a day: here they are written down
            spent = {t.replace("try=0.0", "try=0.5") for t in stack.tags}
            heat.patch(stack, TagRequest({}, frozenset(spent)))
    while any(s.status.endswith("_IN_PROGRESS") for s in live().values()):
        pass
    held = json.loads(run("status", "--json").out)
    assert all("it failed 6 times" in one["reason"] for one in held), held
    assert all("retry" in one["next_step"] for one in held)
    assert "2 to try again" not in run("plan").out

    edit(registry, run, "retry", lab(registry))
    assert "2 to try again" in run("plan").out
    run("apply")
    tries = {t for s in live().values() for t in s.tags if t.startswith("appstore:try=")}
    assert tries == {"appstore:try=1.0"}


def test_a_course_extended_lives_on(registry, run, live) -> None:
    run("apply")
    before = live()
    course = f"deployments/ada/{registry.course}/course.yaml"
    registry.change(course, "ends: 2099-01-01", "ends: 2026-01-02  # the last exam")
    assert "z end x2" in run("plan").out
    told = edit(registry, run, "extend", f"ada/{registry.course}", "--until", "2099-06-30")
    assert "It had ended already" in " ".join(told.split())
    assert "ends: 2099-06-30  # the last exam\n" in (registry.root / course).read_text()
    assert "nothing to do" in run("plan").out
    assert live() == before


def test_a_seat_handed_over_gets_a_new_machine_in_every_deployment(registry, run, live) -> None:
    registry.write(
        f"deployments/ada/{registry.course}/lab-two.yaml",
        "template: probe@1.0.0\nfor: student\n",
    )
    registry.commit("a second lab")
    run("apply")
    before = live()
    edit(registry, run, "hand-over", f"ada/{registry.course}/s01")
    planned = run("plan").out
    assert f"# recreate {registry.course}/lab/s01" in planned
    assert f"# recreate {registry.course}/lab-two/s01" in planned
    assert run("apply").code == 0
    after = live()
    assert after["s01"].id != before["s01"].id
    assert after["s02"] == before["s02"]


def test_an_edit_is_seen_by_plan_before_it_is_committed(registry, run, live) -> None:
    run("apply")
    assert run("reset", f"{lab(registry)}/s01").code == 0
    assert "# recreate" in run("plan").out
    before = live()
    assert "edits that are not committed are left out" in run("apply").err
    assert live() == before


def by_hand(name: str, length: int) -> str:
    """A stack that somebody made without us, from a template like ours; its id."""
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        template = yaml.safe_load(HEAT) | {"heat_template_version": "2021-04-16"}
        environment = {"parameters": {"length": length}}
        id_ = heat.create(StackRequest(name, template, {}, environment, frozenset(), 5))
        while (made := heat.find(name)) is None or made.status != "CREATE_COMPLETE":
            pass
    return id_


def test_a_stack_made_by_hand_is_taken_over_in_two_steps(registry, run, live) -> None:
    board = f"deployments/ada/{registry.course}/board.yaml"
    stack = f"{registry.course}--board--course"
    id_ = by_hand(stack, 5)
    written = "template: probe@1.0.0\nfor: course\nparameters: {length: 9}\n"
    registry.write(board, written)
    refused = run("plan", f"ada/{registry.course}/board")
    assert refused.code == 3
    assert f"adopt: {id_}" in " ".join(refused.out.split()), "the line to write, as it must be"

    registry.write(board, f"{written}adopt: {'0' * 8}-0000-0000-0000-{'0' * 12}\n")
    careless = run("plan", f"ada/{registry.course}/board")
    assert careless.code == 3
    assert id_ in careless.out
    assert "00000000-0000" in careless.out

    registry.write(board, f"{written}adopt: {id_}\n")
    registry.commit("take it over")
    planned = run("plan", f"ada/{registry.course}/board").out
    assert f"@ adopt {registry.course}/board" in planned
    assert run("apply", f"ada/{registry.course}/board").code == 0
    shown = run("plan", f"ada/{registry.course}/board").out
    assert "~ update" in shown
    assert "length: 5 -> 9" in shown
