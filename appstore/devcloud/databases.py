"""The services' databases in a state folder: sqlite files that began as copies of empty ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from appstore.devcloud.files import private_folder, write_private
from appstore.devcloud.shape import SERVICES, Variant
from appstore.errors import AppstoreError

CELLS = {"cell0": "nova_cell0", "cell1": "nova_cell1"}


def missing(variant: Variant, state: Path) -> list[str]:
    """The databases that the state folder lacks."""
    names = [name for one in SERVICES[variant] for name in one.databases]
    return [name for name in names if not (state / "db" / f"{name}.db").exists()]


def place(names: Iterable[str], source: Path, state: Path) -> None:
    """Copy empty databases into the state folder."""
    target = private_folder(state / "db")
    for name in names:
        write_private(target / f"{name}.db", (source / f"{name}.db").read_bytes())


def tell_cells(folder: Path) -> None:
    """Set the addresses of Nova's cells, which it keeps in a database, to those of the copies."""
    path = folder / "nova_api.db"
    try:
        with closing(sqlite3.connect(path, timeout=60)) as connection, connection:
            for cell, name in CELLS.items():
                connection.execute(
                    "UPDATE cell_mappings SET database_connection = ? WHERE name = ?",
                    (url(folder, name), cell),
                )
    except sqlite3.Error as error:
        raise AppstoreError(
            f"{path} cannot be written: {error}.",
            "If the disk is not full it is damaged: `appstore devcloud down --wipe`, then `up`.",
        ) from error


def url(folder: Path, name: str) -> str:
    """How SQLAlchemy is told of a database."""
    return f"sqlite:///{folder}/{name}.db?timeout=60"
