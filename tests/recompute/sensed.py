"""Sensors on a part of the invented sets and what they saw: the tolerance to the second, midnights, New Year, the days a sensor came or left."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.sensor import SensorBinding, SensorSession
from desktop.ledger.service_record import ServiceRecord
from desktop.store import sensors as rows
from desktop.store.facts import RECORDS
from tests.recompute.invented import Registers, key

# The days a set's sensors sit there, (first, last) each; the second sensor of a set is the second of them.
_SAT: tuple[tuple[tuple[str, str | None], ...], ...] = (
    (("2024-01-01", None),),
    (("2025-04-17", None),),
    (("2024-01-01", "2025-12-30"),),
    (("2024-01-01", "2024-12-31"), ("2025-01-01", None)),
    (("2024-06-01", None), ("2024-06-01", None)),
    (("2024-01-01", "2025-06-30"), ("2025-08-01", None)),
    (("2024-01-01", "2024-12-31"),),
    (("2025-12-31", None),),
)
# Nights nobody claims, most of them over a midnight that parts years or months.
_NIGHTS = ("2024-12-31T23:10", "2025-03-31T22:00", "2025-06-30T23:59", "2025-12-31T23:30", "2025-12-30T23:00")
_LOCAL, _MINUTE, _SECOND = timedelta(hours=8), timedelta(minutes=1), timedelta(seconds=1)


def sensors(workspace: Workspace, made: Registers, seed: int) -> None:
    """Every fifth set with fees has sensors that saw most of its services, some others one that saw little."""
    chance = random.Random(seed)
    chosen = made.used[::5]
    idle = [one for one in made.instruments[7::30] if one not in chosen]
    bindings = [each for n, one in enumerate((*chosen, *idle)) for each in _bound(one, n, chance)]
    by_set: dict[str, list[SensorBinding]] = {}
    for each in bindings:
        by_set.setdefault(each.instrument_id, []).append(each)
    with workspace.write("recompute sensors", undoable=False) as operation:
        rows.BINDINGS.insert(operation.connection, bindings)
        for n, one in enumerate((*chosen, *idle)):
            told = RECORDS.find(operation.connection, "instrument_id = ?", (one.id,), "started_at, number")
            seen = {(each.sensor, each.started_at): each for each in _seen(by_set[one.id], told, n % 11 == 0, chance)}
            rows.SESSIONS.insert(operation.connection, list(seen.values()))


def _bound(one: Instrument, n: int, chance: random.Random) -> Iterator[SensorBinding]:
    for place, (first, last) in enumerate(_SAT[n % len(_SAT)]):
        yield SensorBinding(
            key(chance), one.id, f"CG-{one.asset_number}-{place}", date.fromisoformat(first), None if last is None else date.fromisoformat(last), "安装单"
        )
    if n % len(_SAT) == 5:  # meanwhile the first of them comes back for a week
        yield SensorBinding(key(chance), one.id, f"CG-{one.asset_number}-0", date(2025, 9, 1), date(2025, 9, 7), "借用")


def _seen(bound: list[SensorBinding], told: list[ServiceRecord], all_of_it: bool, chance: random.Random) -> Iterator[SensorSession]:
    names = sorted({each.sensor for each in bound})
    of = bound[0].instrument_id
    for one in told:
        for place, name in enumerate(names):
            if all_of_it:
                yield _session(of, name, one.started_at, one.ended_at, True, chance)
            elif chance.random() < 0.93:
                yield from _of_service(of, name, one, place, chance)
    for night in () if all_of_it else _NIGHTS:
        start = datetime.fromisoformat(night)
        for name in names:
            if chance.random() < 0.7:
                yield _session(of, name, start, start + chance.choice((40, 61, 150)) * _MINUTE, chance.choice((True, True, False)), chance)


def _of_service(of: str, sensor: str, one: ServiceRecord, place: int, chance: random.Random) -> Iterator[SensorSession]:
    """What one sensor saw of a service: all of it, the tolerance to the second, in parts, on but not at work; the second a little beside the first."""
    start = one.started_at + place * timedelta(seconds=95)
    kind = chance.randrange(9)
    match kind:
        case 0 | 1 | 2:
            yield _session(of, sensor, start, start + one.minutes * timedelta(seconds=54) + (kind - 1) * _SECOND, True, chance)
        case 3:
            yield _session(of, sensor, start, one.ended_at, False, chance)
        case 4:
            middle = start + (one.ended_at - start) // 2 // _SECOND * _SECOND
            yield _session(of, sensor, start - 3 * _MINUTE, middle, True, chance)
            yield _session(of, sensor, middle, one.ended_at + 20 * _MINUTE, False, chance)
        case 5:
            third = (one.ended_at - start) // 3 // _SECOND * _SECOND
            yield _session(of, sensor, start, start + third, True, chance)
            yield _session(of, sensor, one.ended_at - third, one.ended_at + 7 * _MINUTE, True, chance)
        case _:
            yield _session(of, sensor, start - kind * _MINUTE, one.ended_at + 2 * _MINUTE, True, chance)


def _session(of: str, sensor: str, start: datetime, end: datetime, at_work: bool, chance: random.Random) -> SensorSession:
    """Moments are wall-clock time here and UTC in the ledger."""
    began, ended = ((moment - _LOCAL).replace(tzinfo=UTC) for moment in (start, max(end, start + _SECOND)))
    return SensorSession(key(chance), of, sensor, began, ended, "working" if at_work else "idle", None, "文件")
