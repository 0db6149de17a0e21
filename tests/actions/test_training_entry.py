"""Trainings, their people and facts about technicians as forms hold them: read as a clerk means them, with what is wrong at its field."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import staff_entry, training_entry
from desktop.ledger.people import Technician
from desktop.ledger.staff_fact import StaffFact
from desktop.ledger.training import Training

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "trainings.toml").read_text("utf-8"))["case"]
KNOWN = [Technician(f"t{n}", f"T00{n}", name) for n, name in enumerate(("张一", "李二", "王三", "王三"), 1)]
COURSE = Training("", "PX-1", "工艺放大", "process_design", "中心", "济南", date(2025, 5, 12), date(2025, 5, 13), Decimal(48), "签到表")
FACT = StaffFact("", "", "evaluation", "优秀", date(2025, 1, 1), date(2025, 12, 31), "中心", "", "考核表", Decimal("1.2"))


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", "2025-12-31")


def check(case: dict[str, Any]) -> None:
    given = training_entry.people_of(case, KNOWN)
    assert [one.staff_number or f"{one.name}|{one.organisation}" for one in given] == case["names"]
    assert {one.certificate for one in given} <= {case.get("certificate", "")}
    assert [one.code for one in training_entry.check_people(case, KNOWN)] == case.get("told", [])


@pytest.mark.parametrize("case", [one for one in CASES if "names" in one], ids=lambda case: case["name"])
def test_who_is_named(case: dict[str, Any]) -> None:
    check(case)


def test_one_that_takes_the_first_of_two_of_a_name_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(who: str, known: list[Technician]) -> str | None:
        return next((one.staff_number for one in known if who in (one.name, one.staff_number)), None)

    monkeypatch.setattr(training_entry, "_staff_number", first)
    (case,) = [one for one in CASES if one["name"] == "a name that two have names nobody"]
    with pytest.raises(AssertionError):
        check(case)


def test_a_training_and_a_fact_come_back_from_their_forms() -> None:
    assert training_entry.training_of(training_entry.draft_of(COURSE)) == COURSE
    assert staff_entry.fact_of(staff_entry.draft_of(FACT)) == FACT


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, []),
        ({"number": None, "name": None, "document": None, "subject": None}, []),
        ({"hours": Decimal("48.1")}, [("training.hours", "hours")]),
        ({"hours": Decimal(0)}, [("training.hours", "hours")]),
        ({"ends_on": date(2025, 5, 11)}, [("training.days", "ends_on")]),
        ({"ends_on": date(2025, 12, 31)}, []),
        ({"ends_on": date(2026, 1, 1)}, [("training.to_come", "ends_on")]),
        ({"hours": None, "starts_on": None}, []),
    ],
)
def test_a_training_is_judged_while_it_is_typed(changed: dict[str, Any], told: list[tuple[str, str]]) -> None:
    found = training_entry.check(training_entry.draft_of(COURSE) | changed)
    assert [(one.code, one.field) for one in found] == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, []),
        ({"value": None, "ground": None}, []),
        ({"last_on": date(2025, 1, 1)}, []),
        ({"last_on": date(2024, 12, 31)}, [("staff.days", "last_on")]),
        ({"factor": Decimal(10)}, []),
        ({"factor": Decimal("10.01")}, [("staff.factor", "factor")]),
        ({"kind": "post"}, [("staff.factor", "factor")]),
        ({"kind": "post", "factor": None}, []),
        ({"kind": None}, []),
        ({"from_on": None, "last_on": date(2024, 1, 1)}, []),
    ],
)
def test_a_fact_is_judged_while_it_is_typed(changed: dict[str, Any], told: list[tuple[str, str]]) -> None:
    found = staff_entry.check(staff_entry.draft_of(FACT) | changed)
    assert [(one.code, one.field) for one in found] == told
