"""Sensors through a real ledger: where they sit, readings and sessions from files, hours compared, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import (
    explaining,
    history,
    importing,
    parameter_effects,
    parameter_sets,
    records,
    sensor_picture,
    sensor_readings,
    sensor_views,
    sensors,
)
from desktop.actions.import_sensor_sessions import FILE
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.ledger.parameter import Parameter
from desktop.ledger.problem import Cancelled, Problem
from desktop.rules import sensor as rules
from desktop.store import sensors as rows
from desktop.store.facts import INSTRUMENTS
from tests.actions.making import posted, refused, sound
from tests.formats import books

MAY = "2025-05"
FIRST = date(2025, 1, 1)


def readings_file(folder: Path, *lines: str, head: str = "传感器编号,采集时间,功率(W)", name: str = "readings.csv") -> Path:
    file = folder / name
    file.write_text("\n".join((head, *lines)) + "\n", "utf-8")
    return file


def at_work(sensor: str, start: str, n_minutes: int, watts: object = 600) -> list[str]:
    """A reading every ten minutes from a wall-clock moment on, and one at 0 W at the end."""
    begin = datetime.fromisoformat(start)
    moments = [begin + timedelta(minutes=n) for n in range(0, n_minutes + 1, 10)]
    return [f"{sensor},{one:%Y-%m-%d %H:%M:%S},{0 if one == moments[-1] else watts}" for one in moments]


def sessions(ledger: Workspace) -> list[tuple[str, str, str, str, int | None]]:
    """(sensor, start, end, band, watt-hours) of every session, moments as they are kept (UTC)."""
    with ledger.read() as connection:
        found = rows.SESSIONS.find(connection, order="sensor, started_at")
    return [(one.sensor, rows.moment_text(one.started_at), rows.moment_text(one.ended_at), one.band, one.n_watt_hours) for one in found]


@pytest.fixture
def bound(small: Workspace) -> Workspace:
    """A1 has sensor CG-1 from the year's beginning; a service of one hour is posted on 6 May from 02:00 (``posted`` of record R1)."""
    sensors.bind(small, "A1", "CG-1", FIRST, source="安装单-1")
    posted(small, "R1")
    return small


def test_a_sensor_is_entered_moved_and_taken_back(small: Workspace) -> None:
    sensors.bind(small, "A1", " CG-1 ", FIRST)
    assert refused(sensors.bind, small, "A2", "CG-1", date(2025, 6, 1)) == ["sensor.sits"]
    sensors.end_binding(small, "A1", "CG-1", FIRST, date(2025, 5, 31))
    assert refused(sensors.bind, small, "A2", "CG-1", date(2025, 5, 31)) == ["sensor.sits"]
    sensors.bind(small, "A2", "CG-1", date(2025, 6, 1))
    told = [(one.instrument.asset_number, one.binding.sensor, one.binding.until_on) for one in sensors.every(small)]
    assert told == [("A1", "CG-1", date(2025, 5, 31)), ("A2", "CG-1", None)]
    assert refused(sensors.end_binding, small, "A1", "CG-1", FIRST, None) == ["sensor.sits"], "it sits on A2 since"
    sensors.drop_binding(small, "A2", "CG-1", date(2025, 6, 1), "登记错了")
    for _ in range(4):
        history.undo_last(small)
    assert sensors.every(small) == []
    assert sound(small)


def test_what_cannot_be_is_refused_and_writes_nothing(small: Workspace) -> None:
    assert refused(sensors.bind, small, "A9", "CG-1", FIRST) == ["instrument.unknown"]
    assert refused(sensors.bind, small, "A1", "  ", FIRST) == ["sensor.no_number"]
    assert refused(sensors.bind, small, "A1", "CG-1", FIRST, date(2024, 12, 31)) == ["sensor.days"]
    assert refused(sensors.bind, small, "A1", "CG-1", date(2026, 11, 24)) == ["sensor.to_come"]
    assert refused(sensors.end_binding, small, "A1", "CG-1", FIRST, None) == ["sensor.not_bound"]
    assert refused(sensors.drop_binding, small, "A1", "CG-1", FIRST, " ") == ["sensor.no_reason"]
    for off, working in (("-1", "40"), ("50", "40"), ("0", "0"), ("0", "10000000.01"), ("0", "NaN"), ("0", "Infinity")):
        assert refused(sensors.set_band, small, "A1", FIRST, Decimal(off), Decimal(working)) == ["sensor.band_range"]
    assert refused(sensors.drop_band, small, "A1", FIRST, "错") == ["sensor.no_band"]
    assert sensors.every(small) == []


def test_a_workbook_of_the_same_readings_changes_nothing(bound: Workspace, tmp_path: Path) -> None:
    lines = [*at_work("CG-1", "2025-05-06 02:00:00", 60), "CG-1,何时,5", *at_work("CG-1", "2025-05-06 20:00:00", 20, 10)]
    book = books.xlsx(tmp_path / "readings.xlsx", {"读数": [["传感器编号", "采集时间", "功率(W)"], *_typed(lines)]})
    tried = sensor_readings.import_readings(bound, book, dry_run=True)
    done = sensor_readings.import_readings(bound, readings_file(tmp_path, *lines))
    assert (tried.folded[0].n_readings, tried.new, tried.n_readings) == (done.folded[0].n_readings, done.new, done.n_readings) == (10, 2, 11)
    again = sensor_readings.import_readings(bound, book)
    assert (again.new, again.changed, again.dropped, again.unchanged, again.operation) == (0, 0, 0, 2, 0)
    assert [one.code for one in again.findings] == [one.code for one in done.findings] == ["import.moment_unreadable"]


@pytest.mark.parametrize(("minutes", "told"), [(15, []), (16, ["sensor.sparse"])])
def test_a_log_that_is_silent_most_of_the_time_is_told(bound: Workspace, tmp_path: Path, minutes: int, told: list[str]) -> None:
    moments = [datetime(2025, 5, 6, 8) + timedelta(minutes=n * minutes) for n in range(12)]
    done = sensor_readings.import_readings(bound, readings_file(tmp_path, *(f"CG-1,{one:%Y-%m-%d %H:%M},600" for one in moments)))
    assert [one.code for one in done.findings] == told
    assert len(done.folded[0].sessions) == (0 if told else 1)
    if told:
        assert dict(done.findings[0].params) == {"sensor": "CG-1", "n": "11", "of": "11", "minutes": "15"}


def test_some_silences_are_nothing_to_tell(bound: Workspace, tmp_path: Path) -> None:
    every = [at_work("CG-1", f"2025-05-{day:02d} 08:00:00", 30) for day in range(6, 12)]
    done = sensor_readings.import_readings(bound, readings_file(tmp_path, *(line for each in every for line in each)))
    assert (done.findings, done.folded[0].n_silent) == ((), 5)


def test_what_is_still_to_come_was_not_measured(bound: Workspace, tmp_path: Path) -> None:
    """Today is 23 November 2026: its last second counts, midnight after it does not."""
    lines = ["CG-1,2026-11-23 23:50:00,600", "CG-1,2026-11-23 23:59:59,600", "CG-1,2026-11-24 00:00:00,600", "CG-1,2027-01-01 00:00:00,600"]
    done = sensor_readings.import_readings(bound, readings_file(tmp_path, *lines))
    assert [(one.code, one.severity, dict(one.params)) for one in done.findings] == [
        ("sensor.readings_to_come", "error", {"sensor": "CG-1", "n": "2", "day": "2027-01-01"})
    ]
    assert sessions(bound) == [("CG-1", "2026-11-23T15:50:00Z", "2026-11-23T15:59:59Z", "working", 100)]
    with pytest.raises(Problem) as nothing:
        sensor_readings.import_readings(bound, readings_file(tmp_path, *lines[2:]))
    assert (nothing.value.code, [one.code for one in nothing.value.findings]) == ("sensor.no_readings", ["sensor.readings_to_come"])
    file = sessions_file(tmp_path, "CG-1,,2026-11-24 00:00:00,2026-11-24 01:00:00,工作,", "CG-1,,2026-11-23 22:00:00,2026-11-23 23:00:00,工作,")
    told = importing.import_file(bound, "sensor_sessions", file)
    assert (told.accepted, told.rejected, [one.code for one in told.findings if one.severity == "error"]) == (1, 1, ["sensor.session_to_come"])


def _typed(lines: list[str]) -> list[list[object]]:
    """The cells as a workbook has them: moments and numbers, not text."""
    cells = [line.split(",") for line in lines]
    return [[one, datetime.fromisoformat(moment) if moment[0] == "2" else moment, float(value)] for one, moment, value in cells]


def test_readings_become_sessions_once(bound: Workspace, tmp_path: Path) -> None:
    file = readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:00:00", 60), *at_work("CG-1", "2025-05-06 20:00:00", 20, 10))
    tried = sensor_readings.import_readings(bound, file, dry_run=True)
    assert (tried.new, tried.operation, sessions(bound)) == (2, 0, [])
    done = sensor_readings.import_readings(bound, file)
    assert (done.n_readings, done.new, done.findings) == (10, 2, ())
    assert sessions(bound) == [
        ("CG-1", "2025-05-05T18:00:00Z", "2025-05-05T19:00:00Z", "working", 600),
        ("CG-1", "2025-05-06T12:00:00Z", "2025-05-06T12:20:00Z", "idle", 3),
    ]
    again = sensor_readings.import_readings(bound, file)
    assert (again.new, again.changed, again.unchanged, again.operation) == (0, 0, 2, 0)
    history.undo_last(bound)
    assert sessions(bound) == []
    assert sound(bound)


def test_readings_in_any_order_and_of_several_sensors_make_the_same_sessions(bound: Workspace, tmp_path: Path) -> None:
    sensors.bind(bound, "A2", "CG-2", FIRST)
    lines = [*at_work("CG-1", "2025-05-06 02:00:00", 60), *at_work("CG-2", "2025-05-06 02:05:00", 60)]
    sensor_readings.import_readings(bound, readings_file(tmp_path, *lines))
    there = sessions(bound)
    assert len(there) == 2
    for mixed in (lines[::-1], lines[::2] + lines[1::2], lines + lines):
        done = sensor_readings.import_readings(bound, readings_file(tmp_path, *mixed))
        assert (done.new, done.changed, done.dropped, done.unchanged) == (0, 0, 0, 2)
    assert sessions(bound) == there


def test_new_power_bands_make_the_sessions_of_the_same_file_anew(bound: Workspace, tmp_path: Path) -> None:
    file = readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:00:00", 30), *at_work("CG-1", "2025-05-06 03:00:00", 30, 100))
    sensor_readings.import_readings(bound, file)
    assert [one[3] for one in sessions(bound)] == ["working", "working"]
    sensors.set_band(bound, "A1", FIRST, Decimal(5), Decimal(200))
    assert [one[3] for one in sessions(bound)] == ["working", "working"], "what is here stays as it was folded"
    assert sensor_readings.import_readings(bound, file).changed == 1
    assert [one[3] for one in sessions(bound)] == ["working", "idle"]
    sensors.set_band(bound, "A1", FIRST, Decimal(150), Decimal(200))
    done = sensor_readings.import_readings(bound, file)
    assert (done.changed, done.dropped) == (0, 1), "100 W is off now, and off is no session"
    assert [one[1] for one in sessions(bound)] == ["2025-05-05T18:00:00Z"]
    assert [(one.from_on, one.off_watts) for one in sensors.bands(bound, "A1")] == [(FIRST, Decimal(150))]


def test_current_is_judged_by_its_own_limit_and_tells_no_energy(bound: Workspace, tmp_path: Path) -> None:
    lines = [f"2025-05-06 02:{n:02d},{amps}" for n, amps in ((0, "0.05"), (10, "0.049"), (20, "0"), (30, "0"))]
    sensor_readings.import_readings(bound, readings_file(tmp_path, *lines, head="时间,电流(A)"), "CG-1")
    assert [(one[3], one[4]) for one in sessions(bound)] == [("working", None), ("idle", None)]


def test_a_sensor_that_sat_nowhere_stops_the_file_and_is_named(bound: Workspace, tmp_path: Path) -> None:
    lines = [*at_work("CG-1", "2025-05-06 02:00:00", 60), *at_work("CG-7", "2025-05-06 02:00:00", 60), *at_work("CG-1", "2024-12-31 02:00:00", 20)]
    file = readings_file(tmp_path, *lines)
    with pytest.raises(Exception, match="unbound_file") as told:
        sensor_readings.import_readings(bound, file)
    assert told.value.params == {"n": "2", "sensors": "CG-1（2024-12-31）、CG-7（2025-05-06）"}  # type: ignore[attr-defined]
    assert sessions(bound) == []


def test_a_sensor_that_moved_makes_no_session_across_the_move(bound: Workspace, tmp_path: Path) -> None:
    sensors.end_binding(bound, "A1", "CG-1", FIRST, date(2025, 5, 6))
    sensors.bind(bound, "A2", "CG-1", date(2025, 5, 7))
    sensor_readings.import_readings(bound, readings_file(tmp_path, *at_work("CG-1", "2025-05-06 23:30:00", 60)))
    assert [one[1:3] for one in sessions(bound)] == [("2025-05-06T15:30:00Z", "2025-05-06T15:50:00Z"), ("2025-05-06T16:00:00Z", "2025-05-06T16:30:00Z")]
    assert {one.instrument.asset_number: one.n_sessions for one in sensors.every(bound)} == {"A1": 1, "A2": 1}


def test_a_person_who_stops_the_import_finds_nothing_written(bound: Workspace, tmp_path: Path) -> None:
    class Stopped:
        def report(self, done: int, total: int, note_code: str = "") -> None:
            self.note = note_code

        def cancelled(self) -> bool:
            return False

        def check(self) -> None:
            if self.note == "work.writing":
                raise Cancelled

    file = readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:00:00", 60))
    with pytest.raises(Cancelled):
        sensor_readings.import_readings(bound, file, progress=Stopped())
    assert sessions(bound) == []
    assert sound(bound)


def sessions_file(folder: Path, *lines: str) -> Path:
    file = folder / "sessions.csv"
    file.write_text("\n".join(("传感器编号,资产编号,开始时间,结束时间,功率段,用电量", *lines)) + "\n", "utf-8")
    return file


def test_sessions_of_a_platform_are_taken_row_by_row(bound: Workspace, tmp_path: Path) -> None:
    file = sessions_file(
        tmp_path,
        "CG-1,A1,2025-05-06 02:00:15,2025-05-06 03:00:45,工作,1.2345",
        "CG-1,,2025-05-06T12:00:00Z,2025-05-06T12:30:00Z,idle,",
        "CG-1,,2025-05-06 22:00,2025-05-06 23:00,关机,",
        "CG-9,,2025-05-06 02:00,2025-05-06 03:00,工作,",
        "CG-1,A2,2025-05-07 02:00,2025-05-07 03:00,工作,",
        "CG-1,,2025-05-08 03:00,2025-05-08 03:00,工作,",
        "CG-1,,2025-05-09 02:00,2025-05-09 03:00,忙,",
        "CG-1,,2024-12-31 02:00,2024-12-31 03:00,工作,",
    )
    done = importing.import_file(bound, "sensor_sessions", file)
    assert (done.accepted, done.rejected, done.unchanged) == (2, 5, 1)
    assert [one.code for one in done.findings if one.severity == "error"] == [
        "sensor.unbound", "sensor.elsewhere", "sensor.end_before_start", "sensor.band_unknown", "sensor.unbound",
    ]  # fmt: skip
    assert sessions(bound) == [
        ("CG-1", "2025-05-05T18:00:15Z", "2025-05-05T19:00:45Z", "working", 1235),
        ("CG-1", "2025-05-06T12:00:00Z", "2025-05-06T12:30:00Z", "idle", None),
    ]
    again = importing.import_file(bound, "sensor_sessions", file)
    assert (again.accepted, again.operation) == (0, 0)


def test_a_file_of_sessions_outranks_readings(bound: Workspace, tmp_path: Path) -> None:
    importing.import_file(bound, "sensor_sessions", sessions_file(tmp_path, "CG-1,,2025-05-06 02:00:00,2025-05-06 02:40:00,工作,"))
    done = sensor_readings.import_readings(bound, readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:00:00", 60)))
    assert (done.new, done.left, [one.code for one in done.findings]) == (0, 1, ["sensor.left_as_told"])
    assert sessions(bound)[0][2] == "2025-05-05T18:40:00Z"
    with bound.read() as connection:
        assert [one.source for one in rows.SESSIONS.find(connection)] == [FILE]


def test_hours_are_compared_explained_and_a_difference_is_told(bound: Workspace, tmp_path: Path) -> None:
    sensor_readings.import_readings(bound, readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:00:00", 50)))
    seen = sensor_views.seen(bound, "A1", sensor_views.span(bound, MAY))
    assert (seen.reconciled.state, [one.code for one in seen.reconciled.findings]) == ("over", ["sensor.record_over", "sensor.total_over"])
    assert (seen.seen_days, seen.sat_days) == (1, 31)
    tree = explaining.explain(bound, "sensor", "A1", period=MAY)
    assert {part.code: part.value for part in tree.inputs}["sensor.seen"] == 50
    claimed = next(part for part in tree.inputs if part.code == "sensor.claimed")
    assert claimed.rows is not None
    assert [row["number"] for row in explaining.rows(bound, claimed.rows)] == ["R1"]
    assert "申报机时与实测机时核对：申报偏多" in "\n".join(explaining.as_lines(tree))
    sensor_readings.import_readings(bound, readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:50:00", 10)))
    assert sensor_views.seen(bound, "A1", sensor_views.span(bound, MAY)).reconciled.state == "agrees"


def test_all_sets_of_a_period_at_a_glance(bound: Workspace, tmp_path: Path) -> None:
    sensor_readings.import_readings(bound, readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:00:00", 60)))
    found = sensor_views.overview(bound, sensor_views.span(bound, "2025"))
    assert [(one.instrument.asset_number, one.sensors, one.reconciled.state) for one in found.lines] == [("A1", ("CG-1",), "agrees")]
    assert [one.asset_number for one in found.unbound] == ["A2", "S1"]
    assert [part.value for part in found.coverage.inputs[:2]] == [1, 3]
    assert found.target_met is False
    for asset, sensor in (("A2", "CG-2"), ("S1", "CG-3")):
        sensors.bind(bound, asset, sensor, FIRST)
    found = sensor_views.overview(bound, sensor_views.span(bound, "2025"))
    assert (found.coverage.value, found.target_met, found.unbound) == (1, True, ())
    assert explaining.explain(bound, "sensor", "coverage", period="2025").value == 1
    one = sensor_views.seen(bound, "A1", sensor_views.span(bound, "2025"))
    line = next(each for each in found.lines if each.instrument.asset_number == "A1")
    assert line.reconciled == one.reconciled, "a set is judged the same alone and among all"


@pytest.mark.parametrize(
    ("given", "rate", "bare"),
    [
        ({}, Decimal("0.5"), ["A2"]),
        ({"retired_on": date(2025, 12, 31)}, 1, []),
        ({"retired_on": date(2026, 1, 1)}, Decimal("0.5"), ["A2"]),
        ({"accepted_on": date(2025, 12, 31)}, Decimal("0.5"), ["A2"]),
        ({"accepted_on": date(2026, 1, 1)}, 1, []),
        ({"value_fen": 29_999_999}, 1, []),
        ({"value_fen": 30_000_000}, Decimal("0.5"), ["A2"]),
        ({"value_fen": None}, 1, ["A2"]),
    ],
)
def test_coverage_is_of_the_large_sets_there_on_the_last_day(bound: Workspace, given: dict[str, Any], rate: Decimal, bare: list[str]) -> None:
    with bound.write("sets as the case has them") as operation:
        sets = {one.asset_number: one for one in INSTRUMENTS.find(operation.connection)}
        INSTRUMENTS.update(operation.connection, [replace(sets["A2"], **given), replace(sets["S1"], retired_on=date(2025, 3, 1))])
    found = sensor_views.overview(bound, sensor_views.span(bound, "2025"), date(2026, 1, 5))
    assert (found.coverage.value, [one.asset_number for one in found.unbound]) == (rate, bare)
    assert sensor_views.overview(bound, sensor_views.span(bound, "2025"), date(2025, 3, 1)).covered.n_small == (given.get("value_fen") == 29_999_999)


@pytest.mark.parametrize(("key", "value", "old"), [("sensor.coverage", "0.3", "0.90"), ("duty.threshold_fen", "60000000", 30_000_000)])
def test_a_value_of_the_new_year_does_not_change_the_old_one(bound: Workspace, key: str, value: str, old: str | int) -> None:
    """The window and the command say what the paper says: a year that is over stands by the rules of its last day."""
    year, later = sensor_views.span(bound, "2025"), date(2026, 3, 2)
    before = sensor_views.overview(bound, year, later)
    parameter_sets.add(bound, key, value, date(2026, 1, 1), "鲁科字〔2026〕1号", reason="新规定")
    after = sensor_views.overview(bound, year, later)
    cited = next(part for part in after.coverage.walk() if part.code == f"parameter.{key}")
    assert str(cited.value) == str(old)
    assert (after.coverage, after.target_met) == (before.coverage, before.target_met)
    assert sensor_views.explain(bound, sensor_views.COVERAGE_KEY, "2025", later) == before.coverage
    assert sensor_views.overview(bound, sensor_views.span(bound, "2026"), later).coverage != before.coverage


def test_a_service_over_new_year_is_compared_whole_in_the_year_it_belongs_to(bound: Workspace, tmp_path: Path) -> None:
    begin = datetime(2025, 12, 31, 23, 0)
    posted(bound, "R2", day=date(2025, 12, 31), minutes=120, started_at=begin, ended_at=begin + timedelta(hours=2))
    sensor_readings.import_readings(bound, readings_file(tmp_path, *at_work("CG-1", "2025-12-31 22:50:00", 140)))
    for asked in ("2026", "2026-01"):
        found = sensor_views.seen(bound, "A1", sensor_views.span(bound, asked))
        assert (found.reconciled.state, found.reconciled.findings) == ("agrees", ()), asked
    december = sensor_views.seen(bound, "A1", sensor_views.span(bound, "2025-12"))
    assert {part.code: part.value for part in december.reconciled.figure.inputs}["sensor.seen"] == 10, "but not the two hours of the service"


def test_a_service_over_new_year_on_which_the_sensor_was_changed_is_seen_by_both(small: Workspace, tmp_path: Path) -> None:
    sensors.bind(small, "A1", "CG-1", FIRST, date(2025, 12, 31))
    sensors.bind(small, "A1", "CG-2", date(2026, 1, 1))
    begin = datetime(2025, 12, 31, 23, 0)
    posted(small, "R2", day=date(2025, 12, 31), minutes=120, started_at=begin, ended_at=begin + timedelta(hours=2))
    file = readings_file(
        tmp_path, "CG-1,2025-12-31 23:00:00,2026-01-01 00:00:00,工作", "CG-2,2026-01-01 00:00:00,2026-01-01 01:00:00,工作",
        head="传感器编号,开始时间,结束时间,功率段",
    )  # fmt: skip
    assert importing.import_file(small, "sensor_sessions", file).accepted == 2
    found = sensor_picture.of_set(small, "A1", periods.parse("2026"), date(2026, 1, 31))
    assert [(one.claim.number, one.seen_seconds, one.over) for one in found.seen.reconciled.compared] == [("R2", 7200, False)]
    assert found.seen.reconciled.state == "agrees"
    assert (found.days[0].claimed, found.days[0].working) == (120, 7200), "the days say the same as the sums"


def test_what_a_posting_took_back_claims_is_nothing(bound: Workspace) -> None:
    records.reverse(bound, "R1", "记错")
    found = sensor_views.seen(bound, "A1", sensor_views.span(bound, MAY))
    assert found.claims == ()


def test_a_set_without_a_sensor_is_not_explained_as_zero(small: Workspace) -> None:
    assert refused(explaining.explain, small, "sensor", "A1", period=MAY) == ["sensor.none_bound"]
    assert refused(explaining.explain, small, "sensor", "A9", period=MAY) == ["instrument.unknown"]
    assert refused(sensor_views.span, small, "2025-13") == ["report.period"]


def test_a_sensor_that_came_after_the_period_says_nothing_of_it(small: Workspace) -> None:
    posted(small, "R1")
    sensors.bind(small, "A1", "CG-1", date(2025, 6, 1))
    may = sensor_views.span(small, MAY)
    assert sensor_views.seen(small, "A1", may).reconciled.state == "unknown"
    assert sensor_views.overview(small, may).lines == ()
    june = sensor_views.span(small, "2025-06")
    assert [one.reconciled.state for one in sensor_views.overview(small, june).lines] == ["unknown"]


def test_another_tolerance_shows_which_sets_it_moves(bound: Workspace, tmp_path: Path) -> None:
    sensor_readings.import_readings(bound, readings_file(tmp_path, *at_work("CG-1", "2025-05-06 02:00:00", 50)))
    wider = Parameter(rules.TOLERANCE, date(2025, 1, 1), Decimal("0.5"), "ratio", "本单位〔2025〕1号", "", "A", own=True)
    moved = parameter_effects.work_out(bound, [wider]).moved
    assert [(one.figure, one.subject, one.old, one.new) for one in moved] == [
        ("integrity.beyond_sensor", "2025", 1, 0), ("sensor.reconciled", "A1 2025", "over", "agrees"), ("parameter_effect.to_check", "A1 2025", 1, 0),
    ]  # fmt: skip
