"""Sensors and power bands of two seats at one hub: the same binding once, overlaps told until a person corrects them, hours counted once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from desktop.actions import sensor_doubts, sensor_readings, sensor_views, sensors, sync_resolving, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.store import same_rows
from tests.actions.making import posted, refused, sound
from tests.actions.test_sensors import at_work, readings_file
from tests.actions.two_seats import Seats, exchange, in_step, rows

FIRST, LATER = date(2025, 1, 1), date(2025, 5, 1)
BINDINGS = "SELECT i.asset_number, b.sensor, b.from_on, b.until_on, b.source FROM sensor_binding b JOIN instrument i ON i.id = b.instrument_id ORDER BY 1, 2, 3"


def view(ledger: Workspace) -> tuple[object, ...]:
    return (
        [(one.instrument.asset_number, one.binding) for one in sensors.every(ledger)], sensors.bands(ledger, "A1"), sensor_doubts.of_all(ledger)
    )  # fmt: skip


def codes(ledger: Workspace) -> list[str]:
    return [one.code for one in sensor_doubts.of_all(ledger)]


def choose(ledger: Workspace, side: str) -> None:
    for found in syncing.conflicts(ledger, remote="hub"):
        sync_resolving.resolve(ledger, found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "核实过", remote="hub")


def test_what_one_seat_enters_changes_and_takes_out_is_the_same_at_the_other(seats: Seats) -> None:
    first, second = seats
    sensors.bind(first, "A1", "CG-1", FIRST, source="安装单-1")
    sensors.set_band(first, "A1", FIRST, Decimal(5), Decimal("40.5"))
    exchange(first, second)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert rows(second, BINDINGS) == [("A1", "CG-1", "2025-01-01", None, "安装单-1")]
    sensors.end_binding(second, "A1", "CG-1", FIRST, LATER)
    sensors.set_band(second, "A1", FIRST, Decimal(6), Decimal(50))
    exchange(second, first)
    assert view(first) == view(second)
    assert rows(first, "SELECT off_watts, working_watts FROM power_band") == [("6", "50")]
    sensors.drop_binding(first, "A1", "CG-1", FIRST, "登错")
    sensors.drop_band(first, "A1", FIRST, "登错")
    exchange(first, second)
    assert in_step(first, second)
    assert rows(second, "SELECT (SELECT count(*) FROM sensor_binding) + (SELECT count(*) FROM power_band)") == [(0,)]
    assert sound(first)
    assert sound(second)


def test_the_same_binding_is_there_once_and_its_last_day_is_asked(seats: Seats) -> None:
    first, second = seats
    for ledger in seats:
        sensors.bind(ledger, "A1", "CG-1", FIRST)
        sensors.bind(ledger, "A2", "CG-2", FIRST, FIRST if ledger is first else LATER)
    syncing.sync(first, remote="hub")
    assert syncing.sync(second, remote="hub").conflicts == 1
    (found,) = sync_views.conflicts(second, remote="hub")
    assert (found.kind, found.label) == ("sensor_binding", "CG-2 A2")
    choose(second, "mine")
    exchange(second, first)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert [row[:4] for row in rows(first, BINDINGS)] == [("A1", "CG-1", "2025-01-01", None), ("A2", "CG-2", "2025-01-01", "2025-05-01")]


def test_a_binding_that_two_seats_entered_on_other_days_is_told_and_counts_once(seats: Seats) -> None:
    first, second = seats
    posted(first, "R1")
    exchange(first, second)
    sensors.bind(first, "A1", "CG-1", FIRST)
    sensors.bind(second, "A1", "CG-1", date(2025, 1, 2))
    exchange(first, second)
    assert in_step(first, second)
    assert view(first) == view(second)
    for ledger in seats:
        assert codes(ledger) == ["sensor.bound_twice"]
        (line,) = sensor_views.overview(ledger, periods.parse("2025-05")).lines
        assert (line.sensors, line.sat_days) == (("CG-1",), 31)
    sensors.drop_binding(first, "A1", "CG-1", date(2025, 1, 2), "多余")
    exchange(first, second)
    assert codes(first) == codes(second) == []


def test_the_same_binding_waits_when_nothing_says_which_of_ours_it_is(seats: Seats) -> None:
    """The broken variant: the service takes one of the two, and the other seat never gets rid of its own."""
    first, second = seats
    for ledger in seats:
        sensors.bind(ledger, "A1", "CG-1", FIRST)
    named = same_rows.NUMBERS.pop("sensor_binding")
    try:
        syncing.sync(first, remote="hub")
        assert syncing.sync(second, remote="hub").parked == 1
    finally:
        same_rows.NUMBERS["sensor_binding"] = named
    assert codes(second) == ["sensor.bound_twice"]


def test_one_sensor_on_two_sets_is_told_and_measures_neither_until_one_is_ended(seats: Seats, tmp_path: Path) -> None:
    first, second = seats
    posted(first, "R1")
    exchange(first, second)
    sensors.bind(first, "A1", "CG-1", FIRST)
    file = readings_file(tmp_path, *at_work("CG-1", "2025-05-06T02:00", 60))
    assert sensor_readings.import_readings(first, file).new == 1
    before = sensor_views.seen(first, "A1", periods.parse("2025-05")).reconciled
    sensors.bind(second, "A2", "CG-1", LATER)
    exchange(first, second)
    assert in_step(first, second)
    for ledger in seats:
        (told,) = sensor_doubts.of_all(ledger)
        assert (told.code, told.severity) == ("sensor.bound_elsewhere", "error")
        assert dict(told.params)["day"] == "2025-05-01"
        assert {dict(told.params)["asset_number"], dict(told.params)["other"]} == {"A1", "A2"}
        assert sensor_doubts.of_set(ledger, dict(told.params)["other_key"]) == sensor_doubts.of_set(ledger, told.key) == (told,)
        assert refused(sensor_readings.import_readings, ledger, file) == ["sensor.on_two"]
    # The hour it saw is that of one set, once.
    assert sensor_views.seen(first, "A1", periods.parse("2025-05")).reconciled == before
    assert sensor_views.seen(first, "A2", periods.parse("2025-05")).reconciled.figure.inputs[1].value == 0
    sensors.drop_binding(second, "A2", "CG-1", LATER, "登错")
    exchange(second, first)
    assert codes(first) == codes(second) == []
    assert sensor_readings.import_readings(second, file).new == 1


def test_two_sensors_on_one_set_are_no_clash_and_do_not_make_its_hours_twice(seats: Seats, tmp_path: Path) -> None:
    first, second = seats
    posted(first, "R1")
    exchange(first, second)
    sensors.bind(first, "A1", "CG-1", FIRST)
    sensors.bind(second, "A1", "CG-2", FIRST)
    exchange(first, second)
    assert in_step(first, second)
    assert view(first) == view(second)
    assert codes(first) == []
    for sensor in ("CG-1", "CG-2"):
        sensor_readings.import_readings(first, readings_file(tmp_path, *at_work(sensor, "2025-05-06T02:00", 60), name=f"{sensor}.csv"))
    (line,) = sensor_views.overview(first, periods.parse("2025-05")).lines
    assert {part.code: part.value for part in line.reconciled.figure.inputs}["sensor.seen"] == 60


def test_two_limits_of_one_day_are_a_conflict_for_a_person(seats: Seats) -> None:
    first, second = seats
    sensors.set_band(first, "A1", FIRST, Decimal(5), Decimal(40))
    sensors.set_band(second, "A1", FIRST, Decimal(6), Decimal(50))
    syncing.sync(first, remote="hub")
    assert syncing.sync(second, remote="hub").conflicts == 1
    (found,) = sync_views.conflicts(second, remote="hub")
    assert (found.kind, found.label, [group.name for group in found.groups]) == ("power_band", "A1 2025-01-01", ["charge"])
    choose(second, "mine")
    exchange(second, first)
    assert in_step(first, second)
    for ledger in seats:
        assert rows(ledger, "SELECT off_watts, working_watts FROM power_band") == [("6", "50")]
        assert sound(ledger)
