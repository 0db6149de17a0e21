"""How much sets were used and shared in a year (formulas 1–3 and the hours part of 6), each figure with the rule that makes it.

A value that a rule needs and nobody gave makes the figure unknown. Ratios are exact until they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters

SHARING_RATE = "definition.sharing_rate"
EFFECTIVE_HOURS = "definition.effective_hours"
UNSENSED = "definition.effective_hours_unsensed"
MEAN_HOURS = "definition.mean_hours"
BENCHMARK_SETS = "definition.benchmark_sets"
UTILISATION_BASE = "hours.utilisation_base"
BENCHMARKS = {
    "effective": "hours.benchmark_effective",
    "external": "hours.benchmark_external",
    "sharing_rate": "hours.benchmark_sharing_rate",
}
# 类别 of the national sheet -> rated hours a year.
RATED = {"通用": "hours.rated_general", "专用": "hours.rated_special"}
_FULL = Decimal(100)
_HOUR = 60


@dataclass(frozen=True, slots=True)
class Use:
    """Posted services of one set, or of several together: minutes of all of them and of those for others, fen likewise."""

    effective_minutes: int = 0
    external_minutes: int = 0
    income_fen: int = 0
    external_income_fen: int = 0
    n_records: int = 0

    def __add__(self, other: Use) -> Use:
        return Use(
            self.effective_minutes + other.effective_minutes,
            self.external_minutes + other.external_minutes,
            self.income_fen + other.income_fen,
            self.external_income_fen + other.external_income_fen,
            self.n_records + other.n_records,
        )


def together(uses: Sequence[Use]) -> Use:
    """The sum of several."""
    return sum(uses, Use())


def effective(use: Use, known: Parameters, day: date, rows: Rows | None = None) -> Figure:
    """有效工作机时 in minutes. The ledger's hours are as claimed unless a sensor confirms them."""
    rules = (known.figure(EFFECTIVE_HOURS, day), known.figure(UNSENSED, day))
    return Figure("performance.effective", use.effective_minutes, "minutes", "sum", inputs=rules, rows=rows)


def external(use: Use, rows: Rows | None = None) -> Figure:
    """对外服务机时 in minutes."""
    return Figure("performance.external", use.external_minutes, "minutes", "sum", rows=rows)


def shared(external_minutes: int, effective_minutes: int) -> Decimal:
    """共享率 = external ÷ effective hours, 0 when there were no effective hours (formula 1)."""
    return Decimal(external_minutes) / effective_minutes if effective_minutes else Decimal(0)


def sharing_rate(outside: Figure, inside: Figure, known: Parameters, day: date) -> Figure:
    """The sharing rate (formula 1) as a figure; unknown when one of the hours is."""
    top, bottom = outside.value, inside.value
    rate = shared(top, bottom) if isinstance(top, int) and isinstance(bottom, int) else None
    return Figure("performance.sharing_rate", rate, "ratio", "quotient", inputs=(outside, inside, known.figure(SHARING_RATE, day)))


def utilisation(inside: Figure, known: Parameters, day: date, n_sets: int = 1) -> Figure:
    """利用率 = a year's effective hours ÷ 1 600 for each set (formula 2); unknown without a set."""
    base = known.figure(UTILISATION_BASE, day)
    if n_sets != 1:
        hours = number(base)
        count = Figure("performance.n_together", n_sets, "count", "count")
        base = Figure("performance.base", None if hours is None else hours * n_sets, "hours", "product", inputs=(base, count))
    return _of_hours("performance.utilisation", inside, base, "ratio")


def category_word(category: str) -> str:
    """类别 as the rules name it: 通用仪器 and 通用设备 are 通用."""
    return category.strip().removesuffix("仪器").removesuffix("设备")


def rated_hours(category: str, known: Parameters, day: date) -> Figure:
    """定额机时 of a general-purpose or special-purpose set (formula 5); unknown for any other word."""
    key = RATED.get(category_word(category))
    if key is None:
        return Figure("performance.rated", None, "hours", "fact", note=category)
    return Figure("performance.rated", number(known.figure(key, day)), "hours", "parameter", inputs=(known.figure(key, day),))


def hours_score(inside: Figure, rated: Figure) -> Figure:
    """机时得分 = min(100, effective ÷ rated × 100), the hours part of formula 6."""
    share = _of_hours("performance.hours_share", inside, rated, "ratio")
    score = min(_FULL, share.value * _FULL) if isinstance(share.value, Decimal) else None
    return Figure("performance.hours_score", score, "score", "capped", inputs=(share,))


def mean_hours(code: str, minutes: int, n_sets: int, threshold: Figure, known: Parameters, day: date) -> Figure:
    """Hours a set: the sum over the sets at or above the threshold ÷ their number (formula 3); unknown without such a set."""
    inputs = (
        Figure("performance.sets_minutes", minutes, "minutes", "sum"),
        Figure("performance.n_sets", n_sets, "count", "count", inputs=(threshold,)),
        known.figure(MEAN_HOURS, day),
    )
    return Figure(code, Decimal(minutes) / _HOUR / n_sets if n_sets else None, "hours", "quotient", inputs=inputs)


def alike(name: str, figure: Figure, threshold: Figure, known: Parameters, day: date) -> Figure:
    """A figure of the sets that the nation's (``name`` of BENCHMARKS) are of, with what says which those are."""
    told = {part.code for part in figure.walk()}
    more = () if threshold.code in told else (threshold,)
    return replace(figure, code=f"performance.alike_{name}", inputs=(*figure.inputs, *more, known.figure(BENCHMARK_SETS, day)))


def _of_hours(code: str, minutes: Figure, base: Figure, unit: str) -> Figure:
    hours = number(base)
    value = Decimal(minutes.value) / _HOUR / hours if isinstance(minutes.value, int) and hours else None
    return Figure(code, value, unit, "quotient", inputs=(minutes, base))


def number(figure: Figure) -> Decimal | None:
    """The value of a ratio, score, mean or number of hours; None when it is unknown."""
    value = figure.value
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
