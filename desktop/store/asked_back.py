"""Rows whose deletion a remote was asked for, because they are confidential by now. Plain values only.

A request names remote, kind and key; it lasts until it is given up, for a row that someone brings back there is asked about again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop.store.database import Connection

_OPEN = (
    "FROM sync_take_back w JOIN sync_base b ON b.remote = w.remote AND b.kind = w.kind AND b.key = w.key AND b.body IS NOT NULL "
    "WHERE w.remote = ?"
)


def asked(connection: Connection) -> list[tuple[str, str]]:
    """Kind and key of every row that is asked back from any remote."""
    return [(row[0], row[1]) for row in connection.exec_driver_sql("SELECT DISTINCT kind, key FROM sync_take_back")]


def open_places(connection: Connection, remote: str) -> list[tuple[str, str]]:
    """Kind and key of what a remote is asked to delete and is known to hold."""
    return [(row[0], row[1]) for row in connection.exec_driver_sql(f"SELECT w.kind, w.key {_OPEN} ORDER BY w.kind, w.key", (remote,))]


def is_asked(run: Callable[..., Any], remote: str, kind: str, key: str) -> bool:
    """Whether a remote is asked to delete this row."""
    sql = "SELECT 1 FROM sync_take_back WHERE remote = ? AND kind = ? AND key = ?"
    return run(sql, (remote, kind, key)).fetchone() is not None
