"""Innovation vouchers of a year, reckoned a second time: eligibility, rate, fee, the caps in order, what a city adds, what claims hold."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from tests.recompute import plain_voucher_parts as parts
from tests.recompute.plain import ROOT, Plain, nearest, places

Told = dict[Any, Any]
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SIZES = ("large", "medium", "small", "micro")


def vouchers(plain: Plain, year: int) -> Told:
    """Number of a use -> eligible, the province's fen, the city's fen."""
    own = plain.value("SELECT uscc FROM institution")
    held = held_by_claims(plain, year)
    told: Told = {}
    spent: dict[str, int] = defaultdict(int)
    city_spent: dict[tuple[str, str], int] = defaultdict(int)
    for use in in_order(uses(plain, year), held):
        who, city = use["uscc"] or use["name"], where(use["place"])[1]
        if use["id"] in held:
            eligible, province, added = True, *held[use["id"]]
        else:
            eligible, province, added = _granted(plain, use, own, spent[who], city_spent)
        spent[who] += province or 0
        for counted in {("one", who), ("group", use["group"])} - {("group", "")} if city else ():
            city_spent[f"{city}", f"{counted}"] += (province or 0) + (added or 0)
        if not use["secret"]:
            told[use["number"]] = (eligible, province, added)
    return told


def in_order(uses: Iterable[dict[str, Any]], held: Container[str]) -> list[dict[str, Any]]:
    """What claims hold, then by the end of the service."""
    return sorted(uses, key=lambda use: (use["id"] not in held, use["ended_at"], use["number"], use["id"]))


def uses(plain: Plain, year: int) -> list[dict[str, Any]]:
    """Every use of a year that others paid for, with what is said of it and of its customer on the day it ended."""
    customers = {one["id"]: dict(one) for one in plain.rows("SELECT * FROM customer")}
    for one in plain.rows("SELECT * FROM voucher_enterprise"):
        customers[one["customer_id"]] |= {"place": one["place"], "assets_wan": one["assets_wan"]}
    groups = plain.rows("SELECT * FROM voucher_group")
    marks = {one["record_id"]: dict(one) for one in plain.rows("SELECT * FROM voucher_mark")}
    searches = {one["id"]: dict(one) for one in plain.rows("SELECT * FROM province_search")}
    found = []
    for one in plain.rows(
        "SELECT r.id, r.number, r.customer_id, r.started_at, r.ended_at, sum(p.amount_fen) AS fee, "
        "r.confidential OR coalesce(i.confidential, 0) AS secret FROM service_record r JOIN posting p ON p.record_id = r.id "
        "JOIN instrument i ON i.id = r.instrument_id WHERE p.external AND p.ended_on LIKE ? GROUP BY r.id",
        f"{year}-%",
    ):  # fmt: skip
        said = marks.get(one["id"], {})
        found.append(dict(one) | {
            "invoiced": said.get("invoiced_fen"), "excluded": said.get("excluded_fen", 0), "through": said.get("through_network"),
            "outside": False, "search": None,
        })  # fmt: skip
    for one in plain.rows("SELECT * FROM outside_use WHERE ended_at LIKE ?", f"{year}-%"):
        found.append(dict(one) | {
            "fee": one["fee_fen"], "secret": False, "invoiced": one["invoiced_fen"], "excluded": one["excluded_fen"], "through": one["through_network"],
            "outside": True, "search": searches.get(one["search_id"]), "started_at": one["started_on"],
        })  # fmt: skip
    by_customer: dict[str, list[Any]] = defaultdict(list)
    for one in groups:
        by_customer[one["customer_id"]].append(one)
    for use in found:
        day, customer = use["ended_at"][:10], customers[use["customer_id"]]
        use["group"] = next((g["name"] for g in by_customer[customer["id"]] if g["from_on"] <= day < (g["to_on"] or "9999")), "")
        use |= {name: customer.get(name) for name in ("name", "uscc", "internal", "industry", "n_staff", "revenue_wan", "assets_wan", "size_class", "size_on")}
        use["place"] = customer.get("place") or customer["city"]
    return found


@cache
def where(place: str) -> tuple[str, str]:
    """Province and city that an address begins with: two and four digits, "" for what it does not say."""
    cities, provinces = places()
    line = "".join(sign for sign in place if not sign.isspace() and sign not in "（）()")
    line = line.removeprefix("中华人民共和国").removeprefix("中国")
    lane = "(?![东西南北中]?(路|街|大街|大道|道|巷|胡同|弄|村|镇|乡|号|大厦|广场))"
    head = re.match(f"(?P<name>{'|'.join(provinces)}){lane}(?!藏族自治州)省?(自由贸易试验区)?", line)
    if head and provinces[head["name"]] != "37":
        return provinces[head["name"]], ""
    line = line[head.end() :] if head else line
    for name, code in cities.items():
        parts = "|".join(_counties()[code])
        zone = "[^路街道巷弄村镇乡号]*(新区|高新区|开发区|产业区|保税区|起步区|功能区|度假区|片区)"
        if re.match(f"{name[:-1]}(市|地区|$|({parts}){lane}|{zone}{f'|{lane}' if head else ''})", line):
            return "37", code
    alone = [code for code, parts in _counties().items() for part in parts if re.match(f"{part}{lane}", line) and (head or part[-1] != "区")]
    if not head and not alone:
        return next((code for name, code in _others() if line in (name, name.removesuffix("市")) or re.match(f"{name}(?!场)", line)), ""), ""
    return "37" if head or len(alone) == 1 else "", alone[0] if len(alone) == 1 else ""


@cache
def _others() -> list[tuple[str, str]]:
    """The cities of other provinces with the two digits of theirs."""
    table = tomllib.loads((ROOT / "resources" / "codes" / "cities-elsewhere.toml").read_text("utf-8"))
    return [(name, code) for code, names in table.items() for name in names]


@cache
def _counties() -> dict[str, list[str]]:
    table = tomllib.loads((ROOT / "resources" / "codes" / "regions.toml").read_text("utf-8"))
    return {code: [name for key, name in part.items() if key != "name"] for code, part in table.items()}


def _granted(plain: Plain, use: dict[str, Any], own: str, spent: int, city_spent: dict[tuple[str, str], int]) -> tuple[bool | None, int | None, int | None]:
    day = use["ended_at"][:10]
    conditions = _conditions(plain, use, own, day)
    if False in conditions:
        return False, 0, 0
    city = where(use["place"])[1]
    fee = parts.fee(use)
    amount = None
    rate, _ = parts.rate(plain, use["place"], city, day)
    if None not in conditions and fee is not None and rate is not None:
        amount = min(nearest(Fraction(rate) * fee), max(0, plain.rule("voucher.cap_fen", day) - spent))
    more, cap = plain.rule(f"voucher.city_{city}_top_up", day), plain.rule(f"voucher.city_{city}_cap_fen", day)
    if more is None or fee is None or amount is None:
        return None if None in conditions else True, amount, None
    together = plain.rule(f"voucher.city_{city}_per_group", day) and use["group"]
    caps = [("one", use["uscc"] or use["name"]), *([("group", use["group"])] if together else [])]
    most = max(city_spent[city, f"{counted}"] for counted in caps)
    added = min(nearest(Fraction(more) * fee), max(0, cap - most - amount), fee - amount)
    return None if None in conditions else True, amount, added


def _conditions(plain: Plain, use: dict[str, Any], own: str, day: str) -> list[bool | None]:
    code = use["uscc"]
    province, city = where(use["place"])
    size = size_of(plain, use, day)
    told: list[bool | None] = [
        not use["secret"],
        not use["internal"] and code != own,
        (code[0] == "9") if code and _valid(code) else None,
        False if province not in ("", "37") else True if city else None,
        None if size is None else size in plain.rule("voucher.sizes", day),
        None if use["through"] is None else bool(use["through"]),
    ]
    if use["outside"]:
        search, began = use["search"], use["started_at"][:10]
        if search is None:
            told.append(None)
        elif search["searched_on"] > began:
            told.append(False)
        else:
            left = [hit for hit in json.loads(search["hits"]) if not json.loads(hit)[2].strip()]
            told.append(None if left or not search["catalogue_on"] or not search["asked"] or not search["reason"] else True)
    return told


def _valid(code: str) -> bool:
    if len(code) != 18 or any(sign not in _SIGNS for sign in code):
        return False
    # Modulo 31 with weights 3^n (GB 32100-2015): with the last sign, which weighs one, everything comes to nothing.
    return (sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17])) + _SIGNS.index(code[17])) % 31 == 0


@cache
def _words() -> tuple[dict[str, tuple[str, list[str]]], dict[str, str]]:
    codes = ROOT / "resources" / "codes"
    industries = tomllib.loads((codes / "industries.toml").read_text("utf-8"))
    sizes = tomllib.loads((codes / "company-sizes.toml").read_text("utf-8"))
    return (
        {word: (name, row["limits"]) for name, row in industries.items() for word in row["words"]},
        {word: size for size, words in sizes.items() for word in words},
    )


def size_of(plain: Plain, use: dict[str, Any], day: str) -> str | None:
    """By a certificate of the last year, else by the figures of its industry; None when it cannot be told."""
    industries, sizes = _words()
    certified, since = sizes.get(use["size_class"] or ""), use["size_on"]
    if certified and since and since <= day < _anniversary(since, plain.rule("voucher.certificate_years", day)):
        return certified
    if use["industry"] not in industries:
        return None
    name, limits = industries[use["industry"]]
    facts = {"staff": use["n_staff"], "revenue": use["revenue_wan"], "assets": use["assets_wan"]}
    ranks = [
        None if facts[limit] is None else sum(Decimal(facts[limit]) < least for least in plain.rule(f"sme.{name}_{limit}", day)) for limit in limits
    ]
    known = [rank for rank in ranks if rank is not None]
    if None in ranks and max(known, default=0) < 3:
        return None
    return _SIZES[max(known)]


def _anniversary(day: str, years: int) -> str:
    start = date.fromisoformat(day)
    try:
        return start.replace(year=start.year + years).isoformat()
    except ValueError:
        return date(start.year + years, 3, 1).isoformat()


def held_by_claims(plain: Plain, year: int) -> dict[str, tuple[int, int | None]]:
    """What claims that stand hold, by use: all of it, or what was accepted, cut from the end, the city's part first; what a city adds may be unknown."""
    held: dict[str, tuple[int, int | None]] = {}
    for claim in plain.rows("SELECT * FROM voucher_claim WHERE year = ?", year):
        state, accepted, *_ = parts.course(plain, claim["id"])
        if state in ("draft", "refused", "withdrawn", "recovered"):
            continue
        lines = plain.rows("SELECT * FROM voucher_claim_line WHERE claim_id = ? ORDER BY position", claim["id"])
        left = sum(line["granted_fen"] + (line["top_up_fen"] or 0) for line in lines) if accepted is None else accepted
        unknown = [line["use_id"] for line in lines if line["top_up_fen"] is None]
        for line in lines:
            part = min(left, line["granted_fen"])
            more = None if line["top_up_fen"] is None else min(left - part, line["top_up_fen"])
            left -= part + (more or 0)
            held[line["use_id"]] = (part, more)
        if left and len(unknown) == 1:
            held[unknown[0]] = (held[unknown[0]][0], left)
    return held
