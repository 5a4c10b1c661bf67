# mypy: disable-error-code="import-not-found"
"""Glance, which keeps images as files in the state folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def start(state: Path) -> Any:
    """Glance's WSGI application."""
    os.environ["OS_GLANCE_CONFIG_DIR"] = str(state / "etc" / "glance")
    sys.argv = ["glance-api"]
    from glance.wsgi.api import application

    return application
