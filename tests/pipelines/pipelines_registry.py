"""A registry with its forge: a bare repository that people push to, and merge requests in it."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from flow_registry import FlowRegistry
from forge_servers import Proposal, World

from appstore.cli.ending import end
from appstore.cli.main import appstore
from appstore.govern.people import ForgeName
from appstore.runs.pipelines import Tool, pipeline_files

REFS = {"github": "refs/pull/{}/head", "gitlab": "refs/merge-requests/{}/head"}
ENTRIES = {"plan": "devcloud-plan", "apply": "devcloud"}
INSTALL = f"""\
#!/bin/sh
# The tool under test is installed already; a real one makes its environment here.
cd "$(dirname "$0")/.."
mkdir -p .venv/bin
ln -sf {Path(sys.executable).parent / "appstore"} .venv/bin/appstore
"""


@dataclass
class Registry:
    """The lecturers ada and bob, the tenant admin tina, the site admin carl; pipelines as shipped.

    More than one new machine needs tina's review. `remote` is what the forge holds, `files` a
    clone in which everybody works.
    """

    forge: ForgeName
    world: World
    remote: Path
    files: FlowRegistry

    @classmethod
    def make(cls, folder: Path, forge: ForgeName, world: World, name: str) -> "Registry":
        """As it is before the first merge request."""
        files = FlowRegistry.make(folder / "clone", name)
        lab = f"deployments/ada/{name}/lab.yaml"
        files.remove(lab)
        for who in ("ada", "bob"):
            path = f"deployments/{who}/lecturer.yaml"
            account = f"accounts: {{github: [{who}], gitlab: [{who}]}}\n"
            files.write(path, (files.root / path).read_text() + account)
        site = (files.root / "deployments/site.yaml").read_text()
        tenant = "title: Faculty, clouds: [devcloud]"
        site = site.replace(tenant, f"{tenant}, admins: [tina]")
        files.write("deployments/site.yaml", f"{site}admins: [carl]\nrisk: {{instances: 1}}\n")
        files.change(
            "catalog/probe/template.yaml", "owner: ada", "owner: faculty\nvisibility: tenant"
        )
        words = ["approve", "probe@1.0.0", "--visibility", "tenant", "--tenant", "faculty"]
        words += ["--checked", "for tests", "--account", "tina", "--yes", "--repo"]
        assert end(lambda: appstore.main([*words, str(files.root)], standalone_mode=False)) == 0
        files.write(".ci/install", INSTALL)
        files.write(".gitignore", ".venv/\n.appstore-tool/\n.gitlab-ci-local/\n")
        registry = cls(forge, world, folder / "registry.git", files)
        registry.ship(None)
        # What was there before the first merge request is one commit that nobody could review.
        shutil.rmtree(files.root / ".git")
        git("init", "-q", "-b", "main", str(files.root))
        files.commit("the start")
        git("init", "-q", "--bare", "-b", "main", str(registry.remote))
        git("remote", "add", "origin", str(registry.remote), at=files.root)
        git("push", "-q", "origin", "main", at=files.root)
        return registry

    def ship(self, tool: Tool | None) -> None:
        """Commit the pipelines that install this tool, in the clone."""
        for path, text in pipeline_files(self.forge, tool).items():
            self.files.write(path, text)
        self.files.commit("pipelines")

    def lab(self, *lines: str) -> None:
        """Write ada's deployment, not committed."""
        text = "\n".join(["template: probe@1.0.0", "for: student", *lines, ""])
        self.files.write(f"deployments/ada/{self.files.course}/lab.yaml", text)

    def second_lab(self) -> None:
        """Write the same for bob, not committed."""
        folder, course = f"deployments/bob/{self.files.course}", self.files.course
        for name in ("course.yaml", "lab.yaml"):
            text = (self.files.root / f"deployments/ada/{course}/{name}").read_text()
            self.files.write(f"{folder}/{name}", text)

    def hostile(self, mark: Path) -> None:
        """Write what would leave `mark` if any job ran something of the proposal; not committed."""
        script = f"#!/bin/sh\ntouch {mark}\n"
        for path in (".ci/install", ".githooks/post-checkout", "sitecustomize.py"):
            self.files.write(path, script)
        self.files.write(".gitattributes", "* filter=owned\n")
        for path in pipeline_files(self.forge, None):
            text = (self.files.root / path).read_text()
            self.files.write(path, text.replace("sh .ci/install", f"touch {mark}; sh .ci/install"))
        (self.files.root / "deployments/ada/link.yaml").symlink_to("/etc/passwd")

    def propose(self, author: str) -> Proposal:
        """Commit what was written to a branch of main, push it, open a merge request."""
        number = len(self.world.proposals) + 1
        at = self.files.root
        git("switch", "-q", "-c", f"topic-{number}", at=at)
        self.files.commit(f"proposal {number}")
        head = git("rev-parse", "HEAD", at=at).strip()
        refs = (f"refs/heads/topic-{number}", REFS[self.forge].format(number))
        git("push", "-q", "origin", *(f"HEAD:{ref}" for ref in refs), at=at)
        git("switch", "-q", "main", at=at)
        proposal = Proposal(number, author, head, f"topic-{number}")
        self.world.proposals[number] = proposal
        return proposal

    def opened(self, number: int, branch: str) -> str:
        """What the forge does when a merge request is opened from a branch; gives its head."""
        head = git("rev-parse", f"refs/heads/{branch}", at=self.remote).strip()
        git("update-ref", REFS[self.forge].format(number), head, at=self.remote)
        return head

    def merge(self, number: int) -> str:
        """What the forge does when somebody merges: a merge commit on main."""
        proposal = self.world.proposals[number]
        main = git("rev-parse", "main", at=self.remote).strip()
        tree = git("merge-tree", "--write-tree", main, proposal.head, at=self.remote).strip()
        message = ("commit-tree", tree, "-p", main, "-p", proposal.head, "-m", f"Merge {number}")
        commit = git(*message, at=self.remote).strip()
        git("update-ref", "refs/heads/main", commit, main, at=self.remote)
        proposal.state, proposal.merged_as = "merged", commit
        proposal.merged_at = "2026-10-02T12:00:00Z"
        self.world.commits[commit] = self.world.commits[proposal.head] = [number]
        git("pull", "-q", "--ff-only", "origin", "main", at=self.files.root)
        return commit

    def go_on(self) -> None:
        """Something else is merged that changes no file of ours."""
        main = self.main()
        tree = git("rev-parse", f"{main}^{{tree}}", at=self.remote).strip()
        later = git("commit-tree", tree, "-p", main, "-m", "later", at=self.remote).strip()
        git("update-ref", "refs/heads/main", later, main, at=self.remote)

    def main(self) -> str:
        """The newest commit of the default branch."""
        return git("rev-parse", "main", at=self.remote).strip()


def pinned_tool(folder: Path) -> Tool:
    """A repository of the tool under test, at a commit that its branch has left behind."""
    git("init", "-q", "-b", "main", str(folder))
    (folder / ".ci").mkdir()
    (folder / ".ci/install").write_text(INSTALL)
    git("add", "-A", at=folder)
    git("commit", "-q", "-m", "the pinned one", at=folder)
    commit = git("rev-parse", "HEAD", at=folder).strip()
    (folder / ".ci/install").write_text("exit 1\n")
    git("commit", "-q", "-a", "-m", "a newer one", at=folder)
    git("config", "uploadpack.allowReachableSHA1InWant", "true", at=folder)
    return Tool(f"file://{folder}", commit)


def git(*arguments: str, at: Path | None = None) -> str:
    """What git printed; a failure raises with its words."""
    who = ["-c", "user.name=forge", "-c", "user.email=forge@example.org"]
    command = ["git", *(["-C", str(at)] if at else []), *who, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, f"{' '.join(arguments)}: {ended.stderr}"
    return ended.stdout


def clouds_yaml(text: str, purpose: str) -> str:
    """The one entry of a clouds.yaml that a job of this purpose is given."""
    clouds = yaml.safe_load(text)["clouds"]
    return yaml.safe_dump({"clouds": {ENTRIES[purpose]: clouds[ENTRIES[purpose]]}})
