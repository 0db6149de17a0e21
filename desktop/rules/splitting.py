"""Splitting money so that the parts add up to the fen. Integers and fractions only; the order of the receivers never matters.

``split`` divides a pool between people: each gets the whole fen of their exact part, what is left over is named apart.
It is used instead of the largest remainder because it is monotonic: a larger pool or weight never lowers a part.
``spread`` attributes an amount to the lines behind it (largest remainder); there the order of magnitude is all that matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


@dataclass(frozen=True, slots=True)
class Split:
    """``parts`` (fen by key) plus ``remainder`` is the pool; the remainder is smaller than the number of parts, in fen."""

    parts: Mapping[str, int]
    remainder: int


def split(pool: int, weights: Mapping[str, int | Fraction]) -> Split:
    """Divide ``pool`` fen by weights, cutting towards zero. A negative pool gives the exact negatives of the positive one.

    Raises ValueError when a weight is negative, or when there is money and all weights are zero.
    """
    whole = _whole(weights)
    total = sum(whole.values())
    if not total:
        if pool:
            raise ValueError("there is money but nobody has a weight")
        return Split(dict.fromkeys(whole, 0), 0)
    sign = -1 if pool < 0 else 1
    parts = {key: sign * (abs(pool) * weight // total) for key, weight in whole.items()}
    return Split(parts, pool - sum(parts.values()))


def spread(amount: int, weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """Attribute ``amount`` fen by weights with the largest remainder; ties go to the smaller key; all weights zero: evenly.

    Raises ValueError when a weight is negative, or when there is money and nothing to attribute it to.
    """
    if not weights and amount:
        raise ValueError("there is money but no line to attribute it to")
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    whole = _whole(weights)
    total = sum(whole.values())
    cut = split(abs(amount), whole)
    parts = dict(cut.parts)
    if cut.remainder:
        by_loss = sorted(whole, key=lambda key: (-(abs(amount) * whole[key] % total), key))
        for key in by_loss[: cut.remainder]:
            parts[key] += 1
    return parts if amount >= 0 else {key: -part for key, part in parts.items()}


def _whole(weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """The same proportions in integers: exact, and a hundred times faster to divide than fractions."""
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is negative")
    scale = lcm(*(weight.denominator for weight in weights.values()))
    return {key: weight.numerator * (scale // weight.denominator) for key, weight in weights.items()}
