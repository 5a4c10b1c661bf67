"""--propose: a branch with exactly the edits, and a merge request, with nothing changed here."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from forge_servers import TOKEN, GitHubApi, GitLabApi, World, serving
from forge_stage import environment

from appstore.cli.ending import end
from appstore.cli.main import appstore

FILES = {
    "deployments/ada/net/course.yaml": (
        "title: Networks\nterm: 2026w\nstarts: 2026-01-01\nends: 2099-02-12\nroster: {seats: 3}\n"
    ),
    "deployments/ada/net/lab.yaml": "template: probe@1.0.0\nfor: student\n",
    "README.md": "registry\n",
}
LAB = "deployments/ada/net/lab.yaml"
HOOK = """#!/bin/sh
i=0
while [ $i -lt ${GIT_PUSH_OPTION_COUNT:-0} ]; do
  eval "printf '%s\\n' \\"\\$GIT_PUSH_OPTION_$i\\"" >> options
  i=$((i + 1))
done
echo "View merge request for topic:"
echo "  https://forge.example/uni/registry/-/merge_requests/3"
"""


@dataclass(frozen=True)
class Desk:
    """A lecturer's clone with edits of their own, and the server that it was cloned from."""

    clone: Path
    origin: Path

    def run(self, *arguments: str) -> int:
        return end(lambda: appstore.main([*arguments], standalone_mode=False))

    def git(self, *arguments: str, where: Path | None = None) -> str:
        done = subprocess.run(
            ["git", "-C", str(where or self.clone), *arguments],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def state(self) -> tuple[str, ...]:
        """All that a proposal must leave as it is."""
        return (
            self.git("status", "--porcelain"),
            self.git("diff"),
            self.git("ls-files", "--stage"),
            self.git("rev-parse", "HEAD"),
            self.git("for-each-ref", "refs/heads"),
            self.git("stash", "list"),
        )

    def branches(self) -> list[str]:
        listed = self.git("for-each-ref", "--format=%(refname:short)", where=self.origin)
        return [name for name in listed.split() if name != "main"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in ("GITHUB_REPOSITORY", "CI_PROJECT_ID", "GITHUB_TOKEN", "GH_TOKEN", "CI"):
        monkeypatch.delenv(name, raising=False)
    clone, origin = tmp_path / "clone", tmp_path / "origin.git"
    made = Desk(clone, origin)
    for path, text in FILES.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(text)
    subprocess.run(["git", "init", "-q", "-b", "main", str(clone)], check=True)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(origin)], check=True)
    made.git("config", "user.name", "Ada")
    made.git("config", "user.email", "ada@example.org")
    made.git("add", "-A")
    made.git("commit", "-qm", "first")
    made.git("remote", "add", "origin", str(origin))
    made.git("push", "-q", "origin", "main")
    (clone / "README.md").write_text("edited\n")
    (clone / "deployments/ada/net/draft.yaml").write_text("template: x\n")
    made.git("switch", "-qc", "mine")
    made.git("commit", "-qam", "something else")
    monkeypatch.chdir(clone)
    return made


def gitlab_server(desk: Desk) -> None:
    desk.git("config", "receive.advertisePushOptions", "true", where=desk.origin)
    hook = desk.origin / "hooks" / "post-receive"
    hook.write_text(HOOK)
    hook.chmod(0o755)


def reset(desk: Desk, *more: str) -> int:
    return desk.run("reset", "ada/net/lab", "--member", "s02", "--yes", "--propose", *more)


def test_on_gitlab_the_push_itself_opens_the_request(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    gitlab_server(desk)
    before = desk.state()
    assert reset(desk) == 0
    assert desk.state() == before
    assert "https://forge.example/uni/registry/-/merge_requests/3" in capsys.readouterr().out
    options = (desk.origin / "options").read_text().splitlines()
    assert options[:3] == [
        "merge_request.create",
        "merge_request.target=main",
        "merge_request.title=Reset ada/net/lab/s02",
    ]
    assert options[3].startswith("merge_request.description=ada/net/lab/s02: ")
    assert options[4:] == ["merge_request.remove_source_branch"]
    (branch,) = desk.branches()
    assert branch.startswith("reset-ada-net-lab-s02-")
    changed = desk.git("diff", "--name-only", "main", branch, where=desk.origin)
    assert changed == LAB  # not what the person committed or wrote besides
    assert "reset: {s02: 1}" in desk.git("show", f"{branch}:{LAB}", where=desk.origin)
    assert desk.git("log", "-1", "--format=%an %s", branch, where=desk.origin) == (
        "Ada Reset ada/net/lab/s02"
    )


def test_the_same_again_finds_the_same_branch(desk: Desk) -> None:
    gitlab_server(desk)
    assert [reset(desk), reset(desk)] == [0, 0]
    assert len(desk.branches()) == 1


def test_a_server_without_push_options_gets_the_branch(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reset(desk) == 0
    assert "Open the merge request: by hand" in capsys.readouterr().out
    assert len(desk.branches()) == 1


@pytest.fixture(params=["github", "gitlab"])
def api(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[World, str]]:
    world = World()
    made = GitHubApi(world) if request.param == "github" else GitLabApi(world)
    with serving(made) as root:
        for name, value in environment(request.param, root).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("GITHUB_ACTOR", "lea")
        yield world, request.param


def test_with_a_token_the_api_opens_the_request(
    desk: Desk, api: tuple[World, str], capfd: pytest.CaptureFixture[str]
) -> None:
    world, _ = api
    assert reset(desk, "--json", "--log-json") == 0
    (one,) = world.proposals.values()
    (branch,) = desk.branches()
    assert (one.branch, one.base, one.title) == (branch, "main", "Reset ada/net/lab/s02")
    assert "disk" in one.body or "anew" in one.body
    said = capfd.readouterr()
    assert json.loads(said.out)["proposed"]["opened"] is True
    assert TOKEN not in said.out + said.err
    assert desk.git("log", "-1", "--format=%an", branch, where=desk.origin) == "lea"


def test_on_github_without_a_token_the_page_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://github.com/uni/registry.git"
    desk.git("config", f"url.{desk.origin}.pushInsteadOf", url)
    desk.git("config", f"url.{desk.origin}.insteadOf", url)
    desk.git("remote", "set-url", "origin", url)
    monkeypatch.setattr("appstore.source.remote.address", lambda repo: url)
    assert reset(desk) == 0
    (branch,) = desk.branches()
    page = f"https://github.com/uni/registry/compare/{branch}?expand=1"
    assert page in capsys.readouterr().out


def test_edits_of_ones_own_in_the_same_file_are_not_proposed(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    (desk.clone / LAB).write_text("template: probe@1.0.0\nfor: student\nprotect: true\n")
    assert reset(desk) == 3
    assert "leave out --propose" in capfd.readouterr().err
    assert desk.branches() == []


def test_a_clone_without_origin(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.git("remote", "remove", "origin")
    assert reset(desk) == 2
    assert "git remote add origin" in capfd.readouterr().err


def test_nobody_is_committed_as_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.git("config", "--unset", "user.name")
    desk.git("config", "--unset", "user.email")
    desk.git("config", "user.useConfigOnly", "true")
    monkeypatch.setenv("HOME", str(desk.clone.parent))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk.clone.parent))
    code = reset(desk)
    assert code == 2
    assert "who you are" in capfd.readouterr().err
    assert desk.branches() == []
