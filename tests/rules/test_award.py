"""Awards on a year's transaction amount: every case a clerk can read; without a published formula nothing is estimated."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger.parameter import Parameter
from desktop.rules import award as rules
from desktop.rules.figure import Figure
from desktop.rules.parameters import packaged

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "award.toml").read_text("utf-8"))["case"]


def told(case: dict[str, Any]) -> Figure:
    known, day = packaged(), case.get("on", date(2026, 3, 1))
    if "rate" in case:
        own = Parameter(rules.RATE, case.get("from", date(2026, 1, 1)), Decimal(case["rate"]), "ratio", "鲁科字〔2026〕8号", "第2条", "A", own=True)
        known, faults = known.layered([own])
        assert not faults
    amount = rules.amount(rules.Evidenced(1, case["fen"], case["fen"], 0, 0, 0), known, day)
    return rules.estimate(amount, known, day)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = told(case)
    assert found.value == (None if case["estimate"] == "?" else case["estimate"])
    for part in found.walk():
        assert words.known(part.code), part.code
        assert words.known(f"how.{part.how}"), part.how


def test_a_rate_by_document_number_is_cited_in_the_estimate() -> None:
    found = told({"fen": 100, "rate": "0.1"})
    assert "鲁科字〔2026〕8号 第2条" in [part.clause for part in found.walk()]
    assert found.weakest == "C", "what counts as transaction amount no text says"


def test_an_unknown_rate_taken_for_a_whole_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> list[str]:
        return [case["name"] for case in CASES if told(case).value != (None if case["estimate"] == "?" else case["estimate"])]

    assert wrong() == []
    monkeypatch.setattr(rules, "rounded", int)
    assert wrong() == ["half a fen is rounded up, once"]
