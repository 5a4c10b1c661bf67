"""A proxy between the command and the real OpenStack: it notes every write, and spoils some.

Only Keystone's address is given to the command; the catalog in each token is rewritten so that
Heat is found here as well.
"""

import json
import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

_OF_THE_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Call:
    """One request in the words of a story: `create`, `update`, `listing` ... and of which stack."""

    verb: str
    stack: str = ""

    @property
    def writes(self) -> bool:
        """Whether it changes a stack."""
        return self.verb in ("create", "update", "tag", "suspend", "resume", "delete")

    def __str__(self) -> str:
        return f"{self.verb} {self.stack}".rstrip()


@dataclass(frozen=True, slots=True)
class Reached:
    """A write that reached Heat, the address it was for, and what Heat answered."""

    call: Call
    path: str
    status: int


class Exchange:
    """One request on its way; whoever spoils it may forward, answer or break the connection."""

    def __init__(self, proxy: "Proxy", call: Call, handler: "_Handler", sent: bytes) -> None:
        self.call = call
        self._proxy = proxy
        self._handler = handler
        self._sent = sent

    def forward(self) -> Reply:
        """Let OpenStack do it; its answer."""
        return self._proxy.forward(self.call, self._handler, self._sent)

    def answer(self, reply: Reply) -> None:
        """Give this answer to the command; one that is not there any more does not hear it."""
        with suppress(ConnectionError):
            self._handler.give(reply)

    def hold(self, seconds: float) -> None:
        """Let time pass, until the proxy ends at the latest."""
        self._proxy.ending.wait(seconds)

    def reset(self) -> None:
        """Break the connection without an answer."""
        self._handler.reset()


Spoil = Callable[[Exchange], None]
Plot = Callable[[Call], Spoil | None]


class Proxy(ThreadingHTTPServer):
    """`plot` says how a request is spoiled, None lets it pass; `reached` are the writes so far.

    `ending` is set when the proxy stops: a reply that is held back until then is let go.
    """

    daemon_threads = True

    def __init__(self, keystone: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.plot: Plot = lambda call: None
        self.reached: list[Reached] = []
        self.calls: list[Call] = []
        self.ending = Event()
        self.lock = Lock()
        self._upstreams = {"v3": keystone}

    def accepted(self) -> list[str]:
        """The writes that Heat accepted, sorted."""
        return sorted(str(one.call) for one in self.reached if one.status < 300)

    def forward(self, call: Call, handler: "_Handler", sent: bytes) -> Reply:
        """Ask the real OpenStack."""
        upstream = self._upstreams[handler.path.split("/")[1]]
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in _OF_THE_HOP}
        connection = HTTPConnection(urlsplit(upstream).netloc, timeout=60)
        try:
            connection.request(handler.command, handler.path, sent or None, headers)
            answer = connection.getresponse()
            kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in _OF_THE_HOP]
            reply = Reply(answer.status, tuple(kept), answer.read())
        finally:
            connection.close()
        if call.writes:
            with self.lock:
                self.reached.append(Reached(call, handler.path, reply.status))
        return self._with_our_catalog(reply) if call.verb == "login" else reply

    def _with_our_catalog(self, reply: Reply) -> Reply:
        body = json.loads(reply.body)
        for service in body.get("token", {}).get("catalog", ()):
            if service["type"] == "orchestration":
                for endpoint in service["endpoints"]:
                    parts = urlsplit(endpoint["url"])
                    self._upstreams["v1"] = f"{parts.scheme}://{parts.netloc}"
                    endpoint["url"] = f"{self.url}{parts.path}"
        return replace(reply, body=json.dumps(body).encode())

    def handle_error(self, request: object, client_address: object) -> None:
        """A command that was killed leaves broken connections behind."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Proxy

    def _pass(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = called(self.command, urlsplit(self.path).path, sent)
        with self.server.lock:
            self.server.calls.append(call)
            spoil = self.server.plot(call)
        exchange = Exchange(self.server, call, self, sent)
        if spoil is None:
            exchange.answer(exchange.forward())
        else:
            spoil(exchange)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass  # noqa: N815

    def give(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def called(method: str, path: str, sent: bytes) -> Call:
    """What a request means."""
    body: Any = json.loads(sent) if sent else {}
    match method, path.strip("/").split("/")[1:]:
        case "POST", ["auth", "tokens"]:
            return Call("login")
        case "GET", [_, "stacks"]:
            return Call("listing")
        case "POST", [_, "stacks"]:
            return Call("create", body["stack_name"])
        case "POST", [_, "stacks", "preview"]:
            return Call("check")
        case "POST", [_, "stacks", name, _, "actions"]:
            return Call(next(iter(body)), name)
        case ("PUT" | "PATCH" | "DELETE") as verb, [_, "stacks", name, _]:
            return Call({"PUT": "update", "PATCH": "tag", "DELETE": "delete"}[verb], name)
        case "GET", [_, "stacks", name]:
            return Call("find", name)
        case "GET", [_, "stacks", name, _]:
            return Call("look", name)
        case "GET", [_, "stacks", name, _, part, *_]:
            return Call(part, name)
        case _:
            return Call(f"{method} {path}")


@contextmanager
def proxying(clouds_yaml: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the cloud of this clouds.yaml, and the text of one that leads through it."""
    found = re.search(r"auth_url: (\S+)", clouds_yaml)
    assert found
    keystone = urlsplit(found[1])
    with Proxy(f"{keystone.scheme}://{keystone.netloc}") as proxy:
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield proxy, clouds_yaml.replace(f"{keystone.scheme}://{keystone.netloc}", proxy.url)
        finally:
            proxy.ending.set()
            proxy.shutdown()
            thread.join()
