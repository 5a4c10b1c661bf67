# mypy: disable-error-code="import-not-found"
"""Placement, which counts what the one compute host has left."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def start(state: Path) -> Any:
    """Placement's WSGI application."""
    os.environ["OS_PLACEMENT_CONFIG_DIR"] = str(state / "etc" / "placement")
    sys.argv = ["placement"]
    from placement.wsgi.api import application

    return application
