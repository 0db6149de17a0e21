"""When customs supervision is over: each edge by case, as the check of the national platform and the candidates for transfer both tell it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.formats import national_instruments
from desktop.ledger.parameter import Parameter
from desktop.ledger.period import Period
from desktop.rules import customs, transfer
from desktop.rules.parameters import packaged
from desktop.rules.performance import Use
from tests.actions.test_national import SOUND

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "customs.toml").read_text("utf-8"))["case"]
DATA = {"customs_supervised": True, "declaration_number": "420220251000012345", "declaration_item": "01", "declared_name": "电镜"}


def told_by_the_check(case: dict[str, Any]) -> bool:
    one = replace(SOUND, released_on=case["released"], **DATA)
    found = national_instruments.form(one, today=case["on"], customs_years=case["years"])
    return "national.supervision_over" in {each.code for each in found.findings}


def told_by_transfers(case: dict[str, Any]) -> bool:
    rule = Parameter(customs.YEARS, date(2017, 1, 2), case["years"], "years", "文号", "", "C")
    known, _ = packaged().layered([rule])
    one = transfer.SetYear("通用", Use(0, 0), customs_supervised=True, released_on=case["released"])
    asked = Period("year", case["on"].replace(month=1, day=1), case["on"] + timedelta(days=1))
    return "customs" not in transfer.assess(one, asked, known, case["on"]).cautions


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    assert customs.last_day(case["released"], case["years"]) == case["last"]
    assert customs.over(case["released"], case["years"], case["on"]) == case["over"]
    assert told_by_the_check(case) == case["over"]
    assert told_by_transfers(case) == case["over"]


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(1, 5))
def test_supervision_ends_on_the_day_of_that_name_or_the_last_of_february(released: date, years: int) -> None:
    last = customs.last_day(released, years)
    assert last.year == released.year + years
    assert (last.month, last.day) == (released.month, released.day) or ((released.month, released.day) == (2, 29) and (last + timedelta(1)).day == 1)


def test_a_check_that_calls_the_last_day_over_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customs, "over", lambda released, years, on: customs.last_day(released, years) <= on)
    with pytest.raises(AssertionError):
        test_cases(next(case for case in CASES if case["name"] == "the day of the same date is the last"))
