"""What the national platform is told of a span of days: the services that stand, and the vouchers of the money received."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desktop.ledger.document_number import compared
from desktop.ledger.period import Period
from desktop.ledger.service_record import Posting, ServiceRecord
from desktop.store import evaluation, national_stated
from desktop.store.database import Connection
from desktop.store.facts import POSTINGS, RECORDS

_STANDS = (
    "posting.reverses IS NULL AND posting.ended_on >= ? AND posting.ended_on < ? "
    "AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.reverses = posting.id)"
)


def services(connection: Connection, period: Period) -> list[tuple[ServiceRecord, Posting]]:
    """Posted services by their end, in that order, without those that were reversed; confidential ones included.

    ``rating`` of a record is what its user said: what was entered after posting counts before the word the record came with.
    """
    days = (period.start.isoformat(), period.end.isoformat())
    postings = POSTINGS.find(connection, _STANDS, days, "posting.ended_on, posting.record_number")
    records = {one.id: one for one in RECORDS.find(connection, f"id IN (SELECT record_id FROM posting WHERE {_STANDS})", days)}
    words = {one.record_id: one.word for one in evaluation.rated(connection, period)}
    return [(replace(record, rating=words.get(record.id, record.rating)), one) for one in postings for record in (records[one.record_id],)]


@dataclass(frozen=True, slots=True)
class Voucher:
    """Money received under one invoice for one instrument and customer; fen, refunds taken off. ``number`` "" where none was entered.

    ``confidential`` None: nobody said whether the set is, and neither the service nor its posting is.
    ``handlers``: who handled it, as stated of its services, else the persons of the ledger who entered it here; () where nobody says.
    """

    received_on: date
    number: str
    asset_number: str
    instrument: str
    customer: str
    item: str
    fen: int
    confidential: bool | None
    handlers: tuple[str, ...] = ()


_VOUCHERS = """
SELECT max(t.received_on), t.invoice_number, i.asset_number, i.name, c.name, min(r.item), sum(t.fen),
       max(p.confidential OR i.confidential OR r.confidential), json_group_array(json_array(r.id, t.id)), c.id
FROM receipt t JOIN posting p ON p.id = t.posting_id JOIN instrument i ON i.id = p.instrument_id
JOIN customer c ON c.id = p.customer_id JOIN service_record r ON r.id = p.record_id
WHERE t.received_on >= ? AND t.received_on < ?
GROUP BY t.invoice_number, i.id, c.id, CASE t.invoice_number WHEN '' THEN t.id END
ORDER BY min(t.received_on), 2, 3
"""


def vouchers(connection: Connection, period: Period) -> list[Voucher]:
    """The money received in a span, by day and voucher: one row for each invoice, instrument and customer.

    A number that is written in two ways is one invoice, as the effect counts it, and stands as it was written first.
    """
    rows = connection.exec_driver_sql(_VOUCHERS, (period.start.isoformat(), period.end.isoformat())).all()
    alike: dict[tuple[object, ...], list[Any]] = {}
    for place, row in enumerate(rows):
        paper = compared(row[1])
        alike.setdefault((paper, row[2], row[9]) if paper else (place,), []).append(row)
    received = {key: [pair for row in several for pair in json.loads(row[8])] for key, several in alike.items()}
    stated = national_stated.of_records(connection, {record for each in received.values() for record, _ in each})
    entered = _entered_by(connection, {receipt for each in received.values() for _, receipt in each})

    def handlers(each: list[list[str]]) -> tuple[str, ...]:
        said = (stated[record].handler if record in stated and stated[record].handler else entered.get(receipt, "") for record, receipt in each)
        return tuple(sorted({name for name in said if name}))

    found = [_voucher(several, handlers(received[key])) for key, several in alike.items()]
    return sorted((one for one in found if one.fen), key=lambda one: (one.received_on, one.number, one.asset_number))


def _voucher(several: Sequence[Any], handlers: tuple[str, ...]) -> Voucher:
    """One of the rows of an invoice, an instrument and a customer; the first has its number as it was written first."""
    number, asset_number, instrument, customer = several[0][1:5]
    said = {row[7] for row in several}
    confidential = True if 1 in said else None if None in said else False
    return Voucher(
        date.fromisoformat(max(row[0] for row in several)), number, asset_number, instrument, customer, min(row[5] for row in several),
        sum(row[6] for row in several), confidential, handlers,
    )  # fmt: skip


# Whoever fetched it by a sync handled nothing, and the name of an account of the machine is no person's.
_ENTERED = """
SELECT a.key, o.who FROM journal_after a JOIN operation o ON o.seq = a.operation
WHERE a.kind = 'receipt' AND a.key IN (SELECT value FROM json_each(?)) AND o.name NOT IN ('sync', 'sync same')
AND o.who IN (SELECT name FROM person) ORDER BY a.operation DESC
"""


def _entered_by(connection: Connection, receipts: Collection[str]) -> dict[str, str]:
    """Receipt -> the person of the ledger who entered it here first; receipts nobody named entered are not in it."""
    return {row[0]: row[1] for row in connection.exec_driver_sql(_ENTERED, (json.dumps(sorted(receipts)),))}
