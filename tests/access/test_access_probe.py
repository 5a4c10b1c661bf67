"""Probes of pages and SSH banners, against real sockets on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from appstore.access.probe import Answers, Silent, probe


@contextmanager
def serving(reply: bytes) -> Iterator[int]:
    """A server that answers one connection with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(reply)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join(5)


def test_a_page_answers_with_its_heading() -> None:
    body = b"<!doctype html><h1>web201--lab--s01</h1>"
    head = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with serving(head + body) as port:
        assert probe(f"http://127.0.0.1:{port}/") == Answers("web201--lab--s01")


@pytest.mark.parametrize("form", ["ssh linux@127.0.0.1 -p {}", "ssh://127.0.0.1:{}"])
def test_ssh_answers_with_its_banner(form: str) -> None:
    with serving(b"SSH-2.0-guest\r\n") as port:
        assert probe(form.format(port)) == Answers("SSH-2.0-guest")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "http:///nowhere",
        "file:///etc/passwd",
        "ssh -oProxyCommand=id host",
        "ssh 127.0.0.1 -p 99999",
        "",
    ],
)
def test_what_does_not_answer_says_why(address: str) -> None:
    silent = probe(address)
    assert isinstance(silent, Silent)
    assert silent.why
