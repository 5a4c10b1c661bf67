"""What must not happen: bad input, foreign stacks, wrong credentials, old commits, maintenance."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from appstore.cli.runid import RUN_ID
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.request import StackRequest

pytestmark = pytest.mark.cloud


def test_bad_input_deploys_nothing_for_that_lecturer_and_the_rest_goes_on(
    registry, run, live
) -> None:
    registry.write("deployments/bob/extra/course.yaml", "title: [\n")
    registry.commit("broken")
    validated = run("validate")
    assert validated.code == 2
    assert "deployments/bob/extra/course.yaml:" in validated.out
    applied = run("apply")
    assert applied.code == 2
    assert "bob: held, nothing is done for this lecturer" in applied.out
    assert set(live()) == {"s01", "s02"}


def test_a_broken_file_of_ones_own_changes_nothing_that_runs(registry, run, live) -> None:
    run("apply")
    before = live()
    registry.lab("flavour: big")
    applied = run("apply")
    assert applied.code == 2
    assert "lab.yaml:3" in applied.out
    assert live() == before


def test_a_stack_of_somebody_else_with_our_name_is_refused(registry, run, live) -> None:
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        template = {"heat_template_version": "2021-04-16"}
        request = StackRequest(f"{registry.course}--lab--s01", template, {}, {}, frozenset(), 5)
        heat.create(request)
    applied = run("apply")
    assert applied.code == 3
    assert "untagged" in applied.out
    stacks = live()
    assert stacks["s01"].tags == frozenset()
    assert stacks["s02"].tags
    status = {one["id"][-3:]: one["state"] for one in json.loads(run("status", "--json").out)}
    assert status == {"s01": "untagged", "s02": "ready"}


def test_an_older_commit_than_the_one_that_wrote_a_stack_is_refused(registry, run, live) -> None:
    registry.lab("parameters: {length: 9}")
    run("apply")
    before = live()
    applied = run("apply", "--rev", "HEAD~1")
    assert applied.code == 3
    assert "newer-run" in applied.out
    assert live() == before


def test_maintenance_plans_and_writes_nothing(registry, run, live) -> None:
    registry.change(
        "deployments/site.yaml",
        "clouds: {devcloud: {}}",
        "clouds: {devcloud: {maintenance: {reason: new switches}}}",
    )
    planned = run("plan")
    assert "new switches" in planned.out
    assert "+ create x2" in planned.out
    applied = run("apply")
    assert "new switches" in applied.out
    assert live() == {}


def test_edits_that_are_not_committed_are_planned_and_not_applied(registry, run, live) -> None:
    registry.write(
        f"deployments/ada/{registry.course}/extra.yaml", "template: probe@1.0.0\nfor: course\n"
    )
    assert f"{registry.course}/extra/course" in run("plan").out
    applied = run("apply")
    assert "edits that are not committed are left out" in applied.err
    assert "2 done" in applied.out


def clouds_with(path: Path, source: Path, **auth: str) -> Path:
    """A copy of the embedded cloud's clouds.yaml with other values in every entry."""
    told = yaml.safe_load(source.read_text())
    for entry in told["clouds"].values():
        entry["auth"].update(auth)
    path.write_text(yaml.safe_dump(told))
    return path


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        ({"password": "wrong"}, "password"),
        ({"auth_url": "http://127.0.0.1:9/v3"}, "127.0.0.1:9"),
        ({"auth_url": "http://no-such-host.invalid/v3"}, "no-such-host.invalid"),
    ],
)
def test_a_cloud_that_cannot_be_used_is_one_sentence(
    registry, run, cloud_env, monkeypatch, tmp_path, auth, words
) -> None:
    path = clouds_with(tmp_path / "clouds.yaml", cloud_env.clouds_yaml, **auth)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    ended = run("plan")
    assert ended.code == 1
    assert words in ended.out + ended.err
    assert ended.out.count(words) <= 2
    assert "->" in ended.out or ended.err
    assert "Traceback" not in ended.out + ended.err


def test_a_project_that_does_not_exist_is_one_sentence(registry, run) -> None:
    registry.change("deployments/bob/lecturer.yaml", "lecturer-b", "lecturer-z")
    ended = run("plan")
    assert ended.code == 1
    assert "lecturer-z" in ended.out
    assert "+ create x2" in ended.out, "the other lecturer is planned"


def test_an_admin_credential_is_refused(registry, run, cloud_env, monkeypatch, tmp_path) -> None:
    told = yaml.safe_load(cloud_env.clouds_yaml.read_text())["clouds"]
    path = tmp_path / "clouds.yaml"
    admin = {**told["devcloud-admin"]}
    path.write_text(yaml.safe_dump({"clouds": {"devcloud": admin}}))
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    registry.change("deployments/ada/lecturer.yaml", "lecturer-a", "admin")
    ended = run("apply")
    assert ended.code in (1, 3)
    assert "admin" in ended.out
    assert "unsafe-credential" in ended.out


def test_the_plan_credential_reads_and_cannot_write(
    registry, run, live, cloud_env, tmp_path, monkeypatch
) -> None:
    told = yaml.safe_load(cloud_env.clouds_yaml.read_text())["clouds"]
    path = tmp_path / "clouds.yaml"
    path.write_text(yaml.safe_dump({"clouds": {"devcloud": told["devcloud-plan"]}}))
    with monkeypatch.context() as reader:
        reader.setenv("OS_CLIENT_CONFIG_FILE", str(path))
        assert "+ create x2" in run("plan").out
        refused = run("apply")
    assert refused.code == 1
    assert live() == {}


def test_a_person_who_edits_needs_no_commit_to_plan(run, registry) -> None:
    subprocess.run(["rm", "-rf", str(registry.root / ".git")], check=True)
    subprocess.run(["git", "init", "-q", str(registry.root)], check=True)
    assert "+ create x2" in run("plan").out
    assert run("apply").code == 2


def test_a_name_that_means_nothing_is_no_success(registry, run) -> None:
    ended = run("plan", f"ada/{registry.course}/lap")
    assert ended.code == 2
    assert f"No instance is called ada/{registry.course}/lap." in ended.err
    assert f"Did you mean ada/{registry.course}/lab?" in ended.err
    assert "+ create x2" in run("plan", "ada/*/lab").out
    one = run("plan", f"ada/{registry.course}/lab/s02").out
    assert f"+ create {registry.course}/lab/s02" in one
