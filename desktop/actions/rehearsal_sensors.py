"""The practice day's sensors: put on the most used sets from a table, their sessions read from a file, coverage and comparison on paper (clause 4).

What the sensors saw is made of the services themselves, some of it short, so that there is something to compare and to find.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from desktop.actions import importing, performance, sensor_views

if TYPE_CHECKING:
    from desktop.actions.rehearsal_clauses import Clause, Practice

_BINDINGS = "sensor-bindings.csv"
_BANDS = "power-bands.csv"
_FILE = "sensor-sessions.csv"
_LOCAL = timedelta(hours=8)


def sensed(day: Practice, clause: Clause) -> None:
    """Put the sensors on, read what they saw, compare, explain and print."""
    told, year = day.told["sensor"], day.year
    used = sorted(performance.year(day.workspace, year, day.on).sets, key=lambda pair: (-pair[0].effective_minutes, pair[0].asset_number))
    sets = [one.asset_number for one, _ in used[: len(told["number"])]]
    first = date(year.start.year, *told["from"])
    _table(day, _BINDINGS, told["binding_heads"], ((number, sensor, first, told["source"]) for number, sensor in zip(sets, told["number"], strict=False)))
    _table(day, _BANDS, told["band_heads"], ((number, first, told["off_watts"], told["working_watts"]) for number in sets))
    findings = list(importing.import_file(day.workspace, "sensor_bindings", day.out / _BINDINGS).findings)
    findings += importing.import_file(day.workspace, "power_bands", day.out / _BANDS).findings
    _write(day, sets, told)
    findings += importing.import_file(day.workspace, "sensor_sessions", day.out / _FILE).findings
    found = sensor_views.overview(day.workspace, year, day.on)
    clause.figure(found.coverage, f"sensor coverage --period {year.name}")
    for part in found.coverage.inputs:
        clause.figure(part)
    for line in found.lines:
        number = line.instrument.asset_number
        clause.figure(sensor_views.explain(day.workspace, number, year.name, day.on), f"sensor {number} --period {year.name}")
        findings += line.reconciled.findings
    clause.find(findings)
    clause.documents += [_BINDINGS, _BANDS, _FILE, *day.report("sensors")]


def _table(day: Practice, name: str, heads: list[str], rows: Iterable[Sequence[object]]) -> None:
    with (day.out / name).open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream)
        sheet.writerow(heads)
        sheet.writerows(rows)


def _write(day: Practice, sets: list[str], told: dict[str, Any]) -> None:
    """The file of sessions: each service at work for its time, every ``short_every``-th half of it, and idle afterwards."""
    every = told["short_every"]
    working, idles = told["bands"]
    idle = timedelta(minutes=told["idle_minutes"])
    with (day.out / _FILE).open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream)
        sheet.writerow(told["heads"])
        for number in sets:
            seen = sensor_views.seen(day.workspace, number, day.year, day.on)
            free = datetime.combine(day.year.start, time())
            for place, claim in enumerate(sorted(seen.claims, key=lambda one: one.started_at)):
                start, end = ((at + _LOCAL).replace(tzinfo=None) for at in (claim.started_at, claim.ended_at))
                start = max(start, free)
                if not claim.timed or start >= end or start.date() < seen.bindings[0].from_on:
                    continue
                stop = start + (end - start) / 2 if place % every == 0 else end
                stop = stop.replace(microsecond=0)
                sheet.writerow((seen.bindings[0].sensor, start, stop, working))
                sheet.writerow((seen.bindings[0].sensor, stop, stop + idle, idles))
                free = stop + idle
