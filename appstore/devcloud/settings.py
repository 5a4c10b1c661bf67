"""What a state folder remembers: the variant, the ports and the secrets of its cloud."""

from __future__ import annotations

import base64
import json
import random
import secrets
import socket
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from appstore.devcloud.files import write_private
from appstore.devcloud.shape import (
    APPLY_USER,
    HOST,
    PLAN_USER,
    PROJECTS,
    SERVICES,
    Variant,
)
from appstore.errors import AppstoreError

NAME = "devcloud.json"

# Below the ports that Linux hands out to outgoing connections, so that none of these sits on a
# service's port while the cloud is down.
PORTS = range(15000, 32000)


@dataclass(frozen=True)
class Settings:
    """One cloud's own facts; `release` names the pinned packages that made its databases."""

    variant: Variant
    release: str
    ports: Mapping[str, int]
    secrets: Mapping[str, str]

    def url(self, service: str) -> str:
        """The root of a service's API."""
        return f"http://{HOST}:{self.ports[service]}"


def fresh(variant: Variant, release: str) -> Settings:
    """Settings of a new cloud: ports that are free now, passwords that nobody else has."""
    services = [one.name for one in SERVICES[variant]]
    people = ["admin", "heat_domain_admin", *services[1:], APPLY_USER, PLAN_USER, *PROJECTS]
    words = {name: secrets.token_urlsafe(24) for name in people}
    # Heat takes exactly 32 characters, Barbican 32 bytes in base64.
    words["heat_encryption"] = secrets.token_hex(16)
    words["barbican_key"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return Settings(variant, release, dict(zip(services, free_ports(), strict=False)), words)


def free_ports() -> Iterable[int]:
    """Ports on which nobody listens, in random order so that two new clouds hardly meet."""
    return filter(is_free, random.sample(PORTS, len(PORTS)))


def is_free(port: int) -> bool:
    """Whether a service could listen on that port now."""
    with socket.socket() as probe:
        # As the services do: an ended connection that lingers does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def save(state: Path, settings: Settings) -> None:
    """Remember the settings, with what the code under the services' Python needs beside them."""
    known = SERVICES[settings.variant]
    extra = {
        "catalog": {one.name: one.catalog for one in known if one.catalog},
        "projects": PROJECTS,
        "store_users": (APPLY_USER, PLAN_USER),
    }
    write_private(state / NAME, json.dumps(asdict(settings) | extra, indent=1) + "\n")


def load(state: Path) -> Settings | None:
    """The settings of the cloud in that folder, or None where there is none yet."""
    try:
        told = json.loads((state / NAME).read_text())
        return Settings(
            Variant(told["variant"]),
            str(told["release"]),
            {str(name): int(port) for name, port in told["ports"].items()},
            {str(name): str(word) for name, word in told["secrets"].items()},
        )
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise AppstoreError(
            f"{state / NAME} may not be read: the cloud belongs to another user.",
            "Name a folder of your own with --state.",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise AppstoreError(
            f"{state / NAME} is damaged: {type(error).__name__}.",
            f"Start afresh: `appstore devcloud down --wipe --state {state}`, then `up`.",
        ) from error
