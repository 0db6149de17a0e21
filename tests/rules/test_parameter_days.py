"""Each dated rule value the day before it begins and on its first day, as a clerk reads it; no boundary is left out, and none is written that is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from desktop.rules.parameters import Parameters, packaged
from tests.case_files import cases

CASES = cases("parameter_days")


def boundaries(known: Parameters) -> Iterator[tuple[str, date]]:
    """Key and day: each first day and each first day without the value, with the day before."""
    for key in known.every_key():
        for one in known.history(key):
            for day in (one.from_on, one.until_on):
                if day is not None:
                    yield from ((key, day - timedelta(days=1)), (key, day))


def told(key: str, on: date) -> tuple[object, str]:
    """Value and certainty as the cases write them."""
    found = packaged().in_force(key, on)
    if found is None:
        return "?", "?"
    value = found.value
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, Decimal) else value, found.certainty


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    value, certainty = told(case["key"], case["on"])
    assert (type(value), value, certainty) == (type(case["value"]), case["value"], case["certainty"])


def test_every_boundary_is_a_case_and_every_case_a_boundary() -> None:
    assert {(case["key"], case["on"]) for case in CASES} == set(boundaries(packaged()))
    assert len(CASES) == len({(case["key"], case["on"]) for case in CASES})


def test_a_value_that_begins_a_day_late_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Parameters.in_force
    monkeypatch.setattr(Parameters, "in_force", lambda self, key, day: real(self, key, day - timedelta(days=1)))
    wrong = [case for case in CASES if told(case["key"], case["on"]) != (case["value"], case["certainty"])]
    assert len(wrong) >= len(CASES) // 2
