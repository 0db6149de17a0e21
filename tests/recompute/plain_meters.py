"""Logs of meters folded into sessions a second time: the file's own text as rows of a table, neighbours by window functions."""

from __future__ import annotations

import csv
import sqlite3
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.recompute.plain import Plain, nearest

Told = dict[Any, Any]
_EPOCH = datetime(1970, 1, 1)
# A reading holds until the next one of its sensor on the same set, unless that is too long; neighbours that hold alike are one session.
_SESSIONS = """
WITH pair AS (
    SELECT *, lead(at) OVER w AS until, CASE WHEN lead(at) OVER w - at <= :gap AND lead(sat) OVER w = sat THEN band END AS now
    FROM reading WINDOW w AS (PARTITION BY sensor ORDER BY at)
), marked AS (SELECT *, now IS NOT lag(now) OVER (PARTITION BY sensor ORDER BY at) AS begins FROM pair),
island AS (SELECT *, sum(begins) OVER (PARTITION BY sensor ORDER BY at) AS n FROM marked)
SELECT sensor, sat, now, min(at) AS began, max(until) AS ended, sum(milli * (until - at)) AS energy FROM island WHERE now IS NOT NULL GROUP BY sensor, n
"""


def sessions(plain: Plain, logs: tuple[str, ...]) -> Told:
    """Sensor -> how many readings it has and how many are followed by a silence; sensor and start -> set, end, band, watt-hours; how many there are."""
    told: Told = {}
    for name in logs:
        table = sqlite3.connect(":memory:")
        table.row_factory = sqlite3.Row
        table.execute("CREATE TABLE reading (sensor, at, milli, sat, band, PRIMARY KEY (sensor, at))")
        power = _read(plain, table, plain.home / name)
        gap = 60 * int(plain.rule("sensor.longest_gap", "2025-07-01"))
        silent = "SELECT sensor, count(*) AS n, sum(next - at > ?) AS silent FROM (SELECT *, lead(at) OVER (PARTITION BY sensor ORDER BY at) AS next "
        for one in table.execute(f"{silent} FROM reading) GROUP BY sensor", (gap,)):
            told[one["sensor"]] = (one["n"], one["silent"])
        for one in table.execute(_SESSIONS, {"gap": gap}):
            energy = nearest(Fraction(one["energy"], 3_600_000)) if power else None
            told[f"{one['sensor']} {one['began']}"] = (one["sat"], one["ended"], one["now"], energy)
        table.close()
    return told | {"kept": sum(len(one) == 4 for one in told.values())}


def _read(plain: Plain, table: sqlite3.Connection, path: Path) -> bool:
    """The readings of a file, of several at one moment the first; whether they are powers."""
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        power = "功率" in next(lines)[2]
        for sensor, moment, text in lines:
            if not text:
                continue
            at = int((datetime.fromisoformat(moment) - _EPOCH).total_seconds()) - 8 * 3600
            day, value = moment[:10], Decimal(text)
            sat = plain.value(
                "SELECT instrument_id FROM sensor_binding WHERE sensor = ? AND from_on <= ? AND coalesce(until_on, '9999') >= ?", sensor, day, day
            )
            table.execute("INSERT OR IGNORE INTO reading VALUES (?, ?, ?, ?, ?)", (sensor, at, int(value * 1000), sat, _band(plain, sat, day, value, power)))
    return power


def _band(plain: Plain, sat: str, day: str, value: Decimal, power: bool) -> str | None:
    own = plain.rows("SELECT * FROM power_band WHERE instrument_id = ? AND from_on <= ? ORDER BY from_on DESC LIMIT 1", sat, day) if power else []
    usual = plain.rule("sensor.idle_watts" if power else "sensor.idle_milliamps", day)
    off, work = (Decimal(own[0][name]) for name in ("off_watts", "working_watts")) if own else (0, usual)
    if value <= 0 or value < off:
        return None
    return "working" if value >= work else "idle"
