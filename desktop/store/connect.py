"""One way to open a ledger file: the driver, the key, the pragmas that are set and read back on each connection."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.ledger.problem import Problem

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2

APPLICATION_ID = 0x59585A31
REVISION = "0001"  # of the schema that this program knows
_SOUND = (3, 51, 3)  # older libraries can lose committed writes when a WAL file is reset


def row_digest(image: str) -> str:
    """SHA-256 of a row's canonical image, as 64 hex digits."""
    return hashlib.sha256(image.encode()).hexdigest()


def raw(path: Path | str, key: bytes | None) -> dbapi2.Connection:
    """A driver connection in autocommit mode with the key applied; nothing read yet. ``key`` is 32 bytes, None: plain file."""
    from sqlcipher3 import dbapi2 as driver

    if driver.sqlite_version_info < _SOUND:
        raise Problem("store.driver_old", version=driver.sqlite_version)
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
    # A wrong key or a damaged page is told in words; the library's own log would only litter the terminal.
    connection.execute("PRAGMA cipher_log_level=NONE")
    if key is not None:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return connection


def connect(path: Path | str, key: bytes | None, *, readonly: bool) -> dbapi2.Connection:
    """A connection as the program uses it. Raises Problem when the file cannot be read with this key or is not a ledger."""
    connection = raw(path, key)
    try:
        for pragma, value in _pragmas(readonly):
            connection.execute(f"PRAGMA {pragma}={value}")
        _check(connection, readonly)
    except BaseException:
        connection.close()
        raise
    connection.create_function("row_digest", 1, row_digest, deterministic=True)
    return connection


def _pragmas(readonly: bool) -> list[tuple[str, Any]]:
    return [
        ("busy_timeout", 10_000),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("synchronous", 2),
        ("temp_store", 2),
        # A page taken in touches index pages all over the file: as many as a ledger of a million rows has are kept, and they go into
        # the file once for several pages taken in. A smaller ledger uses no more than it has.
        ("cache_size", -32_000 if readonly else -192_000),
        ("wal_autocheckpoint", 4_000),
        ("query_only", int(readonly)),
    ]


def _check(connection: dbapi2.Connection, readonly: bool) -> None:
    wanted = {
        "foreign_keys": 1,
        "trusted_schema": 0,
        "synchronous": 2,
        "query_only": int(readonly),
        "application_id": APPLICATION_ID,
    }
    for pragma, value in wanted.items():
        got = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        if got != value:
            raise Problem(
                "store.not_a_ledger" if pragma == "application_id" else "store.pragma", name=pragma, got=got, wanted=value
            )
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        raise Problem("store.pragma", name="journal_mode", got=mode, wanted="wal")
