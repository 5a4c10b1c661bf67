# mypy: disable-error-code="import-not-found, import-untyped"
"""Barbican, which encrypts secrets with a key from the state folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def start(state: Path) -> Any:
    """Barbican's WSGI application.

    It reads its configuration while it is imported and from a fixed place, `~/.barbican`.
    """
    os.environ["HOME"] = str(state / "etc" / "barbican")
    sys.argv = ["barbican"]
    from paste import deploy

    return deploy.loadapp(f"config:{sys.prefix}/etc/barbican/barbican-api-paste.ini")
