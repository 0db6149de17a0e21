"""What the self-checks of integrity ask of the posted records of a span; each answer is keys of records, made in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from desktop.ledger.period import Period
from desktop.ledger.service_record import ServiceRecord
from desktop.store.database import Connection, driver_rows

# Posted and not taken back. Confidential ones are looked at too: this never leaves the machine unless somebody prints it.
_EVERY = """
    SELECT r.id, r.number, r.instrument_id, r.started_at, r.ended_at, r.minutes, r.contact, p.posted_on, p.ended_on, p.external,
           p.confidential OR coalesce(i.confidential, 0) AS confidential, i.asset_number, i.name, i.contact AS keeper, i.phone
    FROM posting p JOIN service_record r ON r.id = p.record_id JOIN instrument i ON i.id = p.instrument_id
    WHERE p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)
"""
_STANDING = f"standing AS MATERIALIZED ({_EVERY} AND p.ended_on >= :start AND p.ended_on < :end)"
# All records, whenever, of the sets of the span: a run of them over one of its ends would else be too short on either side.
_OF_SETS = f"{_EVERY} AND r.instrument_id IN (SELECT instrument_id FROM standing)"
# What a record of the span may overlap: also what ended before it or ends after it, or an overlap at midnight of its ends would be of no span.
_NEAR = f"{_EVERY} AND r.started_at < :end AND p.ended_on >= (SELECT substr(min(started_at), 1, 10) FROM standing)"
# The same records with what their price hangs on, and with what is known of the customer now.
_CHARGES = """
SELECT r.id, r.number, r.instrument_id, r.customer_id, r.customer_name, r.started_at, r.ended_at, r.minutes, r.item, r.quantity,
       r.second_quantity, r.urgent, r.agreed_price_fen, r.consumables_fen, p.amount_fen, p.customer_class, p.ended_on,
       p.confidential OR coalesce(i.confidential, 0), i.asset_number, i.name, c.internal, c.department <> '' AND c.department = i.department
FROM posting p JOIN service_record r ON r.id = p.record_id JOIN instrument i ON i.id = p.instrument_id
     LEFT JOIN customer c ON c.id = p.customer_id
WHERE p.reverses IS NULL AND p.ended_on >= ? AND p.ended_on < ? AND (? = '' OR r.number = ?)
      AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)
ORDER BY p.ended_on, r.number
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One record that a check points at; ``detail`` is what it saw beside it: another record's number, a day, a name."""

    number: str
    asset_number: str
    instrument: str
    confidential: bool
    ended_on: str
    minutes: int
    detail: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A posted record with what it was charged: ``fen``, as which class. ``record`` has what its price hangs on and no more.

    ``internal``: what is known of its customer now, None when that is nothing; ``own_school``: whether its department is the instrument's.
    """

    record: ServiceRecord
    fen: int
    customer_class: str
    ended_on: str
    confidential: bool
    asset_number: str
    instrument: str
    internal: bool | None
    own_school: bool


_CHECKS = {
    # The next record of the same set that begins before the longest of the earlier ones has ended: that one is named. Both are as
    # confidential as their set (store.reclassifications), so that a finding that is printed names no confidential record.
    "overlap": f"""
        SELECT number, asset_number, name, confidential, ended_on, minutes, substr(longest, length(last_end) + 1) FROM (
            SELECT s.*, max(ended_at) OVER earlier AS last_end, max(ended_at || number) OVER earlier AS longest FROM ({_NEAR}) s
            WINDOW earlier AS (PARTITION BY instrument_id ORDER BY started_at, ended_at, number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ) WHERE last_end > started_at AND ended_on >= :start AND ended_on < :end ORDER BY ended_on, number
    """,
    "beyond_day": """
        SELECT s.number, s.asset_number, s.name, s.confidential, s.ended_on, s.minutes, d.total
        FROM standing s JOIN (
            SELECT instrument_id, substr(started_at, 1, 10) AS day, sum(minutes) AS total FROM standing
            WHERE substr(started_at, 1, 10) = substr(ended_at, 1, 10) GROUP BY 1, 2 HAVING sum(minutes) > :day_minutes
        ) d ON d.instrument_id = s.instrument_id AND d.day = substr(s.started_at, 1, 10) AND substr(s.started_at, 1, 10) = substr(s.ended_at, 1, 10)
        ORDER BY s.ended_on, s.number
    """,
    "beyond_times": """
        SELECT number, asset_number, name, confidential, ended_on, minutes,
               CAST(round((julianday(ended_at) - julianday(started_at)) * 1440) AS INTEGER) AS between_times
        FROM standing WHERE minutes > round((julianday(ended_at) - julianday(started_at)) * 1440) ORDER BY ended_on, number
    """,
    # Runs of whole hours: the row numbers of all and of the broken ones differ by the same count within a run. Told are those of the span, with the
    # length of the whole run.
    "round_run": f"""
        SELECT number, asset_number, name, confidential, ended_on, minutes, n FROM (
            SELECT t.*, count(*) OVER (PARTITION BY instrument_id, island) AS n FROM (
                SELECT s.*, minutes % 60 = 0 AS whole,
                       row_number() OVER (PARTITION BY instrument_id ORDER BY started_at, number)
                       - row_number() OVER (PARTITION BY instrument_id, minutes % 60 = 0 ORDER BY started_at, number) AS island
                FROM ({_OF_SETS}) s
            ) t WHERE whole
        ) WHERE n >= :round_run AND ended_on >= :start AND ended_on < :end ORDER BY asset_number, ended_on, number
    """,
    "late": """
        SELECT number, asset_number, name, confidential, ended_on, minutes, posted_on FROM standing
        WHERE julianday(posted_on) - julianday(ended_on) > :late_days ORDER BY ended_on, number
    """,
    "same_contact": """
        SELECT number, asset_number, name, confidential, ended_on, minutes, trim(contact) FROM standing
        WHERE external AND trim(contact) <> '' AND (trim(contact) = trim(keeper) OR (trim(phone) <> '' AND instr(contact, trim(phone)) > 0))
        ORDER BY ended_on, number
    """,
}
CHECKS = tuple(_CHECKS)
"""The checks that are made in SQL alone."""


def seen(connection: Connection, check: str, period: Period, limits: dict[str, int]) -> Iterator[Seen]:
    """The records a check points at. ``limits`` has day_minutes, round_run, late_days. Raises KeyError for an unknown check."""
    bound = {"start": period.start.isoformat(), "end": period.end.isoformat(), **limits}
    said: dict[str, str] = {}  # a year of records names a few hundred sets and days: each stands in memory once
    for row in connection.exec_driver_sql(f"WITH {_STANDING} {_CHECKS[check]}", bound):
        asset, name, ended_on, detail = (said.setdefault(text, text) for text in (row[1], row[2], row[4], str(row[6])))
        yield Seen(row[0], asset, name, bool(row[3]), ended_on, row[5], detail)


def charges(connection: Connection, period: Period, number: str = "") -> Iterator[Charge]:
    """What was charged for the posted records of a span, one after the other by day; ``number``: for that record alone."""
    bound = (period.start.isoformat(), period.end.isoformat(), number, number)
    for row in driver_rows(connection, _CHARGES, bound):
        record = ServiceRecord(
            row[0], row[1], row[2], row[3], row[4], datetime.fromisoformat(row[5]), datetime.fromisoformat(row[6]), row[7], row[8],
            quantity=_decimal(row[9]), second_quantity=_decimal(row[10]), urgent=bool(row[11]), agreed_price_fen=row[12],
            consumables_fen=row[13],
        )  # fmt: skip
        internal = None if row[20] is None else bool(row[20])
        yield Charge(record, row[14], row[15], row[16], bool(row[17]), row[18], row[19], internal, bool(row[21]))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def n_standing(connection: Connection, period: Period) -> int:
    """How many records the checks have looked at."""
    bound = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    return int(connection.exec_driver_sql(f"WITH {_STANDING} SELECT count(*) FROM standing", bound).scalar_one())


def years(connection: Connection) -> tuple[int, int] | None:
    """The first and the last calendar year with a posted service; None when nothing was posted."""
    first, last = connection.exec_driver_sql("SELECT min(service_month), max(service_month) FROM posting").one()
    return None if first is None else (int(first[:4]), int(last[:4]))


def confidential_numbers(connection: Connection, period: Period) -> frozenset[str]:
    """The numbers of a span's confidential records: of a confidential set, or posted as such before it was declassified."""
    bound = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    found = connection.exec_driver_sql(f"WITH {_STANDING} SELECT number FROM standing WHERE confidential", bound)
    return frozenset(row[0] for row in found)
