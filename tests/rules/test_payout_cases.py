"""The worked cases of tests/cases/payout.toml, and that each would notice a wrong way of paying."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from desktop.ledger.allocation import Share
from desktop.rules import settlement as paying
from desktop.rules import settlement_checks
from desktop.rules.settlement import Evaluated, RunInput, Settlement, settle
from desktop.rules.splitting import Split
from desktop.rules.waterfall import at_most
from tests.rules.payout_making import TO, cap, cost, line, scheme, technician

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases" / "payout.toml").read_text("utf-8"))["case"]


def _share(entry: list[Any]) -> Share:
    receiver, of, rate, cap_rate, cap_of, cap_fen = (*entry, *(None,) * (6 - len(entry)))
    return Share(receiver, receiver, of, Decimal(rate), cap_fen, Decimal(cap_rate) if cap_rate else None, cap_of or "net")


def _number(staff_number: str) -> int | None:
    return int(staff_number[1:]) if staff_number else None


def _day(tags: list[str]) -> date | None:
    return next((date.fromisoformat(tag) for tag in tags if tag[:1].isdigit()), None)


def read(case: dict[str, Any]) -> RunInput:
    terms = scheme(
        tuple(_share(entry) for entry in case["shares"]),
        weigh=case.get("weigh", "amount"),
        use_coefficient=case.get("coefficient", False),
        include_internal=case.get("include_internal", True),
        internal_from=case.get("internal_from"),
        remainder_to=case.get("remainder_to", "T001"),
        evaluations=tuple((number, Decimal(factor)) for number, factor in case.get("evaluations", {}).items()),
        evaluation_facts="evaluated" in case,
    )
    lines = tuple(
        line(key, fen, _number(who), minutes=minutes, late="late" in tags, external="internal" not in tags, ended_on=_day(tags))
        for key, who, fen, minutes, *tags in case["lines"]
    )
    people = tuple(technician(int(number[1:]), factor) for number, factor in case["people"].items())
    costs = tuple(cost(fen, f"c{n}") for n, fen in enumerate(case["costs"])) or None
    evaluated = tuple(Evaluated(f"t{_number(number)}", Decimal(factor), date(2025, 1, 1)) for number, factor in case.get("evaluated", {}).items())
    return RunInput(TO, terms, case["kind"], lines, costs, people, cap(), evaluated)


def verdict(case: dict[str, Any]) -> dict[str, Any]:
    """What differs from the expectation; empty when the run comes out as worked by hand."""
    result = settle(read(case))
    if not isinstance(result, Settlement):
        got: dict[str, Any] = {"refused": sorted({one.code for one in result if one.severity == "error"})}
        wanted: dict[str, Any] = {"refused": sorted(case.get("refused", ()))}
    else:
        wanted = {"receivers": {}, **case.get("expect", {"refused": case.get("refused")})}
        wanted["codes"] = sorted(wanted.get("codes", ()))
        got = {
            "income": result.income_fen,
            "cost": result.cost_fen,
            "net": result.net_fen,
            "pool": result.pool_fen,
            "kept": result.kept_fen,
            "technicians": {one.technician.staff_number: one.fen for one in result.technicians},
            "receivers": {one.name: one.fen for one in result.receivers},
            "codes": sorted(one.code for one in result.findings),
        }
    return {name: (wanted.get(name), got.get(name)) for name in wanted.keys() | got.keys() if wanted.get(name) != got.get(name)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_worked_cases_come_out_to_the_fen(case: dict[str, Any]) -> None:
    assert verdict(case) == {}


def _half_up_each(pool: int, weights: dict[str, Fraction]) -> Split:
    total = sum(weights.values())
    return Split({key: int(pool * weight / total + Fraction(1, 2)) if total else 0 for key, weight in weights.items()}, 0)


def _remainder_dropped(pool: int, weights: dict[str, Fraction]) -> Split:
    total = sum(weights.values())
    return Split({key: int(pool * weight / total) if total else 0 for key, weight in weights.items()}, 0)


def _one_for_nobody(*asked: Any) -> tuple[()]:
    return ()


def _cap_before_costs(run: RunInput, found: Any, present_net: int) -> int | None:
    if run.institution_kind != "enterprise" or run.cap is None:
        return None
    return at_most(run.cap.decimal, sum(one.amount_fen for one in found.present))


def _cap_for_everyone(run: RunInput, found: Any, present_net: int) -> int | None:
    assert run.cap is not None
    return at_most(run.cap.decimal, present_net)


def _cap_rounded_half_up(run: RunInput, found: Any, present_net: int) -> int | None:
    if run.institution_kind != "enterprise" or run.cap is None:
        return None
    return int(run.cap.decimal * max(0, present_net) + Decimal("0.5"))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("split", _half_up_each),
        ("split", _remainder_dropped),
        ("_legal_limit", _cap_before_costs),
        ("_legal_limit", _cap_for_everyone),
        ("_legal_limit", _cap_rounded_half_up),
    ],
    ids=["each rounded half up", "remainder dropped", "cap before costs", "cap for universities", "cap rounded up"],
)
def test_the_cases_catch_a_wrong_way_of_paying(name: str, wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paying, name, wrong)
    assert any(verdict(case) for case in CASES)


def test_the_cases_catch_an_unknown_evaluation_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settlement_checks, "_evaluations", _one_for_nobody)
    assert any(verdict(case) for case in CASES)


def test_an_enterprise_without_a_cap_in_force_is_refused() -> None:
    result = settle(replace(read(CASES[0]), cap=None))
    assert [one.code for one in result] == ["parameter.not_in_force"]


def test_a_university_needs_no_cap() -> None:
    case = next(case for case in CASES if case["kind"] == "university")
    assert isinstance(settle(replace(read(case), cap=None)), Settlement)
