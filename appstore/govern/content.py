"""What an approval covers: every file of a version's folder but the approval itself."""

import base64
import hashlib
from collections.abc import Mapping

from appstore.wanted.digest import canonical

CONTENT_FORMAT = "1"
APPROVAL = "approval.yaml"


def content_digest(content: Mapping[str, bytes]) -> str:
    """`<format>.<52 base32>` over paths relative to the folder and bytes as git stores them.

    The whole sha256, because an author chooses the content: a shorter one could be made to fit two.
    """
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in content.items()}
    whole = hashlib.sha256(canonical(hashes).encode()).digest()
    return f"{CONTENT_FORMAT}.{base64.b32encode(whole).decode().rstrip('=').lower()}"
