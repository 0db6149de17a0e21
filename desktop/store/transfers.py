"""Transfers as rows: by number, by set, and the next number."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.ledger.transfer import Transfer
from desktop.store import schema_transfer
from desktop.store.database import Connection
from desktop.store.rows import Codec

TRANSFERS = Codec(Transfer, schema_transfer.transfer)


@dataclass(frozen=True, slots=True)
class Listed:
    """A transfer with its set and people by name."""

    transfer: Transfer
    asset_number: str
    instrument: str
    prepared_by: str
    decided_by: str


def by_number(connection: Connection, number: str) -> Transfer | None:
    """The transfer of a number."""
    return TRANSFERS.one(connection, "number = ?", (number.strip(),))


def unfinished(connection: Connection, instrument_id: str) -> Transfer | None:
    """The transfer of a set that is not finished, if there is one."""
    return TRANSFERS.one(connection, "instrument_id = ? AND state IN ('prepared', 'approved')", (instrument_id,))


def under_way(connection: Connection) -> dict[str, str]:
    """Set -> number of its transfer that is not finished."""
    sql = "SELECT instrument_id, number FROM transfer WHERE state IN ('prepared', 'approved')"
    return {row[0]: row[1] for row in connection.exec_driver_sql(sql)}


def next_number(connection: Connection, year: int) -> str:
    """``DB2026-001`` and on: a number is never given twice, finished or not."""
    like = f"DB{year}-%"
    used = (row[0].rpartition("-")[2] for row in connection.exec_driver_sql("SELECT number FROM transfer WHERE number LIKE ?", (like,)))
    return f"DB{year}-{max((int(one) for one in used if one.isdigit()), default=0) + 1:03d}"


def listed(connection: Connection, where: str = "1", params: tuple[str, ...] = ()) -> list[Listed]:
    """Transfers, the newest first; ``where`` speaks of columns of ``transfer``."""
    people = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, name FROM person")}
    found = TRANSFERS.find(connection, where, params, "number DESC")
    sql = "SELECT id, asset_number, name FROM instrument WHERE id IN (SELECT instrument_id FROM transfer)"
    sets = {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql(sql)}
    return [Listed(one, *sets[one.instrument_id], people.get(one.prepared_by, ""), people.get(one.decided_by or "", "")) for one in found]


def n_drafts(connection: Connection, instrument_id: str) -> int:
    """Records of a set that are not posted yet."""
    sql = "SELECT count(*) FROM service_record WHERE instrument_id = ? AND state = 'draft'"
    return int(connection.exec_driver_sql(sql, (instrument_id,)).scalar_one())
