"""Whether a way into an instance answers, asked the way a student would."""

import re
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 3.0
_HEADING = re.compile(rb"<(title|h1)[^>]*>([^<]{1,200})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answers:
    """It answered; `said` is the page's heading or the server's first line."""

    said: str


@dataclass(frozen=True, slots=True)
class Silent:
    """It did not answer in time, and why."""

    why: str


def probe(address: str) -> Answers | Silent:
    """Ask an address as Heat's outputs hold it: `http://...`, or `ssh user@host [-p port]`.

    Sends no credential; waits a few seconds at most for each step.
    """
    try:
        if address.startswith(("http://", "https://")):
            return Answers(_page(address))
        if address.startswith(("ssh ", "ssh://")):
            return Answers(_banner(address))
    except (OSError, ValueError) as error:
        return Silent(str(getattr(error, "reason", error)) or type(error).__name__)
    return Silent("this kind of address cannot be tried")


def _page(address: str) -> str:
    if not urlsplit(address).hostname:
        raise ValueError("the address names no host")
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        heading = _HEADING.search(answer.read(65_536))
    return heading[2].decode("utf-8", "replace").strip() if heading else "a page"


def _banner(address: str) -> str:
    found = re.fullmatch(r"ssh(?:://| )(?:[\w.-]+@)?([\w.-]+)(?:(?::| -p )(\d{1,5}))?/?", address)
    if not found:
        raise ValueError("the address is not an SSH address")
    with socket.create_connection((found[1], int(found[2] or 22)), timeout=SECONDS) as connection:
        connection.settimeout(SECONDS)
        first, _, _ = connection.recv(255).partition(b"\n")
    return first.decode("ascii", "replace").strip() or "no banner"
