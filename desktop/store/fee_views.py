"""What the page of fees asks: counts behind chips, whose line a row is, what a record was posted at."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.store.database import Connection

_FROM = "FROM fee_line JOIN fee_schedule ON fee_schedule.id = fee_line.schedule_id"


def counts(connection: Connection, day: str) -> dict[str, int]:
    """How many lines are in force on a day, belong to drafts, and are to be confirmed."""
    in_force = (
        "fee_schedule.state <> 'draft' AND fee_schedule.from_on <= ? AND (fee_schedule.to_on IS NULL OR fee_schedule.to_on > ?)"
    )
    sql = f"SELECT sum({in_force}), sum(fee_schedule.state = 'draft'), sum(fee_line.to_confirm) {_FROM}"
    row = connection.exec_driver_sql(sql, (day, day)).one()
    return {"in_force": int(row[0] or 0), "draft": int(row[1] or 0), "to_confirm": int(row[2] or 0)}


def owner(connection: Connection, rowid: int) -> tuple[str, str] | None:
    """Asset number and key of the version of a line."""
    sql = (
        f"SELECT instrument.asset_number, fee_schedule.id {_FROM} JOIN instrument ON instrument.id = fee_schedule.instrument_id "
    )
    row = connection.exec_driver_sql(sql + "WHERE fee_line.rowid = ?", (rowid,)).first()
    return (row[0], row[1]) if row else None


def rowids_of(connection: Connection, keys: Iterable[str]) -> list[int]:
    """List keys of lines named by their own key, their version's, or a cost component's of their version."""
    found: list[int] = []
    for key in keys:
        sql = (
            "SELECT rowid FROM fee_line WHERE id = ?1 OR schedule_id = ?1 "
            "OR schedule_id IN (SELECT schedule_id FROM cost_component WHERE id = ?1) ORDER BY position"
        )
        found += [row[0] for row in connection.exec_driver_sql(sql, (key,))]
    return list(dict.fromkeys(found))


def posted_fen(connection: Connection, record_id: str) -> int | None:
    """What a record was posted at in fen; None while it is a draft."""
    sql = "SELECT amount_fen FROM posting WHERE record_id = ? AND reverses IS NULL ORDER BY rowid DESC LIMIT 1"
    value = connection.exec_driver_sql(sql, (record_id,)).scalar()
    return None if value is None else int(value)
