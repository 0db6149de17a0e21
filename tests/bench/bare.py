"""The bare way: the same driver with the same key and the same durability, and nothing of the program's on top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

KEY = bytes(range(32))
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=1", "temp_store=2", "cache_size=-32000")


def connect(path: Path) -> Any:
    """A connection in autocommit mode, encrypted, with the ledger's durability."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{KEY.hex()}'\"")
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection
