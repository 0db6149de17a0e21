"""The marks of what is confidential, for the gate: taken anew whenever a fact has changed, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.store import secret_rows, taken_back
from desktop.store.database import Connection, next_seq

if TYPE_CHECKING:
    from desktop.sync.ports import Marker


class Marks:
    """The marks of one ledger. Not shared between threads."""

    def __init__(self) -> None:
        self._seq = 0
        self._kept: list[Marker] = []

    def of(self, connection: Connection) -> list[Marker]:
        """Keys and numbers found as a whole, texts that no ordinary row has; as the ledger stands in this connection."""
        from desktop.sync.ports import Marker

        seq = next_seq(connection)
        changing = connection.exec_driver_sql("SELECT 1 FROM journal WHERE operation >= ? LIMIT 1", (seq,)).first() is not None
        if seq == self._seq and not changing:
            return self._kept
        leaving = {key: kind for kind, key in taken_back.asked(connection)}
        found = [Marker(text, whole=True, leaves_in=leaving.get(text, "")) for text in secret_rows.numbers(connection)]
        found += [Marker(text) for text in secret_rows.texts_of_no_other(connection)]
        self._seq, self._kept = (0 if changing else seq), found
        return found


def strict(connection: Connection) -> list[Marker]:
    """Every number and text of confidential rows, ordinary or not: for addresses, which carry nothing but keys and cursors."""
    from desktop.sync.ports import Marker

    whole = [Marker(text, whole=True) for text in secret_rows.numbers(connection)]
    return whole + [Marker(text) for text in sorted(secret_rows.texts(connection))]
