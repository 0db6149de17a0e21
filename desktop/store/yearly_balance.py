"""What each fee version earned in a span of days, by instrument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from desktop.ledger.period import Period
from desktop.store.database import Connection


@dataclass(frozen=True, slots=True)
class Earned:
    """One instrument's posted services under one version; minutes and fen, reversals taken off."""

    instrument_id: str
    schedule_id: str
    title: str
    from_on: date
    minutes: int
    fen: int


_EARNED = """
SELECT p.instrument_id, p.schedule_id, s.title, s.from_on, p.minutes, p.fen
FROM (SELECT instrument_id, schedule_id, sum(minutes) AS minutes, sum(amount_fen) AS fen FROM posting
      WHERE ended_on >= ? AND ended_on < ? GROUP BY instrument_id, schedule_id) p
JOIN fee_schedule s ON s.id = p.schedule_id ORDER BY p.instrument_id, s.from_on
"""


def earned(connection: Connection, period: Period) -> Iterator[Earned]:
    """Every version that priced something in the span; confidential instruments included."""
    for key, schedule, title, from_on, minutes, fen in connection.exec_driver_sql(
        _EARNED, (period.start.isoformat(), period.end.isoformat())
    ):
        yield Earned(key, schedule, title, date.fromisoformat(from_on), minutes, fen)


def postings_under(connection: Connection, instrument_id: str, schedule_id: str, period: Period) -> tuple[str, ...]:
    """Keys of the postings behind one version's sum."""
    sql = "SELECT id FROM posting WHERE instrument_id = ? AND schedule_id = ? AND ended_on >= ? AND ended_on < ?"
    rows = connection.exec_driver_sql(sql, (instrument_id, schedule_id, period.start.isoformat(), period.end.isoformat()))
    return tuple(row[0] for row in rows)
