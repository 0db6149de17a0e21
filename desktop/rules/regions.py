"""Division codes of Shandong: which are known, and what is wrong with one that is not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from desktop import resource
from desktop.ledger.finding import Finding, finding
from desktop.ledger.region import Region

PROVINCE = "37"

_SIX = re.compile(r"[0-9]{6}")


@cache
def regions() -> Mapping[str, Region]:
    """All cities (``370100``) and their districts and counties, by code."""
    with resource.path("codes", "regions.toml").open("rb") as stream:
        content = tomllib.load(stream)
    known: dict[str, Region] = {}
    for city_code, parts in content.items():
        city = parts.pop("name")
        known[f"{city_code}00"] = Region(f"{city_code}00", city)
        for code, county in parts.items():
            known[code] = Region(code, city, county)
    return MappingProxyType(known)


def cities() -> tuple[Region, ...]:
    """The sixteen prefecture cities by code."""
    return tuple(region for region in regions().values() if not region.county)


def find(code: str) -> Region | None:
    """The division of a code, or None."""
    return regions().get(code)


def check(code: str) -> tuple[Finding, ...]:
    """What is wrong with a division code: form, province, city. An unlisted county of a known city is only a note."""
    if not _SIX.fullmatch(code):
        return (finding("region.not_six_digits", given=code),)
    if not code.startswith(PROVINCE):
        return (finding("region.other_province", given=code),)
    city = find(f"{code[:4]}00")
    if city is None:
        return (finding("region.unknown_city", given=code),)
    if find(code) is None:
        return (finding("region.unlisted_county", "note", given=code, city=city.name),)
    return ()


@cache
def _provinces() -> Mapping[str, str]:
    with resource.path("codes", "provinces.toml").open("rb") as stream:
        return MappingProxyType({name: code for code, name in tomllib.load(stream).items()})


@lru_cache(4096)
def in_text(text: str) -> tuple[str, Region | None]:
    """Province code and division of an address as people write it (``山东省烟台市莱山区``, ``烟台市``, ``烟台``, ``江苏省南京市``).

    ("", None): not read. A city of the province may stand without its sign 市; what follows it and is no county of it is let go.
    """
    plain = "".join(text.split())
    province = next((code for name, code in _provinces().items() if plain.startswith(name)), "")
    if province not in ("", PROVINCE):
        return province, None
    standing = [(plain.find(city.city[:-1]), city) for city in cities() if city.city[:-1] in plain]
    if not standing:
        return province, None
    start, city = min(standing, key=lambda one: one[0])
    rest = plain[start + len(city.city) - 1 :].removeprefix(city.city[-1])
    within = [region for region in regions().values() if region.county and region.city == city.city and rest.startswith(region.county)]
    return PROVINCE, within[0] if within else city


def named(city: str, county: str = "") -> Region | None:
    """The division of a Chinese city name and, if given, a county name (``烟台市``, ``莱山区``)."""
    for region in regions().values():
        if region.city == city.strip() and region.county == county.strip():
            return region
    return None
