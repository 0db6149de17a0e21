"""Sessions of sensors, from files: each belongs to the set its sensor sat on that day; what is here already is corrected or left."""

from __future__ import annotations

from datetime import date
from typing import Any

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.actions.workspace import today
from desktop.formats import sensor_sessions as files
from desktop.formats.reading import Sheet
from desktop.formats.sensor_sessions import SessionRow
from desktop.ledger.keys import new_key
from desktop.ledger.sensor import SensorBinding, SensorSession
from desktop.rules import sensor_time
from desktop.store import sensors as rows
from desktop.store.database import Connection, Operation

FILE, NETWORK = "file", "network"


class _Sessions(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[SessionRow], options: Options) -> Weighed:
        weighed = Weighed()
        assets = Assets(connection)
        secret = confidential(connection)
        sat = {sensor: rows.of_sensor(connection, sensor) for sensor in {row.sensor for row in sheet.rows}}
        known = rows.known_of(connection, sat)
        for row in sheet.rows:
            band = row.meant
            if band is None:
                weighed.unchanged += 1
                continue
            if row.started_at.date() > today():
                weighed.refuse(sheet, row.row, "started_at", "sensor.session_to_come", day=row.started_at.date().isoformat())
                continue
            start, end = sensor_time.utc(row.started_at), sensor_time.utc(row.ended_at)
            bound = where(sat[row.sensor], row.started_at.date())
            if several(sat[row.sensor], row.started_at.date()):
                weighed.refuse(sheet, row.row, "sensor", "sensor.on_two", sensor=row.sensor, day=row.started_at.date())
                continue
            if bound is None:
                weighed.refuse(sheet, row.row, "sensor", "sensor.unbound", sensor=row.sensor, day=row.started_at.date())
                continue
            if row.asset_number and assets.key(row.asset_number) != bound.instrument_id:
                weighed.refuse(sheet, row.row, "asset_number", "sensor.elsewhere", sensor=row.sensor, asset_number=row.asset_number)
                continue
            old = known.get((row.sensor, rows.moment_text(start)))
            key = old.id if old else new_key(confidential=bound.instrument_id in secret)
            energy = old.n_watt_hours if row.energy is None and old and row.row in sheet.unread else row.energy
            made = SensorSession(key, bound.instrument_id, row.sensor, start, end, band, energy, FILE)
            if old is not None and old.source == NETWORK and _told(old) != _told(made):
                weighed.refuse(sheet, row.row, "sensor", "sensor.network_says", sensor=row.sensor)
                continue
            take(weighed, old, made)
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.SESSIONS.insert(operation.connection, weighed.new)
        rows.SESSIONS.update(operation.connection, weighed.changed)


def take(weighed: Weighed, old: Any, made: SensorSession) -> None:
    """A session that is new, says something else than what is known, or is here already as it stands."""
    if old is None:
        weighed.new.append(made)
    elif _told(old) == _told(made):
        weighed.unchanged += 1
        return
    else:
        weighed.changed.append(made)
    weighed.n_accepted += 1


def _told(one: SensorSession) -> tuple[object, ...]:
    return one.instrument_id, one.ended_at, one.band, one.n_watt_hours


def where(bindings: list[SensorBinding], day: date) -> SensorBinding | None:
    """The binding that holds on a day."""
    return next((one for one in bindings if one.holds(day)), None)


def several(bindings: list[SensorBinding], day: date) -> bool:
    """Whether a sensor is said to sit on more than one set on a day, as two seats may have said: nobody knows then which one it saw."""
    return len({one.instrument_id for one in bindings if one.holds(day)}) > 1


def confidential(connection: Connection) -> frozenset[str]:
    """The keys of the confidential sets."""
    return frozenset(connection.exec_driver_sql("SELECT id FROM instrument WHERE confidential = 1").scalars())


SENSOR_SESSIONS_IMPORT = _Sessions()
