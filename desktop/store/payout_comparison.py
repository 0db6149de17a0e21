"""What the runs that took effect hold for each technician: minutes behind the sum, and what was taken back for services reversed since."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.ledger.allocation import PayoutRun
from desktop.store.database import Connection
from desktop.store.payouts import RUNS


@dataclass(frozen=True, slots=True)
class Behind:
    """The lines of one technician in one run: ``minutes`` of service (those reversed since less), ``back_fen`` (≤ 0) taken back of earlier runs."""

    minutes: int
    back_fen: int


def in_effect(connection: Connection) -> list[PayoutRun]:
    """Every run that was approved, with those reversed since and the runs that reverse them, oldest first."""
    return RUNS.find(connection, "state IN ('approved', 'closed', 'reversed')", (), "to_on, number")


def waiting(connection: Connection) -> list[PayoutRun]:
    """Every run that is prepared and pays nobody yet."""
    return RUNS.find(connection, "state = 'prepared'", (), "to_on, number")


def behind(connection: Connection, run_id: str) -> dict[str, Behind]:
    """Technician's key -> what stands behind the share of a run."""
    sql = (
        "SELECT technician_id, sum(minutes), sum(CASE WHEN reverses IS NOT NULL AND reverses NOT IN (SELECT id FROM payout_line WHERE run_id = ?1) "
        "THEN fen ELSE 0 END) FROM payout_line WHERE run_id = ?1 GROUP BY technician_id"
    )
    return {row[0]: Behind(int(row[1]), int(row[2])) for row in connection.exec_driver_sql(sql, (run_id,))}
