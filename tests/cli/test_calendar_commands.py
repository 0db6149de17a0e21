"""The days off of a year by command: what is known, taking a table, an example of its form."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import INIT, Shell

YEAR = 2027
OFF = ["01-01", "02-08", "02-09", "02-10", "02-11", "02-12", "04-05", "05-03", "05-04", "06-09", "10-01", "10-04", "10-05", "10-06", "10-07"]


@pytest.fixture
def coming(tmp_path: Path) -> Path:
    """An invented table of a year that is not packaged."""
    path = tmp_path / "2027.csv"
    rows = [f"{YEAR}-{day},放假,某通知〔2026〕1号" for day in OFF] + [f"{YEAR}-02-14,上班,某通知〔2026〕1号"]
    path.write_text("日期,安排,文号\n" + "\n".join(rows) + "\n", "utf-8")
    return path


def test_a_year_is_checked_taken_counted_by_and_taken_back(shell: Shell, coming: Path) -> None:
    shell(*INIT)
    known = shell.json("calendar", "list")
    assert known["next_year"] == YEAR
    assert {one["year"] for one in known["years"]} == set(range(2017, YEAR))
    checked = shell.json("calendar", "import", coming, "--dry-run")
    assert (checked["year"], checked["accepted"], checked["operation"]) == (YEAR, len(OFF) + 1, None)
    assert shell.json("calendar", "list") == known
    told = shell("calendar", "import", coming)
    assert f"{YEAR} 年：放假的工作日 {len(OFF)} 天，调休上班 1 天" in told
    assert "yixiang undo" in told
    (taken,) = [one for one in shell.json("calendar", "list")["years"] if one["year"] == YEAR]
    assert taken == {
        "year": YEAR, "weekdays_off": len(OFF), "makeup_workdays": 1, "document": "某通知〔2026〕1号", "certainty": taken["certainty"], "imported": True
    }  # fmt: skip
    again = shell.json("calendar", "import", coming)
    assert (again["accepted"], again["unchanged"], again["operation"]) == (0, len(OFF) + 1, None)
    shell("undo")
    assert shell.json("calendar", "list") == known
    assert shell.json("verify")["ok"]


def test_less_than_a_year_is_refused_whole(shell: Shell, coming: Path) -> None:
    shell(*INIT)
    known = shell.json("calendar", "list")
    coming.write_text("".join(coming.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    for options in ((), ("--dry-run",)):
        refused = shell.json("calendar", "import", coming, *options, status=1)
        assert refused["error"] == "workday.file_refused"
        assert "workday.year_incomplete" in {one["code"] for one in refused["findings"]}
    assert shell.json("calendar", "list") == known


@pytest.mark.parametrize("name", ["example.xlsx", "example.csv"])
def test_the_example_is_a_table_that_is_known(shell: Shell, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert shell.json("calendar", "example", path) == {"file": str(path)}
    assert not shell.home.exists()
    if name.endswith(".xlsx"):
        assert load_workbook(path).active is not None
    shell(*INIT)
    read = shell.json("calendar", "import", path)
    assert (read["accepted"], read["year"]) == (0, 2026)
    assert read["unchanged"] == read["weekdays_off"] + read["makeup_workdays"] > 20
