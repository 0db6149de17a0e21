"""Fees, awards, costs and yearly balances, reckoned a second time from the rows."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from tests.recompute.plain import Plain, nearest, total

Told = dict[Any, Any]


def prices(plain: Plain, change: Fraction = Fraction(0), *, now: bool = False) -> Told:
    """Record number -> what it costs by the fee line in force on the day it ended, every price higher by ``change``; for what its customer was then, or is."""
    internal = {one["id"]: bool(one["internal"]) for one in plain.rows("SELECT id, internal FROM customer")}
    was = {one["record_id"]: one["customer_class"] == "internal" for one in plain.rows("SELECT * FROM posting WHERE reverses IS NULL")}
    versions: dict[str, list[Any]] = defaultdict(list)
    asked = "SELECT s.instrument_id, s.from_on, s.to_on, l.terms FROM fee_schedule s JOIN fee_line l ON l.schedule_id = s.id WHERE s.state <> 'draft'"
    for one in plain.rows(asked):
        versions[one["instrument_id"]].append((one["from_on"], one["to_on"] or "9999", json.loads(one["terms"])))
    told: Told = {}
    for one in plain.rows("SELECT r.* FROM service_record r WHERE r.id IN (SELECT record_id FROM posting WHERE reverses IS NULL)"):
        ended = one["ended_at"][:10]
        (terms,) = [terms for first, until, terms in versions[one["instrument_id"]] if first <= ended < until]
        inside = internal[one["customer_id"]] if now else was[one["id"]]
        told[one["number"]] = price(terms, "internal" if inside else "external", one, change)
    return told


def charged(plain: Plain) -> Told:
    """What every service costs that was not charged by an old price list."""
    old = {row[0] for row in plain.rows("SELECT record_number FROM posting WHERE rule_text = '按旧价目'")}
    return {number: fen for number, fen in prices(plain).items() if number not in old}


def repriced(plain: Plain, year: int, change: Fraction) -> Told:
    """Set or customer -> services from outside that stand, what they were posted with and what they would cost; confidential sets left out."""
    anew = prices(plain, change)
    told: Told = defaultdict(lambda: [0, 0, 0])
    asked = (
        "SELECT p.record_number, p.amount_fen, i.asset_number, c.name FROM posting p JOIN instrument i ON i.id = p.instrument_id "
        "JOIN customer c ON c.id = p.customer_id WHERE p.external AND p.reverses IS NULL AND p.ended_on LIKE ? AND NOT coalesce(i.confidential, 0) "
        "AND p.id NOT IN (SELECT reverses FROM posting WHERE reverses IS NOT NULL)"
    )
    for number, posted, asset, customer in plain.rows(asked, f"{year}-%"):
        for key in (f"set {asset}", f"customer {customer}", "whole"):
            for place, fen in enumerate((1, posted, anew[number])):
                told[key][place] += fen
    return {key: tuple(sums) for key, sums in told.items()}


def price(terms: dict[str, Any], customer: str, record: Any, change: Fraction = Fraction(0)) -> int:
    """Fen of one service under the terms as the ledger keeps them, for a class of customer."""
    by_class = {entry["class"]: entry for entry in terms["prices"]}
    form, factor = by_class[customer], Fraction(1)
    if form["kind"] == "share_of":
        factor, form = Fraction(form["numerator"], form["denominator"]), by_class[form["of_class"]]
    unit = terms["unit"]
    if unit["kind"] == "count":
        units = Fraction(max(ceil(Fraction(Decimal(record["quantity"]))), terms["minimum_units"]))
    else:
        units = Fraction(max(record["minutes"], terms["minimum_minutes"]), unit["minutes"])
        units = Fraction(ceil(units)) if unit["kind"] == "block" else units
    value = _of_units(form, units) * factor
    caps = dict(terms["day_caps"])
    if customer in caps:
        whole, rest = divmod(units, Fraction(24 * 60, unit["minutes"]))
        value = whole * min(caps[customer], _of_units(form, Fraction(24 * 60, unit["minutes"]))) + min(caps[customer], _of_units(form, rest))
    if record["urgent"] and terms["urgent_rate"]:
        value *= Fraction(terms["urgent_rate"])
    value += dict(terms["startup"]).get(customer, 0)
    value *= (1 + Fraction(terms["management_rate"] or 0)) * (1 + Fraction(terms["tax_rate"] or 0)) * (1 + change)
    return nearest(value)


def _of_units(form: dict[str, Any], units: Fraction) -> Fraction:
    if form["kind"] == "fixed":
        return units * form["fen"]
    return Fraction(form["first_fen"] + max(0, ceil(units - form["n_first"])) * form["further_fen"])


def award(plain: Plain, year: int, day: date) -> Told:
    """Transaction amount of a year with its parts, and the estimate by the rules of a day."""
    invoiced = {row[0] for row in plain.rows("SELECT DISTINCT posting_id FROM receipt WHERE invoice_number <> ''")}
    services, evidenced, reversed_fen, n, n_wanting = 0, 0, 0, 0, 0
    later = {one["record_id"]: one["word"] for one in plain.rows("SELECT * FROM user_rating")}
    said: dict[str, int] = defaultdict(int)
    of_others = "SELECT p.*, r.contract, r.rating FROM posting p JOIN service_record r ON r.id = p.record_id WHERE p.external AND NOT p.confidential"
    for one in plain.rows(of_others):
        if one["reverses"]:
            reversed_fen += one["amount_fen"] if one["posted_on"][:4] == str(year) else 0
        elif one["ended_on"][:4] == str(year):
            n, services = n + 1, services + one["amount_fen"]
            said[later.get(one["record_id"], one["rating"])] += 1
            good = bool(one["contract"]) and one["id"] in invoiced
            evidenced, n_wanting = evidenced + one["amount_fen"] * good, n_wanting + (not good)
    whole = services + reversed_fen
    rate = plain.rule("award.provider_rate", day)
    estimate = None if rate is None else min(plain.rule("award.provider_cap_fen", day), nearest(Fraction(rate) * max(0, whole)))
    return {
        "services": n, "amount": whole, "evidenced": evidenced, "wanting": services - evidenced, "n wanting": n_wanting, "reversed": reversed_fen,
        "estimate": estimate, "said": tuple(sorted(said.items())),
    }  # fmt: skip


def day_of_cost(row: Any, day: date) -> int:
    """What of a declared cost is due up to and with a day: the days that are over, of all, to the nearest fen."""
    first, last = date.fromisoformat(row["period_from"]), date.fromisoformat(row["period_to"])
    n = min(max(0, (day - first).days + 1), (last - first).days + 1)
    return nearest(Fraction(row["fen"] * n, (last - first).days + 1))


def costs_within(plain: Plain, start: date, last: date) -> list[tuple[Any, int]]:
    """Declared costs with what falls on the days of a span."""
    rows = plain.rows("SELECT * FROM cost_row WHERE NOT withdrawn AND period_from <= ? AND period_to >= ?", last.isoformat(), start.isoformat())
    return [(row, day_of_cost(row, last) - day_of_cost(row, start - timedelta(days=1))) for row in rows]


def balance(plain: Plain, year: int) -> Told:
    """Asset number -> income, cost of its hours and declared costs of a year; and the declared costs by kind."""
    prices_of_version = {row[0]: _hourly(plain, row[0]) for row in plain.rows("SELECT id FROM fee_schedule")}
    sums: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for one in plain.rows("SELECT * FROM posting WHERE ended_on LIKE ?", f"{year}-%"):
        of_version = sums[one["instrument_id"]][one["schedule_id"]]
        of_version[0] += one["minutes"]
        of_version[1] += one["amount_fen"]
    declared: dict[str | None, int] = defaultdict(int)
    kinds: dict[str, int] = defaultdict(int)
    sets = {one["id"]: one for one in plain.rows("SELECT * FROM instrument")}
    named, free = set(sums), set[int]()
    for row, fen in costs_within(plain, date(year, 1, 1), date(year, 12, 31)):
        if row["instrument_id"] and sets[row["instrument_id"]]["confidential"]:
            continue
        if row["kind"] == "none" and row["instrument_id"] is None:  # the whole unit had no cost on these days
            free |= set(range(date.fromisoformat(row["period_from"]).toordinal(), date.fromisoformat(row["period_to"]).toordinal() + 1))
        declared[row["instrument_id"]] += fen
        if row["kind"] != "none":
            kinds[row["kind"]] += fen
            named |= {row["instrument_id"]} - {None}
    told: Told = {f"declared {kind}": fen for kind, fen in kinds.items()} | {"declared of no one set": declared.pop(None, 0)}
    for key in named:
        if sets[key]["confidential"]:
            continue
        income, known, unknown = 0, 0, 0
        for version, (minutes, fen) in sums[key].items():
            hourly = prices_of_version[version]
            income += fen
            known += 0 if hourly is None else nearest(Fraction(hourly * minutes, 60))
            unknown += minutes if hourly is None else 0
        minutes = sum(part[0] for part in sums[key].values())
        verdict = "unused" if not (income or minutes) else "unknown" if unknown else "above" if income > known else "within"
        told[sets[key]["asset_number"]] = (income, minutes, known, unknown, verdict, declared.get(key, 0))
    income, cost = sum(fen for key, of_set in sums.items() if not sets[key]["confidential"] for _, fen in of_set.values()), sum(kinds.values())
    told_of = kinds or free >= set(range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
    return told | {"whole": (income, cost, "above" if income > cost else "within") if told_of else (income, None, "unknown")}


def _hourly(plain: Plain, version: str) -> int | None:
    parts = plain.rows("SELECT * FROM cost_component WHERE schedule_id = ?", version)
    if not parts:
        return None
    others = total(part["amount_fen"] for part in parts)
    return others + sum(nearest(others * Fraction(part["rate"])) for part in parts if part["rate"] is not None)
