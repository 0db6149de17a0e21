"""A declared cost spread over runs by days: the cases of tests/cases/cost_parts.toml, and that no fen is lost or taken twice."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ledger.allocation import CostPart, CostRow, Span
from desktop.rules import cost_parts

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases" / "cost_parts.toml").read_text("utf-8"))["case"]


def row(start: date, end: date, fen: int) -> CostRow:
    return CostRow("c1", "energy" if fen else "none", None, start, end, fen, "PZ-1")


def held(standing: Iterable[CostPart]) -> list[Span]:
    return [span for part in standing for span in part.spans]


def days(part: CostPart) -> set[int]:
    return {day for start, end in part.spans for day in range(start.toordinal(), end.toordinal() + 1)}


def spread(case: dict[str, Any]) -> dict[str, Any]:
    """What the runs of a case deduct and what is left, in the shape the case states it."""
    told = case["row"]
    declared = row(told["from"], told["to"], told["fen"])
    parts: list[CostPart | None] = []
    got = []
    for run in case["runs"]:
        if "back" in run:
            parts[run["back"] - 1] = None
        part = cost_parts.part(declared, run["to"], held(one for one in parts if one))
        parts.append(part)
        got.append((part.fen, part.days) if part else None)
    return {"runs": got, "left": declared.fen - sum(part.fen for part in parts if part)}


def expected(case: dict[str, Any]) -> dict[str, Any]:
    return {"runs": [(run["fen"], run["days"]) if "fen" in run else None for run in case["runs"]], "left": case["left"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases_come_out_to_the_fen(case: dict[str, Any]) -> None:
    assert spread(case) == expected(case)


def _whole_at_once(row: CostRow, to_on: date, held: Iterable[Span] = ()) -> CostPart | None:
    return None if list(held) or to_on < row.period_from else CostPart(row, ((row.period_from, row.period_to),), row.fen)


def _span_rounded_alone(row: CostRow, span: Span) -> int:
    return round(row.fen * ((span[1] - span[0]).days + 1) / row.n_days)


def _last_day_out(row: CostRow, day: date) -> int:
    return row.fen * max(0, (min(day, row.period_to) - row.period_from).days) // row.n_days


@pytest.mark.parametrize(
    ("name", "wrong"), [("part", _whole_at_once), ("span_fen", _span_rounded_alone), ("due_fen", _last_day_out)]
)
def test_the_cases_catch_a_wrong_way_of_spreading(name: str, wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost_parts, name, wrong)
    assert any(spread(case) != expected(case) for case in CASES)


START = date(2025, 1, 1)
_steps = st.lists(st.tuples(st.integers(0, 800), st.booleans(), st.integers(0, 20)), max_size=12)


@given(st.integers(0, 500), st.integers(1, 400), st.integers(0, 10**9), _steps)
def test_over_any_runs_the_parts_add_up_to_the_row(first: int, n_days: int, fen: int, steps: list[tuple[int, bool, int]]) -> None:
    """Runs in any order, any of them reversed at any time: no day twice, no negative part, all of the row at the end."""
    declared = row(START + timedelta(first), START + timedelta(first + n_days - 1), fen)
    standing: list[CostPart] = []

    def take(to_on: date) -> None:
        part = cost_parts.part(declared, to_on, held(standing))
        if part is not None:
            assert part.used_fen == sum(one.fen for one in standing)
            assert part.left_fen == fen - part.used_fen - part.fen
            standing.append(part)

    for day, reverses, which in steps:
        if reverses and standing:
            gone = standing.pop(which % len(standing))
            again = cost_parts.part(declared, gone.spans[-1][1], held(standing))
            assert again is not None
            assert days(gone) <= days(again), "what was given back can be taken again"
        else:
            take(START + timedelta(day))
        assert all(one.fen >= 0 and one.days > 0 for one in standing)
        assert sum(one.fen for one in standing) <= fen
        assert sum(one.days for one in standing) <= n_days
    take(START + timedelta(2000))
    assert sum(one.fen for one in standing) == fen
    assert sum(one.days for one in standing) == n_days
    assert cost_parts.part(declared, START + timedelta(3000), held(standing)) is None
