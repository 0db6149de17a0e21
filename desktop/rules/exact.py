"""Exact rational amounts between the fen that go in and the fen that come out.

A fraction never becomes a float; it is rounded once, by ``ledger.money.half_up``.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from desktop.ledger.money import half_up

SHOWN_PLACES = 6


def rounded(value: Fraction) -> int:
    """Half up (away from zero) to an integer, exact for any size: cutting below the half changes no half-up rounding."""
    twice = abs(value) * 2
    whole, rest = divmod(twice.numerator // twice.denominator, 2)
    half = Decimal(f"{whole}.5") if rest else Decimal(whole)
    return half_up(half if value >= 0 else half.copy_negate())


def shown(value: Fraction) -> int | Decimal:
    """The value for an explanation: an integer or a terminating decimal exactly, anything else to six places."""
    if value.denominator == 1:
        return value.numerator
    places, scaled = 0, value
    while scaled.denominator != 1 and places < 2 * SHOWN_PLACES:
        scaled, places = scaled * 10, places + 1
    if scaled.denominator != 1:
        scaled, places = Fraction(rounded(value * 10**SHOWN_PLACES)), SHOWN_PLACES
    return Decimal(f"{scaled.numerator}E-{places}")


def terminates(value: Fraction) -> bool:
    """Whether ``shown`` gives the value itself, not an approximation."""
    return Fraction(shown(value)) == value


def started(value: Fraction) -> int:
    """Whole units begun: 3.01 counts 4."""
    return -(-value.numerator // value.denominator)
