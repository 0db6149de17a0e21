"""What two seats may have entered each by itself though it is one thing: the same money received, two records in the place of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.ledger.period import Period
from desktop.store.database import Connection

_ALWAYS = ("0000", "9999")


@dataclass(frozen=True, slots=True)
class SameMoney:
    """Receipts (``keys``) of one posting that stand with the same day, amount in fen each, and invoice."""

    posting_id: str
    record_number: str
    received_on: date
    fen: int
    invoice_number: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplacedTwice:
    """Posted records (``numbers``) that each replace the record ``number``."""

    key: str
    number: str
    numbers: tuple[str, ...]


def same_money(connection: Connection, month: Period | None = None, posting_id: str | None = None) -> list[SameMoney]:
    """Receipts that were not taken back and say the same, by record and day.

    ``month``: only of services that ended in it, or money of its days; ``posting_id``: only of that posting.
    """
    first, end = (month.start.isoformat(), month.end.isoformat()) if month else _ALWAYS
    rows = connection.exec_driver_sql(
        "SELECT t.posting_id, p.record_number, t.received_on, t.fen, trim(t.invoice_number), group_concat(t.id, ' ') "
        f"FROM (SELECT posting_id FROM receipt {'WHERE posting_id = ?3' if posting_id else ''} GROUP BY posting_id HAVING count(*) > 1) c "
        "CROSS JOIN receipt t ON t.posting_id = c.posting_id CROSS JOIN posting p ON p.id = t.posting_id WHERE t.reverses IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM receipt b WHERE b.reverses = t.id) "
        "AND ((t.received_on >= ?1 AND t.received_on < ?2) OR (p.ended_on >= ?1 AND p.ended_on < ?2)) "
        "GROUP BY t.posting_id, t.received_on, t.fen, trim(t.invoice_number) HAVING count(*) > 1 ORDER BY p.record_number, t.received_on, t.fen",
        (first, end, posting_id) if posting_id else (first, end),
    )
    return [SameMoney(r[0], r[1], date.fromisoformat(r[2]), r[3], r[4], tuple(sorted(r[5].split()))) for r in rows]


def replaced_twice(connection: Connection, month: Period | None = None) -> list[ReplacedTwice]:
    """Records that more than one posted record replaces; ``month``: only where one of those ended in it."""
    first, end = (month.start.isoformat(), month.end.isoformat()) if month else _ALWAYS
    rows = connection.exec_driver_sql(
        "SELECT s.replaces, coalesce(o.number, ''), group_concat(s.number, char(10)) FROM service_record s LEFT JOIN service_record o ON o.id = s.replaces "
        "WHERE s.replaces IS NOT NULL AND s.state = 'posted' GROUP BY s.replaces "
        "HAVING count(*) > 1 AND max(s.ended_at >= ?1 AND s.ended_at < ?2) ORDER BY 2",
        (first, end),
    )
    return [ReplacedTwice(r[0], r[1], tuple(sorted(r[2].split("\n")))) for r in rows]


@dataclass(frozen=True, slots=True)
class Beside:
    """A draft ``number`` that replaces the record ``before``, with the numbers of the others in the same place that are not reversed."""

    number: str
    before: str
    others: tuple[str, ...]


def beside(connection: Connection) -> dict[str, Beside]:
    """The drafts, by key, beside which others stand in the place of the same record."""
    rows = connection.exec_driver_sql(
        "SELECT s.id, s.number, coalesce(r.number, ''), group_concat(o.number, char(10)) FROM service_record s "
        "JOIN service_record o ON o.replaces = s.replaces AND o.id <> s.id AND o.state <> 'reversed' "
        "LEFT JOIN service_record r ON r.id = s.replaces WHERE s.replaces IS NOT NULL AND s.state = 'draft' GROUP BY s.id ORDER BY s.number"
    )
    return {row[0]: Beside(row[1], row[2], tuple(sorted(row[3].split("\n")))) for row in rows}
