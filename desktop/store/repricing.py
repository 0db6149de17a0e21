"""The posted external services of a span of days, as a stream: what repricing needs of each, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from desktop.ledger.period import Period
from desktop.store.database import Connection, driver_rows


@dataclass(frozen=True, slots=True)
class Served:
    """One service whose posting stands; ``item`` as the record names it, the line that priced it, and what was used (minutes, fen)."""

    posting_id: str
    record_id: str
    number: str
    instrument_id: str
    customer_id: str
    schedule_id: str
    line_id: str
    customer_class: str
    amount_fen: int
    secret: bool
    item: str
    minutes: int
    quantity: Decimal | None
    second_quantity: Decimal | None
    urgent: bool
    agreed_price_fen: int | None
    consumables_fen: int | None


_SERVED = """
SELECT p.id, p.record_id, p.record_number, p.instrument_id, p.customer_id, p.schedule_id, p.line_id, p.customer_class, p.amount_fen,
       p.confidential OR coalesce(i.confidential, 0), r.item, r.minutes, r.quantity, r.second_quantity, r.urgent, r.agreed_price_fen, r.consumables_fen
FROM posting p JOIN service_record r ON r.id = p.record_id JOIN instrument i ON i.id = p.instrument_id
WHERE p.external = 1 AND +p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)
"""


def served(connection: Connection, period: Period, instrument_id: str = "") -> Iterator[Served]:
    """The external services that ended in the span and were not reversed, set by set; "": of every set. Confidential ones included."""
    sql = f"{_SERVED} AND p.ended_on >= ? AND p.ended_on < ? AND (? = '' OR p.instrument_id = ?) ORDER BY p.instrument_id"
    return _read(connection, sql, (period.start.isoformat(), period.end.isoformat(), instrument_id, instrument_id))


def served_by(connection: Connection, number: str) -> Served | None:
    """The service of one record, whenever it ended; None when it is no external one with a posting that stands."""
    return next(_read(connection, f"{_SERVED} AND p.record_number = ?", (number,)), None)


def _read(connection: Connection, sql: str, params: tuple[str, ...]) -> Iterator[Served]:
    for (
        posting, record, number, instrument, customer, schedule, line, whose, fen, secret, item, minutes, quantity, second, urgent, agreed, extra,
    ) in driver_rows(connection, sql, params):  # fmt: skip
        yield Served(
            posting, record, number, instrument, customer, schedule, line, whose, fen, bool(secret), item, minutes, _decimal(quantity),
            _decimal(second), bool(urgent), agreed, extra,
        )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
