"""Tiers by quantity (阶梯价): one rate for the whole quantity, or each part at the rate of its tier.

The tier is chosen by the quantity really used; what a minimum booking adds is charged at the rate reached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from desktop.ledger.fee_terms import FeeTerms, Tier
from desktop.ledger.finding import Finding, finding
from desktop.rules.charged_quantity import Charged
from desktop.rules.exact import shown
from desktop.rules.figure import Figure
from desktop.rules.phrase import Phrase, percent, phrase, plain
from desktop.rules.terms_checks import tiers_for

_ONE = Decimal(1)


Untiered = Callable[[Fraction], Fraction]


@dataclass(frozen=True, slots=True)
class Rated:
    """Fen after tiers (exact); ``inputs`` and ``rule`` are empty when no tier touched the price."""

    value: Fraction
    inputs: tuple[Figure, ...] = ()
    rule: tuple[Phrase, ...] = ()
    findings: tuple[Finding, ...] = ()


def rated(untiered: Untiered, charged: Charged, terms: FeeTerms, customer_class: str) -> Rated:
    """The price of a charged quantity after the tiers of a class; ``untiered`` gives fen for so many units from the first."""
    tiers = tiers_for(terms, customer_class)
    if terms.tier_method == "marginal":
        return _marginal(untiered, charged, tiers, counts_whole=terms.unit.kind != "hour")
    full = untiered(charged.charged)
    tier = next((tier for tier in tiers if _inside(tier, charged.used)), None)
    if tier is None:
        return Rated(full, findings=_gap(tiers, charged.used))
    rate = Figure("fee.tier_rate", tier.rate, "ratio", inputs=_bounds(tier))
    told = phrase("fee.rule.tier", bounds=bounds_text(tier), rate=percent(tier.rate))
    return Rated(full * Fraction(tier.rate), (rate,), (told,))


def bounds_text(tier: Tier) -> Phrase:
    """The bounds of a tier in words: 500–800, over 800."""
    if tier.high is None:
        return phrase("fee.bounds.over" if tier.low_open else "fee.bounds.from", low=plain(tier.low))
    code = {
        (False, False): "fee.bounds.closed",
        (True, False): "fee.bounds.low_open",
        (False, True): "fee.bounds.high_open",
        (True, True): "fee.bounds.open",
    }[tier.low_open, tier.high_open]
    return phrase(code, low=plain(tier.low), high=plain(tier.high))


def _inside(tier: Tier, quantity: Fraction) -> bool:
    low, high = Fraction(tier.low), None if tier.high is None else Fraction(tier.high)
    if quantity < low or (tier.low_open and quantity == low):
        return False
    return high is None or quantity < high or (not tier.high_open and quantity == high)


def _bounds(tier: Tier) -> tuple[Figure, ...]:
    low = Figure("fee.tier_over" if tier.low_open else "fee.tier_from", tier.low, "count")
    if tier.high is None:
        return (low,)
    return (low, Figure("fee.tier_below" if tier.high_open else "fee.tier_to", tier.high, "count"))


def _gap(tiers: tuple[Tier, ...], quantity: Fraction) -> tuple[Finding, ...]:
    """Above the first tier but in none: the full price is charged as published, and that is doubtful."""
    if not tiers or quantity <= Fraction(tiers[0].low):
        return ()
    return (finding("fee.tier_gap", "warning", field="quantity", quantity=shown(quantity)),)


def _marginal(untiered: Untiered, charged: Charged, tiers: tuple[Tier, ...], *, counts_whole: bool) -> Rated:
    edge = Fraction(0)
    value = Fraction(0)
    parts: list[Figure] = []
    rule: list[Phrase] = []
    findings: tuple[Finding, ...] = ()

    def add(upto: Fraction, rate: Decimal) -> None:
        nonlocal edge, value
        if upto <= edge:
            return
        fen = (untiered(upto) - untiered(edge)) * Fraction(rate)
        inputs = (Figure("fee.part_units", shown(upto - edge), "count"), Figure("fee.tier_rate", rate, "ratio"))
        parts.append(Figure("fee.part", shown(fen), "fen", "tier", inputs=inputs))
        edge, value = upto, value + fen

    last = _ONE
    for tier in tiers:
        low, high = _edges(tier, charged.used, counts_whole)
        if low >= charged.used:
            break
        if low > edge and edge > 0:
            findings = (finding("fee.tier_gap", "warning", field="quantity", quantity=shown(charged.used)),)
        add(low, _ONE)
        add(min(high, charged.used), tier.rate)
        last = tier.rate if high >= charged.used else _ONE
        rule.append(phrase("fee.rule.tier_part", bounds=bounds_text(tier), rate=percent(tier.rate)))
    if rule and charged.used > edge:
        findings = (finding("fee.tier_gap", "warning", field="quantity", quantity=shown(charged.used)),)
    add(charged.used, _ONE)
    add(charged.charged, last)
    if not rule:
        return Rated(value)
    return Rated(value, tuple(parts), tuple(rule), findings)


def _edges(tier: Tier, used: Fraction, counts_whole: bool) -> tuple[Fraction, Fraction]:
    """The tier as a stretch of the quantity: counted things 11–20 are the stretch from 10 to 20."""
    low = _edge(Fraction(tier.low), below=not tier.low_open, counts_whole=counts_whole)
    if tier.high is None:
        return low, max(low, used)
    return low, _edge(Fraction(tier.high), below=tier.high_open, counts_whole=counts_whole)


def _edge(bound: Fraction, *, below: bool, counts_whole: bool) -> Fraction:
    """Where the last whole thing before the stretch lies; time has no last thing and is cut at the bound itself."""
    if not counts_whole:
        return bound
    return max(Fraction(0), Fraction(-(-bound // 1) - 1 if below else bound // 1))
