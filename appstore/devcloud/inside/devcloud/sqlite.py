# mypy: disable-error-code="import-not-found, untyped-decorator"
"""Makes oslo.db on sqlite files bear many threads."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

WRITES = (
    "INSERT",
    "UPDATE",
    "DELETE",
    "REPLACE",
    "SAVEPOINT",
    "CREATE",
    "ALTER",
    "DROP",
    "WITH",
)


def serve_many_threads() -> None:
    """Take the write lock before the first write of a transaction instead of in its middle.

    oslo.db opens each transaction with a deferred BEGIN. A transaction that reads and then writes
    fails at once with "database is locked" when another wrote in between, whatever the timeout:
    its snapshot is stale. With BEGIN IMMEDIATE just before the first write it waits for its turn;
    what it reads before is read committed, as on MySQL.
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "begin")
    def leave_begin_to_us(connection: Any) -> None:
        if connection.dialect.name == "sqlite":
            # oslo.db's own flag for "BEGIN was sent".
            connection.info["in_transaction"] = True

    @event.listens_for(Engine, "before_cursor_execute")
    def begin_before_writing(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if connection.dialect.name != "sqlite":
            return
        raw = connection.connection.dbapi_connection
        if not raw.in_transaction and statement.lstrip()[:9].upper().startswith(WRITES):
            raw.execute("BEGIN IMMEDIATE")


def hold_open(folder: Path, service: str) -> list[sqlite3.Connection]:
    """One idle connection per database of the service, to be kept as long as it runs.

    oslo.db does not pool connections to sqlite files. Whenever the last one closes, sqlite folds
    the write-ahead log into the database and deletes it, which costs more than the work itself.
    """
    connections = []
    for path in sorted(folder.glob(f"{service}*.db")):
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        connections.append(connection)
    return connections
