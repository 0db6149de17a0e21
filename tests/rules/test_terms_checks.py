"""Terms that contradict themselves never price; each fault is told by the part it stands in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from desktop import words
from desktop.ledger.fees import Agreed, FeeTerms, FirstFurther, Fixed, ShareOf, Tier, Unit
from desktop.rules.terms_checks import chain, check_terms
from tests.rules.fee_making import HOUR, SAMPLE, hourly, sampled


def tier(low: str, high: str | None, rate: str = "0.5", *classes: str, low_open: bool = False, high_open: bool = False) -> Tier:
    return Tier(Decimal(low), None if high is None else Decimal(high), Decimal(rate), low_open, high_open, classes)


def priced_at(*prices: tuple[str, Fixed | FirstFurther | Agreed | ShareOf]) -> FeeTerms:
    return FeeTerms(HOUR, prices)


WRONG = [
    (replace(hourly(1), unit=Unit("hour", " ", 60)), "unit", "unit_name"),
    (replace(hourly(1), unit=Unit("hour", "小时", 30)), "unit", "unit_minutes"),
    (replace(hourly(1), unit=Unit("block", "段")), "unit", "unit_minutes"),
    (replace(sampled(1), unit=Unit("count", "样", 30)), "unit", "count_minutes"),
    (replace(sampled(1), unit=Unit("product", "样×点", factors=("样",))), "unit", "factors"),
    (replace(sampled(1), unit=Unit("count", "样", factors=("样",))), "unit", "factors"),
    (replace(sampled(1), unit=Unit("count", "样", factors=("样", "点"))), "unit", "factors"),
    (priced_at(), "prices", "no_price"),
    (priced_at(("internal", Fixed(1)), ("internal", Fixed(2))), "prices", "class_twice"),
    (priced_at(("internal", Fixed(-1))), "prices", "price_wrong"),
    (priced_at(("internal", FirstFurther(-1, 1))), "prices", "price_wrong"),
    (priced_at(("internal", FirstFurther(1, -1))), "prices", "price_wrong"),
    (priced_at(("internal", FirstFurther(1, 1, 0))), "prices", "price_wrong"),
    (priced_at(("internal", Agreed(2, 1))), "prices", "price_wrong"),
    (priced_at(("internal", Agreed(-1, 1))), "prices", "price_wrong"),
    (priced_at(("internal", ShareOf("external", 1, 0)), ("external", Fixed(1))), "prices", "price_wrong"),
    (priced_at(("internal", ShareOf("external", -1, 2)), ("external", Fixed(1))), "prices", "price_wrong"),
    (priced_at(("internal", ShareOf("external", 1, 2))), "prices", "share_of_nothing"),
    (priced_at(("internal", ShareOf("internal", 1, 2))), "prices", "share_of_nothing"),
    (priced_at(("internal", ShareOf("external", 1, 2)), ("external", Agreed(1, 2))), "prices", "share_of_nothing"),
    (hourly(1, minimum_minutes=-1), "minimum", "minimum_negative"),
    (sampled(1, minimum_units=-1), "minimum", "minimum_negative"),
    (sampled(1, minimum_minutes=60), "minimum", "minimum_time_on_count"),
    (hourly(1, minimum_units=2), "minimum", "minimum_count_on_time"),
    (hourly(1, startup=(("*", 1), ("*", 2))), "startup", "class_twice"),
    (hourly(1, startup=(("external", 1),)), "startup", "class_without_price"),
    (hourly(1, startup=(("internal", -1),)), "startup", "price_wrong"),
    (hourly(1, day_caps=(("internal", -1),)), "day_caps", "price_wrong"),
    (sampled(1, day_caps=(("internal", 1),)), "day_caps", "day_cap_unit"),
    (replace(hourly(1, day_caps=(("internal", 1),)), unit=Unit("block", "50分钟", 50)), "day_caps", "day_cap_unit"),
    (replace(hourly(1, day_caps=(("internal", 1),)), unit=Unit("block", "段", 0)), "day_caps", "day_cap_unit"),
    (sampled(1, tiers=(tier("NaN", None),)), "tiers", "tier_wrong"),
    (sampled(1, tiers=(tier("1", "Infinity"),)), "tiers", "tier_wrong"),
    (sampled(1, tiers=(tier("-1", None),)), "tiers", "tier_wrong"),
    (sampled(1, tiers=(tier("5", "4"),)), "tiers", "tier_wrong"),
    (sampled(1, tiers=(tier("5", "5", low_open=True),)), "tiers", "tier_wrong"),
    (sampled(1, tiers=(tier("5", None, "0"),)), "tiers", "tier_wrong"),
    (sampled(1, tiers=(tier("5", None, "0.5", "external"),)), "tiers", "class_without_price"),
    (sampled(1, tiers=(tier("5", None), tier("9", None))), "tiers", "tiers_overlap"),
    (sampled(1, tiers=(tier("5", "10"), tier("9", None))), "tiers", "tiers_overlap"),
    (sampled(1, tiers=(tier("5", "10"), tier("10", None))), "tiers", "tiers_overlap"),
    (hourly(1, urgent_rate=Decimal("0.9")), "urgent_rate", "rate_wrong"),
    (hourly(1, urgent_rate=Decimal("NaN")), "urgent_rate", "rate_wrong"),
    (hourly(1, management_rate=Decimal("1.01")), "management_rate", "rate_wrong"),
    (hourly(1, tax_rate=Decimal("-0.01")), "tax_rate", "rate_wrong"),
]


@pytest.mark.parametrize(("terms", "field", "code"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_fault(terms: FeeTerms, field: str, code: str) -> None:
    found = check_terms(terms)
    assert (field, f"fee.terms.{code}", "error") in [(each.field, each.code, each.severity) for each in found]
    for each in found:
        said = words.say_in("en", each.code, **dict(each.params))
        assert not {"[", "{"} & set(said), said


@pytest.mark.parametrize(
    "terms",
    [
        hourly(0),
        hourly(1, day_caps=(("*", 5),), startup=(("*", 5), ("internal", 7)), minimum_minutes=60),
        sampled(1, tiers=(tier("5", "10"), tier("10", None, low_open=True)), minimum_units=3),
        sampled(1, tiers=(tier("5", "10", high_open=True), tier("10", None))),
        sampled(1, tiers=(tier("5", "5"),)),
        sampled(1, tiers=(tier("0", "5"), tier("7", "9"))),
        FeeTerms(SAMPLE, (("internal", Agreed(5, 5)),), tax_rate=Decimal(1), management_rate=Decimal(0), urgent_rate=Decimal(1)),
        FeeTerms(
            Unit("product", "样×点", factors=("样", "点")), (("internal", ShareOf("external", 0, 1)), ("external", Fixed(1)))
        ),
    ],
)
def test_sound_terms_have_no_faults(terms: FeeTerms) -> None:
    assert check_terms(terms) == ()


def test_tiers_of_different_classes_do_not_overlap() -> None:
    prices = (("internal", Fixed(1)), ("external", Fixed(2)))
    assert not check_terms(
        FeeTerms(SAMPLE, prices, tiers=(tier("5", None, "0.5", "internal"), tier("7", None, "0.5", "external")))
    )
    assert check_terms(FeeTerms(SAMPLE, prices, tiers=(tier("5", None, "0.5", "internal"), tier("7", None))))


def test_a_circle_of_shares_leads_nowhere() -> None:
    terms = priced_at(("internal", ShareOf("external", 1, 2)), ("external", ShareOf("internal", 2, 1)))
    assert chain(terms, "internal") is None
    assert chain(terms, "nobody") is None
