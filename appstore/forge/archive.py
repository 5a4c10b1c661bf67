"""One file out of an archive that anybody may have made; nothing is unpacked onto the disk."""

import io
import zipfile
import zlib
from collections.abc import Iterable

from appstore.reconcile.reviewed import LARGEST

PLAN = "plan.json"
LARGEST_ARCHIVE = 8 * 1024 * 1024
"""Bytes; the JSON of a plan packs to less than a tenth."""

_PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, ValueError, OSError, EOFError)
"""What `zipfile` raises for archives that are damaged, encrypted, or lack the file."""


def gathered(chunks: Iterable[bytes], limit: int) -> bytes | None:
    """The bytes of a download; None as soon as there are more than `limit`."""
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > limit:
            return None
    return bytes(data)


def plan_in(archive: bytes) -> bytes | None:
    """The file `plan.json` of a ZIP archive; None where there is none that could be a plan.

    One byte more than a plan may have is returned at most, so that the reader refuses it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            if opened.getinfo(PLAN).compress_type not in _PACKED_AS:
                return None
            with opened.open(PLAN) as file:
                return file.read(LARGEST + 1)
    except _BROKEN:
        return None
