"""GitLab's API with its roles: what the token of a job's environment may not do is refused.

Source: GitLab's "Roles and permissions"; a token reads with `read_api` and writes with `api`.
"""

import re
from typing import Any

from forge_servers import Answer, GitLabApi, World
from pipelines_registry import Registry

PROJECT = "/api/v4/projects/7"
TOKENS = {
    "appstore/review": "tok-review",
    "appstore/note": "tok-note",
    "appstore/merge": "tok-merge",
    "appstore/apply/*": "tok-apply",
    "appstore/record": "tok-record",
    "appstore/propose": "tok-propose",
}
MAY = [
    ("GET", r"/api/v4/.*", set(TOKENS.values())),
    ("POST", rf"{PROJECT}/statuses/\w+", {"tok-review", "tok-note"}),
    ("POST", rf"{PROJECT}/merge_requests/\d+/notes", {"tok-note"}),
    ("PUT", rf"{PROJECT}/merge_requests/\d+/notes/\d+", {"tok-note"}),
    ("PUT", rf"{PROJECT}/merge_requests/\d+/merge", {"tok-merge"}),
    ("POST", rf"{PROJECT}/merge_requests", {"tok-propose"}),
]


class RoledApi(GitLabApi):
    """`refused` is what a token had no role for."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.registry: Registry | None = None
        self.refused: list[str] = []
        self._token = ""

    def allowed(self, headers: Any) -> bool:
        _, _, self._token = str(headers.get("Authorization")).partition(" ")
        return self._token in TOKENS.values()

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        for verb, pattern, tokens in MAY:
            if self._token in tokens and verb == method and re.fullmatch(pattern, path):
                return super().answer(method, path, query, body)
        self.refused.append(f"{self._token}: {method} {path}")
        return 403, {"message": "403 Forbidden"}

    def merge(self, number: str, query: Any, body: Any) -> Answer:
        status, told = super().merge(number, query, body)
        if status == 200 and self.registry:
            self.registry.merge(int(number))
            told = self._request(self.registry.world.proposals[int(number)])
        return status, told

    def open(self, query: Any, body: Any) -> Answer:
        status, told = super().open(query, body)
        if status == 201 and self.registry:
            proposal = self.world.proposals[told["iid"]]
            proposal.head = self.registry.opened(proposal.number, proposal.branch)
            told = self._request(proposal)
        return status, told
