"""A proposal's plan, its merge, and the apply of what was reviewed, on the real Heat."""

import json
import subprocess

import pytest

pytestmark = pytest.mark.cloud


def flat(text: str) -> str:
    """The text as one line."""
    return " ".join(text.split())


@pytest.fixture
def git(registry):
    """Function: git in the registry, as a person who commits."""

    def call(*words: str) -> str:
        who = ["-c", "user.name=flow", "-c", "user.email=flow@example.org"]
        done = subprocess.run(
            ["git", "-C", str(registry.root), *who, *words],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    return call


def test_a_reviewed_reset_is_carried_out_after_the_merge_and_drift_is_one_line(
    registry, run, live, git, tmp_path
) -> None:
    course = f"deployments/ada/{registry.course}/course.yaml"
    run("apply")
    git("switch", "-qc", "proposal")
    registry.lab("reset: {s02: 1}")
    head = git("rev-parse", "HEAD")
    git("switch", "-q", "main")
    registry.change(course, "seats: 2", "seats: 3")
    base = git("rev-parse", "HEAD")
    seen, widget, page = (str(tmp_path / name) for name in ("plan.json", "widget", "summary.md"))
    before = live()

    planned = run(
        "plan", "--onto", "main", "--rev", "proposal",
        "--out", seen, "--widget", widget, "--summary", page,
    )  # fmt: skip
    assert planned.code == 0, planned.err
    assert f"{head[:7]} merged into {base[:7]}: 1 instance changes" in planned.out
    assert f"# recreate {registry.course}/lab/s02" in planned.out
    assert "s03" not in planned.out, "main wants it already"
    assert "1 other change is waiting on the target branch already" in planned.out
    written = json.loads((tmp_path / "plan.json").read_text())
    assert [written[key] for key in ("commit", "base", "head", "drift")] == [None, base, head, 1]
    assert [entry["id"].rpartition("/")[2] for entry in written["entries"]] == ["s02"]
    assert json.loads((tmp_path / "widget").read_text()) == {"create": 1, "update": 0, "delete": 1}
    assert written["digest"] in (tmp_path / "summary.md").read_text()

    git("merge", "-q", "--no-edit", "proposal")
    applied = run("apply", "--reviewed", seen)
    assert applied.code == 0, applied.out
    assert "2 done (1 create, 1 recreate)" in flat(applied.out) or (
        "2 done (1 recreate, 1 create)" in flat(applied.out)
    )
    after = live()
    assert after["s01"] == before["s01"]
    assert after["s02"].id != before["s02"].id
    assert set(after) == {"s01", "s02", "s03"}


def test_what_the_merge_makes_of_it_later_is_stale(registry, run, live, git, tmp_path) -> None:
    run("apply")
    git("switch", "-qc", "proposal")
    registry.lab("reset: {s02: 1}")
    seen = str(tmp_path / "plan.json")
    assert run("plan", "--onto", "main", "--out", seen).code == 0
    registry.lab("reset: {s01: 1, s02: 1}")
    git("switch", "-q", "main")
    git("merge", "-q", "--no-edit", "proposal")
    before = live()

    applied = run("apply", "--reviewed", seen)
    assert applied.code == 3
    assert f"ada/{registry.course}/lab/s01: stale" in flat(applied.out)
    after = live()
    assert after["s01"] == before["s01"]
    assert after["s02"].id != before["s02"].id


def test_each_project_is_listed_once_for_both_plans(registry, run, proxy, git) -> None:
    git("switch", "-qc", "proposal")
    registry.lab("parameters: {length: 9}")
    run("plan")
    alone = [str(call) for call in proxy.calls]
    proxy.calls.clear()
    assert run("plan", "--onto", "main").code == 0
    assert sorted(map(str, proxy.calls)) == sorted(alone)
    assert alone.count("listing") == 3, "two projects of lecturers and one of nobody's"


def test_a_conflict_is_a_finding_and_asks_no_cloud(registry, run, proxy, git, tmp_path) -> None:
    git("switch", "-qc", "proposal")
    registry.lab("parameters: {length: 9}")
    git("switch", "-q", "main")
    registry.lab("parameters: {length: 10}")
    seen = tmp_path / "plan.json"
    planned = run("plan", "--onto", "main", "--rev", "proposal", "--out", str(seen))
    assert planned.code == 2
    assert f"deployments/ada/{registry.course}/lab.yaml: error [source/conflict]" in planned.out
    (finding,) = json.loads(seen.read_text())["findings"]
    assert finding["rule"] == "source/conflict"
    assert proxy.calls == []
