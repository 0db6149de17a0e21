"""The facts of a university's yearly tables as rows, and what the posted services of a span say of each set."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.ledger.period import Period
from desktop.ledger.university import StatedSet, UseCount
from desktop.store import schema_university
from desktop.store.database import Connection
from desktop.store.rows import Codec

SETS = Codec(StatedSet, schema_university.university_set)
COUNTS = Codec(UseCount, schema_university.university_count)


def stated(connection: Connection) -> dict[str, StatedSet]:
    """Set -> what the school states of it."""
    return {one.instrument_id: one for one in SETS.find(connection)}


def counted(connection: Connection, year: str, instrument_id: str | None = None) -> dict[str, dict[str, UseCount]]:
    """Set -> item -> what was entered for an academic year; ``instrument_id``: of one set only."""
    where, params = ("year = ?", (year,)) if instrument_id is None else ("year = ? AND instrument_id = ?", (year, instrument_id))
    told: dict[str, dict[str, UseCount]] = {}
    for fact in COUNTS.find(connection, where, params):
        told.setdefault(fact.instrument_id, {})[fact.item] = fact
    return told


@dataclass(frozen=True, slots=True)
class Served:
    """A posted service that stands: minutes, whether for others, its way and direction as they stand, its samples (None: not said)."""

    posting_id: str
    instrument_id: str
    minutes: int
    external: bool
    way: str
    direction: str
    samples: Decimal | None


_SERVED = (
    "SELECT p.id, p.instrument_id, p.minutes, p.external, r.way, r.direction, r.quantity FROM posting p JOIN service_record r ON r.id = p.record_id "
    "WHERE p.ended_on >= ? AND p.ended_on < ? AND p.reverses IS NULL AND NOT p.confidential AND NOT r.confidential "
    "AND NOT EXISTS (SELECT 1 FROM posting t WHERE t.reverses = p.id)"
)


def served(connection: Connection, period: Period, instrument_id: str | None = None) -> list[Served]:
    """The posted services that ended in a span and were not reversed, in order of posting; confidential ones left out, for what is told of them leaves."""
    params: tuple[str, ...] = (period.start.isoformat(), period.end.isoformat())
    sql = _SERVED
    if instrument_id is not None:
        sql, params = f"{sql} AND p.instrument_id = ?", (*params, instrument_id)
    rows = connection.exec_driver_sql(f"{sql} ORDER BY p.id", params)
    return [Served(r[0], r[1], r[2], bool(r[3]), r[4], r[5], None if r[6] is None else Decimal(r[6])) for r in rows]
