"""The yearly effect a unit reports to the national platform (N7): vouchers and money of services, and sets of at least 500 000 yuan.

Source: national.threshold_fen. What may be confidential, because nobody said that it is not, is left out and counted by itself.
What is summed is fen; 万元 with two decimals is made once of each sum, where it is written.
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
    """Money received for services under one voucher (``number`` "" where none was entered); fen, refunds taken off.

    ``stated``: somebody said whether its set is confidential.
    """

    number: str
    fen: int
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Owned:
    """A set the unit has at the end of the year; ``value_fen`` None: unknown. ``stated``: somebody said whether it is confidential."""

    id: str
    value_fen: int | None
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Effect:
    """``vouchers_fen`` is of the vouchers alone, ``income_fen`` of all service money. None is unknown: no threshold is in force.

    ``n_unstated_vouchers`` rows of money and ``n_unstated_sets`` sets that would count are in none of them: nobody said they are not confidential.
    """

    n_vouchers: int
    vouchers_fen: int
    income_fen: int
    n_sets: int | None
    sets_fen: int | None
    large: tuple[str, ...]
    findings: tuple[Finding, ...]
    figure: Figure
    n_unstated_vouchers: int = 0
    n_unstated_sets: int = 0


def effect(received: Iterable[Received], owned: Iterable[Owned], known: Parameters, day: date) -> Effect:
    """The figures of a year whose last day is ``day``. A voucher that stands in several rows is one; the threshold itself is included."""
    every, there = tuple(received), tuple(owned)
    rows, sets = tuple(one for one in every if one.stated), tuple(one for one in there if one.stated)
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
    # A set known to be below the threshold is not in the figures, whatever is said of it.
    unstated = [one for one in there if not one.stated and (one.value_fen is None or threshold is None or one.value_fen >= threshold.integer)]
    if unstated:
        findings.append(finding("national_effect.sets_unstated", "warning", n=len(unstated)))
    if len(rows) < len(every):
        findings.append(finding("national_effect.vouchers_unstated", "warning", n=len(every) - len(rows)))
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
    return Effect(n_vouchers, vouchers_fen, income_fen, n_sets, sets_fen, large, tuple(findings), figure, len(every) - len(rows), len(unstated))
