"""A year's external services with the evidence the ledger has for each: contract, invoices, money received, files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.ledger.attachment import Attachment
from desktop.store.database import Connection
from desktop.store.facts import ATTACHMENTS


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One external posting, or a reversal (negative ``amount_fen``, its own day in ``reversed_on``); ``rating``: what the customer said last,
    after the service or on the record, "" for none."""

    posting_id: str
    record_number: str
    asset_number: str
    instrument: str
    customer: str
    customer_uscc: str
    ended_on: date
    amount_fen: int
    contract: str
    invoices: str
    received_fen: int
    n_files: int
    rating: str
    reversed_on: date | None
    confidential: bool

    @property
    def evidenced(self) -> bool:
        """Whether contract and invoice are both entered."""
        return bool(self.contract and self.invoices)


COLUMNS = """
       p.id, p.record_number, i.asset_number, i.name, c.name, c.uscc, p.ended_on, p.amount_fen, r.contract,
       coalesce((SELECT group_concat(DISTINCT t.invoice_number) FROM receipt t WHERE t.posting_id = coalesce(p.reverses, p.id) AND t.invoice_number <> ''), ''),
       coalesce((SELECT sum(t.fen) FROM receipt t WHERE t.posting_id = p.id), 0),
       (SELECT count(*) FROM attachment a WHERE (a.of_kind = 'service_record' AND a.of_id = p.record_id)
           OR (a.of_kind = 'receipt' AND a.of_id IN (SELECT t.id FROM receipt t WHERE t.posting_id = p.id))),
       coalesce((SELECT u.word FROM user_rating u WHERE u.record_id = r.id), r.rating),
       CASE WHEN p.reverses IS NULL THEN NULL ELSE p.posted_on END, p.confidential
"""
"""SQL: what ``evidence_line`` reads, of posting ``p``, instrument ``i``, customer ``c`` and record ``r``."""

# By the definition of the transaction amount: a service counts in the year it ended, a reversal in its own.
_LINES = f"""
SELECT {COLUMNS}
FROM posting p JOIN instrument i ON i.id = p.instrument_id JOIN customer c ON c.id = p.customer_id JOIN service_record r ON r.id = p.record_id
WHERE p.external = 1 AND (CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END) BETWEEN ? AND ?
ORDER BY p.ended_on, p.record_number, p.reverses IS NOT NULL
"""


def lines(connection: Connection, year: int) -> Iterator[EvidenceLine]:
    """Every line of a calendar year, confidential ones marked."""
    yield from map(evidence_line, connection.exec_driver_sql(_LINES, (f"{year}-01-01", f"{year}-12-31")))


def evidence_line(row: Sequence[Any]) -> EvidenceLine:
    """The line of a row that begins with ``COLUMNS``."""
    turned = date.fromisoformat(row[13]) if row[13] else None
    return EvidenceLine(
        row[0], row[1], row[2], row[3], row[4], row[5], date.fromisoformat(row[6]), row[7], row[8], row[9], row[10], row[11], row[12], turned,
        bool(row[14]),
    )  # fmt: skip


_FILES = """
SELECT p.id, a.id, p.ended_on, p.record_number FROM posting p JOIN attachment a ON a.of_kind = 'service_record' AND a.of_id = p.record_id
WHERE p.external = 1 AND p.reverses IS NULL AND p.ended_on BETWEEN ?1 AND ?2
UNION ALL
SELECT p.id, a.id, p.ended_on, p.record_number FROM posting p JOIN receipt t ON t.posting_id = p.id
JOIN attachment a ON a.of_kind = 'receipt' AND a.of_id = t.id WHERE p.external = 1 AND p.reverses IS NULL AND p.ended_on BETWEEN ?1 AND ?2
ORDER BY 3, 4, 2
"""


def files(connection: Connection, year: int) -> list[tuple[str, Attachment]]:
    """Posting and attachment of a calendar year's external services and the money received for them, by day and record."""
    found = connection.exec_driver_sql(_FILES, (f"{year}-01-01", f"{year}-12-31")).all()
    kept = {one.id: one for one in ATTACHMENTS.find(connection, "of_kind IN ('service_record', 'receipt')")}
    return [(row[0], kept[row[1]]) for row in found]
