"""The benefit scores of several sets together: cases a clerk can read, each figure with its rule, and a wrong mean that is noticed."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.rules import benefit, benefit_group
from desktop.rules.benefit import Range, Score
from desktop.rules.benefit_group import GRADE_NAMES, GroupScore
from desktop.rules.figure import Figure
from desktop.rules.parameters import packaged
from tests.rules.test_benefit import said

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "benefit_groups.toml").read_text("utf-8"))["case"]
DAY = date(2025, 12, 31)


def score(text: str) -> Score:
    found = said(text)
    grade, _ = benefit._grade(found, packaged(), DAY)
    total = benefit.ranged("benefit.total", found, "sum", ())
    return Score((), found, grade, total, Figure("benefit.grade", grade, "state", inputs=(total,)))


def together(case: dict[str, Any]) -> GroupScore:
    scores = [score(text) for text in case["sets"]]
    each = [benefit_group.of_set(f"A{n}", "仪器", one) for n, one in enumerate(scores)]
    return benefit_group.together(scores, packaged(), DAY, each)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = together(case)
    assert found.range == said(case["mean"])
    assert [found.n_of[grade] for grade in GRADE_NAMES] == case["grades"]
    assert found.n_passed == sum(case["grades"][:3])
    assert (found.figure.value is None) is (found.range is None or not found.range.known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_figure_is_explained(case: dict[str, Any]) -> None:
    tree = together(case).figure
    for part in tree.walk():
        assert words.known(part.code), part.code
    assert tree.weakest == "C", "no text says how scores are put together"
    assert [part.value for part in tree.inputs if part.code.startswith("benefit.n_")] == case["grades"]
    assert sum(part.code == "benefit.of_set" for part in tree.inputs) == len(case["sets"])


def test_a_mean_of_the_least_alone_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: what is not known counts nothing."""
    monkeypatch.setattr(benefit_group, "Range", lambda least, most: Range(least, least))
    wrong = {case["name"] for case in CASES if together(case).range != said(case["mean"])}
    assert "one set that is not known leaves the mean between its two ends" in wrong
