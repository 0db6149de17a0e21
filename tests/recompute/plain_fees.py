"""Prices beside their cost, management beside its usual share, and the sheet of fees of a day, reckoned a second time from the rows."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, nearest
from tests.recompute.plain_papers import paper

Told = dict[Any, Any]
_WORST = ("above", "unknown", "within", "not_comparable")


def checks(plain: Plain, day: date) -> Told:
    """Version -> cost of an hour, the worst that is said of its prices, every price with what is said of it, management beside its usual share."""
    lines, parts = _by_version(plain, "fee_line", "position"), _by_version(plain, "cost_component", "rowid")
    return {row[0]: _check(plain, lines[row[0]], parts[row[0]], day) for row in plain.rows("SELECT id FROM fee_schedule")}


def _by_version(plain: Plain, table: str, order: str) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = defaultdict(list)
    for one in plain.rows(f"SELECT * FROM {table} ORDER BY {order}"):
        told[one["schedule_id"]].append(one)
    return told


def _check(plain: Plain, lines: list[Any], parts: list[Any], day: date) -> tuple[Any, ...]:
    cost, said = _cost(parts), []
    for line in lines:
        terms = json.loads(line["terms"])
        for customer in _classes(terms) or [""]:
            hourly = _hourly(terms, customer) if customer else None
            state = "unknown" if not customer else "not_comparable" if hourly is None else "unknown" if cost is None else "above" if hourly > cost else "within"
            said.append((line["item"], customer, None if hourly is None else nearest(hourly * 10**6), state))
    worst = next((state for state in _WORST if state in {one[3] for one in said}), "unknown")
    return cost, worst, tuple(said), _share(plain, parts, day)


def _wrong(part: Any) -> bool:
    rate = None if part["rate"] is None else Decimal(part["rate"])
    return (rate is not None and (part["kind"] != "management" or not 0 <= rate <= 1)) or (part["amount_fen"] or 0) < 0


def _cost(parts: list[Any]) -> int | None:
    if not parts or any(_wrong(one) for one in parts):
        return None
    others = sum(one["amount_fen"] or 0 for one in parts)
    return others + sum(nearest(others * Fraction(one["rate"])) for one in parts if one["rate"] is not None)


def _share(plain: Plain, parts: list[Any], day: date) -> int | None:
    """The share of management in millionths where it is beside the usual, both ends of which are usual."""
    for one in parts:
        others = sum(other["amount_fen"] or 0 for other in parts if other["kind"] != "management")
        if one["kind"] == "management" and not _wrong(one) and (one["rate"] is not None or others > 0):
            share = Fraction(one["rate"]) if one["rate"] is not None else Fraction(one["amount_fen"], others)
            if share < plain.rule("cost.management_low", day) or share > plain.rule("cost.management_high", day):
                return nearest(share * 10**6)
    return None


def _classes(terms: dict[str, Any]) -> list[str]:
    """The classes a line has a price for; none where nobody could read it, or it contradicts itself."""
    names = [one["class"] for one in terms.get("prices", ())]
    sound = all(_root(terms, name) is not None for name in names) and all(name in (*names, "*") for name, _ in terms.get("startup", ()))
    return names if sound else []


def _root(terms: dict[str, Any], customer: str) -> tuple[dict[str, Any], Fraction] | None:
    """The price a class comes to by shares of others, and its part of it; None where that leads round."""
    by_class = {one["class"]: one for one in terms["prices"]}
    part, seen = Fraction(1), {customer}
    while by_class[customer]["kind"] == "share_of":
        form = by_class[customer]
        customer, part = form["of_class"], part * Fraction(form["numerator"], form["denominator"])
        if customer in seen:
            return None
        seen.add(customer)
    return by_class[customer], part


def _hourly(terms: dict[str, Any], customer: str) -> Fraction | None:
    """The most an hour can cost before urgency and tax, in fen."""
    found = _root(terms, customer)
    if terms["unit"]["kind"] not in ("hour", "block") or found is None:
        return None
    form, part = found
    most = {
        "fixed": lambda: Fraction(form["fen"]),
        "agreed": lambda: Fraction(form["high_fen"]),
        "first_further": lambda: max(Fraction(form["first_fen"], form["n_first"]), Fraction(form["further_fen"])),
    }[form["kind"]]()
    rates = [Fraction(tier["rate"]) for tier in terms["tiers"] if not tier["classes"] or customer in tier["classes"]]
    return most * part * max([Fraction(1), *rates]) * (1 + Fraction(terms["management_rate"] or 0)) * 60 / terms["unit"]["minutes"]


def sheet(plain: Plain, day: date) -> Told:
    """Asset number -> its prices as the sheet of a day has them, and from which day they are; how many there are, and the papers it names."""
    asked = (
        "SELECT i.asset_number, i.confidential, s.* FROM instrument i JOIN fee_schedule s ON s.instrument_id = i.id WHERE s.state <> 'draft' "
        "AND (i.retired_on IS NULL OR i.retired_on > ?1) AND s.from_on <= ?1 AND (s.to_on IS NULL OR s.to_on > ?1)"
    )
    lines, told, withheld, bare = _by_version(plain, "fee_line", "position"), Told(), 0, set()
    for one in plain.rows(asked, day.isoformat()):
        if one["confidential"]:
            withheld += 1
        elif not lines[one["id"]]:
            bare.add(one["asset_number"])
        else:
            last = one["to_on"] and date.fromordinal(date.fromisoformat(one["to_on"]).toordinal() - 1).isoformat()
            told[one["asset_number"]] = (one["from_on"], last, tuple(_line(line) for line in lines[one["id"]]))
    counted = (len(told) + len(bare), sum(len(one[2]) for one in told.values()), withheld)
    return told | {"counted": counted, "without prices": bare, "papers": frozenset(_named(plain, day))}


def _named(plain: Plain, day: date) -> list[str]:
    return [number for kind in ("sharing", "fees", "flow") for state, number in [paper(plain, kind, "", day)] if state in ("in_force", "ends_soon") and number]


def _line(line: Any) -> tuple[Any, ...]:
    """Item, price inside and outside: fen where one number says it, ``words`` where not, ``unsettled``, nothing where none is offered."""
    terms = json.loads(line["terms"])
    if not terms or line["to_confirm"]:
        return line["item"], "unsettled", "unsettled"
    names = [one["class"] for one in terms["prices"]]
    return (line["item"], *(_public(terms, name) if name in names else "" for name in ("internal", "external")))


def _public(terms: dict[str, Any], customer: str) -> Any:
    found = _root(terms, customer)
    if found is None or found[0]["kind"] != "fixed":
        return "words"
    fen = found[0]["fen"] * found[1]
    return int(fen) if fen and fen.denominator == 1 else "words"


def states(plain: Plain, day: date) -> Told:
    """Lines of prices in force on a day, of drafts, and that somebody has yet to confirm."""
    told = {"in_force": 0, "draft": 0, "to_confirm": 0}
    for state, from_on, to_on, to_confirm in plain.rows(
        "SELECT s.state, s.from_on, s.to_on, l.to_confirm FROM fee_line l JOIN fee_schedule s ON s.id = l.schedule_id"
    ):
        told["draft"] += state == "draft"
        told["in_force"] += state != "draft" and from_on <= day.isoformat() < (to_on or "9999")
        told["to_confirm"] += bool(to_confirm)
    return told
