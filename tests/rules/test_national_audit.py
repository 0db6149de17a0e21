"""What can be kept of the platform's audit: each boundary by case; how files and answers write the states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop import words
from desktop.formats import national_audit as shape
from desktop.ledger.national_audit import AUDIT_STATES, AUDITS
from desktop.rules import national_audit as rules
from desktop.rules.national_audit import SeenFacts
from tests.case_files import cases

TODAY = date(2026, 3, 31)
USUAL = SeenFacts("refused", date(2026, 3, 20), "型号不符", date(2026, 3, 10))


def facts(case: dict[str, Any]) -> SeenFacts:
    given = {name: None if value == "?" else value for name, value in case.get("facts", {}).items()}
    if str(given.get("reason", "")).startswith("x"):
        given["reason"] = "字" * int(given["reason"][1:])
    return replace(USUAL, **given)


@pytest.mark.parametrize("case", cases("national_audit"), ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    assert rules.fault(facts(case), TODAY) == case.get("fault")


@pytest.mark.parametrize("case", cases("national_audit", "state"), ids=lambda case: case["text"] or "nothing")
def test_states_as_people_and_the_platform_write_them(case: dict[str, Any]) -> None:
    assert shape.state(case["text"]) == case.get("state")


@pytest.mark.parametrize("case", cases("national_audit", "answer"), ids=lambda case: case["name"])
def test_answers(case: dict[str, Any]) -> None:
    assert [[one.kind, one.key, one.state or "?", one.reason] for one in shape.answered(case["raw"])] == case["rows"]


def test_every_state_and_fault_is_tried_and_has_words() -> None:
    assert set(AUDITS.values()) == set(AUDIT_STATES) == {case["state"] for case in cases("national_audit", "state") if "state" in case}
    assert {case["facts"].get("state", "refused") for case in cases("national_audit") if "facts" in case} == set(AUDIT_STATES)
    for code in (*AUDIT_STATES, *(f"told_{state}" for state in AUDIT_STATES), "unseen"):
        assert words.known(f"national_audit.{code}")
    assert all(words.known(case["fault"]) for case in cases("national_audit") if "fault" in case)


def test_a_rule_that_forgets_the_day_it_was_taken_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = rules.fault
    monkeypatch.setattr(rules, "fault", lambda seen, on: real(replace(seen, taken_on=seen.taken_on and date.min), on))
    with pytest.raises(AssertionError):
        test_cases(next(case for case in cases("national_audit") if case["name"].startswith("seen the day before")))
