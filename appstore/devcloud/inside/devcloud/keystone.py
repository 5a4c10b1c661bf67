# mypy: disable-error-code="import-not-found"
"""Keystone, which makes its own first administrator and catalog entry when it starts."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def start(state: Path) -> Any:
    """Keystone's WSGI application, bootstrapped."""
    os.environ["OS_KEYSTONE_CONFIG_DIR"] = str(state / "etc" / "keystone")
    sys.argv = ["keystone"]
    from keystone.wsgi.api import application

    if not (state / "done" / "seed-identity").exists():
        bootstrap(state)
    return application


def bootstrap(state: Path) -> None:
    """What `keystone-manage bootstrap` does, without a second process; repeating it is harmless."""
    from keystone.cmd import bootstrap as command

    # The application has loaded the backends already, and Keystone refuses to load them twice.
    command.backends.load_backends = lambda: None
    told = json.loads((state / "devcloud.json").read_text())
    url = f"http://127.0.0.1:{told['ports']['keystone']}/v3"
    first = command.Bootstrapper()
    first.service_id = None
    first.admin_username = first.project_name = first.admin_role_name = "admin"
    first.admin_password = told["secrets"]["admin"]
    first.service_name = "keystone"
    first.region_id = "RegionOne"
    first.public_url = first.internal_url = first.admin_url = url
    first.immutable_roles = True
    first.bootstrap()
