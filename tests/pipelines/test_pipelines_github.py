"""The GitHub workflows, run as they stand: from pull request to machines."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from flow_registry import HEAT
from forge_servers import Review
from github_runner import Run
from pipelines_registry import git, pinned_tool
from pipelines_stage import GithubStage, live, records

from appstore.reconcile.jobs import MOST, group_of

pytestmark = pytest.mark.cloud


def log(runs: dict[str, Run]) -> str:
    """What all jobs printed, for a failing test."""
    jobs = ((name, job) for name, run in runs.items() for job in run.jobs)
    return "\n".join(f"=== {name} {job.key}: {job.result}\n{job.log}" for name, job in jobs)


def test_from_pull_request_to_machines(github: GithubStage) -> None:
    registry, world = github.registry, github.world

    # Two new machines at once need tina.
    registry.lab()
    first = registry.propose("ada")
    runs = github.proposed(first.number)
    assert runs["validate"].results == {"validate": "success"}, log(runs)
    assert runs["plan"].results == {
        "plan": "success",
        "review": "failure",
        "note": "success",
        "merge": "skipped",
        "order": "skipped",
    }, log(runs)
    assert "2 to create" in runs["plan"].job("plan").log
    (note,) = first.notes
    print(note.body)

    # She gives it; a person merges.
    runs = github.reviewed(first.number, "tina")
    assert set(runs["plan"].results.values()) == {"success"}, log(runs)
    assert "by a person" in runs["plan"].job("merge").log
    assert github.dispatched() == {}
    assert [one.id for one in first.notes] == [note.id]
    merged = registry.merge(first.number)
    run = github.pushed()
    assert set(run.results.values()) == {"success"}, log({"apply": run})
    assert {s.status for s in live(registry.files).values()} == {"CREATE_COMPLETE"}
    assert [one.id for one in first.notes] == [note.id]
    print(note.body, world.statuses)

    # One seat anew needs nobody: merged by a job, and only that seat is another machine.
    before = live(registry.files)
    registry.lab("reset: {s01: 1}")
    second = registry.propose("ada")
    runs = github.proposed(second.number)
    assert set(runs["plan"].results.values()) == {"success"}, log(runs)
    assert second.state == "merged"
    runs = github.dispatched()
    assert set(runs["apply"].results.values()) == {"success"}, log(runs)
    after = live(registry.files)
    assert {name for name in before if before[name].id != after[name].id} == {"-lab--s01"}

    # Nothing is due.
    runs = github.runner.event("schedule", {})
    assert runs["apply"].results == {
        "look": "success",
        "apply": "skipped",
        "report": "skipped",
        "record": "skipped",
    }, log(runs)

    assert runs["nightly"].results == {"status": "success"}, log(runs)

    assert github.api.refused == []
    assert records(registry) == {merged, registry.main()}


def test_nothing_of_a_proposal_is_run_beside_a_credential(
    github: GithubStage, tmp_path: Path
) -> None:
    registry, mark = github.registry, tmp_path / "owned"
    registry.lab()
    registry.hostile(mark)
    proposal = registry.propose("mallory")
    payload = github.payload(proposal.number, "opened")

    runs = github.runner.event("pull_request_target", payload)

    assert runs["plan"].results["review"] == "failure", log(runs)
    assert runs["plan"].results["merge"] == runs["plan"].results["order"] == "skipped"
    assert proposal.state == "open"
    assert not mark.exists()
    assert github.api.refused == []

    # The workflow as mallory wrote it does run, with nothing in its hands.
    (job,) = github.runner.event("pull_request", payload, proposal.branch)["validate"].jobs
    assert mark.exists()
    assert job.permissions == {"contents": "read"}
    assert job.environment is None


def test_what_was_forced_past_review_is_not_applied(github: GithubStage) -> None:
    registry = github.registry
    registry.lab()
    forced = registry.propose("mallory")
    registry.merge(forced.number)

    run = github.pushed()

    assert run.job("apply").result == "failure", log({"apply": run})
    assert "not-reviewed" in run.job("apply").log
    assert live(registry.files) == {}
    assert run.job("report").result == run.job("record").result == "success"


def both_labs_merged(github: GithubStage) -> Run:
    """The run of apply after one request with a lab of ada's and one of bob's."""
    registry = github.registry
    registry.lab()
    registry.second_lab()
    proposal = registry.propose("carl")
    proposal.reviews += [Review(who, proposal.head) for who in ("ada", "bob", "tina")]
    registry.merge(proposal.number)
    return github.pushed()


def test_two_lecturers_side_by_side_and_the_tool_at_its_commit(
    github: GithubStage, tmp_path: Path
) -> None:
    registry = github.registry
    registry.ship(pinned_tool(tmp_path / "tool"))
    git("push", "-q", "origin", "HEAD:main", at=registry.files.root)

    run = both_labs_merged(github)

    applied = [job for job in run.jobs if job.key == "apply"]
    assert [job.matrix for job in applied] == [{"lecturer": "ada"}, {"lecturer": "bob"}]
    assert {job.result for job in applied} == {"success"}, log({"apply": run})
    assert set(run.artifacts) == {"outcome-ada", "outcome-bob"}
    assert len(live(registry.files)) == 2
    assert len(live(registry.files, "lecturer-b")) == 2
    assert all(".appstore-tool/.venv/bin/appstore" in job.steps[-1].run for job in applied)


def test_where_lecturers_are_more_than_jobs_a_job_applies_a_group(github: GithubStage) -> None:
    registry = github.registry
    for number in range(MOST):
        registry.files.write(f"deployments/other-{number}/README.md", "Nothing yet.\n")

    run = both_labs_merged(github)

    groups = sorted(map(group_of, ("ada", "bob")))
    assert [job.matrix["lecturer"] for job in run.jobs if job.key == "apply"] == groups
    assert set(run.results.values()) == {"success"}, log({"apply": run})
    assert set(run.artifacts) == {f"outcome-{group}" for group in groups}
    assert len(live(registry.files)) == len(live(registry.files, "lecturer-b")) == 2
    contexts = {status["context"] for status in github.world.statuses}
    assert contexts >= {"appstore/apply/ada", "appstore/apply/bob"}


def test_a_run_makes_way_for_a_newer_commit_and_that_one_goes_on(github: GithubStage) -> None:
    registry = github.registry
    registry.lab()
    name = f"{registry.files.course}-base"
    registry.files.write(f"deployments/ada/{name}.yaml", "template: probe@1.0.0\nbase: true\n")
    proposal = registry.propose("carl")
    proposal.reviews += [Review(who, proposal.head) for who in ("ada", "tina")]
    registry.merge(proposal.number)
    github.runner.after_checkout = lambda job: registry.go_on() if job.key == "apply" else None

    run = github.pushed()

    assert run.results["apply"] == "success", log({"apply": run})
    assert "a newer commit is there" in run.job("apply").log
    assert set(live(registry.files)) == {"base"}

    github.runner.after_checkout = lambda job: None
    run = github.pushed()

    assert run.results["apply"] == "success", log({"apply": run})
    assert set(live(registry.files)) == {"base", "-lab--s01", "-lab--s02"}


def test_an_admin_without_a_clone_approves_and_revokes_by_a_form(github: GithubStage) -> None:
    registry, world = github.registry, github.world
    registry.files.write("catalog/probe/1.1.0/heat.yaml", HEAT)
    registry.files.write("catalog/probe/1.1.0/version.yaml", "changelog: [New.]\n")
    registry.merge(registry.propose("tina").number)
    typed = {"checked": "its $(id) and `id`", "visibility": "tenant", "tenant": "faculty"}

    def form(verb: str, **typed: str) -> tuple[Run, dict[str, Any]]:
        """What it did, and the approval.yaml of the one open request."""
        run = github.runner.dispatch(
            "version", verb=verb, version="probe@1.1.0", **typed, actor="tina"
        )
        assert run.results == {"propose": "success", "plan": "success"}, log({"version": run})
        (proposal,) = [one for one in world.proposals.values() if one.state == "open"]
        assert github.api.dispatched == [("plan", {"request": str(proposal.number)})]
        path = f"{proposal.head}:catalog/probe/1.1.0/approval.yaml"
        return run, yaml.safe_load(git("show", path, at=registry.remote))

    _, written = form("approve", **typed)
    assert (written["approver"], written["checked"]) == ("tina", [typed["checked"]])
    registry.merge(max(world.proposals))
    github.api.dispatched.clear()

    # A vulnerability, at night: the bot's request needs her word, and nobody else's.
    run, written = form("revoke", reason="CVE-2026-1: `id`; $(id)", grace="2")
    revoked = written.pop("revoked")
    assert (revoked["by"], revoked["reason"]) == ("tina", "CVE-2026-1: `id`; $(id)")
    assert revoked["grace"] == 2
    assert "uid=" not in log({"version": run})
    number = max(world.proposals)
    assert github.dispatched()["plan"].results["review"] == "failure"
    runs = github.reviewed(number, "tina")
    assert runs["plan"].results["review"] == "success", log(runs)
    assert github.api.refused == []
