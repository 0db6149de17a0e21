"""What sensors saw under the records of a line of time: as much as there is room for, and how much is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from desktop.actions import sensor_picture, sensors
from desktop.actions.workspace import Workspace
from desktop.ledger import period as periods
from desktop.ledger.keys import new_key
from desktop.ledger.sensor import SensorSession
from desktop.store import sensors as rows

YEAR = periods.parse("2025")
NIGHT = datetime(2025, 5, 31, 15, 30, tzinfo=UTC)  # half an hour before the last of May is over here
# Asset number -> the starts of its hours at work. CG-A1 sits on A1 until the end of May.
SEEN = {
    "A1": [NIGHT - timedelta(days=2), NIGHT - timedelta(days=1), NIGHT, NIGHT + timedelta(minutes=90), datetime(2024, 12, 31, 12, tzinfo=UTC)],
    "A2": [NIGHT, datetime(2025, 12, 31, 15, 59, tzinfo=UTC), datetime(2025, 12, 31, 16, tzinfo=UTC)],
}
ALL = {"A1": 3, "A2": 2}  # what counts of 2025


@pytest.fixture
def sensed(small: Workspace) -> Workspace:
    """Three sets with a sensor, hours of theirs at and over the edges of the year and of the binding."""
    for asset, until in (("A1", date(2025, 5, 31)), ("A2", None), ("S1", None)):
        sensors.bind(small, asset, f"CG-{asset}", date(2024, 6, 1), until)
    with small.write("sessions for a test") as operation:
        for asset, starts in SEEN.items():
            of = operation.connection.exec_driver_sql("SELECT id FROM instrument WHERE asset_number = ?", (asset,)).scalar()
            rows.SESSIONS.insert(
                operation.connection,
                [SensorSession(new_key(), of, f"CG-{asset}", start, start + timedelta(hours=1), "working") for start in starts],
            )
    return small


def drawn(workspace: Workspace, *asset_numbers: str) -> tuple[dict[str, int], int, int]:
    found = sensor_picture.stretches(workspace, asset_numbers, YEAR)
    return {number: len(each) for number, each in found.seen.items() if each}, found.n_left, found.n_sets_left


def test_all_of_it_is_drawn_where_there_is_room(sensed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(sensed, "A1", "A2", "S1") == (ALL, 0, 0)
    monkeypatch.setattr(sensor_picture, "MOST", 5)
    assert drawn(sensed, "A1", "A2", "S1") == (ALL, 0, 0), "just enough room"


@pytest.mark.parametrize(
    ("most", "asked", "told"),
    [
        (4, ("A1", "A2", "S1"), ({"A1": 3}, 2, 1)),
        (4, ("A2", "A1"), ({"A2": 2}, 3, 1)),
        (3, ("A1", "A2", "A1"), ({"A1": 3}, 2, 1)),
        (2, ("A1", "A2"), ({}, 5, 2)),  # no smaller one in the place of a larger
        (2, ("A1",), ({}, 3, 1)),
    ],
)
def test_what_there_is_no_room_for_is_counted(
    sensed: Workspace, monkeypatch: pytest.MonkeyPatch, most: int, asked: tuple[str, ...], told: tuple[dict[str, int], int, int]
) -> None:
    monkeypatch.setattr(sensor_picture, "MOST", most)
    assert drawn(sensed, *asked) == told


def test_what_is_counted_is_what_would_be_drawn(sensed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drawn(sensed, "A1", "A2")[0]
    monkeypatch.setattr(sensor_picture, "MOST", 0)
    assert drawn(sensed, "A1", "A2") == ({}, sum(whole.values()), len(whole))
    monkeypatch.setattr(rows, "n_sat", lambda connection, instrument_id, start, end: rows.n_sessions(connection, instrument_id))
    assert drawn(sensed, "A1", "A2")[1] != sum(whole.values()), "sessions beside the period or the binding were counted too"
