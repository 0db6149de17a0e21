"""The yearly effect (N7) in the shape of the national exchange: money and values in 万元 with two decimals, counts whole."""

from __future__ import annotations

from desktop.formats import national
from desktop.formats.national import NOTHING
from desktop.rules.national_effect import Effect


def n7(effect: Effect) -> dict[str, str]:
    """The JSON object; each sum is rounded once. Raises ValueError when the sets are unknown: that is told before, and nothing is written."""
    if effect.n_sets is None or effect.sets_fen is None:
        raise ValueError("the threshold is not in force: the sets are unknown")
    return {
        "billNum": str(effect.n_vouchers),
        "billWorth": national.wan(effect.vouchers_fen),
        "billWorthInstr": national.wan(effect.income_fen),
        "instrNum": str(effect.n_sets),
        "instrWorth": national.wan(effect.sets_fen),
        "remark": NOTHING,
        "remarks": NOTHING,
        "remarkOne": NOTHING,
        "remarkTwo": NOTHING,
    }
