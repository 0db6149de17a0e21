"""A year's income against cost by cases: a set under its fee versions, the institution against what it declared; and mistakes that they catch."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.ledger import money
from desktop.ledger.allocation import CostRow
from desktop.ledger.fees import CostComponent
from desktop.rules import yearly_balance as rules
from desktop.rules.cost_price import cost_price, year_balance
from desktop.rules.figure import Figure
from desktop.rules.parameters import packaged
from desktop.rules.yearly_balance import VersionUse

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "yearly_balance.toml").read_text("utf-8"))["case"]
OF_SETS = [case for case in CASES if "versions" in case]
OF_ALL = [case for case in CASES if "declared" in case]
OF_COSTS = [case for case in CASES if "costs" in case]
LAST = date(2025, 12, 31)


def fen(text: str) -> int:
    return money.from_yuan(Decimal(text))


def use(place: int, told: str) -> VersionUse:
    minutes, income, hourly = (part.strip() for part in told.split("|"))
    parts = () if hourly == "?" else (CostComponent("", "", "consumables", fen(hourly), None, "凭证"),)
    return VersionUse(f"v{place}", "标准", date(2025, 1 + place, 1), int(minutes), fen(income), cost_price(parts))


def found(case: dict[str, Any]) -> tuple[int | None, str]:
    balance = rules.balance((use(place, told) for place, told in enumerate(case["versions"])), packaged(), LAST)
    return balance.cost_fen, balance.verdict


def expected(case: dict[str, Any]) -> tuple[int | None, str]:
    return fen(case["cost"]) if "cost" in case else None, case["verdict"]


def failing() -> set[str]:
    return {case["name"] for case in OF_SETS if found(case) != expected(case)}


@pytest.mark.parametrize("case", OF_SETS, ids=lambda case: case["name"])
def test_a_set(case: dict[str, Any]) -> None:
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", OF_ALL, ids=lambda case: case["name"])
def test_the_institution(case: dict[str, Any]) -> None:
    declared = None if case["declared"] == "?" else fen(case["declared"])
    balance = year_balance("2025", Figure("balance.income", fen(case["income"]), "fen"), Figure("balance.declared", declared, "fen"))
    assert (balance.state, balance.figure.value) == (case["verdict"], case["verdict"])
    assert [one.code for one in balance.findings] == ([case["told"]] if "told" in case else [])
    for one in balance.findings:
        for language in ("zh", "en"):
            assert "{" not in words.say_in(language, one.code, **dict(one.params))


def cost(told: str) -> CostRow:
    kind, whose, first, last = told.split()
    set_id = None if whose == "whole" else whose
    return CostRow(told, kind, set_id, date.fromisoformat(first), date.fromisoformat(last), 0 if kind == "none" else 100, "凭证")


def told_wrongly() -> set[str]:
    whole_year = (date(2025, 1, 1), LAST)
    return {case["name"] for case in OF_COSTS if rules.declares([cost(one) for one in case["costs"]], *whole_year) != case["known"]}


def test_whether_the_costs_of_a_year_are_declared() -> None:
    assert told_wrongly() == set()


def test_cases_catch_one_set_that_speaks_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "declares", lambda rows, first, last: bool(rows))
    assert told_wrongly() >= {"one set had no cost", "a month without cost"}


def test_every_case_is_one_or_the_other() -> None:
    assert len(OF_SETS) + len(OF_ALL) + len(OF_COSTS) == len(CASES)


@pytest.mark.parametrize(
    ("name", "broken", "caught"),
    [
        ("rounded", lambda old: lambda value: value.numerator // value.denominator, "half a fen goes up: a minute at 0.30 an hour"),
        ("_verdict", lambda old: lambda income, minutes, cost, unknown: old(income - 1, minutes, cost, unknown), "a fen above the cost"),
    ],
)
def test_cases_catch_a_mistake(monkeypatch: pytest.MonkeyPatch, name: str, broken: Callable[[Any], Any], caught: str) -> None:
    monkeypatch.setattr(rules, name, broken(getattr(rules, name)))
    assert caught in failing()
