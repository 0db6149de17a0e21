"""Performance of a year: every case a clerk can read, each figure with its rule, and what a missing rule means."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.rules import performance as rules
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, packaged
from desktop.rules.performance import Use

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "performance.toml").read_text("utf-8"))["case"]
DAY = date(2025, 12, 31)
CLOSE = Fraction(1, 10**20)


def measured(case: dict[str, Any], known: Parameters) -> dict[str, Figure]:
    use = Use(case["effective"], case["external"])
    inside, outside = rules.effective(use, known, DAY), rules.external(use)
    return {
        "sharing_rate": rules.sharing_rate(outside, inside, known, DAY),
        "utilisation": rules.utilisation(inside, known, DAY, case.get("sets", 1)),
        "score": rules.hours_score(inside, rules.rated_hours(case.get("category", "通用"), known, DAY)),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    for name, figure in measured(case, packaged()).items():
        if case[name] == "?":
            assert figure.value is None
        else:
            assert isinstance(figure.value, int | Decimal)
            assert abs(Fraction(figure.value) - Fraction(case[name])) < CLOSE, name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_figure_is_explained_and_cited(case: dict[str, Any]) -> None:
    for figure in measured(case, packaged()).values():
        for part in figure.walk():
            assert words.known(part.code), part.code
            assert words.known(f"how.{part.how}"), part.how
            if part.code.startswith("parameter."):
                assert part.clause
                assert part.certainty


def test_a_rule_that_is_not_in_force_yet_makes_the_figure_unknown() -> None:
    before = date(2010, 1, 1)
    inside = rules.effective(Use(600, 60), packaged(), before)
    assert rules.utilisation(inside, packaged(), before).value is None
    assert rules.rated_hours("通用", packaged(), before).value is None
    assert rules.hours_score(inside, rules.rated_hours("通用", packaged(), before)).value is None


def test_means_are_of_the_sets_above_the_threshold_and_unknown_without_one() -> None:
    threshold = packaged().figure("duty.threshold_fen", DAY)
    mean = rules.mean_hours("performance.mean_effective", 600, 4, threshold, packaged(), DAY)
    assert mean.value == Decimal("2.5")
    assert rules.mean_hours("performance.mean_effective", 0, 0, threshold, packaged(), DAY).value is None


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(["通用", "专用"]))
def test_rates_stay_within_their_bounds(effective: int, external: int, category: str) -> None:
    external = min(external, effective)
    found = measured({"effective": effective, "external": external, "category": category}, packaged())
    assert 0 <= found["sharing_rate"].value <= 1  # type: ignore[operator]
    assert 0 <= found["score"].value <= 100  # type: ignore[operator]
    assert found["utilisation"].value == Decimal(effective) / 60 / 1600
