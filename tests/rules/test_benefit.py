"""The benefit score: every case a clerk can read, worked out again by a second short way, and each figure with its rule."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.evaluation import ITEMS
from desktop.rules import benefit
from desktop.rules.benefit import Range, Score
from desktop.rules.parameters import packaged
from desktop.rules.performance import Use

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "benefit.toml").read_text("utf-8"))["case"]
DAY = date(2025, 12, 31)


def scored(case: dict[str, Any]) -> Score:
    use = Use(case["minutes"], 0, case["income"], 0, 1)
    return benefit.score(case["counts"], use, case.get("category", "通用"), packaged(), case.get("day", DAY))


def number(text: str) -> Fraction:
    """A number, or a sum of products as a clerk writes them: ``83999/840 * 0.35 + 25``."""
    total = Fraction(0)
    for term in text.split(" + "):
        product = Fraction(1)
        for factor in term.split(" * "):
            product *= Fraction(factor)
        total += product
    return total


def said(text: str) -> Range | None:
    if text == "?":
        return None
    least, _, most = text.partition("..")
    return Range(number(least), number(most or least))


def again(case: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """The least and the most of the sum, from the form's own numbers instead of the parameters."""
    counts, ends = case["counts"], []
    for missing in (0, 10**6):
        full = {item: counts.get(item, missing) for item in ITEMS}
        rated = {"通用": 1400, "专用": 800}.get(case.get("category", "通用").removesuffix("设备"))
        hours = Fraction(case["minutes"], 60 * rated) * 100 if rated else Fraction(100 if missing else 0)
        training = full["independent"] * 10 + full["guided"] * 3 + Fraction(full["demonstrated"], 30)
        prizes = full["national_prizes"] * 80 + full["provincial_prizes"] * 60 + full["school_prizes"] * 20
        told = "original_functions" in counts and "used_functions" in counts and counts["used_functions"] <= counts["original_functions"]
        use = counts["used_functions"] * 5 // counts["original_functions"] * 12 if told else 60 if missing else 0
        parts = (hours, training, prizes + full["core_papers"] * 5, Fraction(case["income"], 20000), use + full["new_functions"] * 10)
        capped = [min(Fraction(100), max(Fraction(0), Fraction(part))) for part in parts]
        ends.append(sum((part * weight / 100 for part, weight in zip(capped, (35, 20, 25, 15, 5), strict=True)), Fraction(0)))
    return ends[0], ends[1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = scored(case)
    assert [part.range for part in found.parts] == [said(text) for text in case["parts"]]
    assert found.range == said(case["total"])
    assert found.grade == (None if case["grade"] == "?" else case["grade"])


@pytest.mark.parametrize("case", [case for case in CASES if "day" not in case], ids=lambda case: case["name"])
def test_another_way_comes_to_the_same(case: dict[str, Any]) -> None:
    found = scored(case).range
    assert found is not None
    assert (found.least, found.most) == again(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_figure_is_explained_and_what_is_unknown_is_never_zero(case: dict[str, Any]) -> None:
    found = scored(case)
    for part in found.figure.walk():
        assert words.known(part.code), part.code
        assert words.known(f"how.{part.how}"), part.how
        if part.code.startswith("parameter.") and part.value is not None:
            assert part.clause
            assert part.certainty
    for part in found.parts:
        assert (part.figure.value is None) is (not part.range.known)
        if part.range.known:
            assert isinstance(part.figure.value, int | Decimal)


def test_the_explanation_of_an_unknown_sum_names_both_ends() -> None:
    found = scored(next(case for case in CASES if case["total"] == "35..85"))
    ends = {part.code: part.value for part in found.total.inputs if part.code in ("benefit.least", "benefit.most")}
    assert ends == {"benefit.least": 35, "benefit.most": 85}


def test_a_missing_count_taken_for_none_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: an unknown count is zero."""
    real = benefit._points
    monkeypatch.setattr(benefit, "_points", lambda item, exact, inputs: real(item, exact or Fraction(0), inputs))
    wrong = [case["name"] for case in CASES if scored(case).range != said(case["total"])]
    assert "nothing entered: what is not known is a range, not zero" in wrong
