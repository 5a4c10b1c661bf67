"""The empty databases of a set of packages, made once by the services' own migrations.

They lie beside the virtual environment, and every state folder starts with copies of them: that
takes milliseconds where the migrations take many seconds.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from appstore.devcloud import processes
from appstore.devcloud.config import render
from appstore.devcloud.databases import CELLS, url
from appstore.devcloud.files import Progress, appending, locked, private_folder, write_private
from appstore.devcloud.places import cache_folder
from appstore.devcloud.shape import SERVICES, Service, Variant
from appstore.devcloud.venv import Environment
from appstore.errors import AppstoreError

# Each service's own way to make its schema. Nova's cells are named here and get their place when
# a state folder takes its copy.
_NOVA = ("bin/nova-manage", "--config-file", "{conf}")
MIGRATIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "keystone": (("bin/keystone-manage", "--config-file", "{conf}", "db_sync"),),
    "heat": (("bin/heat-manage", "--config-file", "{conf}", "db_sync"),),
    "glance": (("bin/glance-manage", "--config-file", "{conf}", "db_sync"),),
    "placement": (("bin/placement-manage", "--config-file", "{conf}", "db", "sync"),),
    "neutron": (("bin/python", "-P", "-m", "devcloud.neutron_schema", "{folder}/neutron.db"),),
    "barbican": (
        ("bin/barbican-db-manage", "--dburl", "sqlite:///{folder}/barbican.db", "upgrade"),
    ),
    "nova": (
        (*_NOVA, "api_db", "sync"),
        (*_NOVA, "cell_v2", "map_cell0", "--database_connection", "{cell0}"),
        (*_NOVA, "db", "sync"),
        (*_NOVA, "cell_v2", "create_cell", "--name", "cell1", "--transport-url", "fake://"),
    ),
}
SECTIONS = {
    "placement": (("placement_database", "placement"),),
    "nova": (("api_database", "nova_api"), ("database", "nova_cell1")),
}


def ensure(variant: Variant, venv: Environment, progress: Progress) -> Path:
    """The folder with the variant's empty databases, made if it is not there yet.

    Its name has a digest of this module too, so that a change of the recipe makes them anew.
    """
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    folder = cache_folder() / f"golden-{variant}-{venv.release}-{recipe}"
    if folder.exists():
        return folder
    with locked(folder.with_suffix(".lock"), progress) as lock:
        if not folder.exists():
            fresh = folder.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            _make(variant, venv, private_folder(fresh), progress, lock)
            fresh.rename(folder)
    return folder


def _make(variant: Variant, venv: Environment, folder: Path, progress: Progress, lock: int) -> None:
    began = time.monotonic()
    progress("make empty databases (once per version) ...")

    def make(service: Service) -> None:
        _migrate(service, venv, folder, lock)
        for name in service.databases:
            settle(folder / f"{name}.db")

    with ThreadPoolExecutor() as pool:
        list(pool.map(make, [one for one in SERVICES[variant] if one.databases]))
    progress(f"make empty databases: {time.monotonic() - began:.1f} s")


def _migrate(service: Service, venv: Environment, folder: Path, lock: int) -> None:
    conf = folder / f"{service.name}.conf"
    sections = SECTIONS.get(service.name, (("database", service.name),))
    write_private(conf, render("migrate.conf", sections=sections, folder=folder))
    places = {"conf": conf, "folder": folder, "cell0": url(folder, CELLS["cell0"])}
    log = folder.with_name(f"{folder.stem}-{service.name}.log")
    with appending(log) as out:
        for program, *words in MIGRATIONS[service.name]:
            done = subprocess.run(
                [venv.path / program, *(word.format(**places) for word in words)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=processes.environment(venv.path, folder),
                pass_fds=[lock],
                check=False,
            )
            if done.returncode:
                raise AppstoreError(
                    f"Could not make the database of {service.name}.",
                    f"The end of {log} says why; is the disk full?",
                )


def settle(path: Path) -> None:
    """Make a fresh database fit for many threads, and its ids unique for ever.

    Without AUTOINCREMENT sqlite hands out the id of a deleted last row again. Heat deletes
    properties data by an id that it remembers, counting on MySQL's ways: after an update a server's
    properties vanish, and its stack can neither be shown nor deleted.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        changed = {name: new for name, sql in tables if (new := with_autoincrement(sql or ""))}
        if changed:
            _rewrite(connection, changed)
        connection.execute("PRAGMA journal_mode = WAL")


def with_autoincrement(sql: str) -> str | None:
    """The CREATE TABLE with an id that is never used twice, or None where there is no such id."""
    column = r"(?m)^(\s*)id INTEGER NOT NULL\s*,"
    new, columns = re.subn(column, r"\1id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,", sql)
    new, keys = re.subn(r",\s*(CONSTRAINT \S+ )?PRIMARY KEY \(id\)", "", new)
    return new if (columns, keys) == (1, 1) else None


def _rewrite(connection: sqlite3.Connection, tables: dict[str, str]) -> None:
    # Makes sqlite_sequence, which an edited schema does not bring along.
    connection.execute("CREATE TABLE one_moment (id INTEGER PRIMARY KEY AUTOINCREMENT)")
    connection.execute("DROP TABLE one_moment")
    connection.execute("PRAGMA writable_schema = ON")
    for name, sql in tables.items():
        connection.execute(
            "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (sql, name)
        )
    version = connection.execute("PRAGMA schema_version").fetchone()[0]
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.execute("PRAGMA writable_schema = OFF")
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise AppstoreError("The rewritten database schema is not sound.", "Please report this.")
