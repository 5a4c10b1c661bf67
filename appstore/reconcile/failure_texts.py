"""What is done to a failure text of OpenStack before anybody sees it: its id, secrets, length."""

import re
from collections.abc import Iterable

_LONGEST = 256
_TOKEN = re.compile(r"gAAAA[\w-]{20,}={0,2}")
_SHORT = 4


def request_id(text: str) -> str:
    """The id under which OpenStack's logs hold the failed call, or nothing."""
    match = re.search(r"req-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)
    return match[0] if match else ""


def shortened(text: str) -> str:
    """One line of at most 256 characters; only for a text `without_secrets`, since a part of a
    value that is cut through would no longer be found."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret value and every Keystone token taken out.

    Values under four characters are left: they are no secret, and hiding them garbles the text.
    """
    for secret in sorted({s for s in secrets if len(s) >= _SHORT}, key=len, reverse=True):
        for written in (secret, repr(secret)[1:-1]):
            text = text.replace(written, "(secret)")
    return _TOKEN.sub("(token)", text)
