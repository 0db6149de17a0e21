"""What the first page asks of the ledger: sums by month, counts by severity, the sets that a benchmark is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.store.database import Connection

MOST_NAMED = 2_000


@dataclass(frozen=True, slots=True)
class MonthSum:
    """Posted external services of one month of service: minutes and fen (reversals taken back), and the rows they come from."""

    minutes: int
    fen: int
    n: int
    keys: tuple[str, ...] = ()


def begun(connection: Connection) -> frozenset[str]:
    """The kinds a new ledger needs of which there is something already."""
    kinds = ("instrument", "fee_line", "technician", "customer", "service_record", "person", "scheme")
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {kind})" for kind in kinds)
    found = connection.exec_driver_sql(f"SELECT {asked}").one()
    return frozenset(kind for kind, there in zip(kinds, found, strict=True) if there)


def external_by_month(connection: Connection, first: str, last: str) -> dict[str, MonthSum]:
    """``2025-07`` -> its sum, for months from ``first`` to ``last``; months without postings are left out.

    ``keys`` are named while a month has no more than MOST_NAMED rows.
    """
    sql = (
        "SELECT service_month, sum(minutes), sum(amount_fen), count(*) FROM posting "
        "WHERE service_month BETWEEN ? AND ? AND external = 1 GROUP BY service_month"
    )
    found = {}
    for month, minutes, fen, n in connection.exec_driver_sql(sql, (first, last)).all():
        keys: tuple[str, ...] = ()
        if n <= MOST_NAMED:
            named = connection.exec_driver_sql("SELECT id FROM posting WHERE service_month = ? AND external = 1", (month,))
            keys = tuple(row[0] for row in named)
        found[month] = MonthSum(minutes, fen, n, keys)
    return found


def with_severity(connection: Connection, severity: str, start: str, end: str) -> tuple[str, ...]:
    """The records of a span whose worst problem this is, MOST_NAMED at most."""
    sql = (
        "SELECT p.record_id FROM record_problem p JOIN service_record r ON r.id = p.record_id WHERE r.ended_at >= ? AND r.ended_at < ? "
        "GROUP BY p.record_id HAVING min(CASE p.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END) = ? LIMIT ?"
    )
    place = ("error", "warning", "note").index(severity)
    return tuple(row[0] for row in connection.exec_driver_sql(sql, (start, end, place, MOST_NAMED)))


def problems(connection: Connection, start: str, end: str) -> list[tuple[str, str, int]]:
    """Severity, code and number of records of a span of days with that problem; the most frequent first within a severity."""
    sql = (
        "SELECT p.severity, p.code, count(DISTINCT p.record_id) AS n FROM record_problem p JOIN service_record r ON r.id = p.record_id "
        "WHERE r.ended_at >= ? AND r.ended_at < ? GROUP BY p.severity, p.code "
        "ORDER BY CASE p.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, n DESC, p.code"
    )
    return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(sql, (start, end))]


def records_by_severity(connection: Connection, start: str, end: str) -> dict[str, int]:
    """Severity -> number of records of a span whose worst problem it is."""
    sql = (
        "SELECT CASE worst WHEN 0 THEN 'error' WHEN 1 THEN 'warning' ELSE 'note' END, count(*) FROM ("
        "SELECT min(CASE p.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END) AS worst FROM record_problem p "
        "JOIN service_record r ON r.id = p.record_id WHERE r.ended_at >= ? AND r.ended_at < ? GROUP BY p.record_id) GROUP BY worst"
    )
    return {row[0]: row[1] for row in connection.exec_driver_sql(sql, (start, end))}


def record_states(connection: Connection, start: str, end: str) -> dict[str, int]:
    """State -> number of records of a span of days."""
    sql = "SELECT state, count(*) FROM service_record WHERE ended_at >= ? AND ended_at < ? GROUP BY state"
    return {row[0]: row[1] for row in connection.exec_driver_sql(sql, (start, end))}


# As the year's performance counts them: there on a day of the span, or used in it.
_SETS = (
    "i.value_fen >= :least AND ((coalesce(i.accepted_on, '') <= :last_day AND coalesce(i.retired_on, '9999-12-31') >= :first_day) "
    "OR i.id IN (SELECT u.instrument_id FROM posting u WHERE u.service_month BETWEEN :first AND :last))"
)


def _span(least_fen: int, first: str, last_day: date) -> dict[str, object]:
    day = last_day.isoformat()
    return {"least": least_fen, "first": first, "last": day[:7], "first_day": f"{first}-01", "last_day": day}


def sets_from(connection: Connection, least_fen: int, first: str, last_day: date) -> int:
    """How many sets cost at least this much and were in service between the month ``first`` (``2025-01``) and a day.

    One accepted after that day does not count yet, one retired before that month no longer does; acceptance not stated: it counts.
    """
    sql = f"SELECT count(*) FROM instrument i WHERE {_SETS}"
    return int(connection.exec_driver_sql(sql, _span(least_fen, first, last_day)).scalar_one())


def external_minutes_of_sets(connection: Connection, least_fen: int, first: str, last_day: date) -> int:
    """Posted external minutes of those sets, for months of service from ``first`` to that of a day."""
    sql = (
        "SELECT coalesce(sum(p.minutes), 0) FROM posting p JOIN instrument i ON i.id = p.instrument_id "
        f"WHERE p.service_month BETWEEN :first AND :last AND p.external = 1 AND {_SETS}"
    )
    return int(connection.exec_driver_sql(sql, _span(least_fen, first, last_day)).scalar_one())


def named_sets(connection: Connection) -> dict[str, tuple[str, str, bool]]:
    """Asset number -> key, name and whether confidential, of every set in service."""
    sql = "SELECT asset_number, id, name, coalesce(confidential, 0) FROM instrument WHERE retired_on IS NULL"
    return {row[0]: (row[1], row[2], bool(row[3])) for row in connection.exec_driver_sql(sql)}
