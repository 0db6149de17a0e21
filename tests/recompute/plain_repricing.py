"""A year under other prices and costs that are suggested, reckoned a second time: the services of one version's set by that version, all by what held on a
day, and what depreciation and maintenance of an hour come to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, nearest
from tests.recompute.plain_money import price

Told = dict[Any, Any]
Lines = Mapping[str, Any]
_STANDS = (
    "SELECT r.*, p.customer_class, p.amount_fen, i.asset_number, c.name AS customer, p.confidential OR coalesce(i.confidential, 0) AS secret "
    "FROM posting p JOIN service_record r ON r.id = p.record_id JOIN instrument i ON i.id = p.instrument_id JOIN customer c ON c.id = p.customer_id "
    "WHERE p.external AND p.reverses IS NULL AND p.ended_on LIKE ? AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)"
)


def by_versions(plain: Plain, year: int, keys: tuple[str, str], change: Fraction) -> Told:
    """Every version whose key is like the first, every draft that would price the services' very item whose key is like the second: the year by it."""
    of_set: dict[str, list[Any]] = defaultdict(list)
    for one in plain.rows(_STANDS, f"{year}-%"):
        of_set[one["instrument_id"]].append(one)
    lines, told = _lines(plain), Told()
    for version in plain.rows("SELECT id, instrument_id FROM fee_schedule WHERE id LIKE ? OR title LIKE '拟%' AND id LIKE ?", *keys):
        found = _summed(of_set[version["instrument_id"]], lambda service, version=version: lines.get(version["id"], {}), change)  # type: ignore[misc]
        told |= {(version["id"], key): sums for key, sums in found.items()}
    return told


def by_day(plain: Plain, year: int, day: date, change: Fraction) -> Told:
    """The year of every set by the version in force on a day."""
    lines, chosen = _lines(plain), {}
    for one in plain.rows("SELECT * FROM fee_schedule WHERE state <> 'draft'"):
        if one["from_on"] <= day.isoformat() < (one["to_on"] or "9999"):
            chosen[one["instrument_id"]] = lines.get(one["id"], {})
    return _summed(plain.rows(_STANDS, f"{year}-%"), lambda service: chosen.get(service["instrument_id"]), change)


def single(plain: Plain, ending: str, day: date) -> Told:
    """Record of the year whose number ends so -> what the prices of a day would have made different."""
    lines, told = _lines(plain), Told()
    for one in plain.rows(f"{_STANDS} AND NOT secret AND r.number LIKE ?", "2025-%", f"%{ending}"):
        version = [row[0] for row in plain.rows(
            "SELECT id FROM fee_schedule WHERE state <> 'draft' AND instrument_id = ?1 AND from_on <= ?2 AND (to_on IS NULL OR to_on > ?2)",
            one["instrument_id"], day.isoformat(),
        )]  # fmt: skip
        fen, _ = _would(one, lines.get(version[0], {}) if version else None, Fraction(0))
        told[one["number"]] = None if fen is None else fen - one["amount_fen"]
    return told


def _lines(plain: Plain) -> dict[str, dict[str, Any]]:
    """Version -> item -> its terms, None where somebody has yet to settle them."""
    told: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in plain.rows("SELECT * FROM fee_line"):
        terms = json.loads(one["terms"])
        told[one["schedule_id"]][one["item"]] = terms if terms and not one["to_confirm"] else None
    return told


def _would(service: Any, lines: Lines | None, change: Fraction) -> tuple[int | None, str]:
    """Fen of a service by some lines, or why nobody knows."""
    if lines is None:
        return None, "record.no_fee"
    if service["item"] not in lines:
        return None, "record.no_fee_item"
    terms = lines[service["item"]]
    return (None, "record.fee_to_confirm") if terms is None else (price(terms, service["customer_class"], service, change), "")


def _summed(services: list[Any], of: Callable[[Any], Lines | None], change: Fraction) -> Told:
    """Services, posted, what cannot be repriced of both, and what the others would cost: all, by set, by customer; why some cannot."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    reasons: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    withheld = 0
    for one in services:
        if one["secret"]:
            withheld += 1
            continue
        fen, why = _would(one, of(one), change)
        for key in ("whole", f"set {one['asset_number']}", f"customer {one['customer']}"):
            for place, more in enumerate((1, one["amount_fen"], fen is None, one["amount_fen"] if fen is None else 0, fen or 0)):
                sums[key][place] += more
        if why:
            reasons[why] = [reasons[why][0] + 1, reasons[why][1] + one["amount_fen"]]
    told: Told = {key: tuple(each) for key, each in sums.items()} | {"withheld": withheld, "reasons": {why: tuple(each) for why, each in reasons.items()}}
    n, fen, n_open, open_fen, would = sums["whole"]
    return told | {"whole": (n, fen, n_open, open_fen, would), "difference": would - (fen - open_fen) if n > n_open else None}


def suggested(plain: Plain, day: date) -> Told:
    """Asset number -> depreciation and maintenance of an hour of a set whose original value is known."""
    years, hours, rate = (plain.rule(f"cost.{name}", day) for name in ("depreciation_years", "yearly_hours", "maintenance_rate"))
    told: Told = {}
    for one in plain.rows("SELECT asset_number, value_fen FROM instrument"):
        fen = one["value_fen"]
        each = () if fen is None else (("depreciation", Fraction(fen, years * hours)), ("maintenance", fen * Fraction(rate) / hours))
        told[one["asset_number"]] = tuple((kind, nearest(value)) for kind, value in each)
    return told
