"""SJ1 of the Ministry of Education: its units, widths and code lists, which are not those of the national platform."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.formats import moe, spreadsheet, write
from desktop.formats.moe import Sj1Row, Stated
from desktop.formats.write import Fen
from tests.formats.test_national_instruments import SOUND

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "moe_sj1.toml").read_text("utf-8"))["case"]
STATED = Stated("20210001", "03040702", "2", "0105")
END = date(2025, 9, 1)  # of the academic year 2024-2025


def made(case: dict[str, Any]) -> Sj1Row:
    given = {name: None if value == "none" else value for name, value in case["given"].items()}
    if "retired_on" in given:
        given["retired_on"] = date.fromisoformat(given["retired_on"])
    return moe.sj1(replace(SOUND, **given), case.get("school", "10422"), replace(STATED, **case["stated"]), END)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    row = made(case)
    told = [f"{'!' if one.severity == 'error' else ''}{one.field} {one.code}" for one in row.findings]
    assert sorted(told) == sorted(case["findings"])
    assert row.sound == (not any(one.startswith("!") for one in told))
    assert {name: row.cells[name] for name in case.get("cells", {})} == case.get("cells", {})
    if "price_fen" in case:
        assert row.cells["单价"] == Fen(case["price_fen"])
    for one in row.findings:
        said = words.say_in("en", one.code, **dict(one.params))
        assert "{" not in said
        assert "_field" not in said


def test_the_sheet_reads_back_with_its_codes_as_text(tmp_path: Path) -> None:
    path = tmp_path / "SJ1.xlsx"
    write.write(path, [moe.sheet([made(CASES[0])])])
    head, row = spreadsheet.read(path).sheets[0].rows
    assert tuple(head) == moe.SJ1
    assert row[:3] == ["10422", "20210001", "03040702"]
    assert (row[8], row[9], row[12]) == (1_186_000, "202103", "0105")


def test_counting_characters_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moe, "width", len)
    with pytest.raises(AssertionError):
        test_cases(next(case for case in CASES if case["name"] == "sixteen are thirty-two"))


def test_asking_only_whether_a_set_is_retired_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.formats.test_moe.END", date.max)
    for name in ("a set retired on the day after the year is in use", "a set retired later and stated as scrapped is in use and told"):
        with pytest.raises(AssertionError):
            test_cases(next(case for case in CASES if case["name"] == name))
