"""GitHub's API with its permissions: what a job's token may not do is answered with 403.

Source of the permissions: GitHub's reference "Permissions required for fine-grained personal
access tokens", which holds for the tokens of jobs as well.
"""

import re
from collections.abc import Mapping
from typing import Any

from forge_servers import Answer, GitHubApi, World
from pipelines_registry import Registry, git

REPO = "/repos/uni/registry"
NEEDED = [
    ("GET", r"", "metadata", "read"),
    ("GET", r"/pulls.*", "pull-requests", "read"),
    ("GET", r"/commits/\w+/pulls", "pull-requests", "read"),
    ("GET", r"/issues/.*", "pull-requests", "read"),
    ("POST", r"/issues/\d+/comments", "pull-requests", "write"),
    ("PATCH", r"/issues/comments/\d+", "pull-requests", "write"),
    ("POST", r"/pulls", "pull-requests", "write"),
    ("PUT", r"/pulls/\d+/merge", "contents", "write"),
    ("GET", r"/(commits|contents|branches)/.*", "contents", "read"),
    ("POST", r"/statuses/\w+", "statuses", "write"),
    ("GET", r"/actions/.*", "actions", "read"),
    ("POST", r"/actions/workflows/.*/dispatches", "actions", "write"),
]
LEVELS = {"none": 0, "read": 1, "write": 2}


class PermittedApi(GitHubApi):
    """`dispatched` are the workflows that somebody started, with their inputs."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.registry: Registry | None = None
        self.tokens: dict[str, Mapping[str, str]] = {}
        self.refused: list[str] = []
        self.dispatched: list[tuple[str, dict[str, str]]] = []
        self._may: Mapping[str, str] = {}
        dispatch = re.compile(rf"{REPO}/actions/workflows/(\w+)\.yml/dispatches")
        self.routes.append(("POST", dispatch, self.dispatch))
        world.settings["workflow_token"] = True

    def token(self, permissions: Mapping[str, str]) -> str:
        """A new token that may do just this."""
        token = f"tok-of-a-job-{len(self.tokens)}"
        self.tokens[token] = {"metadata": "read", **permissions}
        return token

    def allowed(self, headers: Any) -> bool:
        _, _, token = str(headers.get("Authorization")).partition(" ")
        self._may = self.tokens.get(token, {})
        return token in self.tokens

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        rest = path.removeprefix(REPO)
        for verb, pattern, what, level in NEEDED if rest != path else ():
            if verb == method and re.fullmatch(pattern, rest):
                if LEVELS[self._may.get(what, "none")] >= LEVELS[level]:
                    return super().answer(method, path, query, body)
                self.refused.append(f"{method} {rest}: {what} {level}")
        return 403, {"message": "Resource not accessible by integration"}

    def merge(self, number: str, query: Any, body: Any) -> Answer:
        status, told = super().merge(number, query, body)
        if status == 200 and self.registry:
            told["sha"] = self.registry.merge(int(number))
        return status, told

    def open(self, query: Any, body: Any) -> Answer:
        status, told = super().open(query, body)
        if status == 201 and self.registry:
            proposal = self.world.proposals[told["number"]]
            proposal.head = self.registry.opened(proposal.number, proposal.branch)
            proposal.author = "github-actions[bot]"
            told = self._pull(proposal)
        return status, told

    def contents(self, path: str, query: Any, body: Any) -> Answer:
        assert self.registry
        sha = git("rev-parse", f"{query['ref']}:{path}", at=self.registry.remote).strip()
        return 200, {"type": "file", "path": path, "sha": sha, "url": f"{self._url}/contents"}

    def dispatch(self, name: str, query: Any, body: Any) -> Answer:
        assert body["ref"] == "main"
        self.dispatched.append((name, body.get("inputs", {})))
        return 204, None
