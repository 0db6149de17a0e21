"""Reading back the tree a run was fixed with (``settlement_figure``): bases, factors and parts, for sheets that are checked by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from desktop.rules.figure import Figure


@dataclass(frozen=True, slots=True)
class Weighing:
    """How one technician's part was worked out: ``base`` (fen, minutes or 1) × the factors; None: the scheme does not use it.

    ``quotient_fen`` by weight, ``remainder_fen`` left over by rounding, ``back_fen`` taken back (≤ 0): together the share.
    """

    base: int
    coefficient: Decimal | None
    evaluation: Decimal | None
    quotient_fen: int
    remainder_fen: int
    back_fen: int

    def turned(self) -> Weighing:
        """The same with every amount of money taken back, as in a reversing run; the weight stays."""
        return replace(self, quotient_fen=-self.quotient_fen, remainder_fen=-self.remainder_fen, back_fen=-self.back_fen)


def weighings(tree: Figure) -> dict[str, Weighing]:
    """Staff number -> how the part was worked out, from the tree a run was fixed with."""
    pool = find(tree, "payout.pool")
    found: dict[str, Weighing] = {}
    for one in pool.inputs if pool else ():
        quotient = find(one, "payout.quotient")
        weight = find(quotient, "payout.weight") if quotient else None
        if quotient is None or weight is None:
            continue
        base = next((part for part in weight.inputs if part.code.startswith("payout.weight_")), None)
        back = sum(fen_of(part) for part in one.inputs if part.code == "payout.taken_back")
        found[dict(one.params).get("staff_number", "")] = Weighing(
            fen_of(base), _factor(weight, "payout.coefficient"), _factor(weight, "payout.evaluation"),
            fen_of(quotient), fen_of(find(one, "payout.remainder")), back,
        )  # fmt: skip
    return found


def divided_fen(tree: Figure) -> int | None:
    """What was divided by weights; None when nobody has one."""
    return next((fen_of(one) for one in tree.walk() if one.code == "payout.divided"), None)


def back_fen(tree: Figure) -> int:
    """The income of earlier runs that a run takes back (≤ 0)."""
    return sum(fen_of(one) for one in tree.walk() if one.code == "payout.income_back")


def find(figure: Figure, code: str) -> Figure | None:
    """A part of a figure by its code."""
    return next((one for one in figure.inputs if one.code == code), None)


def fen_of(figure: Figure | None) -> int:
    """The amount a figure stands for; 0 for one that is not there."""
    return int(str(figure.value)) if figure is not None else 0


def _factor(weight: Figure, code: str) -> Decimal | None:
    found = find(weight, code)
    return None if found is None else Decimal(str(found.value))
