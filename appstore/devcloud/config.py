"""The services' configuration files, written from the templates beside this module."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

from appstore.devcloud.files import private_folder, write_private
from appstore.devcloud.places import CODE
from appstore.devcloud.settings import Settings
from appstore.devcloud.shape import HOST, REGION, SERVICES
from appstore.devcloud.venv import Environment

# Services that insist on another name than `<service>/<service>.conf`.
FILES: dict[str, str] = {}

# Fernet keys by Keystone's naming: 0 is the next one, the highest number is in use.
KEY_FOLDERS = ("fernet", "credential")


def render(template: str, **values: Any) -> str:
    """One template's text; a name that it uses and nobody gives is an error."""
    # Imported here since only an `up` that writes something needs it.
    import jinja2

    loader = jinja2.FileSystemLoader(CODE / "templates")
    environment = jinja2.Environment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{template}.j2").render(values)


def write(state: Path, settings: Settings, venv: Environment) -> None:
    """Write every service's configuration and the keys that it needs."""
    for one in SERVICES[settings.variant]:
        path = state / "etc" / FILES.get(one.name, f"{one.name}/{one.name}.conf")
        private_folder(path.parent)
        text = render(
            f"{one.name}.conf",
            service=one,
            state=state,
            settings=settings,
            venv=venv.path,
            host=HOST,
            region=REGION,
        )
        write_private(path, text)
        # Without a file of its own a service would look for one in /etc.
        write_private(path.parent / "policy.yaml", "{}\n")
    for folder in KEY_FOLDERS:
        _write_keys(state / "etc" / "keystone" / folder)


def _write_keys(folder: Path) -> None:
    private_folder(folder)
    for name in ("0", "1"):
        if not (folder / name).exists():
            write_private(folder / name, base64.urlsafe_b64encode(secrets.token_bytes(32)))
