"""Which schema a ledger file was made with: a number in its head, read at opening.

The revision alone does not tell: two builds can call different tables by the same revision. ``scripts/freeze-schema`` writes ``SCHEMA``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from desktop.ledger.problem import Problem

SCHEMA = 0x30FF73BA  # of the tables, indexes and triggers this program makes and reads


def of(statements: Iterable[str]) -> int:
    """The fingerprint of the statements that make a schema: 31 bits of SHA-256, never 0; layout does not count."""
    text = "\n".join(" ".join(statement.split()) for statement in statements)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1 or 1


def check(execute: Callable[[str], Any]) -> None:
    """Raise Problem when an open ledger was made with another schema; ``execute`` is a connection's own."""
    if execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
        raise Problem("store.other_build")
