"""How a unit of charging is said: 小时 rather than 60 minutes, 首小时 rather than the first one of a unit."""

from __future__ import annotations

from desktop.ledger.fee_terms import Unit
from desktop.rules.phrase import Phrase, phrase

_HOUR = 60


def unit_words(unit: Unit) -> str | Phrase:
    """小时, or the unit's own name."""
    return phrase("fee.public.hour") if unit.timed and unit.minutes == _HOUR else unit.name


def first_words(unit: Unit, n: int) -> Phrase:
    """首小时, 首 2 小时, 首个30分钟."""
    if unit.timed and unit.minutes == _HOUR:
        return phrase("fee.public.first_hour") if n == 1 else phrase("fee.public.first_hours", n=n)
    return phrase("fee.public.first_unit", unit=unit.name) if n == 1 else phrase("fee.public.first_units", n=n, unit=unit.name)
