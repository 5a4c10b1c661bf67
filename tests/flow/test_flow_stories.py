"""What lecturers do, from file to stack, on the real Heat."""

import json
import re

import pytest

pytestmark = pytest.mark.cloud


def test_from_a_file_to_running_stacks_and_nothing_more_to_do(registry, run, live) -> None:
    planned = run("plan", "--detailed-exitcode")
    assert planned.code == 4
    assert f"+ create x2 {registry.course}/lab {{s01, s02}}  probe@1.0.0" in planned.out
    assert live() == {}

    applied = run("apply")
    assert (applied.code, "2 done (2 create)" in applied.out) == (0, True)
    assert {m: s.status for m, s in live().items()} == {
        "s01": "CREATE_COMPLETE",
        "s02": "CREATE_COMPLETE",
    }

    again = run("plan", "--detailed-exitcode")
    assert again.code == 0
    assert "Plan: nothing to do." in again.out

    status = json.loads(run("status", "--json").out)
    assert [(one["id"], one["state"], one["owner"]) for one in status] == [
        (f"{registry.course}/lab/s01", "ready", "nobody"),
        (f"{registry.course}/lab/s02", "ready", "nobody"),
    ]
    assert all(one["ways"][0]["address"].startswith("http://127.0.0.1/") for one in status)


def test_an_edit_shows_what_changes_and_changes_just_that(registry, run, live) -> None:
    run("apply")
    before = live()
    registry.lab("parameters: {length: 12}")
    planned = run("plan")
    assert "~ update x2" in planned.out
    assert "length: 8 -> 12" in planned.out or "length: (none) -> 12" in planned.out
    assert re.search(r"replaced: OS::Heat::RandomString code", planned.out)
    assert run("apply").code == 0
    after = live()
    assert {m: s.id for m, s in after.items()} == {m: s.id for m, s in before.items()}
    assert {s.status for s in after.values()} == {"UPDATE_COMPLETE"}
    assert "nothing to do" in run("plan").out


def test_a_reset_of_one_seat_makes_exactly_one_stack_anew(registry, run, live) -> None:
    run("apply")
    before = live()
    registry.lab("reset: {s02: 1}")
    planned = run("plan")
    assert f"# recreate {registry.course}/lab/s02" in planned.out
    assert f"ordered at deployments/ada/{registry.course}/lab.yaml:3" in planned.out
    assert run("apply").code == 0
    after = live()
    assert after["s01"] == before["s01"]
    assert after["s02"].id != before["s02"].id
    assert "nothing to do" in run("plan").out


def test_asleep_updated_asleep_and_awake_again(registry, run, live) -> None:
    run("apply")
    registry.lab("state: suspended")
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"SUSPEND_COMPLETE"}
    assert "nothing to do" in run("plan").out
    registry.lab("state: suspended", "parameters: {length: 9}")
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"SUSPEND_COMPLETE"}
    registry.lab("parameters: {length: 9}")
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"RESUME_COMPLETE"}


def test_ordered_absence_deletes(registry, run, live) -> None:
    run("apply")
    registry.lab("state: absent")
    planned = run("plan")
    assert "- delete x2" in planned.out
    assert "lab.yaml:3: state: absent" in planned.out
    assert run("apply").code == 0
    assert live() == {}
    assert "nothing to do" in run("plan").out


def test_a_removed_file_ends_softly_and_comes_back(registry, run, live, monkeypatch) -> None:
    registry.write(
        f"deployments/ada/{registry.course}/other.yaml", "template: probe@1.0.0\nfor: course\n"
    )
    registry.commit("a second deployment, so that not everything goes")
    run("apply")
    before = live()
    registry.remove(f"deployments/ada/{registry.course}/lab.yaml")
    assert "z end x2" in run("plan").out
    monkeypatch.setenv("CI", "true")
    assert run("apply").code == 0, "putting to sleep loses nothing: it needs no person"
    assert {s.status for s in live().values()} == {"SUSPEND_COMPLETE"}
    assert all(any(t.startswith("appstore:ending=") for t in s.tags) for s in live().values())
    registry.lab()
    assert "> revive x2" in run("plan").out
    assert run("apply").code == 0
    after = live()
    assert {m: s.id for m, s in after.items()} == {m: s.id for m, s in before.items()}
    assert not any(t.startswith("appstore:ending=") for s in after.values() for t in s.tags)
    assert "nothing to do" in run("plan").out


def test_a_failure_has_reason_owner_and_next_step_and_heals(registry, run, live) -> None:
    registry.lab("parameters: {fail: true}")
    failed = run("apply")
    assert failed.code == 1
    assert "2 failed" in failed.out
    assert "resource: probe" in failed.out
    assert "->" in failed.out
    status = json.loads(run("status", "--json").out)
    assert {one["state"] for one in status} == {"failed"}
    assert all(one["owner"] and one["next_step"] for one in status)
    registry.lab("parameters: {fail: false}")
    assert run("apply").code == 0
    assert {s.status for s in live().values()} == {"UPDATE_COMPLETE"}


def test_a_stack_deleted_by_hand_is_seen_and_repaired(registry, run, live, cloud_env) -> None:
    from appstore.cli.runid import RUN_ID
    from appstore.cloud.cloud import open_cloud
    from appstore.cloud.credentials import Purpose

    run("apply")
    before = live()
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        heat.delete(before["s01"])
        while heat.find(before["s01"].name):
            pass
    status = json.loads(run("status", "--json").out)
    assert [one["state"] for one in status] == ["planned", "ready"]
    assert run("apply").code == 0
    assert live()["s02"] == before["s02"]


def test_secrets_are_sent_and_shown_nowhere(registry, run, live, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("APPSTORE_SECRET_ADA__LAB_PW", "correct-horse-battery")
    registry.lab("parameters: {password: {secret: {from: env, key: lab_pw}}}")
    outputs = [run("plan"), run("apply"), run("plan"), run("status")]
    assert outputs[1].code == 0
    registry.lab("parameters: {password: {secret: {from: env, key: lab_pw, version: 2}}}")
    changed = run("plan")
    assert "(secret)" in changed.out
    log = (tmp_path / "state/teaching-appstore/appstore.log").read_text()
    texts = [text for one in (*outputs, changed) for text in (one.out, one.err)]
    assert all("correct-horse" not in text for text in (*texts, log))
    assert "correct-horse" not in json.dumps([sorted(s.tags) for s in live().values()])


def test_a_missing_secret_fails_its_instances_with_the_way_out(registry, run, live) -> None:
    registry.lab("parameters: {password: {secret: {from: env, key: nope}}}")
    failed = run("apply")
    assert failed.code == 1
    assert "APPSTORE_SECRET_ADA__NOPE is not set" in " ".join(failed.out.split())
    assert live() == {}
