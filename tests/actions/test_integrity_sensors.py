"""Hours beyond what sensors saw in a real ledger: at the tolerance and a minute above it, with why and on paper, and never without a sensor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desktop.actions import explaining, integrity, integrity_answers, records, reporting, sensor_readings, sensors
from desktop.actions.workspace import Workspace
from desktop.ledger.period import parse
from desktop.reports import plain
from desktop.rules import sensor as rules
from tests.actions.making import posted
from tests.actions.test_sensors import FIRST, at_work, readings_file

YEAR, LAST = parse("2025"), date(2025, 12, 31)


def seen(workspace: Workspace) -> dict[str, str]:
    (check,) = integrity.self_check(workspace, YEAR, LAST, ("beyond_sensor",)).checks
    assert check.looked
    assert check.figure.value == len(check.seen)
    return {one.number: one.detail for one in check.seen}


@pytest.fixture
def bound(small: Workspace) -> Workspace:
    """A1 and the confidential S1 have a sensor from the year's beginning, A2 has none; an hour each is posted on 6 May from 02:00."""
    sensors.bind(small, "A1", "CG-1", FIRST)
    sensors.bind(small, "S1", "CG-3", FIRST)
    posted(small, "R1")
    posted(small, "R12", "A2")
    posted(small, "R23", "S1")
    return small


def read(workspace: Workspace, folder: Path, sensor: str, n_minutes: int) -> None:
    lines = at_work(sensor, "2025-05-06 02:00:00", n_minutes)
    sensor_readings.import_readings(workspace, readings_file(folder, *lines, name=f"{sensor}.csv"))


@pytest.mark.parametrize(("n_minutes", "expected"), [(60, {}), (50, {"R1": "50"})], ids=["all of it", "a sixth less"])
def test_what_was_not_seen_is_told(bound: Workspace, tmp_path: Path, n_minutes: int, expected: dict[str, str]) -> None:
    read(bound, tmp_path, "CG-1", n_minutes)
    read(bound, tmp_path, "CG-3", 60)
    assert seen(bound) == expected


def test_nothing_is_said_of_days_without_a_sensor_nor_of_what_is_taken_back(bound: Workspace) -> None:
    assert seen(bound) == {"R1": "0", "R23": "0"}, "A2 has no sensor"
    sensors.end_binding(bound, "A1", "CG-1", FIRST, date(2025, 5, 5))
    assert seen(bound) == {"R23": "0"}
    records.reverse(bound, "R23", "登错")
    assert seen(bound) == {}


def test_it_is_answered_explained_and_printed_without_what_is_confidential(bound: Workspace, tmp_path: Path) -> None:
    read(bound, tmp_path, "CG-1", 30)
    integrity_answers.answer(bound, "beyond_sensor", "R1", "explained", "传感器当天断电，见维修单")
    tree = explaining.explain(bound, "integrity", "beyond_sensor:R1")
    told = {part.code: part.value for part in tree.inputs}
    assert (told["sensor.claimed"], told["sensor.seen"], told["integrity.saw"]) == (60, 30, "传感器只测得 0.50 小时")
    limit = rules.TOLERANCE
    assert any(part.code == f"parameter.{limit}" for part in tree.walk()), [part.code for part in tree.walk()]
    text = plain.text(reporting.content(bound, "integrity", "2025"))
    assert "机时多于传感器测得" in text
    assert "多出超过 10%" in text
    assert "R23" not in text
    assert "传感器当天断电" in plain.text(reporting.content(bound, "rectification", "2025"))


def test_one_that_doubts_what_no_sensor_could_see_is_noticed(bound: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sensors.end_binding(bound, "A1", "CG-1", FIRST, date(2025, 5, 5))
    assert "R1" not in seen(bound)
    compare = rules._compare
    monkeypatch.setattr(rules, "_compare", lambda *given: replace(compare(*given), over=True))
    assert "R1" in seen(bound)
