"""What a set must be worth to be counted: every edge of the three thresholds, asked of the figures that count by them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import benefit, instruments, performance, university_year
from desktop.actions.workspace import Workspace
from desktop.ledger.period import academic_year, parse

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "value_thresholds.toml").read_text("utf-8"))["case"]
YEAR, ACADEMIC = parse("2025"), academic_year(2025, 9)
LAST = date(2025, 12, 31)


@pytest.fixture
def alone(small: Workspace) -> Workspace:
    """The small ledger with one set that has a value, A1."""
    instruments.change(small, replace(instruments.get(small, "A2"), value_fen=None))
    return small


def asked(workspace: Workspace, case: dict[str, Any]) -> dict[str, bool | str]:
    """Whether A1 is counted, by what it is worth; the ministry's is asked twice, of SJ3 and of the score."""
    day = case.get("on", LAST)
    instruments.change(workspace, replace(instruments.get(workspace, "A1"), value_fen=case["fen"] if case["fen"] != "" else None))
    measured = performance.year(workspace, YEAR, day)
    (scored,) = [one for one in benefit.year(workspace, YEAR, day).sets if one.one.asset_number == "A1"]
    (line,) = [one for one in university_year.judge(workspace, ACADEMIC, day).lines if one.instrument.asset_number == "A1"]
    assert scored.reportable is line.valuable
    return {
        "network": "?" if measured.threshold.value is None else bool(measured.n_above),
        "national": "?" if measured.national_threshold.value is None else bool(measured.n_alike),
        "ministry": "?" if line.valuable is None else line.valuable,
    }


def expected(case: dict[str, Any]) -> dict[str, bool | str]:
    return {name: case[name] for name in ("network", "national", "ministry")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(alone: Workspace, case: dict[str, Any]) -> None:
    assert asked(alone, case) == expected(case)


def test_a_threshold_that_is_out_is_caught(alone: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (case,) = [one for one in CASES if one["name"] == "500 000 yuan"]
    right = performance.from_value
    monkeypatch.setattr(performance, "from_value", lambda sets, threshold: [one for one in right(sets, threshold) if one.value_fen != threshold.value])
    assert asked(alone, case) != expected(case)


def test_the_edges_of_each_threshold_are_there() -> None:
    told = {case["fen"] for case in CASES if "on" not in case}
    assert told >= {threshold + beside for threshold in (300_000_00, 400_000_00, 500_000_00) for beside in (-1, 0, 1)}
