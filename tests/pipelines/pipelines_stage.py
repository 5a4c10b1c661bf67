"""What the tests of both forges look at, and how a run of GitHub becomes the forge's."""

from dataclasses import dataclass

from flow_registry import FlowRegistry
from forge_servers import Run as ForgeRun
from forge_servers import World
from github_runner import Github, Run
from pipelines_github import PermittedApi
from pipelines_registry import Registry

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
        proposal = self.world.proposals[number]
        request = {"number": number, "head": {"repo": {"full_name": "uni/registry"}}}
        payload = {"action": action, "pull_request": request}
        runs = self.runner.event("pull_request", payload, proposal.branch)
        runs |= self.runner.event("pull_request_target", payload)
        self.keep(runs["plan"], number, trusted=True)
        return runs

    def keep(self, run: Run, number: int, trusted: bool) -> None:
        """The plan that a run uploaded, as the forge's API shows it."""
        head = self.world.proposals[number].head
        if folder := run.artifacts.get(f"plan-{head}"):
            plan = (folder / "plan.json").read_bytes()
            base = self.registry.main()
            self.world.default_commits.add(base)
            id_ = len(self.world.runs) + 1
            self.world.runs.append(
                ForgeRun(id_, number, head, plan, trusted=trusted, base_commit=base)
            )

    def pushed(self) -> Run:
        """What a push to main starts."""
        return self.runner.event("push", {})["apply"]

    def dispatched(self) -> dict[str, Run]:
        """Run what jobs have asked for, once."""
        asked, self.api.dispatched = self.api.dispatched, []
        return {name: self.runner.dispatch(name, **inputs) for name, inputs in asked}


def live(files: FlowRegistry, project: str = "lecturer-a") -> dict[str, LiveStack]:
    """The stacks of the registry's course, by the rest of their names."""
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        stacks = cloud.heat(cloud.project(project)).listing().stacks
    prefix = f"{files.course}--"
    return {s.name.removeprefix(prefix): s for s in stacks if s.name.startswith(prefix)}


def delete_stacks(files: FlowRegistry) -> None:
    """Leave the shared cloud as it was."""
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        heat = cloud.heat(cloud.project("lecturer-a"))
        for stack in heat.listing().stacks:
            if stack.name.startswith(f"{files.course}--"):
                heat.delete(stack)
