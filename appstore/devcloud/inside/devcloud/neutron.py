# mypy: disable-error-code="import-not-found"
"""Neutron's API alone: no agents, since there are no packets."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from . import bus


def start(state: Path) -> Any:
    """Neutron's WSGI application."""
    os.environ["OS_NEUTRON_CONFIG_DIR"] = str(state / "etc" / "neutron")
    os.environ["OS_NEUTRON_CONFIG_FILES"] = "neutron.conf"
    sys.argv = ["neutron-api"]
    from oslo_service import backend

    backend.init_backend(backend.BackendType.THREADING)
    bus.deliver_at_once()
    from neutron.wsgi.api import application

    return application
