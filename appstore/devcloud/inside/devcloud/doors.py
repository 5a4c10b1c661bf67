"""The open ports of the stand-in guests."""

from __future__ import annotations

import asyncio
import errno
import html
from collections.abc import Iterable

from .reach import Guest

SSH_PORT = 22
SSH_BANNER = b"SSH-2.0-devcloud_stand_in_guest\r\n"
PATIENCE_SECONDS = 10.0

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{name}</title>
<h1>{name}</h1>
<p>This is the stand-in guest of the embedded cloud at {address}, port {port}, for the server
{server}. No operating system runs here and no cloud-init: what the template would have installed
is not here.</p>
</html>
"""


class Doors:
    """Listens where guests can be reached; one server per address and port."""

    def __init__(self) -> None:
        self.open: dict[tuple[Guest, int], asyncio.Server] = {}
        self.failed: dict[tuple[str, int], int] = {}

    def guests(self) -> list[Guest]:
        """The guests that have an open door."""
        return sorted({guest for guest, _ in self.open}, key=lambda guest: guest.address)

    async def match(self, guests: Iterable[Guest]) -> None:
        """Open and close doors until they are those of the given guests."""
        wanted = {(guest, port) for guest in guests for port in guest.ports}
        for key in self.open.keys() - wanted:
            self.open.pop(key).close()
            print(f"guests: closed {key[0].address}:{key[1]} ({key[0].name})", flush=True)
        self.failed = {}
        for guest, port in sorted(wanted - self.open.keys(), key=lambda key: key[1]):
            await self._try_to_open(guest, port)

    async def _try_to_open(self, guest: Guest, port: int) -> None:
        async def visitor(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await receive(guest, port, reader, writer)

        try:
            server = await asyncio.start_server(visitor, guest.address, port)
        except OSError as error:
            self.failed[guest.address, port] = error.errno or 0
            return
        self.open[guest, port] = server
        print(f"guests: opened {guest.address}:{port} ({guest.name})", flush=True)

    def closed_because(self) -> list[str]:
        """Why doors that should be open are not, in a sentence each."""
        denied = {port for (_, port), why in self.failed.items() if why == errno.EACCES}
        other = {port for (_, port), why in self.failed.items() if why != errno.EACCES}
        sentences = []
        if denied:
            sentences.append(f"{_ports(denied)} closed: opening it needs root")
        if other:
            sentences.append(f"{_ports(other)} closed: another program has it on every address")
        return sentences


def _ports(numbers: set[int]) -> str:
    return f"port {', '.join(str(one) for one in sorted(numbers))}"


async def receive(
    guest: Guest, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one visitor: a banner where SSH would be, a page everywhere else."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if port == SSH_PORT:
                writer.write(SSH_BANNER)
                await writer.drain()
                await reader.readline()
            else:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(response(guest, port))
                await writer.drain()
    except (
        OSError,
        TimeoutError,
        asyncio.IncompleteReadError,
        asyncio.LimitOverrunError,
        ValueError,
    ):
        pass
    finally:
        writer.close()


def response(guest: Guest, port: int) -> bytes:
    """The page as an HTTP response."""
    page = PAGE.format(
        name=html.escape(guest.name),
        address=guest.address,
        port=port,
        server=html.escape(guest.server),
    ).encode()
    head = f"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
    return head.encode() + page
