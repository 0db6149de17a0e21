"""Answers to the self-checks as rows: of a span of service days, and what a record is that one names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.ledger.attachment import Attachment
from desktop.ledger.integrity import IntegrityAnswer
from desktop.ledger.period import Period
from desktop.store import schema_integrity
from desktop.store.database import Connection
from desktop.store.facts import ATTACHMENTS
from desktop.store.rows import Codec

ANSWERS = Codec(IntegrityAnswer, schema_integrity.integrity_answer)


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a check or an answer names; ``state`` draft, posted or reversed; ``minutes`` as registered."""

    id: str
    number: str
    state: str
    ended_on: date
    asset_number: str
    instrument: str
    confidential: bool
    minutes: int


_NAMED = (
    "SELECT r.id, r.number, r.state, substr(r.ended_at, 1, 10), i.asset_number, i.name, "
    "r.confidential OR coalesce(i.confidential, 0), r.minutes FROM service_record r JOIN instrument i ON i.id = r.instrument_id"
)


def named(connection: Connection, number: str) -> Named | None:
    """The record of a number."""
    row = connection.exec_driver_sql(f"{_NAMED} WHERE r.number = ?", (number.strip(),)).first()
    return None if row is None else Named(row[0], row[1], row[2], date.fromisoformat(row[3]), row[4], row[5], bool(row[6]), row[7])


def of_period(connection: Connection, period: Period) -> list[tuple[Named, IntegrityAnswer]]:
    """Every answer to a record whose service ended in the span, the oldest first."""
    bound = (period.start.isoformat(), period.end.isoformat())
    sql = f"{_NAMED} WHERE r.id IN (SELECT record_id FROM integrity_answer) AND substr(r.ended_at, 1, 10) >= ? AND substr(r.ended_at, 1, 10) < ?"
    records = {
        row[0]: Named(row[0], row[1], row[2], date.fromisoformat(row[3]), row[4], row[5], bool(row[6]), row[7])
        for row in connection.exec_driver_sql(sql, bound)
    }
    found = ANSWERS.find(connection, "1", (), "answered_on, rowid")
    return [(records[one.record_id], one) for one in found if one.record_id in records]


def files(connection: Connection) -> dict[str, list[Attachment]]:
    """Answer key -> the files attached to it, in the order they were added."""
    found: dict[str, list[Attachment]] = {}
    for one in ATTACHMENTS.find(connection, "of_kind = 'integrity_answer'", (), "added_at IS NULL, added_at, rowid"):
        found.setdefault(one.of_id, []).append(one)
    return found
