"""A registry on a forge: a clone, its origin with the refs of merge requests, the API's world."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from forge_servers import Proposal, Review, World
from forge_stage import Stage, staged

HEAT = "heat_template_version: 2021-04-16\nresources: {code: {type: 'OS::Heat::RandomString'}}\n"
SITE = "deployments/site.yaml"
LAB = "deployments/ada/net/lab.yaml"
FILES = {
    SITE: (
        "owner: demo\nclouds: {main: {}}\nadmins: [root, rita]\n"
        "tenants: {inf: {title: I, clouds: [main], admins: [carl]}}\n"
        "resource_types: ['OS::Heat::RandomString']\n"
    ),
    "catalog/probe/template.yaml": "title: Probe\nsummary: S\nowner: ada\n",
    "catalog/probe/1.0.0/version.yaml": "timeout: 5\n",
    "catalog/probe/1.0.0/heat.yaml": HEAT,
    "deployments/ada/lecturer.yaml": (
        "tenant: inf\ncloud: main\nproject: ada\nlanguage: de\n"
        "accounts: {github: [lea], gitlab: [lea]}\n"
    ),
    "deployments/ada/net/course.yaml": (
        "title: N\nterm: w26\nstarts: 2026-01-01\nends: 2099-01-01\nroster: {seats: 3}\n"
    ),
    LAB: "template: probe@1.0.0\nfor: student\n",
}
ABSENT = {LAB: "template: probe@1.0.0\nfor: student\nstate: absent\n"}
RESET = {LAB: "template: probe@1.0.0\nfor: student\nreset: {s02: 1}\n"}


@dataclass
class OnForge:
    """What a job sees: `clone` is on the default branch, `origin` is what it was cloned from."""

    clone: Path
    origin: Path
    stage: Stage

    @property
    def world(self) -> World:
        return self.stage.world

    def git(self, *arguments: str, where: Path | None = None) -> str:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        words = ["git", *who, "-C", str(where or self.clone), *arguments]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, files: dict[str, str | None], message: str = "x") -> str:
        """A commit on the branch that is checked out in the clone."""
        for path, text in files.items():
            target = self.clone / path
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def propose(self, number: int, files: dict[str, str | None], author: str = "lea") -> Proposal:
        """A merge request whose head only the server has."""
        self.git("switch", "-q", "-c", f"topic{number}", "main")
        head = self.commit(files)
        for kind in ("pull", "merge-requests"):
            self.git("push", "-q", "origin", f"HEAD:refs/{kind}/{number}/head")
        self.git("switch", "-q", "main")
        self.git("branch", "-qD", f"topic{number}")
        made = Proposal(number, author, head, branch=f"topic{number}")
        self.world.proposals[number] = made
        return made

    def approve(self, number: int, account: str) -> None:
        one = self.world.proposals[number]
        one.reviews.append(Review(account, one.head))

    def merge(self, number: int, way: str = "merge", more: dict[str, str] | None = None) -> str:
        """Merge as a forge does; `more` is put into the merge by whoever pushed it by hand."""
        one = self.world.proposals[number]
        self.git("fetch", "-q", "origin", f"refs/pull/{number}/head")
        if way == "merge":
            self.git("merge", "-q", "--no-ff", "--no-commit", one.head)
        else:
            self.git("merge", "-q", "--squash", one.head)
        landed = self.commit({**(more or {})}, f"merge {number}")
        one.state, one.merged_as = "merged", landed
        one.merged_at = f"2026-10-{number:02}T12:00:00Z"
        for commit in (landed, one.head):
            self.world.commits.setdefault(commit, []).append(number)
        return landed

    def forget(self) -> None:
        """Drop from the clone what its default branch does not hold, as a fresh clone lacks it."""
        self.git("push", "-q", "origin", "main")
        fresh = self.clone.with_name(f"{self.clone.name}-fresh")
        address = f"file://{self.origin}"  # else all objects come along, whoever refers to them
        subprocess.run(["git", "clone", "-q", address, str(fresh)], check=True)
        self.clone = fresh


def make_template(folder: Path) -> None:
    """The clone and its origin, to be copied for each test."""
    clone, origin = folder / "clone", folder / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(origin)], check=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(clone)], check=True)
    with staged("github") as stage:
        made = OnForge(clone, origin, stage)
        made.git("remote", "add", "origin", "../origin.git")
        made.commit(dict(FILES))
        made.git("push", "-q", "origin", "main")


@contextmanager
def on_forge(kind: str, template: Path, folder: Path) -> Iterator[OnForge]:
    """The registry, on GitHub or on GitLab."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    with staged(kind) as stage:
        yield OnForge(folder / "clone", folder / "origin.git", stage)
