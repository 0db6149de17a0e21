"""Two ways to write the number of a paper: which are one paper, which one is meant, and what is printed once."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from desktop.ledger.document_number import compared, distinct, picked
from tests.house.source import text

CASES: list[dict[str, Any]] = tomllib.loads(text("tests/cases/document_numbers.toml"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_two_ways_of_writing(case: dict[str, Any]) -> None:
    assert (compared(case["one"]) == compared(case["other"])) is case["same"]
    assert distinct((case["one"], case["other"])) == ((case["one"],) if case["same"] else (case["one"], case["other"])), "the first way is printed"


def test_what_was_written_just_so_is_meant_before_what_is_only_the_same_paper() -> None:
    papers = ["鲁科字[2026]8号", "鲁科字〔2026〕8号", "鲁科字〔2026〕9号"]
    assert picked(papers, " 鲁科字〔2026〕8号 ", str) == "鲁科字〔2026〕8号"
    assert picked(papers, "鲁科字（2026）8号", str) == "鲁科字[2026]8号"
    assert picked(papers, "鲁科字〔2026〕10号", str) is None


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b"])
def test_no_number_means_no_paper(nothing: str) -> None:
    assert picked(["", "\u3000"], nothing, str) is None
    assert distinct((nothing, "")) == ()
