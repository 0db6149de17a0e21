"""The yearly benefit score of sets and what their users said, reckoned a second time: each part twice, with the least and the most it can be."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from tests.recompute.plain import Plain
from tests.recompute.plain_use import category_of, sets_with_use

Told = dict[Any, Any]
_EACH = {
    "training": {"independent": "independent", "guided": "guided"},
    "research": {
        "national_prizes": "national_prize", "provincial_prizes": "provincial_prize", "school_prizes": "school_prize", "core_papers": "core_paper",
    },
    "functions": {"new_functions": "new_function"},
}  # fmt: skip


def scores(plain: Plain, year: str, start: str, end: str, day: date) -> Told:
    """Asset number -> least and most of the whole, grade (None: open), whether it is worth the ministry's threshold; and each part's own."""
    entered: dict[str, dict[str, int]] = defaultdict(dict)
    for one in plain.rows("SELECT * FROM evaluation_fact WHERE year = ?", year):
        entered[one["instrument_id"]][one["item"]] = one["count"]
    told: Told = {}
    for one, uses in sets_with_use(plain, start, end):
        parts = [_hours(plain, one, uses, day), _income(plain, uses, day), *(_counted(plain, name, entered[one["id"]], day) for name in _EACH)]
        told[f"parts of {one['asset_number']}"] = dict(zip(("hours", "income", *_EACH), parts, strict=True))
        weights = [Fraction(plain.rule(f"moe.weight_{name}", day)) for name in ("hours", "income", *_EACH)]
        least, most = (sum(weight * part[end_] for weight, part in zip(weights, parts, strict=True)) for end_ in (0, 1))
        low, high = _grade(plain, least, day), _grade(plain, most, day)
        worth = None if one["value_fen"] is None else one["value_fen"] >= plain.rule("moe.threshold_fen", day)
        told[one["asset_number"]] = (least, most, low if low == high else None, worth)
    return told


def groups(plain: Plain, year: str, start: str, end: str, day: date) -> Told:
    """(kind, name) -> means of the least and of the most, and how many sets have each grade (None: open)."""
    scored = scores(plain, year, start, end, day)
    found: dict[Any, list[Any]] = defaultdict(list)
    for one, _ in sets_with_use(plain, start, end):
        platform = " ".join(dict.fromkeys(part for part in (one["carrier_type"], one["carrier_number"]) if part and part != "无"))
        for kind, name in (("department", one["department"]), ("platform", platform), ("institution", "")):
            found[kind, name].append(scored[one["asset_number"]])
    return {
        key: (sum(one[0] for one in several) / len(several), sum(one[1] for one in several) / len(several), _counted_grades(several))
        for key, several in found.items()
    }


def _counted_grades(several: list[Any]) -> tuple[int, ...]:
    return tuple(sum(one[2] == grade for one in several) for grade in ("excellent", "good", "pass", "fail", None))


def _grade(plain: Plain, whole: Fraction, day: date) -> str:
    return next((name for name in ("excellent", "good", "pass") if whole >= plain.rule(f"moe.{name}", day)), "fail")


def _capped(points: Fraction) -> Fraction:
    return min(Fraction(100), points)


def _hours(plain: Plain, one: Any, uses: list[Any], day: date) -> tuple[Fraction, Fraction]:
    rated = {"通用": "hours.rated_general", "专用": "hours.rated_special"}.get(category_of(one["category"]))
    if rated is None:
        return Fraction(0), Fraction(100)
    exact = _capped(Fraction(sum(use["minutes"] for use in uses) * 100, 60 * plain.rule(rated, day)))
    return exact, exact


def _income(plain: Plain, uses: list[Any], day: date) -> tuple[Fraction, Fraction]:
    fen = sum(use["amount_fen"] for use in uses)
    exact = _capped(Fraction(fen * plain.rule("moe.points_income", day), plain.rule("moe.income_step_fen", day)))
    return exact, exact


def _counted(plain: Plain, name: str, counts: dict[str, int], day: date) -> tuple[Fraction, Fraction]:
    least, open_ = Fraction(0), False
    for item, key in _EACH[name].items():
        least += counts.get(item, 0) * Fraction(plain.rule(f"moe.points_{key}", day))
        open_ = open_ or item not in counts
    most_of_open = Fraction(0)
    if name == "training":
        least += Fraction(counts.get("demonstrated", 0), plain.rule("moe.demonstrated_people", day))
        open_ = open_ or "demonstrated" not in counts
    if name == "functions":
        step, each = Fraction(plain.rule("moe.function_step", day)), Fraction(plain.rule("moe.points_function_step", day))
        if "original_functions" in counts and "used_functions" in counts:
            least += each * (Fraction(counts["used_functions"], counts["original_functions"]) // step)
        else:
            most_of_open = each * (1 // step)
    return _capped(least), Fraction(100) if open_ else _capped(least + most_of_open)


def ratings(plain: Plain, start: str, end: str, day: date) -> Told:
    """Word -> services, those whose users said nothing, and the share of the satisfied."""
    said = {one["record_id"]: one["word"] for one in plain.rows("SELECT * FROM user_rating")}
    words = Counter(
        said.get(one["id"], one["rating"])
        for one in plain.rows(
            "SELECT r.* FROM service_record r JOIN instrument i ON i.id = r.instrument_id WHERE r.state = 'posted' AND r.ended_at >= ? AND r.ended_at < ? "
            "AND NOT r.confidential AND NOT coalesce(i.confidential, 0)", start, end,
        )
    )  # fmt: skip
    known = {word: words[word] for word in ("非常满意", "基本满意", "一般", "不满意", "极差")}
    good = sum(known.get(word, 0) for word in plain.rule("definition.satisfied_ratings", day))
    return known | {"silent": words[""], "satisfied": Fraction(good, sum(known.values()))}
