"""The yearly benefit score of a set (年度效益评价, formula 6): five parts of 100 each, weighted, and the grade of their sum.

A count nobody entered is unknown, never zero: its part then has a least and a most, and so has the sum; the grade is known as soon as
both ends of the sum have the same. Exact fractions until they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from desktop.ledger.evaluation import RESEARCH, TRAINING
from desktop.rules import performance
from desktop.rules.exact import shown
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters
from desktop.rules.performance import Use, number

WEIGHTS = {
    "hours": "moe.weight_hours",
    "training": "moe.weight_training",
    "research": "moe.weight_research",
    "income": "moe.weight_income",
    "functions": "moe.weight_functions",
}
PARTS = tuple(WEIGHTS)
# What one of each counts.
POINTS = {
    "independent": "moe.points_independent",
    "guided": "moe.points_guided",
    "national_prizes": "moe.points_national_prize",
    "provincial_prizes": "moe.points_provincial_prize",
    "school_prizes": "moe.points_school_prize",
    "core_papers": "moe.points_core_paper",
    "new_functions": "moe.points_new_function",
}
DEMONSTRATED = "moe.demonstrated_people"
INCOME_POINTS, INCOME_STEP = "moe.points_income", "moe.income_step_fen"
FUNCTION_POINTS, FUNCTION_STEP = "moe.points_function_step", "moe.function_step"
GRADES = (("excellent", "moe.excellent"), ("good", "moe.good"), ("pass", "moe.pass"))
THRESHOLD = "moe.threshold_fen"
_FULL = Fraction(100)
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Range:
    """Where a score lies: ``least`` ≤ it ≤ ``most``, the same when it is known."""

    least: Fraction
    most: Fraction

    @property
    def known(self) -> bool:
        """Whether there is only one score it can be."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Part:
    """One of PARTS: its score of 100 and why."""

    name: str
    range: Range
    figure: Figure


@dataclass(frozen=True, slots=True)
class Score:
    """``range`` None: a weight is not in force, so there is no sum. ``grade`` None: not settled by what is known."""

    parts: tuple[Part, ...]
    range: Range | None
    grade: str | None
    total: Figure
    figure: Figure

    def part(self, name: str) -> Part:
        """A part by its name. Raises KeyError for a name that is none."""
        return {one.name: one for one in self.parts}[name]


def score(counts: Mapping[str, int], use: Use, category: str, known: Parameters, day: date) -> Score:
    """The score of a set's year from its posted services (hours, all income) and the ``counts`` that were entered, by the rules of a day."""
    parts = (
        _hours(use, category, known, day),
        _sum("training", [_counted(item, counts, known, day) for item in TRAINING]),
        _sum("research", [_counted(item, counts, known, day) for item in RESEARCH]),
        _income(use, known, day),
        _sum("functions", [_used(counts, known, day), _counted("new_functions", counts, known, day)]),
    )
    weights = {part.name: known.figure(WEIGHTS[part.name], day) for part in parts}
    shares = {name: number(figure) for name, figure in weights.items()}
    inputs = tuple(_weighted(part, weights[part.name]) for part in parts)
    whole = None
    if all(share is not None for share in shares.values()):
        ends = [(Fraction(shares[part.name] or 0), part.range) for part in parts]
        whole = Range(sum((w * r.least for w, r in ends), _ZERO), sum((w * r.most for w, r in ends), _ZERO))
    total = ranged("benefit.total", whole, "sum", inputs)
    grade, limits = _grade(whole, known, day)
    return Score(parts, whole, grade, total, Figure("benefit.grade", grade, "state", "comparison", inputs=(total, *limits)))


def _hours(use: Use, category: str, known: Parameters, day: date) -> Part:
    inside = performance.effective(use, known, day)
    rated = performance.rated_hours(category, known, day)
    base = number(rated)
    exact = Range(_ZERO, _FULL)
    if base:
        share = _within(Fraction(use.effective_minutes, 60) / Fraction(base) * 100)
        exact = Range(share, share)
    return Part("hours", exact, ranged("benefit.part_hours", exact, "capped", (inside, rated)))


@dataclass(frozen=True, slots=True)
class _Points:
    """``most`` None: as many as there may be."""

    least: Fraction
    most: Fraction | None
    figure: Figure


def _sum(name: str, points: list[_Points]) -> Part:
    least = _within(sum((one.least for one in points), _ZERO))
    ends = [one.most for one in points]
    most = _FULL if None in ends else _within(sum((end for end in ends if end is not None), _ZERO))
    found = Range(least, most)
    return Part(name, found, ranged(f"benefit.part_{name}", found, "capped", tuple(one.figure for one in points)))


def _counted(item: str, counts: Mapping[str, int], known: Parameters, day: date) -> _Points:
    """So many points for each; for demonstrations one point for so many people, in proportion."""
    rule = known.figure(POINTS.get(item, DEMONSTRATED), day)
    each = number(rule)
    count = counts.get(item)
    if item not in POINTS:
        worth = Fraction(1) / Fraction(each) if each else None
    else:
        worth = None if each is None else Fraction(each)
    exact = None if count is None or worth is None else count * worth
    # Nothing of what counts nothing, or none of it, is nothing whatever the other is.
    if count == 0 or worth == 0:
        exact = _ZERO
    return _points(item, exact, (Figure(f"benefit.count_{item}", count, "count", "entered"), rule))


def _income(use: Use, known: Parameters, day: date) -> Part:
    rule, step = known.figure(INCOME_POINTS, day), known.figure(INCOME_STEP, day)
    each, base = number(rule), number(step)
    income = Figure("performance.income", use.income_fen, "fen", "sum")
    exact = None if each is None or not base else Fraction(max(0, use.income_fen)) / Fraction(base) * Fraction(each)
    return _sum("income", [_points("income", exact, (income, rule, step))])


def _used(counts: Mapping[str, int], known: Parameters, day: date) -> _Points:
    """Original functions in use: so many points for each whole step of their share; unknown when more are used than there are."""
    rule, step = known.figure(FUNCTION_POINTS, day), known.figure(FUNCTION_STEP, day)
    each, base = number(rule), number(step)
    original, used = counts.get("original_functions"), counts.get("used_functions")
    share = Fraction(used, original) if original and used is not None and used <= original else None
    told = (
        Figure("benefit.count_original_functions", original, "count", "entered"),
        Figure("benefit.count_used_functions", used, "count", "entered"),
    )
    ratio = Figure("benefit.function_share", None if share is None else _decimal(share), "ratio", "quotient", inputs=told)
    if each is None or not base:
        return _points("used_functions", None, (ratio, rule, step))
    whole = Fraction(base)
    most = Fraction(each) * (1 // whole)
    exact = None if share is None else Fraction(each) * (share // whole)
    found = _points("used_functions", exact, (ratio, rule, step))
    return found if exact is not None else _Points(_ZERO, most, found.figure)


def _points(item: str, exact: Fraction | None, inputs: tuple[Figure, ...]) -> _Points:
    value = None if exact is None else _decimal(exact)
    figure = Figure(f"benefit.points_{item}", value, "score", "product", inputs=inputs)
    return _Points(exact or _ZERO, exact, figure)


def _weighted(part: Part, weight: Figure) -> Figure:
    share = number(weight)
    found = None if share is None else Range(part.range.least * Fraction(share), part.range.most * Fraction(share))
    return ranged(f"benefit.weighted_{part.name}", found, "product", (part.figure, weight))


def _grade(whole: Range | None, known: Parameters, day: date) -> tuple[str | None, tuple[Figure, ...]]:
    limits = tuple(known.figure(key, day) for _, key in GRADES)
    least = [number(figure) for figure in limits]
    if whole is None or None in least:
        return None, limits
    low, high = (_named(end, [Fraction(one or 0) for one in least]) for end in (whole.least, whole.most))
    return (low if low == high else None), limits


def _named(total: Fraction, limits: list[Fraction]) -> str:
    return next((name for (name, _), limit in zip(GRADES, limits, strict=True) if total >= limit), "fail")


def ranged(code: str, found: Range | None, how: str, inputs: tuple[Figure, ...]) -> Figure:
    """A score, or unknown with the least and the most it can be."""
    if found is not None and not found.known:
        ends = (Figure("benefit.least", _decimal(found.least), "score", how), Figure("benefit.most", _decimal(found.most), "score", how))
        return Figure(code, None, "score", how, inputs=(*ends, *inputs))
    return Figure(code, None if found is None else _decimal(found.least), "score", how, inputs=inputs)


def _within(value: Fraction) -> Fraction:
    return max(_ZERO, min(_FULL, value))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(shown(value))
