"""How a unit of charging is said: 小时 rather than 60 minutes, 首小时 rather than the first one of a unit.

In Chinese a unit stands as the list has it; what lists usually count by has its English, any other name is told as it is.
"""

from __future__ import annotations

import re
from functools import cache

from desktop.ledger.fee_terms import Unit
from desktop.rules.phrase import Phrase, phrase
from desktop.words import say_in

_HOUR = 60
_NUMBERED = re.compile(r"([1-9][0-9]*)\D+")
# What lists charge by, beside blocks of minutes: words under fee.unit, whose Chinese is the name as lists have it.
CODES = (
    "sample", "samples", "one_sample", "each_sample", "piece", "element", "run", "plate", "item",
    "injection", "slice", "point", "round", "batch", "batches", "unit", "portion", "spectrum",
    "spectra", "group", "strip", "lump", "well", "part", "rod", "case", "site",
    "reaction", "test_point", "gene", "channel", "entry", "furnace", "set", "tube", "vial",
    "bottle", "image", "sheet", "cycle", "hour", "machine_hour", "day", "calendar_day", "half_hour",
    "temperature",
)  # fmt: skip


@cache
def _named() -> dict[str, str]:
    return {say_in("zh", f"fee.unit.{code}"): f"fee.unit.{code}" for code in CODES}


def name_words(name: str) -> str | Phrase:
    """The name of a unit, or of one of the things a product counts: in Chinese the name itself."""
    numbered = _NUMBERED.fullmatch(name)
    if numbered:
        minutes = phrase("fee.unit.minutes", n=numbered[1])
        return minutes if minutes.told("zh") == name else name
    code = _named().get(name)
    return name if code is None else phrase(code)


def unit_name(name: str) -> str:
    """The same in the language in use."""
    said = name_words(name)
    return said if isinstance(said, str) else said.told()


def unit_words(unit: Unit) -> str | Phrase:
    """小时, or the unit's own name."""
    return phrase("fee.public.hour") if unit.timed and unit.minutes == _HOUR else name_words(unit.name)


def first_words(unit: Unit, n: int) -> Phrase:
    """首小时, 首 2 小时, 首个30分钟."""
    if unit.timed and unit.minutes == _HOUR:
        return phrase("fee.public.first_hour") if n == 1 else phrase("fee.public.first_hours", n=n)
    named = name_words(unit.name)
    return phrase("fee.public.first_unit", unit=named) if n == 1 else phrase("fee.public.first_units", n=n, unit=named)
