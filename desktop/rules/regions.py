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
    """Province code and division of an address, read from its head: [country] [province] city [county] … (``山东省烟台市莱山区``, ``烟台市``, ``烟台``).

    ("", None): not read, so nobody knows where it is; (code, None): the province alone. What stands further on names streets and
    branches (``南京市青岛路``) and is never read, nor is a name that a street has (``上海路1号``). Without its sign 市 a city is read where one of its
    districts, a development zone or nothing follows, or the province stands before it. A county or a county-level city may stand alone;
    a district may do so after the province, if only one city has it. What follows a city and is no county of it is let go.
    A city of another province says which that is where it is written whole (``南京市玄武区``, not ``南京玄武区``), or stands for itself (``南京``).
    """
    plain = _COUNTRY.sub("", _LOST.sub("", text))
    province, rest = _province(plain)
    if province not in ("", PROVINCE):
        return province, None
    for city in cities():
        if rest.startswith(city.city[:-1]):
            after = rest[len(city.city) - 1 :]
            within = _county(after[1:] if after.startswith("市") else after, city.city)
            signed = after.startswith(_CITY_SIGNS)
            if signed or within or not after or _ZONE.match(after) or (province and not _STREET.match(after)):
                return PROVINCE, within or city
    alone = _county(rest, "")
    if alone and (province or not alone.county.endswith("区")):
        return PROVINCE, alone
    return province or _elsewhere(rest), None


def city_named(text: str) -> str | None:
    """The city of this province that a text names and says nothing else: ``济南市`` of ``济南`` and ``山东省济南市``."""
    region = in_text(text)[1]
    plain = text.removesuffix("市")
    return region.city if region and not region.county and plain.endswith(region.city[:-1]) else None


def located(province: str, place: str) -> tuple[str, Region | None]:
    """``in_text`` of a place beside which its province is told, or nothing: ("", None) too where the two contradict each other."""
    told, (code, region) = in_text(province)[0], in_text(place)
    if told and code and told != code:
        return "", None
    return (code, region) if region or not told else in_text(f"{province}{place}")


_LOST = re.compile(r"[\s（）()]+")
_COUNTRY = re.compile(r"^(?:中华人民共和国|中国)")
_CITY_SIGNS = ("市", "地区")
# What makes a name that of a street, a village or a house: 上海路, 北京东路, 山东村, 青岛大厦.
_STREET = re.compile(r"[东西南北中]?(?:路|街|大街|大道|道|巷|胡同|弄|村|镇|乡|号|大厦|广场)")
_ZONE = re.compile(r"[^路街道巷弄村镇乡号]*?(?:新区|高新区|开发区|产业区|保税区|起步区|功能区|度假区|片区)")
# 海南藏族自治州 lies in 青海省.
_PREFECTURE = "藏族自治州"
# 中国（山东）自由贸易试验区济南片区
_FREE_TRADE = "自由贸易试验区"


def _province(plain: str) -> tuple[str, str]:
    """The code of the province at the head, "" without one, and what follows it."""
    for name, code in _provinces().items():
        if plain.startswith(name) and not _STREET.match(plain, len(name)) and not plain.startswith(_PREFECTURE, len(name)):
            return code, plain[len(name) :].removeprefix("省").removeprefix(_FREE_TRADE)
    return "", plain


@cache
def _cities_elsewhere() -> Mapping[str, str]:
    with resource.path("codes", "cities-elsewhere.toml").open("rb") as stream:
        return MappingProxyType({name: code for code, names in tomllib.load(stream).items() for name in names})


def _elsewhere(plain: str) -> str:
    """The code of the other province whose city stands at the head, "" where none does: 朝阳市场 is a market."""
    for name, code in _cities_elsewhere().items():
        if plain in (name, name.removesuffix("市")) or (plain.startswith(name) and not plain.startswith("场", len(name))):
            return code
    return ""


def _county(text: str, city: str) -> Region | None:
    """The county at the head of a text: of this city, or with "" the only one of its name in the province."""
    found = [
        region for region in regions().values()
        if region.county and city in ("", region.city) and text.startswith(region.county) and not _STREET.match(text, len(region.county))
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def named(city: str, county: str = "") -> Region | None:
    """The division of a Chinese city name and, if given, a county name (``烟台市``, ``莱山区``)."""
    for region in regions().values():
        if region.city == city.strip() and region.county == county.strip():
            return region
    return None
