"""What every set did in a span of days, also those that did nothing; sums made by the database."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.ledger.period import Period
from desktop.store.database import Connection
from desktop.store.reporting import MOVED_SINCE, USE_OF_INSTRUMENTS

# The national platform's word for a set of no carrier.
_NONE = "无"
_PLATFORM = ", ".join(f"coalesce(nullif(trim(i.{column}), '{_NONE}'), '')" for column in ("carrier_type", "carrier_number"))


@dataclass(frozen=True, slots=True)
class SetUse:
    """One set in service in the span: minutes and fen of posted services, users as distinct customers of services not taken back."""

    instrument_id: str
    asset_number: str
    name: str
    department: str
    category: str
    value_fen: int | None
    confidential: bool
    n_records: int
    effective_minutes: int
    external_minutes: int
    income_fen: int
    external_income_fen: int
    n_users: int
    n_external_users: int
    carrier_type: str = ""
    carrier_number: str = ""

    @property
    def platform(self) -> tuple[str, str]:
        """The innovation platform it belongs to (所属资源载体): its kind and its own number there; empty texts when not stated, and for 无."""
        kind, number = (part.strip() for part in (self.carrier_type, self.carrier_number))
        return "" if kind == _NONE else kind, "" if number == _NONE else number


_OF_SETS = f"""
SELECT i.id, i.asset_number, i.name, coalesce(m.from_department, i.department), i.category, i.value_fen, coalesce(i.confidential, 0),
       coalesce(s.n, 0), coalesce(s.minutes, 0), coalesce(s.external_minutes, 0), coalesce(s.fen, 0), coalesce(s.external_fen, 0),
       coalesce(u.n, 0), coalesce(u.external_n, 0), i.carrier_type, i.carrier_number
FROM instrument i
LEFT JOIN {USE_OF_INSTRUMENTS} s ON s.instrument_id = i.id
LEFT JOIN {MOVED_SINCE} m ON m.instrument_id = i.id
LEFT JOIN (SELECT instrument_id, count(DISTINCT customer_id) AS n, count(DISTINCT CASE WHEN external THEN customer_id END) AS external_n
           FROM posting p WHERE ended_on >= :start AND ended_on < :end AND reverses IS NULL
                AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.reverses = p.id) GROUP BY instrument_id) u ON u.instrument_id = i.id
WHERE s.n IS NOT NULL
   OR ((i.accepted_on IS NULL OR i.accepted_on < :end) AND (i.retired_on IS NULL OR i.retired_on >= :start))
ORDER BY i.asset_number
"""


def of_sets(connection: Connection, period: Period) -> list[SetUse]:
    """Every set in service in the span, or used in it, by asset number. Confidential ones are marked, not left out;
    a department is that of the span's last day."""
    span = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    return [
        SetUse(r[0], r[1], r[2], r[3], r[4], r[5], bool(r[6]), *r[7:])
        for r in connection.exec_driver_sql(_OF_SETS, span)
    ]


def n_users(connection: Connection, period: Period) -> tuple[int, int]:
    """Distinct customers of the span over all sets that are not confidential: all, and external ones."""
    sql = (
        "SELECT count(DISTINCT p.customer_id), count(DISTINCT CASE WHEN p.external THEN p.customer_id END) FROM posting p "
        "JOIN instrument i ON i.id = p.instrument_id WHERE p.ended_on >= ? AND p.ended_on < ? AND p.reverses IS NULL "
        "AND NOT p.confidential AND NOT coalesce(i.confidential, 0) AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.reverses = p.id)"
    )
    row = connection.exec_driver_sql(sql, (period.start.isoformat(), period.end.isoformat())).one()
    return int(row[0]), int(row[1])


def n_users_by_department(connection: Connection, period: Period) -> dict[str, int]:
    """Distinct customers of the span by department (as of its last day), over sets that are not confidential."""
    sql = (
        "SELECT coalesce(m.from_department, i.department), count(DISTINCT p.customer_id) FROM posting p JOIN instrument i ON i.id = p.instrument_id "
        f"LEFT JOIN {MOVED_SINCE} m ON m.instrument_id = i.id WHERE p.ended_on >= :start AND p.ended_on < :end AND p.reverses IS NULL "
        "AND NOT p.confidential AND NOT coalesce(i.confidential, 0) "
        "AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.reverses = p.id) GROUP BY 1"
    )
    span = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    return {row[0]: row[1] for row in connection.exec_driver_sql(sql, span)}


def n_users_by_platform(connection: Connection, period: Period) -> dict[tuple[str, str], int]:
    """Distinct customers of the span by innovation platform (``SetUse.platform``), over sets that are not confidential."""
    sql = (
        f"SELECT {_PLATFORM}, count(DISTINCT p.customer_id) FROM posting p "
        "JOIN instrument i ON i.id = p.instrument_id WHERE p.ended_on >= ? AND p.ended_on < ? AND p.reverses IS NULL AND NOT p.confidential "
        "AND NOT coalesce(i.confidential, 0) AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.reverses = p.id) GROUP BY 1, 2"
    )
    found = connection.exec_driver_sql(sql, (period.start.isoformat(), period.end.isoformat()))
    return {(row[0], row[1]): row[2] for row in found}


def postings_of(connection: Connection, instrument_id: str, period: Period, *, external: bool = False) -> tuple[str, ...]:
    """Keys of the postings behind a set's sums."""
    sql = "SELECT id FROM posting WHERE instrument_id = ? AND ended_on >= ? AND ended_on < ?" + (" AND external = 1" if external else "")
    rows = connection.exec_driver_sql(sql, (instrument_id, period.start.isoformat(), period.end.isoformat()))
    return tuple(row[0] for row in rows)
