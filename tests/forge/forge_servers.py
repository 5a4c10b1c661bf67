"""Two local servers that speak the documented APIs of GitHub (REST 2022-11-28) and GitLab (v4).

Both show the same `World`, page after page of two, and can be told to fail. What they check and
answer is what the documentation of each API says, as far as our adapters use it.
"""

import io
import json
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "tok-4f9a-very-secret"
BOT = "registry-bot"
PAGE = 2


@dataclass
class Review:
    account: str
    head: str
    at: str = "2026-10-02T10:00:00Z"
    state: str = "APPROVED"


@dataclass
class Note:
    id: int
    account: str
    body: str


@dataclass
class Proposal:
    number: int
    author: str
    head: str
    branch: str = "topic"
    base: str = "main"
    state: str = "open"
    merged_as: str | None = None
    merged_at: str | None = None
    pushed_at: str = "2026-10-02T09:00:00Z"
    title: str = "A change"
    body: str = ""
    reviews: list[Review] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass
class Run:
    """A run of CI with the plan that it kept; one that is not trusted is the author's own."""

    id: int
    request: int
    head: str
    plan: bytes
    trusted: bool = True
    event: str = "pull_request_target"
    path: str = ".github/workflows/plan.yml"
    base_commit: str = "b" * 40
    job: str = "plan"


@dataclass
class Fault:
    """What the next request gets instead of an answer; `reset` cuts the line."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"message": "no"}'
    reset: bool = False


@dataclass
class World:
    proposals: dict[int, Proposal] = field(default_factory=dict)
    commits: dict[str, list[int]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    default: str = "main"
    workflows: dict[str, str] = field(default_factory=lambda: {"main": "w1", "b" * 40: "w1"})
    settings: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Requests to the store of artifacts that carried a token."""


Answer = tuple[int, Any]


class Api:
    """Routes of one forge; a route's method gets what its pattern matched, query and body."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.root = ""
        self.routes: list[tuple[str, re.Pattern[str], Any]] = []

    def allowed(self, headers: Any) -> bool:
        return headers.get("Authorization") in (f"token {TOKEN}", f"Bearer {TOKEN}")

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        for verb, pattern, route in self.routes:
            if verb == method and (found := pattern.fullmatch(path)):
                answer: Answer = route(*found.groups(), query, body)
                return answer
        return 404, {"message": "Not Found"}

    def _proposal(self, number: str) -> Proposal:
        return self.world.proposals[int(number)]


class GitHubApi(Api):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        repo = "/repos/uni/registry"
        self.routes = [
            (verb, re.compile(pattern), route)
            for verb, pattern, route in (
                ("GET", "/user", self.user),
                ("GET", repo, self.repository),
                ("GET", rf"{repo}/pulls", self.pulls),
                ("POST", rf"{repo}/pulls", self.open),
                ("GET", rf"{repo}/pulls/(\d+)", self.pull),
                ("GET", rf"{repo}/pulls/(\d+)/reviews", self.reviews),
                ("PUT", rf"{repo}/pulls/(\d+)/merge", self.merge),
                ("GET", rf"{repo}/issues/(\d+)", self.issue),
                ("GET", rf"{repo}/issues/(\d+)/comments", self.comments),
                ("POST", rf"{repo}/issues/(\d+)/comments", self.comment),
                ("PATCH", rf"{repo}/issues/comments/(\d+)", self.edit),
                ("GET", rf"{repo}/commits/(\w+)", self.commit),
                ("GET", rf"{repo}/commits/(\w+)/pulls", self.pulls_of),
                ("POST", rf"{repo}/statuses/(\w+)", self.status),
                ("GET", rf"{repo}/actions/artifacts", self.artifacts),
                ("GET", rf"{repo}/actions/artifacts/(\d+)/zip", self.archive),
                ("GET", rf"{repo}/actions/runs/(\d+)", self.run),
                ("GET", rf"{repo}/contents/(.+)", self.contents),
                ("GET", rf"{repo}/branches/(\w+)", self.branch),
                ("GET", rf"{repo}/actions/permissions/workflow", self.permissions),
            )
        ]

    @property
    def _url(self) -> str:
        return f"{self.root}/repos/uni/registry"

    def user(self, query: Any, body: Any) -> Answer:
        if self.world.settings.get("workflow_token"):
            return 403, {"message": "Resource not accessible by integration"}
        return 200, {"login": BOT, "id": 1, "url": f"{self.root}/user"}

    def repository(self, query: Any, body: Any) -> Answer:
        merges = self.world.settings.get("merge_commits", True)
        return 200, {
            "full_name": "uni/registry",
            "url": self._url,
            "default_branch": self.world.default,
            "allow_merge_commit": merges,
            "allow_squash_merge": True,
        }

    def _pull(self, one: Proposal) -> dict[str, Any]:
        return {
            "number": one.number,
            "url": f"{self._url}/pulls/{one.number}",
            "issue_url": f"{self._url}/issues/{one.number}",
            "html_url": f"https://forge.example/uni/registry/pull/{one.number}",
            "state": "open" if one.state == "open" else "closed",
            "title": one.title,
            "body": one.body,
            "user": {"login": one.author},
            "base": {"ref": one.base, "sha": "b" * 40},
            "head": {"ref": one.branch, "sha": one.head},
            "merged_at": one.merged_at,
            # an open one shows the commit of a test merge here
            "merge_commit_sha": one.merged_as or "e" * 40,
        }

    def pull(self, number: str, query: Any, body: Any) -> Answer:
        if int(number) not in self.world.proposals:
            return 404, {"message": "Not Found", "documentation_url": "https://docs.example"}
        return 200, self._pull(self._proposal(number))

    def pulls(self, query: Any, body: Any) -> Answer:
        owner, _, branch = query.get("head", "uni:").partition(":")
        assert owner == "uni"
        found = [p for p in self.world.proposals.values() if p.state == "open"]
        return 200, [self._pull(p) for p in found if branch in ("", p.branch)]

    def open(self, query: Any, body: Any) -> Answer:
        if any(
            p.branch == body["head"] and p.state == "open" for p in self.world.proposals.values()
        ):
            said = f"A pull request already exists for uni:{body['head']}."
            return 422, {
                "message": "Validation Failed",
                "errors": [{"resource": "PullRequest", "code": "custom", "message": said}],
            }
        number = max(self.world.proposals, default=0) + 1
        made = Proposal(number, BOT, "c" * 40, body["head"], body["base"], title=body["title"])
        made.body = body["body"]
        self.world.proposals[number] = made
        return 201, self._pull(made)

    def reviews(self, number: str, query: Any, body: Any) -> Answer:
        return 200, [
            {
                "id": at,
                "user": {"login": r.account} if r.account else None,
                "state": r.state,
                "commit_id": r.head,
                "submitted_at": r.at,
            }
            for at, r in enumerate(self._proposal(number).reviews)
        ]

    def merge(self, number: str, query: Any, body: Any) -> Answer:
        one = self._proposal(number)
        if body["sha"] != one.head:
            return 409, {"message": "Head branch was modified. Review and try the merge again."}
        if one.state != "open" or self.world.settings.get("conflict"):
            return 405, {"message": "Pull Request is not mergeable"}
        one.state, one.merged_as, one.merged_at = "merged", "d" * 40, "2026-10-02T12:00:00Z"
        self.world.settings["merged_by"] = body["merge_method"]
        return 200, {"sha": one.merged_as, "merged": True, "message": "Pull Request merged"}

    def issue(self, number: str, query: Any, body: Any) -> Answer:
        return 200, {"number": int(number), "url": f"{self._url}/issues/{number}"}

    def _comment(self, note: Note) -> dict[str, Any]:
        url = f"{self._url}/issues/comments/{note.id}"
        return {"id": note.id, "url": url, "body": note.body, "user": {"login": note.account}}

    def comments(self, number: str, query: Any, body: Any) -> Answer:
        return 200, [self._comment(note) for note in self._proposal(number).notes]

    def comment(self, number: str, query: Any, body: Any) -> Answer:
        if len(body["body"]) > 65536:
            return 422, {"message": "Validation Failed", "errors": [{"message": "body too long"}]}
        notes = self._proposal(number).notes
        own = "github-actions[bot]" if self.world.settings.get("workflow_token") else BOT
        notes.append(Note(len(notes) + 100 * int(number), own, body["body"]))
        return 201, self._comment(notes[-1])

    def edit(self, id_: str, query: Any, body: Any) -> Answer:
        note = next(n for p in self.world.proposals.values() for n in p.notes if n.id == int(id_))
        note.body = body["body"]
        return 200, self._comment(note)

    def commit(self, sha: str, query: Any, body: Any) -> Answer:
        return 200, {"sha": sha, "url": f"{self._url}/commits/{sha}"}

    def pulls_of(self, sha: str, query: Any, body: Any) -> Answer:
        numbers = self.world.commits.get(sha, [])
        return 200, [self._pull(self.world.proposals[number]) for number in numbers]

    def status(self, sha: str, query: Any, body: Any) -> Answer:
        self.world.statuses.append({"commit": sha, **body})
        return 201, {"id": 1, "state": body["state"], "context": body["context"]}

    def artifacts(self, query: Any, body: Any) -> Answer:
        listed = [
            {
                "id": run.id * 10,
                "name": f"plan-{run.head}",
                "size_in_bytes": len(packed(run.plan)),
                "expired": False,
                "archive_download_url": f"{self._url}/actions/artifacts/{run.id}/zip",
                "workflow_run": {"id": run.id, "head_sha": run.base_commit},
            }
            for run in self.world.runs
        ]
        found = [each for each in listed if each["name"] == query.get("name", each["name"])]
        return 200, {"total_count": len(found), "artifacts": found}

    def archive(self, id_: str, query: Any, body: Any) -> Answer:
        return 302, f"{self.root}/store/{id_}"

    def run(self, id_: str, query: Any, body: Any) -> Answer:
        run = next(run for run in self.world.runs if run.id == int(id_))
        return 200, {
            "id": run.id,
            "url": f"{self._url}/actions/runs/{id_}",
            "event": run.event if run.trusted else "pull_request",
            "path": run.path,
            "head_sha": run.base_commit,
        }

    def contents(self, path: str, query: Any, body: Any) -> Answer:
        sha = self.world.workflows.get(query["ref"])
        if sha is None:
            return 404, {"message": "Not Found"}
        return 200, {"type": "file", "path": path, "sha": sha, "url": f"{self._url}/contents"}

    def branch(self, name: str, query: Any, body: Any) -> Answer:
        return 200, {"name": name, "protected": self.world.settings.get("protected", False)}

    def permissions(self, query: Any, body: Any) -> Answer:
        if "workflow_permissions" not in self.world.settings:
            return 403, {"message": "Must have admin rights to Repository."}
        return 200, {"default_workflow_permissions": self.world.settings["workflow_permissions"]}


class GitLabApi(Api):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        top, mrs = "/api/v4/projects/7", "/api/v4/projects/7/merge_requests"
        self.routes = [
            (verb, re.compile(pattern), route)
            for verb, pattern, route in (
                ("GET", "/api/v4/user", self.user),
                ("GET", top, self.project),
                ("GET", mrs, self.requests),
                ("POST", mrs, self.open),
                ("GET", rf"{mrs}/(\d+)", self.request),
                ("GET", rf"{mrs}/(\d+)/approvals", self.approvals),
                ("GET", rf"{mrs}/(\d+)/versions", self.versions),
                ("GET", rf"{mrs}/(\d+)/notes", self.notes),
                ("POST", rf"{mrs}/(\d+)/notes", self.note),
                ("PUT", rf"{mrs}/(\d+)/notes/(\d+)", self.edit),
                ("PUT", rf"{mrs}/(\d+)/merge", self.merge),
                ("GET", rf"{top}/repository/commits/(\w+)/merge_requests", self.requests_of),
                ("POST", rf"{top}/statuses/(\w+)", self.status),
                ("GET", rf"{top}/pipelines/(\d+)/jobs", self.jobs),
                ("GET", rf"{top}/jobs/(\d+)/artifacts/plan\.json", self.artifact),
                ("GET", rf"{top}/protected_branches/(\w+)", self.protected),
                ("GET", rf"{top}/variables", self.variables),
            )
        ]

    def user(self, query: Any, body: Any) -> Answer:
        return 200, {"id": 1, "username": BOT}

    def project(self, query: Any, body: Any) -> Answer:
        config = self.world.settings.get("ci_config_path", ".gitlab-ci.yml@uni/ci")
        role = self.world.settings.get("variables", "developer")
        return 200, {
            "id": 7,
            "default_branch": self.world.default,
            "ci_config_path": config,
            "ci_pipeline_variables_minimum_override_role": role,
        }

    def _request(self, one: Proposal) -> dict[str, Any]:
        pipeline = next((r for r in reversed(self.world.runs) if r.request == one.number), None)
        return {
            "iid": one.number,
            "state": {"open": "opened"}.get(one.state, one.state),
            "title": one.title,
            "description": one.body,
            "author": {"username": one.author},
            "source_branch": one.branch,
            "target_branch": one.base,
            "sha": one.head,
            "merge_commit_sha": one.merged_as,
            "squash_commit_sha": None,
            "merged_at": one.merged_at,
            "web_url": f"https://forge.example/uni/registry/-/merge_requests/{one.number}",
            "head_pipeline": pipeline
            and {
                "id": pipeline.id,
                "sha": pipeline.head,
                "ref": f"refs/merge-requests/{one.number}/head",
                "source": "merge_request_event" if pipeline.trusted else "push",
            },
        }

    def request(self, number: str, query: Any, body: Any) -> Answer:
        if int(number) not in self.world.proposals:
            return 404, {"message": "404 Not found"}
        return 200, self._request(self._proposal(number))

    def requests(self, query: Any, body: Any) -> Answer:
        found = (p for p in self.world.proposals.values() if p.state == "open")
        return 200, [self._request(p) for p in found if p.branch == query["source_branch"]]

    def open(self, query: Any, body: Any) -> Answer:
        for one in self.world.proposals.values():
            if one.branch == body["source_branch"] and one.state == "open":
                said = "Another open merge request already exists for this source branch"
                return 409, {"message": [f"{said}: !{one.number}"]}
        number = max(self.world.proposals, default=0) + 1
        made = Proposal(number, BOT, "c" * 40, body["source_branch"], body["target_branch"])
        made.title, made.body = body["title"], body["description"]
        self.world.proposals[number] = made
        return 201, self._request(made)

    def _given(self, number: str) -> list[Review]:
        """A push takes no approval back on the free tier; a person takes it back by hand."""
        last = {review.account: review for review in self._proposal(number).reviews}
        return [review for review in last.values() if review.state == "APPROVED" and review.account]

    def approvals(self, number: str, query: Any, body: Any) -> Answer:
        old = self.world.settings.get("older")
        given = [
            {"user": {"username": r.account}} | ({} if old else {"approved_at": r.at})
            for r in self._given(number)
        ]
        return 200, {"user_has_approved": False, "approved": bool(given), "approved_by": given}

    def versions(self, number: str, query: Any, body: Any) -> Answer:
        one = self._proposal(number)
        head = self.world.settings.get("version_head", one.head)
        return 200, [
            {"id": 110, "head_commit_sha": head, "created_at": one.pushed_at},
            {"id": 109, "head_commit_sha": "9" * 40, "created_at": "2026-09-01T09:00:00Z"},
        ]

    def notes(self, number: str, query: Any, body: Any) -> Answer:
        one = self._proposal(number)
        written = [self._note(note) for note in one.notes]
        system = [
            {
                "id": at,
                "body": "approved this merge request",
                "author": {"username": review.account},
                "system": True,
                "created_at": review.at,
            }
            for at, review in enumerate(self._given(number))
        ]
        return 200, written + system

    def _note(self, note: Note) -> dict[str, Any]:
        author = {"username": note.account}
        at = "2027-01-01T00:00:00Z"
        return {
            "id": note.id,
            "body": note.body,
            "author": author,
            "system": False,
            "created_at": at,
        }

    def note(self, number: str, query: Any, body: Any) -> Answer:
        notes = self._proposal(number).notes
        notes.append(Note(len(notes) + 100 * int(number), BOT, body["body"]))
        return 201, self._note(notes[-1])

    def edit(self, number: str, id_: str, query: Any, body: Any) -> Answer:
        note = next(note for note in self._proposal(number).notes if note.id == int(id_))
        note.body = body["body"]
        return 200, self._note(note)

    def merge(self, number: str, query: Any, body: Any) -> Answer:
        one = self._proposal(number)
        # Grape takes parameters from query and body alike
        if query["sha"] != one.head:
            return 409, {"message": "SHA does not match HEAD of source branch: " + one.head}
        if one.state != "open" or self.world.settings.get("conflict"):
            return 405, {"message": "405 Method Not Allowed"}
        one.state, one.merged_as, one.merged_at = "merged", "d" * 40, "2026-10-02T12:00:00Z"
        return 200, self._request(one)

    def requests_of(self, sha: str, query: Any, body: Any) -> Answer:
        numbers = self.world.commits.get(sha, [])
        return 200, [self._request(self.world.proposals[number]) for number in numbers]

    def status(self, sha: str, query: Any, body: Any) -> Answer:
        same = [s for s in self.world.statuses if s["context"] == body["name"]]
        if same and same[-1]["state"] == body["state"]:
            said = f"Cannot transition status via :enqueue from :{body['state']}"
            return 400, {"message": said}
        self.world.statuses.append({"commit": sha, "context": body["name"], **body})
        return 201, {"id": 1, "sha": sha, "status": body["state"], "name": body["name"]}

    def jobs(self, pipeline: str, query: Any, body: Any) -> Answer:
        run = next(run for run in self.world.runs if run.id == int(pipeline))
        others = [{"id": at, "name": "lint", "status": "success"} for at in (1, 2, 3)]
        return 200, [*others, {"id": run.id, "name": run.job, "status": "success"}]

    def artifact(self, job: str, query: Any, body: Any) -> Answer:
        return 302, f"{self.root}/store/{job}"

    def protected(self, branch: str, query: Any, body: Any) -> Answer:
        if "push_level" not in self.world.settings:
            return 404, {"message": "404 Not found"}
        level = {"access_level": self.world.settings["push_level"]}
        return 200, {"name": branch, "push_access_levels": [level]}

    def variables(self, query: Any, body: Any) -> Answer:
        listed = [{"key": f"V{n}", "value": "x", "protected": True} for n in range(3)]
        if self.world.settings.get("open_variable"):
            listed.append({"key": "OS_PASSWORD", "value": "x", "protected": False})
        return 200, listed


def packed(plan: bytes) -> bytes:
    """The archive in which GitHub hands out an artifact."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.json", plan)
    return buffer.getvalue()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement
    api: Api

    def log_message(self, *_: Any) -> None:
        pass

    def _handle(self) -> None:
        world, parts = self.api.world, urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null") if length else None
        world.asked.append(f"{self.command} {self.path}")
        if world.faults:
            self._fail(world.faults.pop(0))
        elif parts.path.startswith("/store/"):
            self._stored(int(parts.path.rpartition("/")[2]))
        elif not self.api.allowed(self.headers):
            self._send(401, {"message": "Bad credentials"})
        else:
            status, value = self.api.answer(self.command, unquote(parts.path), query, body)
            if status == 302:
                # by another name of this machine, as the store of artifacts is another server
                elsewhere = value.replace("//127.0.0.1", "//localhost")
                self._raw(302, b"", {"Location": elsewhere})
            else:
                self._send(status, *self._page(value, parts.path, query))

    do_GET = do_POST = do_PUT = do_PATCH = _handle  # noqa: N815 - names of the base class

    def _fail(self, fault: Fault) -> None:
        if fault.reset:
            linger = bytes([1, 0, 0, 0, 0, 0, 0, 0])
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True
            return
        self._raw(fault.status, fault.body.encode(), fault.headers)

    def _stored(self, id_: int) -> None:
        if any(TOKEN in value for value in self.headers.values()):
            self.api.world.strangers.append(self.path)
        run = next(run for run in self.api.world.runs if run.id == id_)
        data = packed(run.plan) if isinstance(self.api, GitHubApi) else run.plan
        self._raw(200, data, {"Content-Type": "application/octet-stream"})

    def _page(self, value: Any, path: str, query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        key = "artifacts" if isinstance(value, dict) and "artifacts" in value else None
        items = value[key] if key else value
        if not isinstance(items, list):
            return value, {}
        page = int(query.get("page", 1))
        shown = items[PAGE * (page - 1) : PAGE * page]
        headers = {"X-Page": str(page), "X-Per-Page": str(PAGE), "X-Total": str(len(items))}
        if PAGE * page < len(items):
            rest = "&".join(f"{k}={v}" for k, v in query.items() if k != "page")
            url = f"{self.api.root}{path}?{rest}&page={page + 1}"
            headers |= {"Link": f'<{url}>; rel="next"', "X-Next-Page": str(page + 1)}
        return ({**value, key: shown} if key else shown), headers

    def _send(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        kind = {"Content-Type": "application/json; charset=utf-8"}
        self._raw(status, json.dumps(value).encode(), kind | (headers or {}))

    def _raw(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(api: Api) -> Iterator[str]:
    """The server's address while the block runs."""
    handler = type("Handler", (_Handler,), {"api": api})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    api.root = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api.root
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
