"""A small Keystone and Heat on loopback that answer what a test scripts, faults included."""

import json
import socket
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

PROJECTS = {"p-a": "lecturer-a", "p-b": "lecturer-b"}


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; text is sent as it is, anything else as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Reset(Answer):
    """Read the request, then break the connection."""


def heat_error(status: int, type_: str, message: str) -> Answer:
    """An error as Heat words it."""
    body = {"code": status, "error": {"type": type_, "message": message, "traceback": None}}
    return Answer(status, body, {"x-openstack-request-id": "req-of-heat"})


class FakeOpenStack(ThreadingHTTPServer):
    """`script` holds answers by (method, path), used up in order; then the usual answer.

    `roles` are those in each token, `rescoping` whether a token may be exchanged for another,
    `stacks` the rows of each project, `services` the paths of other services than Heat by type.
    `seen` are the requests as (method, path), `bodies` what they held.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
        self.seen: list[tuple[str, str]] = []
        self.bodies: list[Any] = []
        self.headers_seen: list[Mapping[str, str]] = []
        self.logins: list[str] = []
        self.roles = ["member", "reader"]
        self.rescoping = True
        self.services: dict[str, str] = {}
        self.stacks: dict[str, list[dict[str, Any]]] = {"p-a": [], "p-b": []}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def add(self, project: str, names: Iterable[str]) -> None:
        """More rows, as a listing shows them."""
        rows = self.stacks[project]
        rows += [self.row(project, name, f"id-{len(rows) + n}") for n, name in enumerate(names)]

    def row(self, project: str, name: str, stack_id: str) -> dict[str, Any]:
        """One row of a listing."""
        href = f"{self.url}/v1/{project}/stacks/{name}/{stack_id}"
        return {
            "id": stack_id,
            "stack_name": name,
            "stack_status": "CREATE_COMPLETE",
            "stack_status_reason": "Stack CREATE completed successfully",
            "creation_time": "2026-10-01T08:00:00Z",
            "updated_time": None,
            "tags": None,
            "links": [{"rel": "self", "href": href}],
        }

    def usual(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        """What a healthy cloud says."""
        match method, path.strip("/").split("/"):
            case "POST", ["v3", "auth", "tokens"]:
                return self._token(body["auth"])
            case "GET", ["v3", "auth", "projects"]:
                rows = [{"id": i, "name": n, "enabled": True} for i, n in PROJECTS.items()]
                return Answer(body={"projects": rows})
            case "GET", ["v1", project, "stacks"]:
                rows = self.stacks[project]
                marker = query.get("marker", [""])[0]
                ids = [row["id"] for row in rows]
                start = ids.index(marker) + 1 if marker in ids else 0
                page = rows[start : start + int(query["limit"][0])]
                count = {"count": len(rows)} if "with_count" in query else {}
                return Answer(body={"stacks": page, **count})
            case "POST", ["v1", _, "stacks"]:
                return Answer(201, {"stack": {"id": "new", "links": []}})
            case "POST", [*_, "actions"]:
                return Answer(200)
            case "PUT" | "PATCH", _:
                return Answer(202, "")
            case "DELETE", _:
                return Answer(204, "")
            case _:
                return heat_error(404, "EntityNotFound", "could not be found.")

    def _service(self, type_: str, path: str) -> dict[str, Any]:
        endpoint = {
            "id": "e",
            "interface": "public",
            "region": "RegionOne",
            "region_id": "RegionOne",
            "url": f"{self.url}{path}",
        }
        return {"id": "s", "type": type_, "name": type_, "endpoints": [endpoint]}

    def _token(self, auth: dict[str, Any]) -> Answer:
        [method] = auth["identity"]["methods"]
        self.logins.append(method)
        if method == "token" and not self.rescoping:
            return Answer(403, {"error": {"code": 403, "message": "rescoping is off"}})
        token: dict[str, Any] = {
            "methods": [method],
            "expires_at": "2099-01-01T00:00:00.000000Z",
            "issued_at": "2026-01-01T00:00:00.000000Z",
            "user": {"id": "u", "name": "appstore", "domain": {"id": "default", "name": "D"}},
        }
        scope = auth.get("scope")
        if isinstance(scope, dict):
            project = scope["project"]["id"]
            token["project"] = {
                "id": project,
                "name": PROJECTS[project],
                "domain": {"id": "default", "name": "D"},
            }
            token["roles"] = [{"id": role, "name": role} for role in self.roles]
            services = {"orchestration": f"/v1/{project}", **self.services}
            token["catalog"] = [self._service(type_, path) for type_, path in services.items()]
        return Answer(201, {"token": token}, {"X-Subject-Token": f"token-{len(self.logins)}"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FakeOpenStack

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        parts = urlsplit(self.path)
        self.server.seen.append((self.command, parts.path))
        self.server.headers_seen.append(dict(self.headers.items()))
        self.server.bodies.append(json.loads(sent or b"null"))
        scripted = self.server.script[self.command, parts.path]
        if scripted:
            answer = scripted.pop(0)
        else:
            answer = self.server.usual(
                self.command, parts.path, parse_qs(parts.query), self.server.bodies[-1]
            )
        if isinstance(answer, Reset):
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            return
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        headers = {"Content-Type": "application/json", **answer.headers}
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        if answer.status != 204:
            self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def serving() -> Iterator[FakeOpenStack]:
    """A running server."""
    with FakeOpenStack() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
