"""Reviewed on a forge = applied, on the real Heat: from a merge request to its report."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flow_registry import FlowRegistry
from forge_servers import TOKEN, Proposal, Review, World
from forge_servers import Run as CiRun
from forge_stage import staged

pytestmark = pytest.mark.cloud


def git(registry: FlowRegistry, *words: str) -> str:
    who = ["-c", "user.name=flow", "-c", "user.email=flow@example.org"]
    done = subprocess.run(
        ["git", *who, "-C", str(registry.root), *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture(params=["github", pytest.param("gitlab", marks=pytest.mark.exhaustive)])
def world(
    request: pytest.FixtureRequest, registry: FlowRegistry, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The registry on a forge, with an admin and Ada's account; jobs run there unattended."""
    site, ada = "deployments/site.yaml", "deployments/ada/lecturer.yaml"
    registry.change(site, "clouds: {devcloud: {}}", "clouds: {devcloud: {}}\nadmins: [root, rita]")
    text = (registry.root / ada).read_text() + "accounts: {github: [ada], gitlab: [ada]}\n"
    with staged(request.param) as stage:
        for name, value in stage.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("CI", "true")
        propose(stage.world, registry, 1, {ada: text}, "root")
        one = stage.world.proposals[1]
        one.reviews.append(Review("rita", one.head))
        merge(stage.world, registry, 1)
        yield stage.world


def propose(
    world: World, registry: FlowRegistry, number: int, files: dict[str, str], author: str = "ada"
) -> None:
    git(registry, "switch", "-qc", f"topic{number}")
    for path, content in files.items():
        registry.write(path, content)
    registry.commit(f"topic {number}")
    head = git(registry, "rev-parse", "HEAD")
    git(registry, "switch", "-q", "main")
    world.proposals[number] = Proposal(number, author, head, branch=f"topic{number}")


def merge(world: World, registry: FlowRegistry, number: int) -> None:
    one = world.proposals[number]
    git(registry, "merge", "-q", "--no-ff", "-m", f"merge {number}", one.head)
    one.state, one.merged_as = "merged", git(registry, "rev-parse", "HEAD")
    one.merged_at = f"2026-10-{number:02}T12:00:00Z"
    for commit in (one.head, one.merged_as):
        world.commits[commit] = [number]


def lab(registry: FlowRegistry, *lines: str) -> dict[str, str]:
    text = "\n".join(["template: probe@1.0.0", "for: student", *lines, ""])
    return {f"deployments/ada/{registry.course}/lab.yaml": text}


def test_what_a_request_showed_is_applied_and_nothing_else(
    world: World,
    registry: FlowRegistry,
    run: Callable[..., object],
    live: Callable[[], object],
    tmp_path: Path,
) -> None:
    def plan_of(number: int) -> None:
        """The job `plan` of a request, and the artifact that the forge keeps of it."""
        head, file = world.proposals[number].head, tmp_path / f"plan{number}.json"
        assert run("plan", "--onto", "main", "--rev", head, "--out", str(file)).code == 0
        world.runs.append(CiRun(number, number, head, file.read_bytes()))

    def applied(*more: str) -> tuple[int, str]:
        ended = run("apply", "--forge", "--out", str(tmp_path / "outcome.json"), *more)
        assert TOKEN not in ended.out + ended.err
        return ended.code, " ".join(ended.out.split())

    code, said = applied()
    assert code == 0, said
    first = live()

    propose(world, registry, 2, lab(registry, "reset: {s02: 1}"))
    plan_of(2)
    merge(world, registry, 2)
    code, said = applied()
    assert (code, "1 done (1 recreate)" in said) == (0, True)
    second = live()
    assert second["s01"] == first["s01"]
    assert second["s02"].id != first["s02"].id

    outcome = str(tmp_path / "outcome.json")
    assert run("ci", "report", "--outcome", outcome).code == 0
    (note,) = world.proposals[2].notes
    assert note.body.startswith("<!-- appstore:note -->")
    assert world.statuses[-1]["state"] == "success"
    document = json.loads(Path(outcome).read_text())
    assert [(one["id"].split("/")[-1], one["result"]) for one in document["outcomes"]] == [
        ("s02", "done")
    ]

    code, said = applied()
    assert (code, "1 reviewed change done already" in said) == (0, True)
    assert live() == second

    course = f"deployments/ada/{registry.course}/course.yaml"
    registry.change(course, "seats: 2", "seats: 3")  # pushed past every request
    code, said = applied()
    assert (code, "refused [not-reviewed]" in said) == (3, True)
    assert f"{course} was changed by commit" in said
    assert "which no merge request brought" in said
    assert live() == second

    again = (registry.root / course).read_text().replace("title: Course", "title: Networks")
    propose(world, registry, 3, lab(registry, "reset: {s01: 1, s02: 1}") | {course: again})
    merge(world, registry, 3)
    code, said = applied("--scheduled")
    assert (code, "its recreate is in no reviewed plan" in said) == (3, True)
    third = live()
    assert {member: third[member] for member in second} == second
    assert third["s03"].status == "CREATE_COMPLETE"

    plan_of_merged(world, 3, registry, run, tmp_path)
    code, said = applied("--scheduled")
    assert (code, "1 done (1 recreate)" in said) == (0, True)
    assert live()["s01"].id != second["s01"].id


def plan_of_merged(
    world: World, number: int, registry: FlowRegistry, run: Callable[..., object], folder: Path
) -> None:
    """The plan of a request whose job had not been done when it was merged."""
    file = folder / "late.json"
    assert run("plan", "--rev", "HEAD", "--out", str(file)).code in (0, 3)
    world.runs.append(CiRun(number, number, world.proposals[number].head, file.read_bytes()))
