"""The life of a version, from a draft to its revocation, on the real Heat."""

import subprocess
from datetime import UTC, datetime

import pytest
from flow_registry import FlowRegistry

pytestmark = pytest.mark.cloud
V = "catalog/probe/1.0.0"
CARD = "title: Probe\nsummary: For tests\nowner: faculty\nvisibility: global\n"
NOTHING_DONE = "Nothing has happened to any machine yet."
APPROVE = ("approve", "probe@1.0.0", "--visibility", "global", "--account", "eve", "--yes")
FOR_FACULTY = ("--visibility", "tenant", "--tenant", "faculty", "--account", "eve", "--yes")
RETIRE = ("retire", "probe@1.0.0", "--account", "eve", "--yes")


@pytest.fixture
def shared(registry: FlowRegistry) -> FlowRegistry:
    """The template belongs to the faculty, so its lecturers may use what is approved."""
    registry.write("catalog/probe/template.yaml", CARD)
    registry.commit("shared")
    return registry


def test_a_draft_of_others_is_refused_until_it_is_approved_as_it_is(shared, run, live) -> None:
    pushed_past_review = run("apply")
    assert pushed_past_review.code == 3
    assert "no admin has approved probe@1.0.0" in pushed_past_review.out
    assert live() == {}

    approved = run(*APPROVE)
    assert (approved.code, NOTHING_DONE in approved.out) == (0, True)
    shared.commit("approved")
    again = run(*APPROVE)
    assert (again.code, "is approved already" in again.out) == (3, True)
    assert run("apply").code == 0
    made = {member: stack.id for member, stack in live().items()}
    assert set(made) == {"s01", "s02"}

    shared.change(f"{V}/heat.yaml", "default: 8", "default: 9")
    changed = run("plan")
    assert changed.code == 2
    assert f"{V}/approval.yaml:2" in changed.out
    assert "is not what was approved" in changed.out
    assert run("apply").code == 2
    assert {member: stack.status for member, stack in live().items()} == {
        "s01": "CREATE_COMPLETE",
        "s02": "CREATE_COMPLETE",
    }
    stale = run(*RETIRE)
    assert (stale.code, "is in use by" in stale.out) == (3, True)


def test_a_revoked_version_sleeps_until_its_deployment_moves(shared, run, live) -> None:
    run(*APPROVE)
    shared.commit("approved")
    assert run("apply").code == 0

    why = ("--reason", "CVE-2026-1", "--grace", "0")
    run("revoke", "probe@1.0.0", *why, "--account", "eve", "--yes")
    shared.commit("revoked")
    today = datetime.now(UTC).date()
    planned = run("plan")
    assert f"probe@1.0.0 was revoked on {today}: CVE-2026-1" in " ".join(planned.out.split())
    assert run("apply").code == 0
    assert {stack.status for stack in live().values()} == {"SUSPEND_COMPLETE"}

    for name in ("heat.yaml", "version.yaml"):
        text = (shared.root / V / name).read_text()
        shared.write(f"catalog/probe/1.0.1/{name}", text)
    shared.commit("1.0.1")
    run("approve", "probe@1.0.1", *FOR_FACULTY)
    shared.change(f"deployments/ada/{shared.course}/lab.yaml", "probe@1.0.0", "probe@1.0.1")
    moved = run("apply")
    assert moved.code == 0, moved.out
    assert {stack.status for stack in live().values()} == {"RESUME_COMPLETE"}
    retired = run(*RETIRE)
    assert (retired.code, "is revoked, which is more" in retired.out) == (3, True)


def test_who_loses_access_keeps_what_runs_and_may_only_let_it_sleep_and_go(
    shared, run, live
) -> None:
    run("approve", "probe@1.0.0", *FOR_FACULTY)
    shared.commit("approved")
    assert run("apply").code == 0
    shared.write("catalog/probe/template.yaml", CARD.replace("owner: faculty", "owner: bob"))
    shared.change("catalog/probe/template.yaml", "visibility: global", "visibility: private")

    assert run("plan").code == 0  # what runs is as wanted
    shared.lab("reset: {s01: 1}")
    reset = run("apply")
    assert (reset.code, "is private to bob" in reset.out) == (3, True)
    shared.lab("state: suspended")
    assert run("apply").code == 0
    assert {stack.status for stack in live().values()} == {"SUSPEND_COMPLETE"}
    shared.lab("state: running")
    assert run("apply").code == 3
    shared.lab("state: absent")
    assert run("apply").code == 0
    assert live() == {}


def test_the_account_comes_from_the_job_or_from_git(shared, run, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(shared.root))  # no configuration of whoever runs the tests
    for name in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    order = ("approve", "probe@1.0.0", "--visibility", "global", "--yes")
    nobody = run(*order)
    assert (nobody.code, "--account" in nobody.err) == (2, True)

    git = ["git", "-C", str(shared.root), "config", "github.user", "eve-of-git"]
    subprocess.run(git, check=True)
    assert run(*order).code == 0
    page = shared.root / V / "approval.yaml"
    assert "approver: eve-of-git\n" in page.read_text()

    page.unlink()
    monkeypatch.setenv("GITLAB_USER_LOGIN", "eve-of-the-job")
    assert run(*order).code == 0
    assert "approver: eve-of-the-job\n" in page.read_text()


def test_only_what_is_committed_is_approved(shared, run) -> None:
    heat = (shared.root / V / "heat.yaml").read_text()
    shared.write(f"{V}/heat.yaml", heat.replace("default: 8", "default: 9"))
    edited = run(*APPROVE)
    assert (edited.code, "has edits that no commit holds" in edited.out) == (3, True)

    # Other line ends in the checkout alone are no edit: what git stores is approved.
    file = shared.root / V / "heat.yaml"
    shared.write(".gitattributes", "* text eol=crlf\n")
    file.unlink()
    git = ["git", "-C", str(shared.root)]
    subprocess.run([*git, "checkout", "-q", "--", str(file)], check=True)
    assert b"\r\n" in file.read_bytes()
    assert run(*APPROVE).code == 0
    (shared.root / ".gitattributes").unlink()
    shared.write(f"{V}/heat.yaml", heat)
    assert run("validate").code == 0
