"""Raw readings to sessions: a file is read, folded by the power bands of the sets the sensors sat on, and weighed against what is here.

Readings are not kept, their sessions are: the same file again changes nothing; after new power bands it makes its sessions anew. What the
network or a file of sessions says of the same moment stays.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path

from desktop.actions import rules_in_force
from desktop.actions.import_sensor_sessions import confidential, several, where
from desktop.actions.progress import UNWATCHED, Progress
from desktop.actions.resting import resting
from desktop.actions.workspace import Workspace, today
from desktop.formats import sensor_readings as files
from desktop.formats.sensor_readings import Readings, Series
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Problem, Refused
from desktop.ledger.sensor import Band, PowerBand, Reading, SensorBinding, SensorSession
from desktop.rules import sensor_sessions as rules
from desktop.rules import sensor_time
from desktop.rules.parameters import Parameters
from desktop.store import sensors as rows
from desktop.store.database import Connection

READINGS = "readings"
IDLE_MILLIAMPS = "sensor.idle_milliamps"

__all__ = ["Folded", "Outcome", "import_readings"]


@dataclass(frozen=True, slots=True)
class Folded:
    """One sensor's sessions out of a file; moments UTC. ``first`` and ``last`` are its first and last reading; ``n_silent`` of its readings were
    followed by a silence of more than ``gap``, of which nothing is inferred.
    """

    sensor: str
    n_readings: int
    first: datetime
    last: datetime
    sessions: tuple[SensorSession, ...]
    n_silent: int
    gap: timedelta


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or (``operation`` 0) would do. ``dropped``: sessions of earlier readings that this file no longer makes;
    ``left``: those that another source tells differently and keeps.
    """

    n_readings: int
    n_blank: int
    folded: tuple[Folded, ...]
    new: int
    changed: int
    dropped: int
    unchanged: int
    left: int
    findings: tuple[Finding, ...]
    operation: int = 0
    changes: Changes | None = None


@resting()
def import_readings(
    workspace: Workspace, path: Path, sensor: str = "", *, dry_run: bool = False, progress: Progress = UNWATCHED
) -> Outcome:
    """Read a file of readings and keep the sessions they make, all in one operation. ``sensor``: whose they are, when no column says it.

    Raises Problem for a file that cannot be read, Refused when a sensor sat on no set on one of its days (nothing is written then) or no rule says
    from which power a set works, Cancelled.
    """
    progress.report(0, 0, "work.reading")
    found = _until_today(files.read(path, sensor.strip(), progress.cancelled), path.name)
    known = rules_in_force.of(workspace)
    if dry_run:
        with workspace.read() as connection:
            made = _fold(connection, found, known, progress)
            new, changed, dropped, unchanged, left = _weigh(connection, made)
        return Outcome(found.n_rows, found.n_blank, made, len(new), len(changed), len(dropped), unchanged, left, found.findings + _said(made, left))
    with workspace.write("import sensor readings", params={"file": path.name}) as operation:
        made = _fold(operation.connection, found, known, progress)
        progress.report(0, 0, "work.writing")
        new, changed, dropped, unchanged, left = _weigh(operation.connection, made)
        rows.SESSIONS.delete(operation.connection, [one.id for one in dropped])
        rows.SESSIONS.update(operation.connection, changed)
        rows.SESSIONS.insert(operation.connection, new)
        progress.check()
    changes = operation.changes
    told = found.findings + _said(made, left)
    return Outcome(found.n_rows, found.n_blank, made, len(new), len(changed), len(dropped), unchanged, left, told, changes.operation, changes)


def _until_today(found: Readings, name: str) -> Readings:
    """Without readings of days to come, which a clock that is ahead has written. Raises Problem ``sensor.no_readings`` when nothing else is there."""
    end = int(sensor_time.midnight(today() + timedelta(1)).timestamp())
    told = []
    for sensor, series in sorted(found.series.items()):
        kept = bisect_left(series.seconds, end)
        if kept < len(series):
            day = sensor_time.local_day(_moment(series, -1)).isoformat()
            told.append(finding("sensor.readings_to_come", sensor=sensor, n=len(series) - kept, day=day))
            del series.seconds[kept:], series.values[kept:]
    left = {sensor: series for sensor, series in found.series.items() if len(series)}
    said = found.findings + tuple(told)
    if not left:
        raise Problem("sensor.no_readings", name=name, findings=said)
    return replace(found, series=left, findings=said)


def _fold(connection: Connection, found: Readings, known: Parameters, progress: Progress) -> tuple[Folded, ...]:
    secret = confidential(connection)
    bound = {sensor: rows.of_sensor(connection, sensor) for sensor in found.series}
    _all_bound(found, bound)
    made = []
    for n, (sensor, series) in enumerate(sorted(found.series.items())):
        progress.report(n, len(found.series), "work.weighing")
        first, last = (_moment(series, place) for place in (0, -1))
        day = sensor_time.local_day(last)
        gap = rules.gap_in_force(known, day)
        if gap is None:
            raise Refused("sensor.no_rule", key=rules.LONGEST_GAP, day=day)
        sessions: list[SensorSession] = []
        # A sensor that moved makes no session across the move.
        sat_at = partial(_sat_at, bound[sensor])
        for sat, readings in groupby(_watched(series, progress), key=sat_at):
            sessions += _sessions(connection, sensor, sat, readings, found.quantity, known, gap, secret)
        most = int(gap.total_seconds())
        n_silent = sum(later - earlier > most for earlier, later in pairwise(series.seconds))
        made.append(Folded(sensor, len(series), first, last, tuple(sessions), n_silent, gap))
    return tuple(made)


def _sat_at(bindings: list[SensorBinding], one: Reading) -> SensorBinding:
    found = where(bindings, sensor_time.local_day(one.at))
    if found is None:
        raise LookupError("every day of the readings was looked at before")
    return found


def _sessions(
    connection: Connection, sensor: str, sat: SensorBinding, readings: Iterator[Reading], quantity: str, known: Parameters, gap: timedelta,
    secret: frozenset[str],
) -> Iterator[SensorSession]:  # fmt: skip
    watts = quantity == "watts"
    judge = _bands(rows.bands(connection, sat.instrument_id) if watts else [], known, rules.IDLE_WATTS if watts else IDLE_MILLIAMPS)
    for one in rules.fold(readings, judge, gap):
        key = new_key(confidential=sat.instrument_id in secret)
        energy = one.n_watt_hours if watts else None
        yield SensorSession(key, sat.instrument_id, sensor, one.started_at, one.ended_at, one.band, energy, READINGS)


def _bands(own: list[PowerBand], known: Parameters, idle: str) -> Callable[[Reading], Band | None]:
    """The band of a reading, by the limits of its day."""
    of_day: dict[date, tuple[PowerBand | None, Decimal | None]] = {}

    def judge(one: Reading) -> Band | None:
        day = sensor_time.local_day(one.at)
        if day not in of_day:
            rule = known.in_force(idle, day)
            of_day[day] = (rules.limits_on(own, day), None if rule is None else rule.decimal)
        limits, idle_below = of_day[day]
        if limits is None and idle_below is None:
            raise Refused("sensor.no_rule", key=idle, day=day)
        return rules.band_of(one.watts, limits, idle_below)

    return judge


def _all_bound(found: Readings, bound: dict[str, list[SensorBinding]]) -> None:
    """Raises Refused that names the sensors (and a day) that sat on no set on a day they were read, or one that is said to have sat on two."""
    nowhere = []
    for sensor, series in sorted(found.series.items()):
        days = {second // 86_400 for second in ((at + 8 * 3_600) for at in series.seconds)}
        twice = sorted(day for day in days if several(bound[sensor], date(1970, 1, 1) + timedelta(day)))
        if twice:
            raise Refused("sensor.on_two", sensor=sensor, day=date(1970, 1, 1) + timedelta(twice[0]))
        lost = sorted(day for day in days if where(bound[sensor], date(1970, 1, 1) + timedelta(day)) is None)
        if lost:
            nowhere.append((sensor, date(1970, 1, 1) + timedelta(lost[0])))
    if nowhere:
        first = "、".join(f"{sensor}（{day.isoformat()}）" for sensor, day in nowhere[:10])
        raise Refused("sensor.unbound_file", n=len(nowhere), sensors=first)


def _watched(series: Series, progress: Progress) -> Iterator[Reading]:
    for n, one in enumerate(series.readings()):
        if not n % 20_000:
            progress.check()
        yield one


def _moment(series: Series, place: int) -> datetime:
    return datetime.fromtimestamp(series.seconds[place], UTC)


def _weigh(
    connection: Connection, made: tuple[Folded, ...]
) -> tuple[list[SensorSession], list[SensorSession], list[SensorSession], int, int]:
    """New, changed and no longer made sessions, how many stay as they are, how many another source tells otherwise."""
    new: list[SensorSession] = []
    changed: list[SensorSession] = []
    dropped: list[SensorSession] = []
    unchanged = left = 0
    for each in made:
        known = rows.known_of(connection, [each.sensor])
        earlier = {rows.moment_text(one.started_at): one for one in rows.from_source(connection, each.sensor, each.first, each.last, READINGS)}
        for one in each.sessions:
            old = known.get((one.sensor, rows.moment_text(one.started_at)))
            earlier.pop(rows.moment_text(one.started_at), None)
            if old is None:
                new.append(one)
                continue
            now = SensorSession(old.id, one.instrument_id, one.sensor, one.started_at, one.ended_at, one.band, one.n_watt_hours, READINGS)
            if old == now:
                unchanged += 1
            elif old.source != READINGS:
                left += 1
            else:
                changed.append(now)
        dropped += earlier.values()
    return new, changed, dropped, unchanged, left


def _said(made: tuple[Folded, ...], left: int) -> tuple[Finding, ...]:
    # A log that is silent most of the time makes next to no sessions; nobody should take that for a set that stood still.
    sparse = [
        finding("sensor.sparse", "warning", sensor=one.sensor, n=one.n_silent, of=one.n_readings - 1, minutes=int(one.gap.total_seconds()) // 60)
        for one in made
        if one.n_silent * 2 > one.n_readings - 1
    ]
    return (*sparse, *((finding("sensor.left_as_told", "note", n=left),) if left else ()))
