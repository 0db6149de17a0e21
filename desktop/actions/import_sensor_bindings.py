"""Which sensor sits on which set, from files: new bindings entered, known ones corrected in the columns the file has; none is taken out.

A binding is known by its set, its sensor and its first day. A sensor sits on one set on a day: a row that says otherwise than the ledger or than a row
before it is refused, and a row that ends a binding frees the days after it for the rows around it. A cell the file leaves empty takes nothing away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Assets, Options, Weighed
from desktop.actions.workspace import today
from desktop.formats import sensor_bindings as files
from desktop.formats.sensor_bindings import BindingRow
from desktop.ledger.keys import new_key
from desktop.ledger.sensor import SensorBinding
from desktop.store import sensors as rows

if TYPE_CHECKING:
    from desktop.formats.reading import Sheet
    from desktop.store.database import Connection, Operation


class _Bindings(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[BindingRow], options: Options) -> Weighed:
        weighed, assets = Weighed(), Assets(connection)
        numbers: dict[str, str] = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, asset_number FROM instrument")}
        sat = {sensor: rows.of_sensor(connection, sensor) for sensor in {row.sensor for row in sheet.rows}}
        told: list[tuple[BindingRow, SensorBinding | None, SensorBinding]] = []
        for row in sheet.rows:
            key = assets.key(row.asset_number)
            if key is None:
                assets.refuse(weighed, sheet, row.row, row.asset_number)
            elif row.from_on > today():
                weighed.refuse(sheet, row.row, "from_on", "sensor.to_come", day=row.from_on.isoformat())
            else:
                old = next((one for one in sat[row.sensor] if (one.instrument_id, one.from_on) == (key, row.from_on)), None)
                told.append((row, old, _made(row, old, key, secret=assets.secret(row.asset_number))))
        # What gives days back comes first: where the sensor went on those days may stand above it.
        for row, old, made in sorted(told, key=lambda each: _gains(each[1], each[2])):
            others = [one for one in sat[row.sensor] if one is not old]
            taken = next((one for one in others if _share(one, made)), None) if _gains(old, made) else None
            if taken is not None:
                day, where = max(taken.from_on, made.from_on), numbers[taken.instrument_id]
                weighed.refuse(sheet, row.row, "sensor", "sensor.sits", sensor=row.sensor, asset_number=where, day=day.isoformat())
                continue
            sat[row.sensor] = [*others, made]
            weighed.take(old, made)
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.BINDINGS.update(operation.connection, weighed.changed)
        rows.BINDINGS.insert(operation.connection, weighed.new)


def _made(row: BindingRow, old: SensorBinding | None, instrument_id: str, *, secret: bool) -> SensorBinding:
    made = old or SensorBinding(new_key(confidential=secret), instrument_id, row.sensor, row.from_on)
    if row.until_on is not None:
        made = replace(made, until_on=None if row.until_on == files.GOES_ON else row.until_on)
    return replace(made, source=row.source) if row.source else made


def _last(one: SensorBinding) -> date:
    return one.until_on or date.max


def _gains(old: SensorBinding | None, made: SensorBinding) -> bool:
    """Whether it holds on days it did not hold on before."""
    return old is None or _last(made) > _last(old)


def _share(one: SensorBinding, other: SensorBinding) -> bool:
    return one.from_on <= _last(other) and other.from_on <= _last(one)


SENSOR_BINDINGS_IMPORT = _Bindings()
