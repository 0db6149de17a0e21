"""Asking remotes to delete what they hold of a set that is confidential by now, and giving that up; the rows are told by ``asked_back``."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.ledger.take_back import TakeBack
from desktop.store import schema
from desktop.store.database import Connection
from desktop.store.rows import Codec

TAKE_BACKS = Codec(TakeBack, schema.take_back)


def of_instrument(connection: Connection, instrument_id: str) -> TakeBack | None:
    """The request that stands for an instrument."""
    return TAKE_BACKS.one(connection, "instrument_id = ? AND given_up_at IS NULL", (instrument_id,))


def ask(connection: Connection, request: TakeBack, places: Iterable[tuple[str, str, str]]) -> None:
    """Ask for these rows (remote, kind, key); what waited with a remote's refusal or for a look at it is tried again."""
    TAKE_BACKS.insert(connection, [request])
    for place in places:
        connection.exec_driver_sql("INSERT OR REPLACE INTO sync_take_back (remote, kind, key, take_back_id) VALUES (?,?,?,?)", (*place, request.id))
        connection.exec_driver_sql("DELETE FROM sync_parked WHERE remote = ? AND kind = ? AND key = ?", place)


def give_up(connection: Connection, request: TakeBack) -> None:
    """Ask for these rows no more. ``request`` says when. Deletions that were sealed and have not begun to leave are taken apart."""
    TAKE_BACKS.update(connection, [request])
    own = "SELECT 1 FROM sync_take_back w WHERE w.take_back_id = ? AND w.remote = {0}.remote"
    connection.exec_driver_sql(
        f"DELETE FROM sync_batch WHERE attempted = 0 AND EXISTS ({own.format('sync_batch')} AND instr(sync_batch.content, CAST(w.key AS BLOB)) > 0)",
        (request.id,),
    )
    connection.exec_driver_sql(
        f"DELETE FROM sync_parked WHERE EXISTS ({own.format('sync_parked')} AND w.kind = sync_parked.kind AND w.key = sync_parked.key)", (request.id,)
    )
    connection.exec_driver_sql("DELETE FROM sync_take_back WHERE take_back_id = ?", (request.id,))
