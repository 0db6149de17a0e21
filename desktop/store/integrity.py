"""What the self-checks of integrity ask of the posted records of a span; each answer is keys of records, made in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop.ledger.period import Period
from desktop.store.database import Connection

# Posted and not taken back. Confidential ones are looked at too: this never leaves the machine unless somebody prints it.
_STANDING = """
standing AS MATERIALIZED (
    SELECT r.id, r.number, r.instrument_id, r.started_at, r.ended_at, r.minutes, r.contact, p.posted_on, p.ended_on, p.external,
           p.confidential OR coalesce(i.confidential, 0) AS confidential, i.asset_number, i.name, i.contact AS keeper, i.phone
    FROM posting p JOIN service_record r ON r.id = p.record_id JOIN instrument i ON i.id = p.instrument_id
    WHERE p.reverses IS NULL AND p.ended_on >= :start AND p.ended_on < :end
          AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)
)
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


_CHECKS = {
    # The next record of the same set that begins before the longest of the earlier ones has ended.
    "overlap": """
        SELECT number, asset_number, name, confidential, ended_on, minutes, before FROM (
            SELECT s.*, max(ended_at) OVER earlier AS last_end, last_value(number) OVER earlier AS before FROM standing s
            WINDOW earlier AS (PARTITION BY instrument_id ORDER BY started_at, ended_at, number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ) WHERE last_end > started_at ORDER BY ended_on, number
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
    # Runs of whole hours: the row numbers of all and of the broken ones differ by the same count within a run.
    "round_run": """
        SELECT number, asset_number, name, confidential, ended_on, minutes, n FROM (
            SELECT t.*, count(*) OVER (PARTITION BY instrument_id, island) AS n FROM (
                SELECT s.*, minutes % 60 = 0 AS whole,
                       row_number() OVER (PARTITION BY instrument_id ORDER BY started_at, number)
                       - row_number() OVER (PARTITION BY instrument_id, minutes % 60 = 0 ORDER BY started_at, number) AS island
                FROM standing s
            ) t WHERE whole
        ) WHERE n >= :round_run ORDER BY asset_number, ended_on, number
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


def seen(connection: Connection, check: str, period: Period, limits: dict[str, int]) -> Iterator[Seen]:
    """The records a check points at. ``limits`` has day_minutes, round_run, late_days. Raises KeyError for an unknown check."""
    bound = {"start": period.start.isoformat(), "end": period.end.isoformat(), **limits}
    for row in connection.exec_driver_sql(f"WITH {_STANDING} {_CHECKS[check]}", bound):
        yield Seen(row[0], row[1], row[2], bool(row[3]), row[4], row[5], str(row[6]))


def n_standing(connection: Connection, period: Period) -> int:
    """How many records the checks have looked at."""
    bound = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    return int(connection.exec_driver_sql(f"WITH {_STANDING} SELECT count(*) FROM standing", bound).scalar_one())
