"""How a row stands that the platform took, and the services of a span: each boundary by case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desktop import words
from desktop.rules import national_there
from desktop.rules.national_there import SPAN_STATES, THERE, RowFacts
from tests.case_files import cases


@pytest.mark.parametrize("case", cases("national_due", "row"), ids=lambda case: case["name"])
def test_rows(case: dict[str, Any]) -> None:
    assert national_there.assess(RowFacts(date(2026, 3, 10), **case.get("facts", {})), case["on"]) == case.get("state")


@pytest.mark.parametrize("case", cases("national_due", "span"), ids=lambda case: case["name"])
def test_spans(case: dict[str, Any]) -> None:
    assert national_there.span(*case["n"], over=case["over"]) == case["state"]


def test_every_state_is_tried_and_has_words() -> None:
    assert {case["state"] for case in cases("national_due", "row") if "state" in case} == set(THERE)
    assert {case["state"] for case in cases("national_due", "span")} == set(SPAN_STATES)
    assert all(words.known(f"national_there.{state}") for state in THERE)
    assert all(words.known(f"national_there.to_do_{state}") for state in THERE if state != "stands")
    assert all(words.known(f"national_span.{state}") for state in SPAN_STATES)


def test_a_rule_that_forgets_the_day_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = national_there.assess
    monkeypatch.setattr(national_there, "assess", lambda facts, on: real(facts, date.max))
    seen = []
    for case in cases("national_due", "row"):
        try:
            test_rows(case)
        except AssertionError:
            seen.append(case["name"])
    assert {"reversed the day after the day asked", "a set retired the day after the day asked"} <= set(seen)
