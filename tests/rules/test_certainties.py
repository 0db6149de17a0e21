"""How sure each rule value is from its first day on, and a figure that rests on several: as sure as the least sure of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from desktop.rules import figure
from desktop.rules.figure import Figure
from desktop.rules.parameters import packaged

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "certainties.toml").read_text("utf-8"))["case"]


def sure(case: dict[str, Any]) -> str:
    parts = tuple(packaged().figure(key, case["on"]) for key in case["values"])
    return Figure("together", None, inputs=parts).weakest or "?"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    assert sure(case) == case["certainty"]


def test_every_certainty_comes_up_alone_and_as_the_least_of_several() -> None:
    assert {case["certainty"] for case in CASES if len(case["values"]) == 1} == {"A", "A-", "B", "C", "D", "?"}
    assert {case["certainty"] for case in CASES if len(case["values"]) > 1} >= {"A-", "B", "C", "D"}


def test_the_cases_would_notice_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure, "_ORDER", ("", "C", "D", "B", "A-", "A"))
    assert len([case for case in CASES if sure(case) != case["certainty"]]) > 3
