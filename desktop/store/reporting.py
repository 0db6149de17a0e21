"""What the reports ask of the ledger: sums made in SQL, rows read in one pass."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from sys import intern

from desktop.ledger.period import Period
from desktop.store.database import Connection


@dataclass(frozen=True, slots=True)
class Shared:
    """One instrument's use in a period; ``effective_minutes`` of all its services, ``external_minutes`` of external ones."""

    asset_number: str
    name: str
    department: str
    confidential: bool
    n_records: int
    effective_minutes: int
    external_minutes: int
    income_fen: int
    external_income_fen: int


def first_year(connection: Connection) -> int | None:
    """The calendar year of the earliest service that was posted; None when nothing was."""
    month = connection.exec_driver_sql("SELECT min(service_month) FROM posting").scalar()
    return None if month is None else int(month[:4])


# Of each instrument, from ``:start`` to the day before ``:end``. Minutes and fen of a reversal are negative.
USE_OF_INSTRUMENTS = """
(SELECT instrument_id, sum(reverses IS NULL) - sum(reverses IS NOT NULL) AS n, sum(minutes) AS minutes,
        sum(CASE WHEN external THEN minutes ELSE 0 END) AS external_minutes, sum(amount_fen) AS fen,
        sum(CASE WHEN external THEN amount_fen ELSE 0 END) AS external_fen
 FROM posting WHERE ended_on >= :start AND ended_on < :end GROUP BY instrument_id)
"""
# Where a set was on the last day of a span: a later internal transfer says where it came from. Sets that stayed are not in it.
MOVED_SINCE = """
(SELECT instrument_id, from_department, min(handed_on) FROM transfer
 WHERE kind = 'internal' AND state = 'handed_over' AND handed_on >= :end GROUP BY instrument_id)
"""
_SHARED = f"""
SELECT i.asset_number, i.name, coalesce(m.from_department, i.department), coalesce(i.confidential, 0),
       s.n, s.minutes, s.external_minutes, s.fen, s.external_fen
FROM {USE_OF_INSTRUMENTS} s JOIN instrument i ON i.id = s.instrument_id LEFT JOIN {MOVED_SINCE} m ON m.instrument_id = i.id
ORDER BY i.asset_number
"""


def shared(connection: Connection, period: Period) -> list[Shared]:
    """Posted services of a period by instrument; a reversal takes its record out of the period it was served in. Departments are of its last day."""
    rows = connection.exec_driver_sql(_SHARED, {"start": period.start.isoformat(), "end": period.end.isoformat()})
    return [Shared(r[0], r[1], r[2], bool(r[3]), r[4], r[5], r[6], r[7], r[8]) for r in rows]


@dataclass(frozen=True, slots=True)
class Worked:
    """One technician's posted services on one instrument; technician None: no operator. A reversal takes its record out."""

    instrument_id: str
    technician_id: str | None
    n_records: int
    minutes: int
    amount_fen: int


# The inner sums follow the order of ix_posting_sums, so nothing is sorted but the few rows they leave. Minutes are negative in a reversal.
_WORKED = """
SELECT instrument_id, technician_id, sum(n), sum(minutes), sum(fen)
FROM (SELECT instrument_id, technician_id, sum((minutes > 0) - (minutes < 0)) AS n, sum(minutes) AS minutes, sum(amount_fen) AS fen
      FROM posting WHERE service_month >= ? AND service_month <= ? GROUP BY service_month, instrument_id, technician_id)
GROUP BY instrument_id, technician_id
"""


def by_instrument_and_technician(connection: Connection, start_month: str, end_month: str) -> list[Worked]:
    """Posted services of the months (``2025-07``, both included) by instrument and technician; confidential ones included."""
    return [Worked(*row) for row in connection.exec_driver_sql(_WORKED, (start_month, end_month))]


def n_unposted(connection: Connection, period: Period) -> int:
    """Records of a period that are not posted yet; confidential ones are left out, as from everything a report lists."""
    sql = (
        "SELECT count(*) FROM service_record r JOIN instrument i ON i.id = r.instrument_id WHERE r.state = 'draft' "
        "AND r.ended_at >= ? AND r.ended_at < ? AND NOT r.confidential AND NOT coalesce(i.confidential, 0)"
    )
    return int(connection.exec_driver_sql(sql, (period.start.isoformat(), period.end.isoformat())).scalar_one())


@dataclass(frozen=True, slots=True)
class Transaction:
    """One external posting or reversal that a year may count; ``reversed_on`` is set for a reversal."""

    record_number: str
    asset_number: str
    instrument: str
    customer: str
    ended_on: date
    amount_fen: int
    contract: str
    invoice: str
    external: bool
    reversed_on: date | None
    confidential: bool


_TRANSACTIONS = """
SELECT p.record_number, i.asset_number, i.name, c.name, p.ended_on, p.amount_fen, r.contract,
       coalesce((SELECT group_concat(DISTINCT t.invoice_number) FROM receipt t WHERE t.posting_id = coalesce(p.reverses, p.id)), ''),
       p.external, CASE WHEN p.reverses IS NULL THEN NULL ELSE p.posted_on END, p.confidential
FROM posting p JOIN instrument i ON i.id = p.instrument_id JOIN customer c ON c.id = p.customer_id
JOIN service_record r ON r.id = p.record_id
WHERE p.external = 1 AND (CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END) BETWEEN ? AND ?
ORDER BY p.ended_on, p.record_number
"""


def transactions(connection: Connection, year: int) -> Iterator[Transaction]:
    """External postings by end of service, and reversals by their own day, of one year; one after the other while it is read."""
    # A year has few days, instruments and customers: each is held once, however many rows name it.
    day = cache(date.fromisoformat)
    for number, asset, name, customer, ended, fen, contract, invoice, external, turned, secret in connection.exec_driver_sql(
        _TRANSACTIONS, (f"{year}-01-01", f"{year}-12-31")
    ):
        yield Transaction(
            number, intern(asset), intern(name), intern(customer), day(ended), fen, contract, invoice, bool(external),
            day(turned) if turned else None, bool(secret),
        )  # fmt: skip


_BEHIND = """
SELECT l.technician_id, p.record_number, i.asset_number, i.name, c.name, p.ended_on, l.service_month, l.minutes, l.amount_fen, l.fen, l.late,
       l.reverses IS NOT NULL, p.confidential
FROM payout_line l JOIN posting p ON p.id = l.posting_id JOIN instrument i ON i.id = p.instrument_id
JOIN customer c ON c.id = p.customer_id WHERE l.run_id = ? ORDER BY l.technician_id, p.ended_on, p.record_number
"""


def behind_run(
    connection: Connection, run_id: str
) -> list[tuple[str, str, str, str, str, date, str, int, int, int, bool, bool, bool]]:
    """Every line of a run: technician, record, asset number, instrument, customer, day, month, minutes, income, fen, late, reversal, confidential."""
    return [
        (r[0], r[1], r[2], r[3], r[4], date.fromisoformat(r[5]), r[6], r[7], r[8], r[9], bool(r[10]), bool(r[11]), bool(r[12]))
        for r in connection.exec_driver_sql(_BEHIND, (run_id,))
    ]


def taken_back(connection: Connection, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """Posting that takes back, payout line taken back -> record, run that had paid it, confidential; by record."""
    sql = (
        "SELECT DISTINCT p.record_number, r.number, p.confidential FROM json_each(?) k "
        "JOIN posting p ON p.id = json_extract(k.value, '$[0]') JOIN payout_line o ON o.id = json_extract(k.value, '$[1]') "
        "JOIN payout_run r ON r.id = o.run_id ORDER BY p.record_number"
    )
    return [(row[0], row[1], bool(row[2])) for row in connection.exec_driver_sql(sql, (json.dumps(pairs),))]
