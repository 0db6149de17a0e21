"""The hourly cost price of the worked example, and prices and years compared with cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from desktop import words
from desktop.ledger import money
from desktop.ledger.fees import Agreed, CostComponent, FeeLine, FeeTerms, FirstFurther, Fixed, ShareOf, Tier, Unit
from desktop.ledger.parameter import Parameter
from desktop.rules.cost_price import (
    MANAGEMENT_LOW,
    CostPrice,
    check_prices,
    cost_price,
    depreciation,
    hourly_fen,
    maintenance,
    unusual_management,
    year_balance,
)
from desktop.rules.exact import rounded
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, packaged
from tests.rules.fee_making import HOUR, cases, hourly, sampled, terms_of

VALUE_FEN = 1_186_280_00
DAY = date(2026, 1, 1)


def parameter(key: str, value: int | Decimal, unit: str) -> Parameter:
    return Parameter(key, date(2020, 1, 1), value, unit, "高校收费成本核算实务", "", "B")


YEARS = parameter("cost.depreciation_years", 5, "years")
HOURS = parameter("cost.yearly_hours", 1400, "hours")
RATE = parameter("cost.maintenance_rate", Decimal("0.06"), "ratio")


def component(kind: str, fen: int | None = None, rate: str | None = None, evidence: str = "财字〔2025〕1号") -> CostComponent:
    return CostComponent(kind, "s", kind, fen, None if rate is None else Decimal(rate), evidence)  # type: ignore[arg-type]  # literal kinds


THREE = (component("depreciation", 16947), component("maintenance", 5084), component("consumables", 4100))


SUGGESTED = [case for case in cases("cost_price.toml") if "value" in case]
BUILT = [case for case in cases("cost_price.toml") if "parts" in case]
COMPARED = [case for case in cases("cost_price.toml") if "against" in case]


def test_every_case_is_of_one_shape() -> None:
    assert len(SUGGESTED) + len(BUILT) + len(COMPARED) == len(cases("cost_price.toml"))


@pytest.mark.parametrize("case", SUGGESTED, ids=lambda case: case["name"])
def test_what_an_original_value_comes_to(case: dict[str, Any]) -> None:
    fen = money.from_yuan(Decimal(case["value"]))
    years = parameter("cost.depreciation_years", case.get("years", 5), "years")
    hours = parameter("cost.yearly_hours", case.get("hours", 1400), "hours")
    assert depreciation(fen, years, hours).value == money.from_yuan(Decimal(case["depreciation"]))
    assert maintenance(fen, RATE, hours).value == money.from_yuan(Decimal(case["upkeep"]))


def parts_of(case: dict[str, Any]) -> list[CostComponent]:
    return [
        component(kind, rate=str(Decimal(given.removesuffix("%").strip()) / 100)) if given.endswith("%") else component(kind, money.from_yuan(Decimal(given)))
        for kind, given in case["parts"].items()
    ]


def built(case: dict[str, Any]) -> tuple[int | None, list[str]]:
    found = cost_price(parts_of(case))
    unusual = unusual_management(parts_of(case), packaged(), case.get("on", date(2026, 1, 1)))
    for one in (*found.findings, *unusual):
        for language in ("zh", "en"):
            assert "{" not in words.say_in(language, one.code, **dict(one.params))
    return found.fen, [one.code for one in (*found.findings, *unusual)]


def built_as_told(case: dict[str, Any]) -> bool:
    return built(case) == (money.from_yuan(Decimal(case["cost"])) if "cost" in case else None, case.get("told", []))


@pytest.mark.parametrize("case", BUILT, ids=lambda case: case["name"])
def test_what_components_come_to(case: dict[str, Any]) -> None:
    assert built_as_told(case), built(case)


@pytest.mark.parametrize("case", COMPARED, ids=lambda case: case["name"])
def test_a_price_of_an_hour_against_the_cost(case: dict[str, Any]) -> None:
    cost = cost_price(() if case["against"] == "?" else (component("consumables", money.from_yuan(Decimal(case["against"]))),))
    (check,) = check_prices([line(terms_of(case))], cost)
    assert check.state == case["state"]


def test_cases_catch_an_end_that_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    narrower = (parameter(MANAGEMENT_LOW, Decimal("0.1000001"), "ratio"),)
    monkeypatch.setitem(globals(), "packaged", lambda: Parameters(own={MANAGEMENT_LOW: narrower}))
    assert {case["name"] for case in BUILT if not built_as_told(case)} >= {"exactly 10 %", "a rate of exactly 10 %"}


def test_depreciation_and_maintenance_of_the_worked_example() -> None:
    worn = depreciation(VALUE_FEN, YEARS, HOURS)
    kept = maintenance(VALUE_FEN, RATE, HOURS)
    assert (worn.value, kept.value) == (16947, 5084)
    assert [part.value for part in worn.inputs] == [VALUE_FEN, 5, 1400]
    assert worn.weakest == "B"


@pytest.mark.parametrize("wrong", [0, -1400])
def test_no_hours_no_cost(wrong: int) -> None:
    hours = parameter("cost.yearly_hours", wrong, "hours")
    with pytest.raises(ValueError, match="not positive"):
        depreciation(VALUE_FEN, YEARS, hours)
    with pytest.raises(ValueError, match="not positive"):
        maintenance(VALUE_FEN, RATE, hours)


def test_management_as_an_amount() -> None:
    result = cost_price((*THREE, component("management", 3900)))
    assert result.fen == 30031
    assert result.findings == ()
    assert [part.value for part in result.figure.inputs] == [16947, 5084, 4100, 3900]


def test_management_as_a_rate_on_the_sum_of_the_others() -> None:
    result = cost_price((component("management", rate="0.15"), *THREE))
    assert result.fen == 30051
    assert [part.code for part in result.figure.inputs] == [
        "fee.depreciation",
        "fee.maintenance",
        "fee.consumables",
        "fee.management",
    ]
    assert sum(part.value for part in result.figure.inputs if isinstance(part.value, int)) == 30051
    management = result.figure.inputs[-1]
    assert management.value == 3920
    assert management.inputs[0].value == 26131


def test_rounding_the_sum_only_would_give_another_cost() -> None:
    exact = Fraction(VALUE_FEN, 5 * 1400) + Fraction(6, 100) * VALUE_FEN / 1400
    parts = rounded(Fraction(VALUE_FEN, 7000)) + rounded(Fraction(6 * VALUE_FEN, 140_000))
    assert parts == 16947 + 5084
    thirds = (component("energy", rounded(Fraction(100, 3))), component("staff", rounded(Fraction(100, 3))))
    assert cost_price(thirds).fen == 66 != rounded(Fraction(200, 3))
    assert rounded(exact) == parts


@pytest.mark.parametrize(
    ("components", "code", "severity"),
    [
        ((), "fee.cost_unknown", "warning"),
        ((component("energy", 1, "0.1"),), "fee.cost_amount_or_rate", "error"),
        ((component("energy"),), "fee.cost_amount_or_rate", "error"),
        ((component("energy", rate="0.1"),), "fee.cost_rate_kind", "error"),
        ((component("management", rate="1.5"),), "fee.cost_rate_wrong", "error"),
        ((component("management", rate="NaN"),), "fee.cost_rate_wrong", "error"),
        ((component("energy", -1),), "fee.cost_negative", "error"),
        ((component("energy", 1), component("energy", 2)), "fee.cost_kind_twice", "error"),
    ],
)
def test_an_unsound_cost_is_unknown_and_never_zero(components: tuple[CostComponent, ...], code: str, severity: str) -> None:
    result = cost_price(components)
    assert result.fen is None
    assert result.figure.value is None
    assert (code, severity) in [(found.code, found.severity) for found in result.findings]


def test_missing_evidence_is_told_and_the_cost_still_computed() -> None:
    result = cost_price((component("staff", 5000, evidence=" "),))
    assert result.fen == 5000
    assert [(found.code, found.severity) for found in result.findings] == [("fee.cost_evidence", "warning")]
    assert words.say(result.findings[0].code, **dict(result.findings[0].params)).startswith("成本项“人工”")


COST = cost_price((*THREE, component("management", 3900)))
UNKNOWN = cost_price(())


def line(terms: FeeTerms | None) -> FeeLine:
    return FeeLine("line", "s", 1, "成像", terms, "小时 | 300")


@pytest.mark.parametrize(
    ("terms", "cost", "state", "hour"),
    [
        (hourly(30031), COST, "within", 30031),
        (hourly(30032), COST, "above", 30032),
        (hourly(30031, management_rate=Decimal("0.1")), COST, "above", Decimal("33034.1")),
        (hourly(30031, startup=(("*", 5000),), tax_rate=Decimal("0.03")), COST, "within", 30031),
        (hourly(20000, tiers=(Tier(Decimal(5), None, Decimal("1.6")),)), COST, "above", 32000),
        (FeeTerms(Unit("block", "30分钟", 30), (("internal", Fixed(15000)),)), COST, "within", 30000),
        (FeeTerms(HOUR, (("internal", Agreed(100, 40000)),)), COST, "above", 40000),
        (FeeTerms(Unit("block", "小时", 60), (("internal", FirstFurther(40000, 5000, 2)),)), COST, "within", 20000),
        (FeeTerms(Unit("block", "小时", 60), (("internal", FirstFurther(10000, 35000)),)), COST, "above", 35000),
        (sampled(10**9), COST, "not_comparable", None),
        (FeeTerms(Unit("day", "天", 1440), (("internal", Fixed(10**9)),)), COST, "not_comparable", None),
        (hourly(10), UNKNOWN, "unknown", 10),
    ],
)
def test_price_against_cost(terms: FeeTerms, cost: CostPrice, state: str, hour: int | Decimal | None) -> None:
    rule = Figure("parameter.rule", True, "flag", "parameter", "第9条", "D")
    (check,) = check_prices([line(terms)], cost, rule)
    assert (check.state, check.hourly_fen) == (state, hour)
    assert [found.code for found in check.findings] == (["fee.above_cost"] if state == "above" else [])
    assert check.figure.value == state
    assert check.figure.inputs[-1] is rule
    assert words.known(f"fee.compared.{check.state}")


def test_each_class_is_checked_by_its_own_price() -> None:
    terms = FeeTerms(HOUR, (("internal", ShareOf("external", 1, 3)), ("external", Fixed(40000))))
    inside, outside = check_prices([line(terms)], COST)
    assert (inside.customer_class, inside.state, inside.hourly_fen) == ("internal", "within", Decimal("13333.333333"))
    assert (outside.customer_class, outside.state) == ("external", "above")
    assert "校外" in words.say(outside.findings[0].code, **dict(outside.findings[0].params))
    assert hourly_fen(terms, "nobody") is None


@pytest.mark.parametrize("terms", [None, hourly(-5)])
def test_a_line_that_cannot_price_is_unknown(terms: FeeTerms | None) -> None:
    (check,) = check_prices([line(terms)], COST)
    assert (check.state, check.hourly_fen) == ("unknown", None)


@pytest.mark.parametrize("value", [Decimal("1.5"), True, "100"])
def test_a_year_needs_amounts_in_fen(value: object) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        year_balance("2025", Figure("fee.amount", value, "fen"), Figure("fee.cost_price", 1, "fen"))  # type: ignore[arg-type]  # wrong on purpose
