"""The GitHub workflows, run as they stand: from pull request to machines."""

import json

import pytest
from github_runner import Run
from pipelines_registry import git
from pipelines_stage import GithubStage, live

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
    assert {name for name in before if before[name].id != after[name].id} == {"lab--s01"}

    # Nothing is due.
    runs = github.runner.event("schedule", {})
    assert runs["apply"].results == {
        "look": "success",
        "apply": "skipped",
        "report": "skipped",
        "record": "skipped",
    }, log(runs)

    assert github.api.refused == []
    names = git("ls-tree", "-r", "--name-only", "appstore-records", at=registry.remote).split()
    records = [
        json.loads(git("show", f"appstore-records:{name}", at=registry.remote)) for name in names
    ]
    assert {record["commit"] for record in records} == {merged, registry.main()}
