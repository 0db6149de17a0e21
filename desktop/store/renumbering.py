"""Another number for a row (a service record; a claim or a use elsewhere of vouchers) that was given one which another seat's row has too."""

from __future__ import annotations

from desktop.store import same_rows
from desktop.store.database import Connection, Operation, quick
from desktop.store.sync_rows import Run

# What came with this number and does not fit beside ours, or the remote's refusal of ours.
_ASKED = (
    "SELECT 1 FROM sync_parked k LEFT JOIN sync_base b ON b.remote = k.remote AND b.kind = k.kind AND b.key = k.key WHERE k.kind = ?3 "
    "AND ((k.code = 'key.taken' AND k.key = ?1) OR (k.code IN ('here.twice', 'here.in_use') AND json_extract(b.body, '$.number') = ?2)) LIMIT 1"
)


def is_asked(connection: Connection, key: str, number: str, kind: str = "service_record") -> bool:
    """Whether a sync has told that another row of the kind has this row's number."""
    return connection.exec_driver_sql(_ASKED, (key, number, kind)).first() is not None


def is_known(connection: Connection, key: str) -> bool:
    """Whether a remote holds the record, or may: bytes that name it are under way."""
    held = "SELECT 1 FROM sync_base WHERE kind = 'service_record' AND key = ? AND body IS NOT NULL LIMIT 1"
    return connection.exec_driver_sql(held, (key,)).first() is not None or same_rows.is_under_way(quick(connection), key)


def renumber(operation: Operation, key: str, number: str) -> None:
    """Give the record and its postings this number, which is free. What was sealed with the old one and not sent yet is
    taken apart, and the refusal of the old one is over."""
    run: Run = quick(operation.connection)
    run("UPDATE service_record SET number = ? WHERE id = ?", (number, key))
    run("UPDATE posting SET record_number = ? WHERE record_id = ?", (number, key))
    _forget(run, "service_record", key)


def renumber_plain(operation: Operation, kind: str, key: str, number: str) -> None:
    """The same of a row whose number stands in it alone."""
    run: Run = quick(operation.connection)
    run(f"UPDATE {kind} SET number = ? WHERE id = ?", (number, key))
    _forget(run, kind, key)


def _forget(run: Run, kind: str, key: str) -> None:
    run("DELETE FROM sync_batch WHERE attempted = 0 AND instr(content, CAST(? AS BLOB))", (key,))
    run("DELETE FROM sync_parked WHERE kind = ? AND key = ? AND code = 'key.taken'", (kind, key))
