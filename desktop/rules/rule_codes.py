"""The codes that a rule value may list: which of them the program knows, how they are said, and the code that a word stands for.

A rule may list codes that are not known: a newer paper or partner. They are told, not refused; nothing is matched by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from desktop.ledger.management import RULE_KINDS
from desktop.ledger.voucher import EVIDENCE
from desktop.rules import regions
from desktop.words import Language, known, say, say_in

# Rule -> where the words of its codes are, and the codes there are.
_CODED: dict[str, tuple[str, tuple[str, ...]]] = {
    "voucher.sizes": ("voucher.state.{}", ("large", "medium", "small", "micro")),
    "voucher.evidence": ("voucher.paper.{}", EVIDENCE),
    "management.required_kinds": ("management.kinds.{}", RULE_KINDS),
    "pilot.open_states": ("pilot.state.{}", ("open", "limited", "paused", "closed")),
    "pilot.partners_required": ("pilot.condition.party_{}", ("park", "academy", "company")),
}
_OF_PLACES = ("voucher.supported_cities", "voucher.supported_counties")


def said(key: str, code: str) -> str:
    """A code in words; one without words as it is."""
    if key in _OF_PLACES:
        region = regions.find(code.ljust(6, "0"))
        return code if region is None else region.county or region.name
    words = _CODED[key][0].format(code) if key in _CODED else ""
    return say(words) if words and known(words) else code


def read(key: str, text: str) -> str:
    """The code that a word stands for, in either language, or a city's name; anything else as it is."""
    plain = text.strip()
    if key == "voucher.supported_cities":
        return next((city.city_code for city in regions.cities() if plain == city.name), plain)
    words, codes = _CODED.get(key, ("", ()))
    return next((code for code in codes if plain.casefold() in {say_in(each, words.format(code)).casefold() for each in get_args(Language)}), plain)


def strange(key: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Those of a rule's codes that the program does not know; none where a rule lists words of its own."""
    if key in _OF_PLACES:
        return tuple(code for code in codes if len(code) not in (4, 6) or regions.find(code.ljust(6, "0")) is None)
    return tuple(code for code in codes if code not in _CODED[key][1]) if key in _CODED else ()


def offered(key: str) -> tuple[str, ...]:
    """The codes a rule may list, of counties those of their cities; of rules with words of their own none."""
    if key in _OF_PLACES:
        return tuple(city.city_code for city in regions.cities())
    return _CODED[key][1] if key in _CODED else ()
