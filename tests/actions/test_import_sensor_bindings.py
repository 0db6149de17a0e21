"""Which sensor sits on which set, from tables: taken row by row, once, corrected, taken back; cases a clerk can read."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from desktop.actions import history, import_sensor_bindings, importing, instruments, sensors
from desktop.actions.workspace import Workspace
from tests.actions.making import refused, sound
from tests.formats import books

_FILE = tomllib.loads((Path(__file__).parents[1] / "cases" / "sensor_bindings.toml").read_text("utf-8"))
HEAD, CASES = _FILE["head"], _FILE["case"]
FIRST = date(2025, 1, 1)
CG1 = "A1 CG-1 2025-01-01 - 安装单-1"


def taken(ledger: Workspace, folder: Path, rows: list[str], head: str = HEAD) -> importing.Outcome:
    file = folder / "bindings.csv"
    file.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "sensor_bindings", file)


def sits(ledger: Workspace) -> list[str]:
    told = ((one.instrument.asset_number, one.binding) for one in sensors.every(ledger))
    return sorted(f"{number} {one.sensor} {one.from_on} {one.until_on or '-'} {one.source}" for number, one in told)


@pytest.fixture
def bound(small: Workspace) -> Workspace:
    instruments.add(small, replace(instruments.get(small, "A1"), id="", asset_number="007"))
    sensors.bind(small, "A1", "CG-1", FIRST, source="安装单-1")
    return small


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(bound: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    done = taken(bound, tmp_path, case["rows"], case.get("head", HEAD))
    assert sits(bound) == sorted(case["sits"])
    told = [f"{one.cell.row if one.cell else 0} {one.code}" for one in done.findings if one.severity == "error"]
    assert told == case.get("findings", [])
    assert (done.rejected, done.unchanged) == (len(case.get("findings", [])), case.get("unchanged", 0))
    assert done.accepted == len(case["rows"]) - done.rejected - done.unchanged
    assert sound(bound)


def test_a_table_is_taken_once_and_taken_back_whole(bound: Workspace, tmp_path: Path) -> None:
    rows = [
        ["资产编号", "传感器编号", "装上日期", "拆下日期"], ["A1", "CG-1", FIRST, date(2025, 5, 31)], ["A2", "CG-1", date(2025, 6, 1), "至今"],
        ["A2", 1002, FIRST, None],
    ]  # fmt: skip
    file = books.xlsx(tmp_path / "安装表.xlsx", {"安装": rows})
    done = importing.import_file(bound, "sensor_bindings", file)
    assert (done.accepted, done.rejected) == (3, 0)
    there = ["A1 CG-1 2025-01-01 2025-05-31 安装单-1", "A2 1002 2025-01-01 - ", "A2 CG-1 2025-06-01 - "]
    assert sits(bound) == there
    again = importing.import_file(bound, "sensor_bindings", file)
    assert (again.accepted, again.unchanged, again.operation) == (0, 3, 0)
    history.undo_last(bound)
    assert sits(bound) == [CG1]
    assert sound(bound)


@pytest.mark.parametrize("broken", [False, True])
def test_what_was_entered_meanwhile_is_seen_when_it_is_written(bound: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    file = books.csv(tmp_path / "a.csv", [["资产编号", "传感器编号", "装上日期"], ["A2", "CG-2", "2025-03-01"]])
    plan = importing.read(bound, "sensor_bindings", file)
    sensors.bind(bound, "A1", "CG-2", date(2025, 2, 1))
    if broken:
        monkeypatch.setattr(import_sensor_bindings, "_share", lambda one, other: False)
    done = importing.commit(bound, plan)
    assert (done.accepted == 0, len(sits(bound)) == 2) == (not broken, not broken)


def test_the_key_of_a_confidential_set_s_binding_tells_no_time(bound: Workspace, tmp_path: Path) -> None:
    taken(bound, tmp_path, ["S1,CG-9,2025-03-01,,", "A2,CG-2,2025-03-01,,"])
    versions = {one.instrument.asset_number: UUID(one.binding.id).version for one in sensors.every(bound)}
    assert versions == {"A1": 7, "A2": 7, "S1": 4}


def test_a_number_in_full_width_signs_is_the_same_sensor(bound: Workspace) -> None:
    assert refused(sensors.bind, bound, "A2", "ＣＧ－1", FIRST) == ["sensor.sits"]
    sensors.end_binding(bound, "A1", "ＣＧ－1", FIRST, date(2025, 5, 31))
    assert sits(bound) == ["A1 CG-1 2025-01-01 2025-05-31 安装单-1"]
