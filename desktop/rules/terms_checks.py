"""Whether fee terms make sense by themselves: a line whose terms do not cannot price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from desktop.ledger.fee_terms import DAY_MINUTES, EVERY_CLASS, Agreed, FeeTerms, FirstFurther, Fixed, Price, ShareOf, Tier
from desktop.ledger.finding import Finding
from desktop.rules.phrase import class_name


@lru_cache(maxsize=2048)
def check_terms(terms: FeeTerms) -> tuple[Finding, ...]:
    """Everything wrong with the terms; each finding's ``field`` is the part of the terms it speaks of."""
    return (
        *_unit(terms),
        *_prices(terms),
        *_minimum(terms),
        *_amounts(terms, "startup", terms.startup),
        *_amounts(terms, "day_caps", terms.day_caps),
        *_day_caps(terms),
        *_tiers(terms),
        *_rates(terms),
    )


def _fault(field: str, code: str, **params: object) -> Finding:
    return Finding(f"fee.terms.{code}", "error", tuple((name, str(value)) for name, value in params.items()), field=field)


def _unit(terms: FeeTerms) -> Iterator[Finding]:
    unit = terms.unit
    if not unit.name.strip():
        yield _fault("unit", "unit_name")
    if (unit.timed and unit.minutes <= 0) or (unit.kind == "hour" and unit.minutes != 60):
        yield _fault("unit", "unit_minutes", unit=unit.name, minutes=unit.minutes)
    if not unit.timed and unit.minutes:
        yield _fault("unit", "count_minutes", unit=unit.name)
    if (unit.kind == "product") != (len(unit.factors) == 2) or (unit.kind != "product" and unit.factors):
        yield _fault("unit", "factors", unit=unit.name)


def _prices(terms: FeeTerms) -> Iterator[Finding]:
    if not terms.prices:
        yield _fault("prices", "no_price")
    for customer_class in _twice(terms.classes):
        yield _fault("prices", "class_twice", customer_class=class_name(customer_class))
    for customer_class, price in terms.prices:
        yield from _price(terms, customer_class, price)


def _price(terms: FeeTerms, customer_class: str, price: Price) -> Iterator[Finding]:
    match price:
        case Fixed(fen):
            wrong = fen < 0
        case FirstFurther(first, further, n_first):
            wrong = first < 0 or further < 0 or n_first < 1
        case Agreed(low, high):
            wrong = not 0 <= low <= high
        case _:
            wrong = price.numerator < 0 or price.denominator < 1
            if chain(terms, customer_class) is None:
                who, whose = class_name(customer_class), class_name(price.of_class)
                yield _fault("prices", "share_of_nothing", customer_class=who, of_class=whose)
    if wrong:
        yield _fault("prices", "price_wrong", customer_class=class_name(customer_class))


@dataclass(frozen=True, slots=True)
class Chain:
    """From a class through shares of other classes to a published price; ``names`` are all classes on the way."""

    names: tuple[str, ...]
    shares: tuple[ShareOf, ...]
    form: Fixed | FirstFurther


def chain(terms: FeeTerms, customer_class: str) -> Chain | None:
    """Where a class's price comes from. None when it does not end at a price: missing class, agreed price, or a circle."""
    names: list[str] = []
    shares: list[ShareOf] = []
    name = customer_class
    while name not in names:
        names.append(name)
        form = terms.price_of(name)
        if isinstance(form, Fixed | FirstFurther):
            return Chain(tuple(names), tuple(shares), form)
        if not isinstance(form, ShareOf):
            return None
        shares.append(form)
        name = form.of_class
    return None


def _minimum(terms: FeeTerms) -> Iterator[Finding]:
    if terms.minimum_minutes < 0 or terms.minimum_units < 0:
        yield _fault("minimum", "minimum_negative")
    if terms.minimum_minutes and not terms.unit.timed:
        yield _fault("minimum", "minimum_time_on_count", unit=terms.unit.name)
    if terms.minimum_units and terms.unit.timed:
        yield _fault("minimum", "minimum_count_on_time", unit=terms.unit.name)


def _amounts(terms: FeeTerms, field: str, amounts: tuple[tuple[str, int], ...]) -> Iterator[Finding]:
    names = [name for name, _ in amounts]
    for name in _twice(names):
        yield _fault(field, "class_twice", customer_class=class_name(name))
    for name, fen in amounts:
        if name not in (*terms.classes, EVERY_CLASS):
            yield _fault(field, "class_without_price", customer_class=class_name(name))
        if fen < 0:
            yield _fault(field, "price_wrong", customer_class=class_name(name))


def _day_caps(terms: FeeTerms) -> Iterator[Finding]:
    unit = terms.unit
    if terms.day_caps and (unit.kind not in ("hour", "block") or unit.minutes <= 0 or DAY_MINUTES % unit.minutes):
        yield _fault("day_caps", "day_cap_unit", unit=unit.name)


def _tiers(terms: FeeTerms) -> Iterator[Finding]:
    numbers = [n for tier in terms.tiers for n in (tier.low, tier.rate, *(() if tier.high is None else (tier.high,)))]
    if not all(n.is_finite() for n in numbers):
        yield _fault("tiers", "tier_wrong")
        return
    for tier in terms.tiers:
        open_end = tier.low_open or tier.high_open
        empty = tier.high is not None and (tier.high < tier.low or (tier.high == tier.low and open_end))
        if tier.low < 0 or tier.rate <= 0 or empty:
            yield _fault("tiers", "tier_wrong")
        for name in tier.classes:
            if name not in terms.classes:
                yield _fault("tiers", "class_without_price", customer_class=class_name(name))
    for customer_class in terms.classes:
        if any(_overlap(*pair) for pair in pairwise(tiers_for(terms, customer_class))):
            yield _fault("tiers", "tiers_overlap", customer_class=class_name(customer_class))


def tiers_for(terms: FeeTerms, customer_class: str) -> tuple[Tier, ...]:
    """The tiers that hold for a class, by their lower bound."""
    return tuple(sorted((tier for tier in terms.tiers if tier.holds(customer_class)), key=lambda tier: (tier.low, tier.low_open)))


def _overlap(lower: Tier, upper: Tier) -> bool:
    if lower.high is None or upper.low < lower.high:
        return True
    return upper.low == lower.high and not (upper.low_open or lower.high_open)


def _rates(terms: FeeTerms) -> Iterator[Finding]:
    bounds: tuple[tuple[str, Decimal | None, int, int], ...] = (
        ("urgent_rate", terms.urgent_rate, 1, 100),
        ("management_rate", terms.management_rate, 0, 1),
        ("tax_rate", terms.tax_rate, 0, 1),
    )
    for field, rate, low, high in bounds:
        if rate is not None and (not rate.is_finite() or not low <= rate <= high):
            yield _fault(field, "rate_wrong", rate=rate)


def _twice(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
