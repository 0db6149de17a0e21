"""The quarterly sheet, and what is due to the national platform, reckoned a second time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain, counted_from, works
from tests.recompute.plain_sensors import sensors

Told = dict[Any, Any]


def quarterly(plain: Plain, start: str, end: str, day: date) -> Told:
    """Sets that had services in a span, what was taken back counted against it; by department, by set, and the sums."""
    sets = {one["id"]: one for one in plain.rows("SELECT * FROM instrument")}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for one in plain.rows("SELECT * FROM posting WHERE ended_on >= ? AND ended_on < ?", start, end):
        of_set, outside = sums[one["instrument_id"]], int(one["external"])
        of_set[0] += -1 if one["reverses"] else 1
        for place, value in enumerate((one["minutes"], one["minutes"] * outside, one["amount_fen"], one["amount_fen"] * outside), 1):
            of_set[place] += value
    backed = {key.removeprefix("set ") for key, one in sensors(plain, start, end, day).items() if key.startswith("set ") and one[8]}
    told: Told = {"withheld": sum(bool(sets[key]["confidential"]) for key in sums)}
    departments: dict[str, list[list[int]]] = defaultdict(list)
    for key, of_set in sums.items():
        one = sets[key]
        if not one["confidential"]:
            departments[one["department"] or "未填部门"].append(of_set)
            told[f"set {one['asset_number']}"] = (*_row([of_set]), "传感器" if one["asset_number"] in backed else "无传感器佐证")
    for name, several in departments.items():
        told[f"department {name}"] = (len(several), 0, *_row(several))
    every = [one for several in departments.values() for one in several]
    told["sum of departments"] = (len(every), 0, *_row(every)) if every else None
    told["sum of sets"] = (*_row(every), "") if every else None
    return told


def _row(several: Iterable[list[int]]) -> tuple[Any, ...]:
    n, inside, outside, income, external = (sum(part) for part in zip(*several, strict=True))
    return n, inside, outside, Fraction(outside, inside) if inside else Fraction(0), income, external


def national_reports(plain: Plain, day: date) -> Told:
    """Every set, the platform having taken none from here: state, last day, working days left (negative when it is over)."""
    return {one["asset_number"]: _report(plain, one, day) for one in plain.rows("SELECT * FROM instrument")}


def _report(plain: Plain, one: Any, day: date) -> tuple[str, date | None, int | None]:
    accepted, today = one["accepted_on"], day.isoformat()
    least, days = plain.rule("national.threshold_fen", accepted or today), accepted and plain.rule("national.report_days", accepted)
    small = least is not None and one["value_fen"] is not None and one["value_fen"] < least
    if one["confidential"] or (one["retired_on"] or "9999") <= today or (accepted or "") > today or small:
        return "not_obliged", None, None
    last = counted_from(date.fromisoformat(accepted), days)[0] if accepted and days is not None else None
    if accepted and (least is None or days is None):
        return "before_rule", None, None
    if one["value_fen"] is None or one["confidential"] is None or last is None:
        return "unknown", last, None
    over = day > last
    n = sum(works(date.fromordinal(at)) for at in range(min(day, last).toordinal() + 1, max(day, last).toordinal() + 1))
    return ("overdue", last, -n) if over else ("due", last, n)
