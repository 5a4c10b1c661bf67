"""The stand-in guests: something that answers where a server's floating IP says it should.

No operating system runs here and no cloud-init; the pages say so. What is real is when a guest can
be reached: its server must be ACTIVE, have a floating IP, and its security groups must allow it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .doors import Doors
from .reach import Guest, Reach
from .seed import cloud

POLL_SECONDS = 2.5

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Guests:
    """Opens and closes the guests' doors as the cloud changes."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.doors = Doors()
        self.trouble = "has not looked yet"

    def run(self) -> None:
        """Follow the cloud for ever; meant for a thread of its own."""
        asyncio.run(self._follow())

    async def _follow(self) -> None:
        while True:
            try:
                guests = await asyncio.to_thread(self.reach.guests)
                await self.doors.match(guests)
                self._tell("")
            except Exception as error:  # whatever it is, the doors stay as they are until it ends
                self._tell(f"cannot ask Nova and Neutron ({type(error).__name__})")
            await asyncio.sleep(POLL_SECONDS)

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            print(f"guests: {trouble or 'looking after the guests'}", flush=True)
        self.trouble = trouble

    def application(self, environ: dict[str, Any], respond: StartResponse) -> Iterable[bytes]:
        """The status page: which guests are reachable where, and what stays closed."""
        note = "; ".join(filter(None, (self.trouble, *self.doors.closed_because())))
        status = {"guests": [described(one) for one in self.doors.guests()], "note": note}
        headers = [("Content-Type", "application/json")]
        if note:
            headers.append(("Devcloud-Note", note.encode("ascii", "replace").decode()))
        respond("200 OK", headers)
        return [json.dumps(status, indent=1).encode()]


def described(guest: Guest) -> dict[str, Any]:
    """One guest for the status page."""
    return {"address": guest.address, "server": guest.server, "ports": sorted(guest.ports)}


def start(state: Path) -> Any:
    """The status page's application, with the guests being looked after."""
    sys.argv = ["guests"]
    guests = Guests(Reach(cloud(state)))
    threading.Thread(target=guests.run, daemon=True).start()
    return guests.application
