"""An academic year as a university reports it, reckoned a second time: what was entered, else what the postings say, else blank; and SJ2."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, nearest

Told = dict[Any, Any]
_HOURS = ("teaching_minutes", "research_minutes", "service_minutes", "open_minutes")
_DIRECTIONS = {"教学": "teaching_minutes", "科学研究": "research_minutes", "科技开发": "research_minutes", "其他": ""}


def tables(plain: Plain, year: str, start: str, end: str) -> Told:
    """(asset number, item) -> what is reported and where it comes from; (``sj2``, name) -> sets and fen at the end of last year, come, gone, there now.

    Sets of which nobody said whether they are confidential are in none of those, but in (``sj2``, "nothing said").
    """
    entered: dict[str, dict[str, int]] = defaultdict(dict)
    for one in plain.rows("SELECT * FROM university_count WHERE year = ?", year):
        entered[one["instrument_id"]][one["item"]] = one["amount"]
    services: dict[str, list[Any]] = defaultdict(list)
    for one in plain.rows(
        "SELECT p.instrument_id, p.minutes, p.external, r.way, r.direction, r.quantity FROM posting p, service_record r WHERE r.id = p.record_id "
        "AND p.ended_on BETWEEN ? AND date(?, '-1 day') AND p.reverses IS NULL AND p.confidential + r.confidential = 0 "
        "AND p.id NOT IN (SELECT reverses FROM posting WHERE reverses IS NOT NULL)", start, end,
    ):  # fmt: skip
        services[one["instrument_id"]].append(one)
    told: Told = {}
    silent = 0
    sums = {name: [0, 0] for name in ("last", "came", "gone", "now")}
    for one in plain.rows("SELECT * FROM instrument WHERE NOT coalesce(confidential, 0)"):
        booked, gone = one["booked_on"], one["retired_on"] or "9999"
        in_year = gone >= start and (booked is None or booked < end)
        if in_year:
            derived = _derived(services[one["id"]])
            for item, amount in (derived | entered[one["id"]]).items():
                shown = nearest(Fraction(amount, 60)) if item in _HOURS else amount
                told[one["asset_number"], item] = (shown, "entered" if item in entered[one["id"]] else "derived")
        if one["confidential"] is None:
            silent += in_year
        elif booked is not None and one["value_fen"] is not None:
            there = {
                "last": booked < start <= gone, "came": start <= booked < end, "gone": booked < end and start <= gone < end, "now": booked < end <= gone,
            }  # fmt: skip
            for name, counts in there.items():
                sums[name] = [sums[name][0] + counts, sums[name][1] + counts * one["value_fen"]]
    return told | {("sj2", name): tuple(both) for name, both in sums.items()} | {("sj2", "nothing said"): silent}


def _derived(services: list[Any]) -> dict[str, int]:
    if not services:
        return {}
    found: dict[str, int] = {"service_minutes": sum(one["minutes"] for one in services if one["external"])}
    inside = [one for one in services if not one["external"]]
    if all(one["direction"] in _DIRECTIONS for one in inside):
        for one in inside:
            item = _DIRECTIONS[one["direction"]]
            if item:
                found[item] = found.get(item, 0) + one["minutes"]
    if all(one["way"] for one in services):
        found["open_minutes"] = sum(one["minutes"] for one in services if "占用共享" in one["way"])
    numbers = [Fraction(Decimal(one["quantity"])) for one in services if one["quantity"] is not None]
    return found | ({"samples": nearest(sum(numbers, Fraction()))} if numbers else {})
