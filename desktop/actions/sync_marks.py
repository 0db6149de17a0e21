"""The marks of what is confidential, for the gate: taken anew whenever a fact has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.store import asked_back, secret_rows
from desktop.store.database import Connection, next_seq

if TYPE_CHECKING:
    from desktop.sync.ports import Marker


def _of(connection: Connection) -> list[Marker]:
    """Keys and numbers found as a whole, texts that no ordinary row has; as the ledger stands in this connection."""
    from desktop.sync.ports import Marker

    rows = {f"{kind} {key}" for kind, key in secret_rows.rows(connection)}
    leaving = {text: kind for kind, key in asked_back.asked(connection) for text in (key, f"{kind} {key}")}
    whole = {*secret_rows.numbers(connection), *rows, *secret_rows.given_to_no_other(connection), *secret_rows.papers_of_no_other(connection)}
    found = [Marker(text, whole=True, leaves_in=leaving.get(text, "")) for text in sorted(whole)]
    return found + [Marker(text) for text in secret_rows.texts_of_no_other(connection)]


def _strict(connection: Connection) -> list[Marker]:
    """Every number and text of confidential rows, ordinary or not."""
    from desktop.sync.ports import Marker

    numbers = {*secret_rows.numbers(connection), *secret_rows.given(connection), *secret_rows.papers(connection)}
    whole = {*numbers, *(key for _, key in secret_rows.rows(connection))}
    return [Marker(text, whole=True) for text in sorted(whole)] + [Marker(text) for text in sorted(secret_rows.texts(connection))]


class Marks:
    """The marks of one ledger. ``strict``: for addresses, which carry nothing but keys and cursors. Not shared between threads."""

    def __init__(self, *, strict: bool = False) -> None:
        self._taken: Callable[[Connection], list[Marker]] = _strict if strict else _of
        self._seq = 0
        self._kept: list[Marker] = []

    def of(self, connection: Connection) -> list[Marker]:
        """The marks as the ledger stands in this connection."""
        seq = next_seq(connection)
        changing = connection.exec_driver_sql("SELECT 1 FROM journal WHERE operation >= ? LIMIT 1", (seq,)).first() is not None
        if seq == self._seq and not changing:
            return self._kept
        found = self._taken(connection)
        self._seq, self._kept = (0 if changing else seq), found
        return found
