"""What the tests of both forges look at, and how a run of GitHub becomes the forge's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flow_registry import FlowRegistry
from flow_sweep import sweep
from forge_servers import Review, World
from forge_servers import Run as ForgeRun
from github_runner import Github, Run
from gitlab_inputs import filled
from gitlab_runner import Gitlab, Pipeline
from pipelines_github import PermittedApi
from pipelines_registry import Registry, git

from appstore.cli.runid import RUN_ID
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.live import LiveStack


@dataclass
class GithubStage:
    """The registry on GitHub, and who runs its workflows."""

    registry: Registry
    api: PermittedApi
    runner: Github

    @property
    def world(self) -> World:
        """What the forge holds."""
        return self.registry.world

    def proposed(self, number: int, action: str = "opened") -> dict[str, Run]:
        """All workflows that a pull request starts; what they keep is the forge's from then on."""
        payload, branch = self.payload(number, action), self.world.proposals[number].branch
        runs = self.runner.event("pull_request", payload, branch)
        runs |= self.runner.event("pull_request_target", payload)
        self.keep(runs["plan"], number, "pull_request_target")
        return runs

    def reviewed(self, number: int, account: str) -> dict[str, Run]:
        """An approval of the present head, and what it starts in the end."""
        proposal = self.world.proposals[number]
        proposal.reviews.append(Review(account, proposal.head))
        payload = self.payload(number, "submitted")
        runs = self.runner.event("pull_request_review", payload, proposal.branch)
        return runs | self.dispatched()

    def payload(self, number: int, action: str) -> dict[str, Any]:
        """What GitHub says of an event about a pull request."""
        request = {"number": number, "head": {"repo": {"full_name": "uni/registry"}}}
        return {"action": action, "pull_request": request}

    def keep(self, run: Run, number: int, event: str) -> None:
        """The plan that a run uploaded, as the forge's API shows it."""
        head = self.world.proposals[number].head
        if folder := run.artifacts.get(f"plan-{head}"):
            plan = (folder / "plan.json").read_bytes()
            base = self.registry.main()
            id_ = len(self.world.runs) + 1
            self.world.runs.append(ForgeRun(id_, number, head, plan, event=event, base_commit=base))

    def pushed(self) -> Run:
        """What a push to main starts."""
        return self.runner.event("push", {})["apply"]

    def dispatched(self) -> dict[str, Run]:
        """Run what jobs have asked for, once."""
        asked, self.api.dispatched = self.api.dispatched, []
        runs = {name: self.runner.dispatch(name, **inputs) for name, inputs in asked}
        for name, inputs in asked:
            if name == "plan":
                self.keep(runs["plan"], int(inputs["request"]), "workflow_dispatch")
        return runs


@dataclass
class GitlabStage:
    """The registry on GitLab, who runs its pipeline, and what its API refused to a token."""

    registry: Registry
    runner: Gitlab
    refused: list[str]

    @property
    def world(self) -> World:
        """What the forge holds."""
        return self.registry.world

    def proposed(self, number: int) -> Pipeline:
        """The pipeline of a merge request; its plan is the forge's from then on."""
        head = self.world.proposals[number].head
        request = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_IID": str(number),
            "CI_COMMIT_BRANCH": "",
        }
        pipeline = self._run(head, request)
        plan = pipeline.artifact("plan", "plan.json")
        if plan.exists():
            id_ = len(self.world.runs) + 1
            self.world.runs.append(ForgeRun(id_, number, head, plan.read_bytes()))
        return pipeline

    def pushed(self, source: str = "push") -> Pipeline:
        """The pipeline of main."""
        return self._run("origin/main", {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": "main"})

    def form(self, actor: str, **typed: str) -> Pipeline:
        """The pipeline that somebody starts by hand on main; raises ValueError where none is."""
        started = {"CI_PIPELINE_SOURCE": "web", "CI_COMMIT_BRANCH": "main"}
        return self._run("origin/main", {**started, "GITLAB_USER_LOGIN": actor}, typed)

    def _run(
        self, rev: str, given: Mapping[str, str], typed: Mapping[str, str] | None = None
    ) -> Pipeline:
        clone = self.runner.folder / f"clone-{len(list(self.runner.folder.iterdir()))}"
        git("clone", "-q", str(self.registry.remote), str(clone))
        git("fetch", "-q", "origin", "refs/merge-requests/*:refs/merge-requests/*", at=clone)
        git("checkout", "-q", "--detach", rev, at=clone)
        # The CI configuration is another project's, so a proposal cannot change it.
        trusted = git("show", "origin/main:.gitlab-ci.yml", at=clone)
        (clone / ".trusted.yml").write_text(filled(trusted, typed) if typed else trusted)
        return self.runner.run(clone, ".trusted.yml", given)


def live(files: FlowRegistry, project: str = "lecturer-a") -> dict[str, LiveStack]:
    """The stacks of the registry's course, by the rest of their names."""
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        stacks = cloud.heat(cloud.project(project)).listing().stacks
    prefix = f"{files.course}-"
    return {s.name.removeprefix(prefix): s for s in stacks if s.name.startswith(prefix)}


def records(registry: Registry) -> set[str]:
    """The commits of which the records branch tells a run."""
    names = git("ls-tree", "-r", "--name-only", "appstore-records", at=registry.remote).split()
    texts = (git("show", f"appstore-records:{name}", at=registry.remote) for name in names)
    return {json.loads(text)["commit"] for text in texts}


def delete_stacks(files: FlowRegistry) -> None:
    """Leave the shared cloud as it was."""
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        for project in ("lecturer-a", "lecturer-b"):
            sweep(cloud.heat(cloud.project(project)), f"{files.course}-")
