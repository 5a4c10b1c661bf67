"""One id for this run: in our log, in every error, and in OpenStack's logs as global request id.

Heat accepts a foreign request id only in the form `req-<uuid>` (README of appstore, fact 6.3).
"""

import os

_raw = bytearray(os.urandom(16))
_raw[6] = _raw[6] & 0x0F | 0x40  # RFC 9562 version 4; the uuid module costs 5 ms at every start
_raw[8] = _raw[8] & 0x3F | 0x80
_hex = _raw.hex()

RUN_ID = f"req-{_hex[:8]}-{_hex[8:12]}-{_hex[12:16]}-{_hex[16:20]}-{_hex[20:]}"
