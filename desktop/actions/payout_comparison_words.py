"""A comparison of payouts in words: window and command say the same."""

from __future__ import annotations

from decimal import Decimal

from desktop.actions import payout_words
from desktop.ledger import money
from desktop.ledger.allocation import KEPT, TECHNICIANS
from desktop.rules.exact import shown
from desktop.rules.payout_comparison import Compared, Side, SourceCompared
from desktop.words import say


def signed(fen: int) -> str:
    """``+12.00``, ``-3.00``."""
    return f"+{money.text(fen)}" if fen > 0 else money.text(fen)


def reasons(one: Compared) -> str:
    """分配池 +12.00、他人权重 -3.00: what the difference is made of."""
    told = (f"{say(f'payout_comparison.reason.{each.code}')} {signed(each.fen)}" for each in one.reasons)
    return say("report.list").join(told) or "—"


def source(one: SourceCompared) -> str:
    """A row of a scheme: income, costs, or who receives it."""
    if one.receiver in ("income", "cost"):
        return say(f"payout_comparison.source.{one.receiver}")
    if one.receiver == TECHNICIANS:
        return one.name or say("payout.receiver.technicians")
    return payout_words.unit((one.after_fen or 0) + (one.before_fen or 0)) if one.receiver == KEPT else one.name


def share(side: Side | None) -> Decimal | None:
    """The part of what was divided by weight, to six places at most; None where there is none."""
    return None if side is None or side.weight_share is None else Decimal(shown(side.weight_share))
