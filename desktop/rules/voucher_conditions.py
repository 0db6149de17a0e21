"""Whether a use may have a voucher (clauses 11 and 12): one condition after another, each true, false or open, with what is missing.

One false condition settles it; otherwise one open condition leaves it open. Nothing open is taken for met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.ledger.finding import Finding, Severity
from desktop.ledger.voucher import VoucherUse
from desktop.rules import company_size, regions, uscc
from desktop.rules.figure import Figure
from desktop.rules.out_of_province import searched
from desktop.rules.parameters import Parameters, missing

NETWORK = "voucher.through_network"
SIZES = "voucher.sizes"
IN_PROVINCE = "voucher.in_province"
OUTSIDE_COUNTS = "voucher.outside_counts"
# 登记管理部门 of the credit code (GB 32100-2015): 9 is the market regulator, which registers enterprises.
MARKET = "9"


@dataclass(frozen=True, slots=True)
class Judged:
    """``eligible`` None: open. The figure has one input for each condition."""

    eligible: bool | None
    figure: Figure
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    met: bool | None
    figure: Figure
    findings: tuple[Finding, ...] = ()


def judge(use: VoucherUse, known: Parameters, provider_uscc: str = "") -> Judged:
    """Every condition of one use by the rules of the day it ended. ``provider_uscc`` is the institution's own credit code."""
    conditions = [
        _ordinary(use),
        _another(use, provider_uscc),
        _enterprise(use),
        _province(use, known),
        _size(use, known),
        _network(use, known),
    ]
    if use.outside:
        conditions.append(_outside(use, known))
    met = [one.met for one in conditions]
    eligible = False if False in met else None if None in met else True
    # What is open is asked only while the answer could change something.
    told = [told for one in conditions if one.met is False or eligible is not False for told in one.findings]
    figure = Figure("voucher.figure.eligible", eligible, "flag", "choice", inputs=tuple(one.figure for one in conditions))
    return Judged(eligible, figure, tuple(told))


def _ordinary(use: VoucherUse) -> _Condition:
    """A claim is sent: what is confidential never is."""
    figure = Figure("voucher.condition.ordinary", not use.confidential, "flag")
    return _Condition(not use.confidential, figure, _told(use, "voucher.confidential", "note") if use.confidential else ())


def _another(use: VoucherUse, provider_uscc: str) -> _Condition:
    """The fee was paid by another: not inside the institution, nor by the institution itself under its own credit code."""
    one = use.enterprise
    other = not one.internal and not (bool(one.uscc) and one.uscc == provider_uscc)
    inputs = (Figure("voucher.figure.internal", one.internal, "flag"), Figure("voucher.figure.uscc", one.uscc or None, "text"))
    figure = Figure("voucher.condition.another", other, "flag", "comparison", inputs=inputs)
    return _Condition(other, figure, () if other else _told(use, "voucher.own_unit", "note"))


def _enterprise(use: VoucherUse) -> _Condition:
    code = use.enterprise.uscc
    told: tuple[Finding, ...] = ()
    met: bool | None
    if not code:
        met, told = None, _told(use, "voucher.no_uscc")
    elif not uscc.is_valid(code):
        met, told = None, _told(use, "voucher.uscc_wrong", "error", uscc=code)
    else:
        met = code.startswith(MARKET)
        told = () if met else _told(use, "voucher.no_enterprise", "note", uscc=code)
    inputs = (Figure("voucher.figure.uscc", code or None, "text"),)
    return _Condition(met, Figure("voucher.condition.enterprise", met, "flag", "comparison", "GB 32100-2015", "A", inputs=inputs), told)


def _province(use: VoucherUse, known: Parameters) -> _Condition:
    rule = known.figure(IN_PROVINCE, use.ended_on)
    province, region = regions.in_text(use.enterprise.place)
    where = Figure("voucher.figure.place", use.enterprise.place or None, "text")
    told: tuple[Finding, ...] = ()
    met: bool | None
    if rule.value is None:
        met, told = None, (missing(IN_PROVINCE, use.ended_on),)
    elif rule.value is False:
        met = True
    elif province and province != regions.PROVINCE:
        met, told = False, _told(use, "voucher.other_province", "note", place=use.enterprise.place)
    elif region is None:
        met, told = None, _told(use, "voucher.place_unknown", place=use.enterprise.place or "—")
    else:
        met = True
    return _Condition(met, Figure("voucher.condition.province", met, "flag", "comparison", inputs=(where, rule)), told)


def _size(use: VoucherUse, known: Parameters) -> _Condition:
    size = company_size.size_on(use.enterprise, use.ended_on, known)
    rule, sizes = known.figure(SIZES, use.ended_on), known.in_force(SIZES, use.ended_on)
    told = size.findings
    met: bool | None = None
    if sizes is None:
        told = (*told, missing(SIZES, use.ended_on))
    elif size.value is not None:
        met = size.value in sizes.codes
        told = told if met else (*told, *_told(use, "voucher.too_large", "note"))
    return _Condition(met, Figure("voucher.condition.size", met, "flag", "comparison", inputs=(size.figure, rule)), told)


def _network(use: VoucherUse, known: Parameters) -> _Condition:
    rule = known.figure(NETWORK, use.ended_on)
    fact = Figure("voucher.figure.through_network", use.through_network, "flag")
    told: tuple[Finding, ...] = ()
    met: bool | None = use.through_network
    if rule.value is None:
        met, told = None, (missing(NETWORK, use.ended_on),)
    elif rule.value is False:
        met = True
    elif met is None:
        told = _told(use, "voucher.network_unsaid")
    elif not met:
        told = _told(use, "voucher.not_through_network", "note")
    return _Condition(met, Figure("voucher.condition.network", met, "flag", "comparison", inputs=(fact, rule)), told)


def _outside(use: VoucherUse, known: Parameters) -> _Condition:
    rule = known.figure(OUTSIDE_COUNTS, use.ended_on)
    found, told = searched(use)
    met = found.value if isinstance(found.value, bool) else None
    if rule.value is None:
        met, told = None, (missing(OUTSIDE_COUNTS, use.ended_on),)
    elif rule.value is False:
        met, told = False, _told(use, "voucher.outside_not_counted", "note")
    return _Condition(met, Figure("voucher.condition.outside", met, "flag", "comparison", inputs=(found, rule)), told)


def _told(use: VoucherUse, code: str, severity: Severity = "warning", **params: str) -> tuple[Finding, ...]:
    return (about(use, code, severity, params.items()),)


def about(use: VoucherUse, code: str, severity: Severity = "warning", params: Iterable[tuple[str, str]] = ()) -> Finding:
    """A finding about one use, named by its number and its enterprise."""
    named = (("number", use.number), ("name", use.enterprise.name), *params)
    return Finding(code, severity, named, kind="service_record", key=use.key)
