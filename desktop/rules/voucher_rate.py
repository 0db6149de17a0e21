"""Which share of the fee a voucher pays (clause 11): the range of the measure and, in it, the rate of the enterprise's place.

Without the list of counties under direct provincial fiscal management the lower rate holds as the least that is due, and a finding says
that it may be more. A rate outside the range in force on the day is no rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger.finding import Finding, finding
from desktop.ledger.region import Region
from desktop.rules import regions
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters, missing

LOW, HIGH = "voucher.rate_low", "voucher.rate_high"
SUPPORTED, ELSEWHERE = "voucher.rate_supported", "voucher.rate_elsewhere"
NO_PLACE = "voucher.rate_no_place"
CITIES, COUNTIES = "voucher.supported_cities", "voucher.supported_counties"


@dataclass(frozen=True, slots=True)
class Rate:
    """``value`` None: unknown. ``least``: it may be more, for nobody has said which counties have the higher rate."""

    value: Decimal | None
    least: bool
    figure: Figure
    findings: tuple[Finding, ...] = ()


def rate_on(place: str, day: date, known: Parameters) -> Rate:
    """The rate of an enterprise by its place, as written, on the day its service ended."""
    region = regions.in_text(place)[1]
    where = Figure("voucher.figure.place", region.name if region else None, "text", "lookup", note="" if region else place)
    if region is None:
        figure = Figure("voucher.figure.rate", None, "ratio", "lookup", inputs=(where,))
        return Rate(None, False, figure, (finding(NO_PLACE, "warning", place=place or "—"),))
    supported, least, told = _supported(region, day, known)
    key = SUPPORTED if supported else ELSEWHERE
    lists = (known.figure(CITIES, day), known.figure(COUNTIES, day))
    in_list = Figure("voucher.figure.supported", supported, "flag", "comparison", inputs=(where, *lists))
    rate, low, high = (known.figure(one, day) for one in (key, LOW, HIGH))
    value, outside = _within(rate.value, low.value, high.value)
    if rate.value is None:
        told = (*told, missing(key, day))
    elif outside:
        told = (*told, finding("voucher.rate_outside", "error", rate=rate.value, low=low.value, high=high.value))
    figure = Figure("voucher.figure.rate", value, "ratio", "choice", inputs=(in_list, rate, low, high))
    return Rate(value, least and value is not None, figure, told)


def _supported(region: Region, day: date, known: Parameters) -> tuple[bool | None, bool, tuple[Finding, ...]]:
    """Whether the place has the higher rate; whether that is open; what is told."""
    cities, counties = known.in_force(CITIES, day), known.in_force(COUNTIES, day)
    if cities is None:
        return None, True, (missing(CITIES, day),)
    if region.city_code in cities.codes:
        return True, False, ()
    if counties is None:
        return None, True, (finding("voucher.counties_unknown", "warning", place=region.name),)
    if region.code in counties.codes:
        return True, False, ()
    if not region.county and any(code.startswith(region.city_code) for code in counties.codes):
        return None, True, (finding("voucher.county_open", "warning", place=region.name),)
    return False, False, ()


def _within(rate: object, low: object, high: object) -> tuple[Decimal | None, bool]:
    """The rate, if it is one; whether it lies outside a range in force. A bound that is not in force binds nobody."""
    if not isinstance(rate, Decimal):
        return None, False
    outside = (isinstance(low, Decimal) and rate < low) or (isinstance(high, Decimal) and rate > high)
    return None if outside else rate, outside
