"""From income and costs to what each receiver gets, step by step (clause 10; formula 9). Knows nothing of people or lines.

Nothing is paid from nothing: when costs exceed income every share is 0 and the loss stays with the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from desktop.ledger.allocation import TECHNICIANS, Share
from desktop.rules.exact import rounded

Limit = Literal["", "cap", "law", "rest"]


@dataclass(frozen=True, slots=True)
class Step:
    """One share worked out. ``base_fen`` × rate, rounded half up, is ``asked_fen``; ``limited`` says what cut it to ``fen``:

    its own cap (``cap_fen``), the legal cap of technicians (``law_fen``) or what was left (``before_fen``).
    """

    share: Share
    base_fen: int
    before_fen: int
    asked_fen: int
    cap_fen: int | None
    law_fen: int | None
    fen: int
    limited: Limit


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Σ of the steps + ``kept_fen`` = ``net_fen`` exactly; ``kept_fen`` is the loss when it is negative."""

    gross_fen: int
    cost_fen: int
    net_fen: int
    steps: tuple[Step, ...]
    kept_fen: int

    @property
    def pool_fen(self) -> int:
        """What the technicians divide."""
        return sum(step.fen for step in self.steps if step.share.receiver == TECHNICIANS)


def at_most(rate: Decimal, base_fen: int) -> int:
    """The largest whole fen that does not exceed ``rate`` × max(0, base): a cap is never rounded up."""
    exact = Fraction(rate) * max(0, base_fen)
    return exact.numerator // exact.denominator


def flow(gross_fen: int, cost_fen: int, shares: Sequence[Share], law_fen: int | None = None) -> Waterfall:
    """Let the income run through the shares in their order; ``law_fen`` bounds the technicians' share (None: no legal cap)."""
    net_fen = gross_fen - cost_fen
    rest = max(0, net_fen)
    steps = []
    for share in shares:
        step = _step(share, gross_fen, net_fen, rest, law_fen if share.receiver == TECHNICIANS else None)
        rest -= step.fen
        steps.append(step)
    return Waterfall(gross_fen, cost_fen, net_fen, tuple(steps), rest if net_fen > 0 else net_fen)


def _step(share: Share, gross_fen: int, net_fen: int, rest: int, law_fen: int | None) -> Step:
    base = gross_fen if share.of == "gross" else rest
    asked = rounded(Fraction(share.rate) * base)
    caps = [] if share.cap_fen is None else [share.cap_fen]
    if share.cap_rate is not None:
        caps.append(at_most(share.cap_rate, gross_fen if share.cap_of == "gross" else net_fen))
    cap = min(caps) if caps else None
    fen = asked
    limited: Limit = ""
    bounds: tuple[tuple[Limit, int | None], ...] = (("cap", cap), ("law", law_fen), ("rest", rest))
    for name, bound in bounds:
        if bound is not None and bound < fen:
            fen, limited = bound, name
    return Step(share, base, rest, asked, cap, law_fen, fen, limited)
