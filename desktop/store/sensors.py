"""Sensors on sets, power bands and sessions as rows; and what of the service records is compared with them.

Moments of sessions are UTC ISO text to the second, of one width, so that text order is time order; those of records are wall-clock time in
Asia/Shanghai.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from desktop.ledger.period import Period
from desktop.ledger.sensor import PowerBand, SensorBinding, SensorSession
from desktop.store import schema_sensor
from desktop.store.database import Connection
from desktop.store.rows import Codec


def moment_text(moment: datetime) -> str:
    """``2026-01-10T01:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_MOMENT = (datetime.fromisoformat, moment_text)

BINDINGS = Codec(SensorBinding, schema_sensor.sensor_binding)
BANDS = Codec(PowerBand, schema_sensor.power_band)
SESSIONS = Codec(SensorSession, schema_sensor.sensor_session, started_at=_MOMENT, ended_at=_MOMENT)


@dataclass(frozen=True, slots=True)
class Told:
    """A posted service record as it is compared; moments are wall-clock time in Asia/Shanghai, ``derived``: made of its machine hours."""

    instrument_id: str
    record_id: str
    number: str
    started_at: datetime
    ended_at: datetime
    minutes: int
    derived: bool
    ended_on: str


def bindings(connection: Connection, instrument_id: str | None = None) -> dict[str, list[SensorBinding]]:
    """Instrument -> its bindings, the oldest first; ``instrument_id``: of one only."""
    where, params = ("", ()) if instrument_id is None else ("instrument_id = ?", (instrument_id,))
    told: dict[str, list[SensorBinding]] = defaultdict(list)
    for one in BINDINGS.find(connection, where, params, "from_on, sensor, id"):
        told[one.instrument_id].append(one)
    return told


def of_sensor(connection: Connection, sensor: str) -> list[SensorBinding]:
    """Where a sensor sat and sits, the oldest first."""
    return BINDINGS.find(connection, "sensor = ?", (sensor,), "from_on, id")


def bands(connection: Connection, instrument_id: str) -> list[PowerBand]:
    """The power bands of a set, the oldest first."""
    return BANDS.find(connection, "instrument_id = ?", (instrument_id,), "from_on")


def sessions_between(connection: Connection, instrument_id: str, start: datetime, end: datetime) -> list[SensorSession]:
    """The sessions of a set that reach into a span of moments (UTC, ``end`` not in it), the oldest first."""
    return SESSIONS.find(
        connection, "instrument_id = ? AND ended_at > ? AND started_at < ?", (instrument_id, moment_text(start), moment_text(end)), "started_at, sensor"
    )


def last_session(connection: Connection, instrument_id: str) -> str | None:
    """The end of the newest session of a set (UTC ISO text); None when it has none."""
    return connection.exec_driver_sql("SELECT max(ended_at) FROM sensor_session WHERE instrument_id = ?", (instrument_id,)).scalar()


def from_source(connection: Connection, sensor: str, start: datetime, end: datetime, source: str) -> list[SensorSession]:
    """The sessions of a sensor that lie wholly inside a span and came from one kind of source."""
    return SESSIONS.find(
        connection,
        "sensor = ? AND started_at >= ? AND ended_at <= ? AND source = ?",
        (sensor, moment_text(start), moment_text(end), source),
        "started_at",
    )


def known_of(connection: Connection, sensors: Iterable[str]) -> dict[tuple[str, str], SensorSession]:
    """(sensor, start as text) -> session, of these sensors."""
    return {
        (one.sensor, moment_text(one.started_at)): one
        for sensor in sorted(set(sensors))
        for one in SESSIONS.find(connection, "sensor = ?", (sensor,))
    }


def n_sessions(connection: Connection, instrument_id: str) -> int:
    """How many sessions of a set are kept."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM sensor_session WHERE instrument_id = ?", (instrument_id,)).scalar_one())


def n_sat(connection: Connection, instrument_id: str, start: datetime, end: datetime) -> int:
    """How many sessions of a set reach into a span of moments (UTC, ``end`` not in it) on a day their sensor sat there."""
    # A day in Asia/Shanghai begins at 16:00 UTC of the day before.
    sql = """
        SELECT count(*) FROM sensor_session s
        WHERE s.instrument_id = :instrument AND s.ended_at > :start AND s.started_at < :end AND EXISTS (
            SELECT 1 FROM sensor_binding b
            WHERE b.instrument_id = s.instrument_id AND b.sensor = s.sensor
                  AND min(s.ended_at, :end) > date(b.from_on, '-1 day') || 'T16:00:00Z'
                  AND (b.until_on IS NULL OR max(s.started_at, :start) < b.until_on || 'T16:00:00Z')
        )
    """
    told = connection.exec_driver_sql(sql, {"instrument": instrument_id, "start": moment_text(start), "end": moment_text(end)})
    return int(told.scalar_one())


def claimed(connection: Connection, period: Period, instrument_id: str | None = None) -> Iterator[Told]:
    """The posted records, not taken back, whose time touches a period, by set and start.

    Records that end beside the period are told too: the part of a sensor's time that is theirs is not anybody else's.
    """
    one = "" if instrument_id is None else "AND p.instrument_id = :instrument"
    rows = connection.exec_driver_sql(
        f"""
        SELECT p.instrument_id, r.id, r.number, r.started_at, r.ended_at, r.minutes, r.derived, p.ended_on
        FROM posting p JOIN service_record r ON r.id = p.record_id
        WHERE p.reverses IS NULL AND r.ended_at > :after AND r.started_at < :before {one}
              AND EXISTS (SELECT 1 FROM sensor_binding s WHERE s.instrument_id = p.instrument_id)
              AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)
        ORDER BY p.instrument_id, r.started_at, r.number
        """,
        {"after": period.start.isoformat(), "before": period.end.isoformat(), "instrument": instrument_id},
    )
    for row in rows:
        yield Told(row[0], row[1], row[2], datetime.fromisoformat(row[3]), datetime.fromisoformat(row[4]), row[5], bool(row[6]), row[7])
