"""What a service costs: the published shapes, to the fen, and the mistakes that the cases would catch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.fees import Agreed, FeeTerms, FirstFurther, Fixed, ShareOf, Tier, Unit
from desktop.rules import charging
from desktop.rules.charging import Priced, Usage, price
from desktop.rules.phrase import sentence
from tests.rules.fee_making import cases, charge, expected, hourly, outcome, sampled, terms_of, usage_of

CASES = cases("charging.toml")


def named(text: str) -> dict[str, Any]:
    return next(case for case in CASES if case["name"] == text)


def priced(usage: Usage, terms: FeeTerms, customer_class: str = "internal") -> Priced:
    result = price(usage, terms, customer_class)
    assert isinstance(result, Priced), result
    return result


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_shape(case: dict[str, Any]) -> None:
    assert outcome(case) == expected(case)
    result = charge(case)
    if isinstance(result, Priced):
        assert [found.code for found in result.findings] == case.get("told", [])
        assert all(found.severity != "error" for found in result.findings)
    else:
        assert {found.severity for found in result} == {"error"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_amount_alone_is_that_of_the_price(case: dict[str, Any]) -> None:
    result = charge(case)
    found = charging.amount(usage_of(case), terms_of(case), case.get("class", "internal"))
    assert found == (result.amount_fen if isinstance(result, Priced) else result)


def failing(monkeypatch: pytest.MonkeyPatch, breakage: Callable[[pytest.MonkeyPatch], None]) -> set[str]:
    """The cases whose outcome changes when the engine is broken on purpose."""
    breakage(monkeypatch)
    return {case["name"] for case in CASES if outcome(case) != expected(case)}


def test_cases_catch_hours_rounded_before_multiplying(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = charging.charged_quantity

    def broken(usage: Usage, terms: FeeTerms) -> Any:
        charged = sound(usage, terms)
        if isinstance(charged, tuple):
            return charged
        hours = Decimal(charged.charged.numerator) / charged.charged.denominator
        return replace(charged, charged=Fraction(hours.quantize(Decimal("0.01"), rounding=ROUND_CEILING)))

    caught = failing(monkeypatch, lambda patch: patch.setattr(charging, "charged_quantity", broken))
    assert "100 minutes at 180.00 an hour" in caught


def test_cases_catch_a_tier_applied_to_the_part_above_only(monkeypatch: pytest.MonkeyPatch) -> None:
    case = named("ICP-MS, internal, 620 elements: all of them at 45 %")
    assert outcome(case, replace(terms_of(case), tier_method="marginal")) != expected(case)


def test_cases_catch_an_urgent_start_up_fee(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = charging._Bill._surcharges

    def broken(self: Any, value: Fraction, figure: Any, rule: Any) -> Any:
        startup = self.terms.startup_of(self.customer_class)
        free = replace(self, terms=replace(self.terms, startup=()))
        return sound(free, value + startup, figure, rule)

    caught = failing(monkeypatch, lambda patch: patch.setattr(charging._Bill, "_surcharges", broken))
    assert caught == {"the start-up fee is not urgent"}


def test_cases_catch_rounding_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = charging._Bill._surcharges

    def broken(self: Any, value: Fraction, figure: Any, rule: Any) -> Any:
        return sound(self, Fraction(charging.rounded(value)), figure, rule)

    caught = failing(monkeypatch, lambda patch: patch.setattr(charging._Bill, "_surcharges", broken))
    assert caught == {"rounded once: a minute at 100.00 an hour, urgent"}


def test_cases_catch_truncation_instead_of_half_up(monkeypatch: pytest.MonkeyPatch) -> None:
    caught = failing(monkeypatch, lambda patch: patch.setattr(charging, "rounded", lambda value: value // 1))
    assert "half a fen goes up" in caught


def test_what_is_fixed_on_the_record() -> None:
    case = named("TEM with consumables entered")
    result = charge(case)
    assert isinstance(result, Priced)
    assert (result.quantity, result.unit, result.unit_price_fen, result.price_unit) == (Decimal(370), "分钟", 60000, "小时")
    assert (result.customer_class, result.consumables_fen) == ("external", 1234)
    blocks = charge(named("confocal, 100 minutes are four blocks"))
    assert isinstance(blocks, Priced)
    assert (blocks.quantity, blocks.unit, blocks.unit_price_fen) == (Decimal(4), "30分钟", 15000)


@pytest.mark.parametrize(
    "name",
    [
        "NMR, internal, 100 minutes: the first hour and one further",
        "ICP-MS, internal, 620 elements: all of them at 45 %",
        "anaerobic workstation, five hours cost the day price",
        "three marginal tiers",
    ],
)
def test_mixed_prices_have_no_single_unit_price(name: str) -> None:
    result = charge(named(name))
    assert isinstance(result, Priced)
    assert result.unit_price_fen is None


def test_a_share_that_is_no_whole_fen_has_no_single_unit_price() -> None:
    terms = FeeTerms(Unit("count", "样"), (("internal", ShareOf("external", 1, 3)), ("external", Fixed(10000))))
    result = priced(Usage(None, Decimal(3)), terms)
    assert (result.amount_fen, result.unit_price_fen) == (10000, None)
    third = next(part for part in result.figure.walk() if part.code == "fee.class_price")
    assert dict(third.params)["exact"] == "10000/3"
    quarter = replace(terms, prices=(("internal", ShareOf("external", 1, 4)), terms.prices[1]))
    assert priced(Usage(None, Decimal(1)), quarter).unit_price_fen == 2500


def test_the_rule_is_a_sentence_in_both_languages_and_stored_in_chinese() -> None:
    result = charge(named("NMR, external, urgent"))
    assert isinstance(result, Priced)
    words.use("en")
    try:
        assert result.rule_text == (
            "100分钟按“小时”计2次（不足一次按一次），首小时200.00元，以后每小时50.00元；按校内价格的250/200计；"
            "加急×1.5；合计468.75元（最后四舍五入到分）"
        )
        assert "at 250/200 of the internal price; urgent × 1.5; total 468.75 yuan" in sentence(result.rule)
    finally:
        words.use("zh")


@pytest.mark.parametrize("case", [case for case in CASES if "yuan" in case], ids=lambda case: case["name"])
def test_every_step_and_every_phrase_has_words(case: dict[str, Any]) -> None:
    result = charge(case)
    assert isinstance(result, Priced)
    for part in result.figure.walk():
        assert words.known(part.code), part.code
        assert words.known(f"how.{part.how}"), part.how
    for language in ("zh", "en"):
        said = sentence(result.rule, language)
        assert "[" not in said
        assert "{" not in said
    for found in result.findings:
        assert words.known(found.code), found.code


def test_the_figure_tells_each_step_of_the_reactor() -> None:
    result = charge(named("pilot reactor, external, one day with management on the start-up fee"))
    assert isinstance(result, Priced)
    steps = {part.code: part.value for part in result.figure.walk()}
    assert steps["fee.amount"] == 805000
    assert steps["fee.with_management"] == 805000
    assert steps["fee.with_startup"] == 700000
    assert steps["fee.base"] == 600000
    assert steps["fee.blocks"] == 1
    assert steps["fee.billed_minutes"] == 1440
    assert steps["fee.minutes"] == 480
    assert result.figure.value == result.amount_fen


def test_the_published_text_stands_beside_the_unit_price() -> None:
    result = price(Usage(60), hourly(18000), "internal", source_text="小时 | 180")
    assert isinstance(result, Priced)
    assert next(part.note for part in result.figure.walk() if part.code == "fee.unit_price") == "小时 | 180"


def test_terms_that_make_no_sense_do_not_price() -> None:
    result = price(Usage(60), hourly(-1), "internal")
    assert isinstance(result, tuple)
    assert [found.code for found in result] == ["fee.terms.price_wrong"]


def test_an_agreed_price_obeys_the_day_price() -> None:
    terms = FeeTerms(Unit("hour", "小时", 60), (("internal", Agreed(10000, 20000)),), day_caps=(("*", 50000),))
    assert priced(Usage(600, agreed_price_fen=15000), terms).amount_fen == 50000


def test_a_class_keeps_its_own_day_price_beside_a_shared_hour_price() -> None:
    prices = (("internal", ShareOf("external", 1, 2)), ("external", Fixed(20000)))
    terms = FeeTerms(Unit("hour", "小时", 60), prices, day_caps=(("internal", 70000), ("external", 90000)))
    assert priced(Usage(1440), terms).amount_fen == 70000
    assert priced(Usage(1440), replace(terms, day_caps=(("external", 90000),))).amount_fen == 45000


def tier(low: str, high: str | None, rate: str, low_open: bool = False, high_open: bool = False) -> Tier:
    return Tier(Decimal(low), None if high is None else Decimal(high), Decimal(rate), low_open, high_open)


@pytest.mark.parametrize(
    ("bounds", "quantity", "fen"),
    [
        (tier("0", "10", "0.5", high_open=True), 9, 450),
        (tier("0", "10", "0.5", high_open=True), 10, 1000),
        (tier("5", "10", "0.5", low_open=True), 5, 500),
        (tier("5", "10", "0.5", low_open=True), 10, 500),
        (tier("5", "10", "0.5", low_open=True, high_open=True), 6, 300),
        (tier("5", None, "0.5"), 5, 250),
    ],
)
def test_bounds_of_whole_tiers(bounds: Tier, quantity: int, fen: int) -> None:
    result = priced(Usage(None, Decimal(quantity)), sampled(100, tiers=(bounds,)))
    assert result.amount_fen == fen
    assert "[" not in sentence(result.rule, "en")


@pytest.mark.parametrize(
    ("bounds", "quantity", "fen"),
    [
        (tier("0", "10", "0.5", high_open=True), 10, 550),
        (tier("10.5", None, "0.5", low_open=True), 12, 1100),
        (tier("5", "8", "0.5"), 8, 600),
    ],
)
def test_bounds_of_marginal_tiers(bounds: Tier, quantity: int, fen: int) -> None:
    terms = sampled(100, tiers=(bounds,), tier_method="marginal")
    assert priced(Usage(None, Decimal(quantity)), terms).amount_fen == fen


def test_marginal_hours_need_no_whole_hour() -> None:
    terms = hourly(6000, tiers=(tier("1", "2", "0.5"),), tier_method="marginal")
    assert priced(Usage(90), terms).amount_fen == 6000 + 1500


minutes = st.integers(1, 20_000)
fen = st.integers(0, 10_000_000)
rates = st.decimals(0, 1, places=3)


@given(minutes, minutes, fen, rates, rates, st.integers(0, 600))
def test_more_minutes_never_cost_less(a: int, b: int, unit_fen: int, management: Decimal, tax: Decimal, floor: int) -> None:
    terms = hourly(unit_fen, management_rate=management, tax_rate=tax, minimum_minutes=floor, startup=(("*", 500),))
    less, more = sorted((a, b))
    assert 0 <= priced(Usage(less), terms).amount_fen <= priced(Usage(more), terms).amount_fen


@given(minutes, fen)
def test_an_hour_price_is_exact_to_the_minute(n: int, unit_fen: int) -> None:
    amount = priced(Usage(n), hourly(unit_fen)).amount_fen
    assert abs(Fraction(amount) - Fraction(n * unit_fen, 60)) <= Fraction(1, 2)
    assert Fraction(amount) - Fraction(n * unit_fen, 60) != Fraction(-1, 2)


@given(st.integers(1, 500), fen, fen)
def test_the_first_hour_costs_its_price_and_each_started_hour_one_more(n: int, first: int, further: int) -> None:
    terms = FeeTerms(Unit("block", "小时", 60), (("internal", FirstFurther(first, further)),))
    assert priced(Usage(60 * n), terms).amount_fen == first + (n - 1) * further
    assert priced(Usage(60 * n + 1), terms).amount_fen == first + n * further


@given(st.integers(1, 5000), fen, fen)
def test_a_day_never_costs_more_than_its_cap(n: int, unit_fen: int, cap: int) -> None:
    amount = priced(Usage(n), hourly(unit_fen, day_caps=(("internal", cap),))).amount_fen
    assert amount <= -(-n // 1440) * cap
    assert amount <= priced(Usage(n), hourly(unit_fen)).amount_fen


@given(st.integers(1, 3000), st.integers(1, 1000), st.integers(1, 99))
def test_marginal_tiers_never_make_more_things_cheaper(quantity: int, bound: int, percent: int) -> None:
    at = Tier(Decimal(bound), None, Decimal(percent) / 100, low_open=True)
    terms = sampled(1000, tiers=(at,), tier_method="marginal")
    one, next_one = (priced(Usage(None, Decimal(q)), terms).amount_fen for q in (quantity, quantity + 1))
    assert 0 < one <= next_one
