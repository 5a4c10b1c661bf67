"""The services' configuration files, written from the templates beside this module."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

from appstore.devcloud.files import private_folder, write_private
from appstore.devcloud.places import CODE
from appstore.devcloud.settings import Settings
from appstore.devcloud.shape import HOST, REGION, SERVICES, Service
from appstore.devcloud.venv import Environment

# Services that insist on another name than `<service>/<service>.conf`.
FILES = {
    "glance": "glance/glance-api.conf",
    "barbican": "barbican/.barbican/barbican.conf",
}

# Makes Neutron find its driver as if it had been installed.
PLUGIN = "plugins/devcloud_plugins-0.1.dist-info"
PLUGIN_FILES = {
    "METADATA": "Metadata-Version: 2.1\nName: devcloud-plugins\nVersion: 0.1\n",
    "entry_points.txt": (
        "[neutron.ml2.mechanism_drivers]\ndevcloud = devcloud.ml2:EveryPortIsBound\n"
    ),
}

# Folders that services expect to be there.
DATA = {
    "glance": ("images", "staging", "tasks"),
    "neutron": ("lock",),
    "nova": ("lock", "instances"),
}

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
        if one.catalog or one.name == "keystone":
            _write_service(one, state, settings, venv)
    for folder in KEY_FOLDERS:
        _write_keys(state / "etc" / "keystone" / folder)
    for name, text in PLUGIN_FILES.items():
        write_private(private_folder(state / PLUGIN) / name, text)


def _write_service(one: Service, state: Path, settings: Settings, venv: Environment) -> None:
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
    etc = state / "etc" / one.name
    # Without a file of its own a service would look for one in /etc.
    write_private(etc / "policy.yaml", "{}\n")
    # Nova looks for its pipeline beside its configuration only.
    pipeline = venv.path / "etc" / one.name / "api-paste.ini"
    if pipeline.exists():
        write_private(etc / "api-paste.ini", pipeline.read_bytes())
    for name in DATA.get(one.name, ()):
        private_folder(state / "data" / one.name / name)


def _write_keys(folder: Path) -> None:
    private_folder(folder)
    for name in ("0", "1"):
        if not (folder / name).exists():
            write_private(folder / name, base64.urlsafe_b64encode(secrets.token_bytes(32)))
