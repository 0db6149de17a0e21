"""The award of a pilot base on last year's service transaction amount. Source: measure clause 6, at most a cap; how it is counted is not published.

Rules are those of the day of applying, as of the provider award (``rules.award``).
"""

from __future__ import annotations

from datetime import date

from desktop.rules import award
from desktop.rules.award import Evidenced
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters

AMOUNT = "pilot.transaction_amount"
RATE = "award.pilot_base_rate"
CAP = "award.pilot_base_cap_fen"


def amount(found: Evidenced, known: Parameters, day: date) -> Figure:
    """A base's yearly amount in fen, with what has its evidence and what lacks some."""
    return award.amount(found, known, day, AMOUNT)


def estimate(found: Evidenced, known: Parameters, day: date) -> Figure:
    """min(cap, rate × amount) in fen; unknown without a rate or a cap in force, never zero and never the cap for it."""
    return award.estimate(amount(found, known, day), known, day, RATE, CAP)
