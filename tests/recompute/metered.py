"""Logs of meters on a few of the invented sets, read in by the program: powers at the limits, silences at the longest that is bridged, a midnight at
which limits change and a meter moves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from desktop.actions import sensor_readings
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.sensor import PowerBand, SensorBinding
from desktop.store import sensors as rows
from tests.recompute.invented import Registers, key

LOGS = ("功率.csv", "电流.csv")
_HEADS = ("功率（W）", "电流（mA）")
_CHANGED = date(2025, 7, 1)
# Limits of a set's own, (first day, off, at work) each; none: those of the rules hold.
_LIMITS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (), (("2024-01-01", "10", "55.5"),), (("2024-01-01", "10", "55.5"), ("2025-07-01", "0", "200")), (("2025-07-01", "39.999", "40"),),
)  # fmt: skip
_VALUES = ("0", "-3", "0.001", "9.999", "10", "39.999", "40", "49.999", "50", "55.499", "55.5", "199.999", "200", "1234.567", "")
_STEPS = (20, 60, 60, 60, 61, 300, 899, 900, 901, 3_600)


def meters(workspace: Workspace, made: Registers, seed: int) -> None:
    """Every twentieth set with fees has a meter of power or of current with 600 readings over the middle of the year."""
    chance = random.Random(seed)
    chosen = made.used[3::20]
    bindings = [each for n, one in enumerate(chosen) for each in _bound(n, one, chosen[n - 1], chance)]
    bands = [
        PowerBand(key(chance), one.id, date.fromisoformat(first), Decimal(off), Decimal(work))
        for n, one in enumerate(chosen) for first, off, work in _LIMITS[n % len(_LIMITS)]
    ]  # fmt: skip
    with workspace.write("recompute meters", undoable=False) as operation:
        rows.BINDINGS.insert(operation.connection, bindings)
        rows.BANDS.insert(operation.connection, bands)
    for place, (name, head) in enumerate(zip(LOGS, _HEADS, strict=True)):
        lines = [line for n, one in enumerate(chosen) if (n % 5 == 4) == bool(place) for line in _log(one, chance)]
        path = workspace.home / name
        path.write_text("\n".join([f"传感器编号,时间,{head}", *lines, ""]), "utf-8")
        sensor_readings.import_readings(workspace, path)


def _bound(n: int, one: Instrument, other: Instrument, chance: random.Random) -> Iterator[SensorBinding]:
    """Each sixth meter sat on the set before until the day on which limits change."""
    name = f"DB-{one.asset_number}"
    if n % 6 == 5:
        yield SensorBinding(key(chance), other.id, name, date(2025, 1, 1), _CHANGED - timedelta(days=1), "安装单")
        yield SensorBinding(key(chance), one.id, name, _CHANGED, None, "安装单")
    else:
        yield SensorBinding(key(chance), one.id, name, date(2025, 1, 1), None, "安装单")


def _log(one: Instrument, chance: random.Random) -> list[str]:
    """Lines of one meter; a few stand in the wrong order, a few tell a moment once more, otherwise."""
    at, value, told = datetime(2025, 6, 29, 18), "0", list[str]()
    for _ in range(600):
        if chance.random() < 0.35:
            value = chance.choice(_VALUES)
        told.append(f"DB-{one.asset_number},{at:%Y-%m-%d %H:%M:%S},{value}")
        if chance.random() < 0.02:
            told.append(f"DB-{one.asset_number},{at:%Y-%m-%d %H:%M:%S},{chance.choice(_VALUES[:-1])}")
        at += timedelta(seconds=chance.choice(_STEPS))
    for _ in range(8):
        place = chance.randrange(1, len(told) - 1)
        # What tells one moment twice keeps its order: of the two the first counts.
        if len({line.split(",")[1] for line in told[place - 1 : place + 2]}) == 3:
            told[place], told[place + 1] = told[place + 1], told[place]
    return told
