"""Sensors on sets as a person enters them: which one sits where from when to when, and a set's own power bands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from desktop.actions.workspace import Workspace, today
from desktop.formats.cells import fold
from desktop.ledger.changes import Changes
from desktop.ledger.instrument import Instrument
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.ledger.sensor import MOST_WATTS, PowerBand, SensorBinding, limits
from desktop.store import sensors as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS

__all__ = ["MOST_WATTS", "Bound", "bind", "drop_band", "drop_binding", "end_binding", "every", "named", "set_band"]


@dataclass(frozen=True, slots=True)
class Bound:
    """One binding with the set it is on; ``n_sessions`` and ``last_at`` (UTC ISO text, None without) are those of the set."""

    instrument: Instrument
    binding: SensorBinding
    n_sessions: int
    last_at: str | None


def every(workspace: Workspace, asset_number: str | None = None) -> list[Bound]:
    """The bindings of all sets, or of one, by asset number and first day. Raises Refused for an unknown set."""
    with workspace.read() as connection:
        only = None if asset_number is None else named(connection, asset_number).id
        found = rows.bindings(connection, only)
        sets = {one.id: one for one in INSTRUMENTS.find(connection, "id IN (SELECT instrument_id FROM sensor_binding)")}
        told = {key: (rows.n_sessions(connection, key), rows.last_session(connection, key)) for key in found}
    bound = [Bound(sets[key], one, *told[key]) for key, each in found.items() for one in each]
    return sorted(bound, key=lambda one: (one.instrument.asset_number, one.binding.from_on, one.binding.sensor))


def named(connection: Connection, asset_number: str) -> Instrument:
    """A set by its number. Raises Refused when there is none."""
    found = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
    if found is None:
        raise Refused("instrument.unknown", asset_number=asset_number.strip())
    return found


def bind(workspace: Workspace, asset_number: str, sensor: str, from_on: date, until_on: date | None = None, source: str = "") -> Changes:
    """A sensor sits on a set from a day on, up to a day when it is told (both included). ``source``: the ground, such as a list of fitting.

    Raises Refused for an unknown set, no number, days that are none or to come, or a sensor that sits somewhere on one of these days.
    """
    number = _number(sensor)
    _days(from_on, until_on)
    with workspace.write("sensor bind", params={"asset_number": asset_number.strip(), "sensor": number}) as operation:
        connection = operation.connection
        one = named(connection, asset_number)
        _free(connection, number, from_on, until_on)
        made = SensorBinding(new_key(confidential=bool(one.confidential)), one.id, number, from_on, until_on, source.strip())
        rows.BINDINGS.insert(connection, [made])
    return operation.changes


def end_binding(workspace: Workspace, asset_number: str, sensor: str, from_on: date, until_on: date | None) -> Changes:
    """The last day a sensor sat on a set; None: it still does. Raises Refused like ``bind``, and when there is no such binding."""
    _days(from_on, until_on)
    with workspace.write("sensor end", params={"asset_number": asset_number.strip(), "sensor": sensor.strip()}) as operation:
        connection = operation.connection
        found = _binding(connection, named(connection, asset_number), sensor, from_on)
        _free(connection, found.sensor, from_on, until_on, beside=found.id)
        rows.BINDINGS.update(connection, [replace(found, until_on=until_on)])
    return operation.changes


def drop_binding(workspace: Workspace, asset_number: str, sensor: str, from_on: date, reason: str) -> Changes:
    """Take a binding out that never was; its sessions stay and no longer count. Raises Refused without a reason or such a binding."""
    if not reason.strip():
        raise Refused("sensor.no_reason")
    said = {"asset_number": asset_number.strip(), "sensor": sensor.strip()}
    with workspace.write("sensor drop", reason=reason.strip(), params=said) as operation:
        found = _binding(operation.connection, named(operation.connection, asset_number), sensor, from_on)
        rows.BINDINGS.delete(operation.connection, [found.id])
    return operation.changes


def bands(workspace: Workspace, asset_number: str) -> list[PowerBand]:
    """A set's own power bands, the oldest first. Raises Refused for an unknown set."""
    with workspace.read() as connection:
        return rows.bands(connection, named(connection, asset_number).id)


def set_band(workspace: Workspace, asset_number: str, from_on: date, off_watts: Decimal, working_watts: Decimal) -> Changes:
    """A set's own limits from a day on, or those of that day anew: below ``off_watts`` it is off, from ``working_watts`` at work.

    Sessions that are here already stay as they were folded; the readings imported anew make them anew. Raises Refused for limits that are none.
    """
    if not limits(off_watts, working_watts):
        raise Refused("sensor.band_range", off=str(off_watts), working=str(working_watts), most=f"{MOST_WATTS:,}")
    with workspace.write("sensor band", params={"asset_number": asset_number.strip(), "day": from_on.isoformat()}) as operation:
        connection = operation.connection
        one = named(connection, asset_number)
        before = next((each for each in rows.bands(connection, one.id) if each.from_on == from_on), None)
        made = PowerBand(before.id if before else new_key(confidential=bool(one.confidential)), one.id, from_on, off_watts, working_watts)
        (rows.BANDS.update if before else rows.BANDS.insert)(connection, [made])
    return operation.changes


def drop_band(workspace: Workspace, asset_number: str, from_on: date, reason: str) -> Changes:
    """Take limits out again. Raises Refused without a reason, or when none begin on that day."""
    if not reason.strip():
        raise Refused("sensor.no_reason")
    said = {"asset_number": asset_number.strip(), "day": from_on.isoformat()}
    with workspace.write("sensor band drop", reason=reason.strip(), params=said) as operation:
        one = named(operation.connection, asset_number)
        found = next((each for each in rows.bands(operation.connection, one.id) if each.from_on == from_on), None)
        if found is None:
            raise Refused("sensor.no_band", asset_number=one.asset_number, day=from_on.isoformat())
        rows.BANDS.delete(operation.connection, [found.id])
    return operation.changes


def _number(sensor: str) -> str:
    number = fold(sensor).strip()  # as a file of readings names it
    if not number:
        raise Refused("sensor.no_number")
    return number


def _days(from_on: date, until_on: date | None) -> None:
    if until_on is not None and until_on < from_on:
        raise Refused("sensor.days", from_on=from_on.isoformat(), until_on=until_on.isoformat())
    if from_on > today():
        raise Refused("sensor.to_come", day=from_on.isoformat())


def _binding(connection: Connection, one: Instrument, sensor: str, from_on: date) -> SensorBinding:
    for each in rows.bindings(connection, one.id).get(one.id, ()):
        if fold(each.sensor).strip() == fold(sensor).strip() and each.from_on == from_on:
            return each
    raise Refused("sensor.not_bound", sensor=sensor.strip(), asset_number=one.asset_number, day=from_on.isoformat())


def _free(connection: Connection, sensor: str, from_on: date, until_on: date | None, beside: str = "") -> None:
    """Raises Refused when the sensor sits somewhere on one of these days."""
    for each in rows.of_sensor(connection, sensor):
        if each.id != beside and each.from_on <= (until_on or date.max) and from_on <= (each.until_on or date.max):
            where = INSTRUMENTS.get(connection, each.instrument_id)
            raise Refused("sensor.sits", sensor=sensor, asset_number=where.asset_number if where else "", day=max(each.from_on, from_on).isoformat())
