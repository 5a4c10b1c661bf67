"""Where the embedded cloud keeps things, after the XDG base directory specification."""

from __future__ import annotations

import os
import re
from pathlib import Path

from appstore.devcloud.shape import Variant
from appstore.errors import AppstoreError

CODE = Path(__file__).resolve().parent
INSIDE = CODE / "inside"
STATE_VARIABLE = "APPSTORE_DEVCLOUD_STATE"

# These paths end up in ini files, where `$` and `%` mean something, and in database URLs.
PLAIN_PATH = re.compile(r"[\w/. @+=,-]+", re.ASCII)


def _base(variable: str, fallback: str) -> Path:
    given = os.environ.get(variable, "")
    # The specification says that a relative path must be ignored.
    return Path(given) if given.startswith("/") else Path.home() / fallback


def cache_folder() -> Path:
    """What every cloud of this user shares: virtual environments and empty databases."""
    return _base("XDG_CACHE_HOME", ".cache") / "teaching-appstore" / "devcloud"


def own_clouds_yaml() -> Path:
    """Where OpenStack clients look for the user's clouds."""
    return _base("XDG_CONFIG_HOME", ".config") / "openstack" / "clouds.yaml"


def default_state(variant: Variant) -> Path:
    """The state folder that is used when nobody names one."""
    name = "devcloud-lite" if variant is Variant.LITE else "devcloud"
    return _base("XDG_STATE_HOME", ".local/state") / "teaching-appstore" / name


def state_folder(given: str | None, variant: Variant) -> Path:
    """The state folder to use: the given one, the environment's, or the default."""
    chosen = given or os.environ.get(STATE_VARIABLE) or default_state(variant)
    return plain(Path(chosen).expanduser().resolve())


def plain(path: Path) -> Path:
    """The path, refused when configuration files could not carry it."""
    if not PLAIN_PATH.fullmatch(str(path)):
        raise AppstoreError(
            f"The folder {str(path)!r} has characters that OpenStack's configuration cannot carry.",
            "Choose a folder of letters, digits and . _ - + with --state.",
        )
    return path


def constraints(variant: Variant) -> Path:
    """The pinned packages of a variant, with their hashes."""
    return CODE / f"constraints-{variant}.txt"


def sources(variant: Variant) -> Path | None:
    """The pinned packages of a variant that have no wheel, if it needs any."""
    path = CODE / f"sources-{variant}.txt"
    return path if path.exists() else None
