"""Two periods of payouts side by side: the cases worked by hand, what always holds, and that wrong ways are noticed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from desktop.rules import payout_comparison as comparing
from desktop.rules.payout_comparison import REASONS, Compared, Given, Got, PaidPeriod, PeriodComparison, compare
from desktop.rules.splitting import split

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases" / "payout_comparison.toml").read_text("utf-8"))["case"]


def got(entry: list[Any], weigh: Any) -> Got:
    run, number, base, coefficient, evaluation, *fens = entry
    plain = Got(number, f"姓名{number}", "测试中心", run, "方案", weigh, 60, None, Decimal(coefficient), Decimal(evaluation), *fens)
    if base == "reversed":
        return replace(plain, base=0, weigh=None)
    return plain if base == "unknown" else replace(plain, base=base)


def read(case: dict[str, Any]) -> PeriodComparison:
    weigh = case.get("weigh", "minutes")
    first, second = (
        PaidPeriod(name, tuple({one[0]: None for one in case[name]}), tuple(got(one, kind) for one in case[name]))
        for name, kind in (("before", weigh), ("after", case.get("weigh_after", weigh)))
    )
    return compare(first, second)


def plain(one: Compared) -> dict[str, Any]:
    told = {"standing": one.standing, "before": one.before_fen, "after": one.after_fen} | {each.code: each.fen for each in one.reasons}
    return {name: value for name, value in told.items() if value is not None}


def verdict(case: dict[str, Any]) -> dict[str, Any]:
    """What differs from the expectation; empty when it comes out as worked by hand."""
    found = read(case)
    told = {one.staff_number: plain(one) for one in found.people} | {"whole": plain(found.whole)}
    wrong = {name: (wanted, told.get(name)) for name, wanted in case["expect"].items() if wanted != told.get(name)}
    return wrong | ({} if found.weighed == case.get("weighed", True) else {"weighed": found.weighed})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_worked_cases_come_out_to_the_fen(case: dict[str, Any]) -> None:
    assert verdict(case) == {}


def drawn(chance: Random) -> PaidPeriod:
    """A period as runs make it: the pool cut by the weights, the fen left over to one, some things taken back."""
    lines: list[Got] = []
    for run in range(chance.randint(1, 3)):
        people = chance.sample(range(1, 7), chance.randint(1, 5))
        weigh, unknown = chance.choice(("minutes", "minutes", "minutes", "amount")), chance.random() < 0.1
        weights = {
            f"T{n:03d}": (chance.randint(1, 900), Decimal(chance.choice(("0.8", "1", "1.25"))), Decimal(chance.choice(("0.9", "1", "1.1"))))
            for n in people
        }
        cut = split(chance.randint(0, 99_999), {key: base * Fraction(one) * Fraction(other) for key, (base, one, other) in weights.items()})
        heir = chance.choice(sorted(weights))
        for key, (base, coefficient, evaluation) in weights.items():
            back = -chance.randint(1, 500) if chance.random() < 0.2 else 0
            lines.append(
                Got(key, key, f"部门{key[-1]}", f"R{run}", "方案", weigh, base, None if unknown else base, coefficient, evaluation, cut.parts[key],  # type: ignore[arg-type]
                    cut.remainder if key == heir else 0, back)
            )  # fmt: skip
        if chance.random() < 0.2:
            lines.append(Got("T009", "T009", "", f"X{run}", "方案", None, -30, 0, reversed_fen=-chance.randint(1, 900)))
    return PaidPeriod("期", tuple({one.run: None for one in lines}), tuple(lines))


def broken(found: PeriodComparison, other: PeriodComparison) -> list[str]:
    """What does not hold of a comparison and of the one the other way round."""
    faults = []
    for one, back in zip((*found.people, *found.departments, found.whole), (*other.people, *other.departments, other.whole), strict=True):
        if sum(each.fen for each in one.reasons) != one.more_fen:
            faults.append(f"{one.name}: the reasons do not add up")
        if one.more_fen != -back.more_fen or any(one.because(code) != -back.because(code) for code in REASONS):
            faults.append(f"{one.name}: the other way round is not the same with the other sign")
    if sum(one.more_fen for one in found.people) != found.whole.more_fen:
        faults.append("the people do not add up to the whole")
    if sum(one.more_fen for one in found.departments) != found.whole.more_fen:
        faults.append("the departments do not add up to the whole")
    return faults


def faults(n: int = 150) -> list[str]:
    chance = Random(20251127)
    told: list[str] = []
    for _ in range(n):
        first, second = drawn(chance), drawn(chance)
        told += broken(compare(first, second), compare(second, first))
    return told


def test_the_reasons_add_up_and_turn_round() -> None:
    assert faults() == []


def test_a_period_with_itself_differs_in_nothing() -> None:
    chance = Random(7)
    for _ in range(30):
        one = drawn(chance)
        found = compare(one, one)
        assert found.whole.more_fen == 0
        assert all(person.reasons == () for person in found.people)


def _first_then_second(weight: Any, other: Any) -> Fraction:
    return Fraction(weight)


def _cut(value: Fraction) -> int:
    return value.numerator // value.denominator


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("_mean", _first_then_second), ("rounded", _cut), ("_part", lambda weight, others: Fraction(weight))],
    ids=["one order only", "rounded down", "weights not set beside the others'"],
)
def test_the_cases_catch_a_wrong_way(name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, name, wrong)
    assert any(verdict(case) for case in CASES)


@pytest.mark.parametrize(("name", "wrong"), [("_mean", _first_then_second), ("rounded", _cut)], ids=["one order only", "rounded down"])
def test_turning_round_catches_a_wrong_way(name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, name, wrong)
    assert faults(40)


def test_rows_of_the_schemes_are_added_up_and_what_is_not_there_is_unknown() -> None:
    first = PaidPeriod("2024", ("A", "B"), (), (Given("甲", "income", "", 500), Given("甲", "income", "", 300), Given("甲", "fund", "基金", 80)))
    second = PaidPeriod("2025", ("C",), (), (Given("甲", "income", "", 900), Given("乙", "income", "", 10)))
    told = [(one.scheme, one.receiver, one.before_fen, one.after_fen, one.more_fen) for one in compare(first, second).sources]
    assert told == [("甲", "income", 800, 900, 100), ("乙", "income", None, 10, 10), ("甲", "fund", 80, None, -80)]


def test_growth_is_told_only_of_what_there_was() -> None:
    found = read(CASES[0])
    assert [one.growth for one in found.people] == [Decimal("1.000000"), Decimal("1.000000")]
    new = read(next(case for case in CASES if case["name"].startswith("新增一人")))
    assert {one.staff_number: one.growth for one in new.people} == {"T001": Decimal("-0.250000"), "T002": None}
