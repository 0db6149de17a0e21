"""What the platform is to be told by when: each boundary by case; the spans of a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop import words
from desktop.ledger.parameter import Parameter
from desktop.rules import national_due, workdays
from desktop.rules.national_due import REPORT_STATES, ReportFacts
from desktop.rules.parameters import packaged
from tests.case_files import cases

CASES = cases("national_due")
USUAL = ReportFacts("A1", 500_000_00, False, date(2026, 1, 15))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    facts = replace(USUAL, **{name: None if value == "?" else value for name, value in case.get("facts", {}).items()})
    found = national_due.assess(facts, case["on"], packaged(), workdays.packaged())
    assert found.state == case["state"]
    assert (found.deadline.day if found.deadline else None) == case.get("deadline")
    assert found.days_left == case.get("days_left")


def test_every_state_is_tried_and_has_words() -> None:
    assert {case["state"] for case in CASES} == set(REPORT_STATES)
    assert all(words.known(f"national_due.{state}") for state in REPORT_STATES)


@pytest.mark.parametrize(("times", "names"), [(1, ["2026"]), (4, ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]), (2, [])])
def test_the_spans_of_a_year(times: int, names: list[str]) -> None:
    own = Parameter(national_due.RECORDS_PER_YEAR, date(2026, 1, 1), times, "count", "文号", "", "C")
    known, _ = packaged().layered([own])
    assert [span.name for span in national_due.spans(2026, known)] == names
    assert len(national_due.spans(2025, known)) == 4
    assert national_due.spans(2016, known) == ()
    assert national_due.spans(9999, known) == (), "no year comes after it"


def test_a_rule_that_counts_the_day_after_as_in_time_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national_due, "nth_workday_after", lambda day, n, calendar: workdays.nth_workday_after(day, n + 1, calendar))
    with pytest.raises(AssertionError):
        test_cases(next(case for case in CASES if case["name"] == "the day after is over"))
