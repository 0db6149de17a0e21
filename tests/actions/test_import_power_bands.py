"""The sets' own power bands from tables: taken row by row, once, corrected, taken back; cases a clerk can read."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from desktop.actions import history, importing, instruments, sensors
from desktop.actions.sensors import bands
from desktop.actions.workspace import Workspace
from desktop.formats import power_bands
from tests.actions.making import sound
from tests.formats import books

_FILE = tomllib.loads((Path(__file__).parents[1] / "cases" / "power_bands.toml").read_text("utf-8"))
HEAD, CASES = _FILE["head"], _FILE["case"]
FIRST = "A1 2025-01-01 5 200"


def taken(ledger: Workspace, folder: Path, rows: list[str], head: str = HEAD) -> importing.Outcome:
    file = folder / "bands.csv"
    file.write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return importing.import_file(ledger, "power_bands", file)


def holds(ledger: Workspace) -> list[str]:
    told = [(number, one) for number in ("007", "A1", "A2", "S1") for one in bands(ledger, number)]
    return [f"{number} {one.from_on} {one.off_watts.normalize():f} {one.working_watts.normalize():f}" for number, one in told]


@pytest.fixture
def banded(small: Workspace) -> Workspace:
    instruments.add(small, replace(instruments.get(small, "A1"), id="", asset_number="007"))
    sensors.set_band(small, "A1", date(2025, 1, 1), Decimal(5), Decimal(200))
    return small


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(banded: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    done = taken(banded, tmp_path, case["rows"], case.get("head", HEAD))
    told = [f"{one.cell.row if one.cell else 0} {one.code}" for one in done.findings if one.severity == "error"]
    assert told == case.get("findings", [])
    assert holds(banded) == case["holds"]
    assert (done.rejected, done.unchanged) == (len(case.get("findings", [])), case.get("unchanged", 0))
    assert sound(banded)


def test_kilowatts_taken_for_watts_are_noticed(banded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: a reader that does not look at the heading's unit."""
    monkeypatch.setattr(power_bands, "_times", lambda found: dict.fromkeys(power_bands.LIMITS, Decimal(1)))
    (case,) = [case for case in CASES if case["name"] == "kilowatts, by their sign"]
    taken(banded, tmp_path, case["rows"], case["head"])
    assert holds(banded) != case["holds"]


def test_a_table_is_taken_once_and_taken_back_whole(banded: Workspace, tmp_path: Path) -> None:
    rows = [["资产编号", "从这一天起", "关机功率（W）", "工作功率（W）"], ["A1", date(2025, 1, 1), 6, 210], ["A2", date(2025, 1, 1), 5, 150.5]]
    file = books.xlsx(tmp_path / "功率段.xlsx", {"功率段": rows})
    done = importing.import_file(banded, "power_bands", file)
    assert (done.accepted, done.rejected) == (2, 0)
    assert holds(banded) == ["A1 2025-01-01 6 210", "A2 2025-01-01 5 150.5"]
    again = importing.import_file(banded, "power_bands", file)
    assert (again.accepted, again.unchanged, again.operation) == (0, 2, 0)
    history.undo_last(banded)
    assert holds(banded) == [FIRST]
    assert sound(banded)


def test_the_key_of_a_confidential_set_s_band_tells_no_time(banded: Workspace, tmp_path: Path) -> None:
    taken(banded, tmp_path, ["S1,2025-03-01,5,100", "A2,2025-03-01,5,100"])
    assert {number: UUID(bands(banded, number)[0].id).version for number in ("A1", "A2", "S1")} == {"A1": 7, "A2": 7, "S1": 4}
