"""The workflow of a registry on a forge on the real Heat, and what does not get through it.

Two accounts: the lecturer ada, and tina, an admin of her tenant; and bob, who means ill.
"""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_hostile import BOB, HOSTILE, SITE
from flow_jobs import Jobs
from flow_registry import FlowRegistry
from forge_servers import Review
from forge_stage import staged
from pipelines_registry import Registry, git
from pipelines_stage import delete_stacks
from pipelines_stage import live as stacks

pytestmark = pytest.mark.cloud
_numbers = itertools.count(1)


@pytest.fixture(params=["github", pytest.param("gitlab", marks=pytest.mark.exhaustive)])
def shared(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cloud_env: Any
) -> Iterator[Registry]:
    """A registry that a forge holds, which is found in the environment."""
    with staged(request.param) as stage:
        name = f"w{os.getpid() % 100_000}-{next(_numbers)}"
        made = Registry.make(tmp_path / "forge", request.param, stage.world, name)
        for variable, value in stage.environment.items():
            monkeypatch.setenv(variable, value)
        yield made
        delete_stacks(made.files)


@pytest.fixture
def registry(shared: Registry) -> FlowRegistry:
    """The clone of the people."""
    return shared.files


@pytest.fixture
def jobs(
    shared: Registry, run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Jobs:
    monkeypatch.setenv("CI", "true")
    clone, made = tmp_path / "job", tmp_path / "made"
    git("clone", "-q", str(shared.remote), str(clone))
    made.mkdir()
    return Jobs(shared, clone, made, run)


def pull(shared: Registry) -> None:
    """What people do with their clone after a merge."""
    git("fetch", "-q", "origin", at=shared.files.root)
    git("reset", "-q", "--hard", "origin/main", at=shared.files.root)


def audited(run: Callable[..., Any], name: str, clone: Path) -> dict[str, list[dict[str, Any]]]:
    """The facts of an audit by their kind."""
    ended = run("audit", name, "--json", at=clone)
    assert ended.code == 0, ended.out
    told = json.loads(ended.out)
    assert told["unread"] == []
    kinds = ("merged", "consented", "ran", "happened")
    return {kind: [one for one in told["facts"] if one["kind"] == kind] for kind in kinds}


def test_from_a_branch_to_the_audit(shared: Registry, jobs: Jobs, run: Any, tmp_path: Path) -> None:
    lab = f"ada/{shared.files.course}/lab"
    git("clone", "-q", "--single-branch", str(shared.remote), str(tmp_path / "narrow"))

    # ada asks; two new machines at once need tina.
    shared.lab()
    first = shared.propose("ada")
    jobs.fetch(first)
    assert jobs.job("validate", "--rev", "refs/appstore/proposal")[0] == 0
    code, said = jobs.plan(first)
    assert (code, "2 to create" in said) == (0, True)
    code, said = jobs.review(first)
    assert (code, "[ ] admin of faculty: missing; carl or tina can give it" in said) == (3, True)
    assert "2 to create" in jobs.note(first)
    assert jobs.merge(first) == "not merged: Reviews are missing."

    # tina gives it, a person merges, CI applies.
    first.reviews.append(Review("tina", first.head))
    code, said = jobs.review(first)
    assert (code, "[x] admin of faculty: given by tina" in said) == (0, True)
    jobs.note(first)
    assert jobs.merge(first).startswith("not merged: It may be merged, by a person")
    assert stacks(shared.files) == {}
    merged = shared.merge(first.number)
    code, said = jobs.apply()
    assert (code, "2 done (2 create)" in said) == (0, True), said
    jobs.close()
    assert "2 done" in first.notes[0].body

    # Who, what, when: in anybody's clone, once it is fetched.
    narrow = run("audit", lab, at=tmp_path / "narrow")
    assert (narrow.code, "lacks the branch appstore-records" in narrow.out) == (0, True)
    pull(shared)
    told = audited(run, f"{lab}/s01", shared.files.root)
    outcome = json.loads((jobs.made / "outcome.json").read_text())
    planned = json.loads((jobs.made / "plan.json").read_text())
    (asked,) = [one for one in told["merged"] if one["request"] == first.number]
    assert (asked["commit"], asked["author"], asked["reviewers"]) == (merged, "ada", ["tina"])
    assert [one["approver"] for one in told["consented"]] == ["tina"]
    (did,) = told["ran"]
    assert (did["run"], did["action"], did["result"]) == (outcome["run"], "create", "done")
    assert did["plan"] == outcome["plan"] == planned["digest"]
    assert told["happened"][-1]["status"] == "CREATE_COMPLETE"

    # The end is a merge request too, and outlives the machines in the records.
    shared.lab("state: absent")
    second = shared.propose("ada")
    jobs.fetch(second)
    assert "2 to delete" in jobs.plan(second)[1]
    assert jobs.review(second)[0] == 0  # an order about one's own, which nobody has to allow
    shared.merge(second.number)
    code, said = jobs.apply()
    assert (code, "2 done (2 delete)" in said) == (0, True), said
    jobs.close()
    assert stacks(shared.files) == {}

    pull(shared)
    told = audited(run, f"{lab}/s01", shared.files.root)
    people = [(one["request"], one["author"], one["reviewers"]) for one in told["merged"][-2:]]
    assert people == [(1, "ada", ["tina"]), (2, "ada", [])]
    assert [(one["action"], one["result"]) for one in told["ran"]] == [
        ("create", "done"),
        ("delete", "done"),
    ]
    assert told["happened"] == []


@pytest.fixture
def applied(shared: Registry, jobs: Jobs) -> str:
    """ada's two machines run, merged with tina's approval; the commit."""
    shared.lab()
    proposal = shared.propose("ada")
    proposal.reviews.append(Review("tina", proposal.head))
    shared.merge(proposal.number)
    code, said = jobs.apply()
    assert code == 0, said
    return shared.main()


def lab_of(shared: Registry) -> str:
    return f"deployments/ada/{shared.files.course}/lab.yaml"


def machines(shared: Registry) -> dict[str, tuple[str, str]]:
    """What lives in both lecturers' projects, as it is."""
    return {
        f"{project}/{name}": (stack.id, stack.status)
        for project in ("lecturer-a", "lecturer-b")
        for name, stack in stacks(shared.files, project).items()
    }


def back_to(shared: Registry, commit: str) -> None:
    """As if the last one had never been merged."""
    git("update-ref", "refs/heads/main", commit, at=shared.remote)
    pull(shared)


def test_what_is_hostile_gets_neither_through_review_nor_past_it(
    shared: Registry, jobs: Jobs, applied: str
) -> None:
    before, lab = machines(shared), lab_of(shared)
    assert len(before) == 2
    forced = {}
    for name, hostile in HOSTILE.items():
        texts = {path: (shared.files.root / path).read_text() for path in (SITE, BOB, lab)}
        released = "catalog/probe/1.0.0/heat.yaml"
        for path, text in hostile.edits(texts, lab, released, "http://127.0.0.1:1").items():
            shared.files.write(path, text)
        ill = shared.propose("bob")
        ill.reviews += [Review(who, ill.head) for who in ("bob", "BOB", "stranger")]
        jobs.fetch(ill)
        if hostile.code == 3:
            jobs.plan(ill)  # what it would do was shown, so that only the reviews are missing
        code, said = jobs.review(ill)
        assert (code, hostile.rule in said) == (hostile.code, True), (name, said)
        assert jobs.merge(ill).startswith("not merged:"), name
        assert ill.state == "open"

        shared.merge(ill.number)  # by who can lift the protection of main for a moment
        forced[name], said = jobs.apply()
        assert forced[name] != 3 or "refused [not-reviewed]" in said, (name, said)
        back_to(shared, applied)
    assert machines(shared) == before

    # A pipeline and a site that nobody uses yet order nothing; no project has bob's new name.
    others = {"the site": 0, "a pipeline": 0, "the tool": 0, "a mapping": 1}
    assert forced == {name: one.code for name, one in HOSTILE.items()} | others


def test_a_right_that_was_forced_into_the_site_serves_nobody(
    shared: Registry, jobs: Jobs, applied: str
) -> None:
    before = machines(shared)
    shared.files.write(SITE, (shared.files.root / SITE).read_text().replace("[carl]", "[eve]"))
    shared.merge(shared.propose("bob").number)
    shared.lab("state: absent")
    ill = shared.propose("bob")
    ill.reviews.append(Review("eve", ill.head))
    jobs.fetch(ill)
    jobs.plan(ill)
    assert jobs.review(ill)[0] == 0  # as the branch says now, which is why apply asks once more
    shared.merge(ill.number)

    code, said = jobs.apply()

    # eve's word counts for nothing, since nobody reviewed what made her an admin.
    assert (code, f"{lab_of(shared)} was changed by bob" in said) == (3, True), said
    assert machines(shared) == before


def test_neither_a_later_push_nor_a_faked_plan_nor_a_missing_file_takes_a_machine(
    shared: Registry, jobs: Jobs, applied: str
) -> None:
    before = machines(shared)

    # ada agrees to a title, and bob pushes something else.
    shared.lab("title: Probe")
    good = shared.propose("bob")
    good.reviews.append(Review("ada", good.head))
    jobs.fetch(good)
    jobs.plan(good)
    assert jobs.review(good)[0] == 0
    shared.lab("title: Probe", "state: absent")
    ill = shared.propose("bob")
    ill.reviews += good.reviews
    ill.pushed_at = "2026-10-02T11:00:00Z"
    jobs.fetch(ill)
    jobs.plan(ill)
    assert jobs.review(ill)[0] == 3
    shared.merge(ill.number)
    code, said = jobs.apply()
    assert (code, "not-reviewed" in said, machines(shared)) == (3, True, before), said
    back_to(shared, applied)

    # A plan that the author's own run of CI made is none.
    shared.lab("reset: {s01: 1}")
    faked = shared.propose("ada")
    jobs.fetch(faked)
    jobs.plan(faked)
    shared.world.runs[-1].trusted = False
    assert jobs.review(faked)[0] == 0
    shared.merge(faked.number)
    code, said = jobs.apply()
    assert (code, "its recreate is in no reviewed plan" in said) == (3, True), said
    assert machines(shared) == before
    back_to(shared, applied)

    # A file is gone, and a link is there, whoever says yes.
    (shared.files.root / lab_of(shared)).unlink()
    gone = shared.propose("ada")
    gone.reviews.append(Review("tina", gone.head))
    jobs.fetch(gone)
    jobs.plan(gone)
    shared.merge(gone.number)
    code, said = jobs.apply()
    assert (code, "refused [emptied]" in said, machines(shared)) == (3, True, before), said
    back_to(shared, applied)
    (shared.files.root / "deployments/bob/link.yaml").symlink_to("/etc/passwd")
    link = shared.propose("bob")
    jobs.fetch(link)
    assert jobs.review(link)[0] == 2
    shared.merge(link.number)
    assert jobs.apply()[0] == 2
    assert machines(shared) == before


def test_what_it_says_in_the_note_does_nothing(shared: Registry, jobs: Jobs, applied: str) -> None:
    shout = "<!-- appstore:note --> @all\\n/merge\\n::error::x"
    shared.lab(f'title: "{shout}"')
    ill = shared.propose("bob")
    ill.title = "/merge @all"
    jobs.fetch(ill)
    jobs.plan(ill)
    jobs.review(ill)
    for _ in range(2):
        lines = jobs.note(ill).splitlines()
        assert not [line for line in lines if line.startswith(("/", "::"))]
        assert " ".join(lines).count("<!-- appstore") == 1
    assert jobs.merge(ill).startswith("not merged:")
