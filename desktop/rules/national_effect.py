"""The yearly effect a unit reports to the national platform (N7): vouchers and money of services, and sets of at least 500 000 yuan.

Source: national.threshold_fen. What is summed is fen; 万元 with two decimals is made once of each sum, where it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.ledger.document_number import compared
from desktop.ledger.finding import Finding, finding
from desktop.rules import parameters
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters

THRESHOLD = "national.threshold_fen"


@dataclass(frozen=True, slots=True)
class Received:
    """Money received for services under one voucher (``number`` "" where none was entered); fen, refunds taken off."""

    number: str
    fen: int


@dataclass(frozen=True, slots=True)
class Owned:
    """A set the unit has at the end of the year; ``value_fen`` None: unknown."""

    id: str
    value_fen: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """``vouchers_fen`` is of the vouchers alone, ``income_fen`` of all service money. None is unknown: no threshold is in force."""

    n_vouchers: int
    vouchers_fen: int
    income_fen: int
    n_sets: int | None
    sets_fen: int | None
    large: tuple[str, ...]
    findings: tuple[Finding, ...]
    figure: Figure


def effect(received: Iterable[Received], owned: Iterable[Owned], known: Parameters, day: date) -> Effect:
    """The figures of a year whose last day is ``day``. A voucher that stands in several rows is one; the threshold itself is included."""
    rows, sets = tuple(received), tuple(owned)
    told = [one for one in rows if one.number]
    n_vouchers = len({compared(one.number) for one in told})
    vouchers_fen, income_fen = sum(one.fen for one in told), sum(one.fen for one in rows)
    findings = []
    if len(told) < len(rows):
        findings.append(finding("national_effect.unnumbered", "warning", n=len(rows) - len(told)))
    threshold = known.in_force(THRESHOLD, day)
    valued = [(one.id, one.value_fen) for one in sets if one.value_fen is not None]
    if len(valued) < len(sets):
        findings.append(finding("national_effect.value_unknown", "warning", n=len(sets) - len(valued)))
    large: tuple[str, ...] = ()
    n_sets = sets_fen = None
    if threshold is None:
        findings.append(parameters.missing(THRESHOLD, day))
    else:
        large = tuple(key for key, fen in valued if fen >= threshold.integer)
        n_sets, sets_fen = len(large), sum(fen for _, fen in valued if fen >= threshold.integer)
    limit = known.figure(THRESHOLD, day)
    behind = Rows("instrument", large)
    figure = Figure(
        "national_effect.all", str(day.year), "text", "collected",
        inputs=(
            Figure("national_effect.n_vouchers", n_vouchers, "count", "count"),
            Figure("national_effect.vouchers", vouchers_fen, "fen", "sum"),
            Figure("national_effect.income", income_fen, "fen", "sum"),
            Figure("national_effect.n_sets", n_sets, "count", "count", inputs=(limit,), rows=behind),
            Figure("national_effect.sets", sets_fen, "fen", "sum", inputs=(limit,), rows=behind),
        ),
    )  # fmt: skip
    return Effect(n_vouchers, vouchers_fen, income_fen, n_sets, sets_fen, large, tuple(findings), figure)
