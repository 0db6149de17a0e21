"""What an award on a year's service transaction amount (服务交易额) may come to.

Source: measure clause 3: a provider is rewarded on last year's amount, at most a cap; how it is counted is not published. Without a rate given
by document number the estimate is unknown, never zero and never the cap. Rules are those of the day of applying, not of the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from desktop.rules.exact import rounded
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters

AMOUNT = "definition.transaction_amount"
RATE = "award.provider_rate"
CAP = "award.provider_cap_fen"


@dataclass(frozen=True, slots=True)
class Evidenced:
    """A year's external services: fen of all, and of those with contract and invoice; ``n_wanting`` lack one or the other.

    Reversals (negative) count in ``reversed_fen`` and in the whole; they need no evidence of their own.
    """

    n: int
    fen: int
    evidenced_fen: int
    n_wanting: int
    wanting_fen: int
    reversed_fen: int
    rows: Rows | None = None


def amount(found: Evidenced, known: Parameters, day: date, definition: str = AMOUNT) -> Figure:
    """年度服务交易额 in fen with its parts: with evidence, without, reversals; ``definition`` is the parameter that says what counts."""
    parts = (
        Figure("award.evidenced", found.evidenced_fen, "fen", "sum"),
        Figure("award.wanting", found.wanting_fen, "fen", "sum"),
        Figure("award.reversed", found.reversed_fen, "fen", "sum"),
        known.figure(definition, day),
    )
    return Figure("award.amount", found.fen, "fen", "sum", inputs=parts, rows=found.rows)


def estimate(told: Figure, known: Parameters, day: date, rate_key: str = RATE, cap_key: str = CAP) -> Figure:
    """min(cap, rate × amount), rounded to the fen once; unknown without a rate or a cap in force. A negative amount earns nothing."""
    rate, cap = known.in_force(rate_key, day), known.in_force(cap_key, day)
    value = None
    if rate is not None and cap is not None and isinstance(told.value, int):
        value = min(cap.integer, rounded(Fraction(rate.decimal) * max(0, told.value)))
    return Figure("award.estimate", value, "fen", "minimum", inputs=(told, known.figure(rate_key, day), known.figure(cap_key, day)))
