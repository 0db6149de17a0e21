"""The hourly cost price from its components, and the non-profit checks against it.

Source: cost compensation, non-profit (成本补偿、非盈利): measure clause 9. The hourly formula is working practice (certainty B):
V ÷ (N·H) + 6 % · V ÷ H + consumables + management. Each component is rounded to the fen before it is added, so that the
printed parts add up to the printed sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from desktop.ledger.fee_terms import Agreed, FeeTerms, FirstFurther, Fixed, Price
from desktop.ledger.fees import COMPONENT_KINDS, CostComponent, FeeLine
from desktop.ledger.finding import Finding, Severity, finding
from desktop.ledger.parameter import Parameter
from desktop.rules.exact import rounded, shown
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.parameters import figure as parameter_figure
from desktop.rules.phrase import class_name
from desktop.rules.terms_checks import check_terms, tiers_for

MANAGEMENT_LOW, MANAGEMENT_HIGH = "cost.management_low", "cost.management_high"

Comparison = Literal["within", "above", "not_comparable", "unknown"]


@dataclass(frozen=True, slots=True)
class CostPrice:
    """``fen`` per hour, None while unknown; ``figure`` is its tree; ``findings`` say why it is unknown or doubtful."""

    fen: int | None
    figure: Figure
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceCheck:
    """One class's price of one line against the cost price; ``hourly_fen`` is exact (int or Decimal), None when not per hour."""

    line_id: str
    item: str
    customer_class: str
    state: Comparison
    hourly_fen: int | Decimal | None
    figure: Figure
    findings: tuple[Finding, ...] = ()


def depreciation(value_fen: int, years: Parameter, rated_hours: Parameter) -> Figure:
    """Original value ÷ (years × rated hours), rounded to fen per hour. Raises ValueError when years or hours are not positive."""
    exact = Fraction(value_fen) / (_positive(years) * _positive(rated_hours))
    return _per_hour("fee.depreciation", exact, value_fen, years, rated_hours)


def maintenance(value_fen: int, rate: Parameter, rated_hours: Parameter) -> Figure:
    """Original value × yearly rate ÷ rated hours, rounded to fen per hour. Raises ValueError when hours are not positive."""
    exact = Fraction(value_fen) * Fraction(rate.decimal) / _positive(rated_hours)
    return _per_hour("fee.maintenance", exact, value_fen, rate, rated_hours)


def _per_hour(code: str, exact: Fraction, value_fen: int, *parameters: Parameter) -> Figure:
    inputs = (Figure("fee.original_value", value_fen, "fen"), *(parameter_figure(each) for each in parameters))
    return Figure(code, rounded(exact), "fen", "quotient", inputs=inputs)


def _positive(parameter: Parameter) -> Fraction:
    value = Fraction(parameter.decimal)
    if value <= 0:
        raise ValueError(f"{parameter.key} is not positive: {value}")
    return value


def cost_price(components: Iterable[CostComponent]) -> CostPrice:
    """The sum of the components in fen per hour; unknown (None) when there are none or one of them is wrong.

    Management may be an amount or a rate on the sum of the others; every other kind is an amount.
    """
    ordered = sorted(components, key=lambda c: COMPONENT_KINDS.index(c.kind))
    findings = [fault for component in ordered for fault in _component_faults(component)]
    findings += [_about(later, "fee.cost_kind_twice") for before, later in pairwise(ordered) if before.kind == later.kind]
    if not ordered:
        findings.append(finding("fee.cost_unknown", "warning"))
    if not ordered or any(fault.severity == "error" for fault in findings):
        return CostPrice(None, Figure("fee.cost_price", None, "fen", "sum"), tuple(findings))
    amounts = [Figure(f"fee.{c.kind}", c.amount_fen, "fen", note=c.evidence) for c in ordered if c.amount_fen is not None]
    others_fen = sum(c.amount_fen for c in ordered if c.amount_fen is not None)
    base = Figure("fee.cost_others", others_fen, "fen", "sum", inputs=tuple(amounts))
    parts = list(amounts)
    total = others_fen
    for component in ordered:
        if component.rate is not None:
            fen = rounded(others_fen * Fraction(component.rate))
            rate = Figure("fee.management_rate", component.rate, "ratio", note=component.evidence)
            parts.append(Figure("fee.management", fen, "fen", "product", inputs=(base, rate)))
            total += fen
    return CostPrice(total, Figure("fee.cost_price", total, "fen", "sum", inputs=tuple(parts)), tuple(findings))


def unusual_management(components: Iterable[CostComponent], known: Parameters, day: date) -> tuple[Finding, ...]:
    """A management component that lies beside the usual share of the sum of the others, both ends of which are usual; practice, not a limit.

    Nothing is said without a value in force for an end, of components that are wrong, or where there is nothing to be a share of.
    """
    every = list(components)
    others = sum(one.amount_fen or 0 for one in every if one.kind != "management")
    low, high = known.in_force(MANAGEMENT_LOW, day), known.in_force(MANAGEMENT_HIGH, day)
    told = []
    for one in every:
        if one.kind != "management" or low is None or high is None or any(fault.severity == "error" for fault in _component_faults(one)):
            continue
        if one.rate is None and others <= 0:
            continue
        share = Fraction(one.rate) if one.rate is not None else Fraction(one.amount_fen or 0, others)
        if not Fraction(low.decimal) <= share <= Fraction(high.decimal):
            told.append(
                finding(
                    "fee.management_unusual", "note", kind="cost_component", key=one.id, share=_percent(share), low=_percent(Fraction(low.decimal)),
                    high=_percent(Fraction(high.decimal)),
                )
            )
    return tuple(told)


def _percent(share: Fraction) -> str:
    """For words: per cent with four decimals at most, so that a fen beside an end is seen."""
    return f"{Decimal(rounded(share * 10**6)).scaleb(-4).normalize():f}%"


def _component_faults(component: CostComponent) -> Iterator[Finding]:
    rate, amount_fen = component.rate, component.amount_fen
    if (amount_fen is None) == (rate is None):
        yield _about(component, "fee.cost_amount_or_rate")
    if rate is not None and component.kind != "management":
        yield _about(component, "fee.cost_rate_kind")
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 1):
        yield _about(component, "fee.cost_rate_wrong")
    if amount_fen is not None and amount_fen < 0:
        yield _about(component, "fee.cost_negative")
    if not component.evidence.strip():
        yield _about(component, "fee.cost_evidence", "warning")


def _about(component: CostComponent, code: str, severity: Severity = "error") -> Finding:
    return finding(code, severity, kind="cost_component", key=component.id, component=f"fee.{component.kind}")


def check_prices(lines: Iterable[FeeLine], cost: CostPrice, *cited: Figure) -> tuple[PriceCheck, ...]:
    """Each line and class against the hourly cost price: the highest hourly price the line can give before urgent and tax.

    Start-up fees are per record and left out; a management rate is part of what is earned and counted in.
    Days, counted things and products have no hour to compare with (``not_comparable``). ``cited``: the rule, for the explanation.
    """
    checks: list[PriceCheck] = []
    for line in lines:
        if line.terms is None or check_terms(line.terms):
            checks.append(_check(line, "", None, cost, cited))
            continue
        for customer_class in line.terms.classes:
            checks.append(_check(line, customer_class, hourly_fen(line.terms, customer_class), cost, cited))
    return tuple(checks)


def hourly_fen(terms: FeeTerms, customer_class: str) -> Fraction | None:
    """The highest price of an hour for a class, exact, in fen; None when the line has no hourly price. ``terms`` are sound."""
    price = terms.price_of(customer_class)
    if terms.unit.kind not in ("hour", "block") or price is None:
        return None
    highest = max([Decimal(1), *(tier.rate for tier in tiers_for(terms, customer_class))])
    surcharge = 1 + Fraction(terms.management_rate or 0)
    return _unit_fen(terms, price) * 60 / terms.unit.minutes * Fraction(highest) * surcharge


def _unit_fen(terms: FeeTerms, price: Price) -> Fraction:
    match price:
        case Fixed(fen):
            return Fraction(fen)
        case FirstFurther(first, further, n_first):
            return max(Fraction(first, n_first), Fraction(further))
        case Agreed(_, high):
            return Fraction(high)
        case _:
            return _unit_fen(terms, dict(terms.prices)[price.of_class]) * Fraction(price.numerator, price.denominator)


def _check(line: FeeLine, customer_class: str, hourly: Fraction | None, cost: CostPrice, cited: tuple[Figure, ...]) -> PriceCheck:
    findings: tuple[Finding, ...] = ()
    state: Comparison
    if not customer_class:
        state = "unknown"
    elif hourly is None:
        state = "not_comparable"
    elif cost.fen is None:
        state = "unknown"
    elif hourly <= cost.fen:
        state = "within"
    else:
        state = "above"
        who = class_name(customer_class)
        told = finding("fee.above_cost", "warning", kind="fee_line", key=line.id, item=line.item, customer_class=who)
        findings = (told,)
    price = None if hourly is None else shown(hourly)
    inputs = (Figure("fee.hourly_price", price, "fen", note=line.source_text), cost.figure, *cited)
    figure = Figure("fee.non_profit", state, "state", "comparison", inputs=inputs)
    return PriceCheck(line.id, line.item, customer_class, state, price, figure, findings)


@dataclass(frozen=True, slots=True)
class YearBalance:
    """A year's service revenue against its declared cost; either is None while unknown."""

    year: str
    revenue_fen: int | None
    cost_fen: int | None
    state: Comparison
    figure: Figure
    findings: tuple[Finding, ...] = ()


def year_balance(year: str, revenue: Figure, cost: Figure, *cited: Figure) -> YearBalance:
    """Revenue and declared cost of one year, both figures in integer fen with their rows; None is unknown, never zero.

    Raises ValueError for a figure that is no amount in fen.
    """
    revenue_fen, cost_fen = _fen_of(revenue), _fen_of(cost)
    findings: tuple[Finding, ...] = ()
    state: Comparison
    if revenue_fen is None or cost_fen is None:
        state = "unknown"
        findings = (finding("fee.year_unknown", "warning", year=year),)
    elif revenue_fen <= cost_fen:
        state = "within"
    else:
        state = "above"
        findings = (finding("fee.year_above", "warning", year=year),)
    figure = Figure("fee.year_balance", state, "state", "comparison", inputs=(revenue, cost, *cited))
    return YearBalance(year, revenue_fen, cost_fen, state, figure, findings)


def _fen_of(figure: Figure) -> int | None:
    value = figure.value
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError(f"{figure.code}: not an amount in fen: {value!r}")
