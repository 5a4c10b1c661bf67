"""What can go wrong between the command and Heat, one function for each."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flow_proxy import Call, Exchange, Plot, Reply, Spoil

HTML = Reply(200, (("Content-Type", "text/html"),), b"<html><title>Sign in</title></html>")


def instead(status: int, *headers: tuple[str, str]) -> Spoil:
    """Heat never hears of it; this status is answered in its place."""

    def spoil(exchange: Exchange) -> None:
        exchange.answer(Reply(status, headers, b"<html>no</html>"))

    return spoil


def login_page(exchange: Exchange) -> None:
    """Heat never hears of it; a page for people is answered with 200."""
    exchange.answer(HTML)


def lost(exchange: Exchange) -> None:
    """Heat acts, and the connection breaks before the answer."""
    exchange.forward()
    exchange.reset()


def gateway_lost(exchange: Exchange) -> None:
    """Heat acts, and a gateway gives up waiting for it."""
    exchange.forward()
    exchange.answer(Reply(504, (), b"<html>"))


def cut(exchange: Exchange) -> None:
    """Heat acts, and half of its answer arrives."""
    reply = exchange.forward()
    body = reply.body or b'{"stack": {"id": "4f2a'
    exchange.answer(replace(reply, status=200, body=body[: len(body) // 2]))


def late(seconds: float) -> Spoil:
    """Heat acts, and its answer takes this long."""

    def spoil(exchange: Exchange) -> None:
        reply = exchange.forward()
        exchange.hold(seconds)
        exchange.answer(reply)

    return spoil


def hanging(exchange: Exchange) -> None:
    """Heat never hears of it, and there is no answer."""
    exchange.hold(600)
    exchange.reset()


def ending_early(exchange: Exchange) -> None:
    """A listing whose rows end before its count is reached."""
    _rewritten(exchange, lambda body: {**body, "stacks": body["stacks"][:-1]}, {"stacks": []})


def without_count(exchange: Exchange) -> None:
    """A listing that proves nothing, since it does not say how many stacks there are."""
    _rewritten(exchange, lambda body: {"stacks": []}, {"stacks": []})


class Repeating:
    """A listing whose first page comes again whatever is asked for."""

    def __init__(self) -> None:
        self._first: Reply | None = None

    def __call__(self, exchange: Exchange) -> None:
        if self._first is None:
            reply = exchange.forward()
            body = json.loads(reply.body)
            more = json.dumps({**body, "count": len(body["stacks"]) + 500}).encode()
            self._first = replace(reply, body=more)
        exchange.answer(self._first)


# Any: an answer of Heat.
def _rewritten(
    exchange: Exchange, change: Callable[[dict[str, Any]], dict[str, Any]], empty: object
) -> None:
    reply = exchange.forward()
    body = json.loads(reply.body)
    if body["stacks"]:
        exchange.answer(replace(reply, body=json.dumps(change(body)).encode()))
    else:
        exchange.answer(reply)


def once_each(spoils: dict[str, Spoil]) -> Plot:
    """The first time that each write is sent it meets the fault of its own stack."""
    met: set[Call] = set()

    def plot(call: Call) -> Spoil | None:
        if not call.writes or call in met:
            return None
        met.add(call)
        return spoils.get(call.stack)

    return plot


def listings(spoil: Spoil, after: Callable[[], bool] = lambda: True) -> Plot:
    """Every listing of a project that has stacks, from a moment on."""
    return lambda call: spoil if call.verb == "listing" and after() else None
