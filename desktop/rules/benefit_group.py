"""Benefit scores of several sets together (a department, an innovation platform): the mean of their scores and how many have each grade.

The form scores sets one by one and says nothing of a group; that every set counts alike is this ledger's reading (``definition.group_score``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from desktop.rules.benefit import GRADES, Range, Score, ranged
from desktop.rules.figure import Figure
from desktop.rules.parameters import Parameters

OPEN = "open"
"""The grade of a set for which too little is known."""

GRADE_NAMES = (*(name for name, _ in GRADES), "fail", OPEN)
MEAN = "definition.group_score"


@dataclass(frozen=True, slots=True)
class GroupScore:
    """``range`` of the mean, None without a set or while the sum of one is unknown; ``n_of``: grade -> sets, every grade named."""

    range: Range | None
    n_of: Mapping[str, int]
    figure: Figure

    @property
    def n_passed(self) -> int:
        """Sets that pass or better, as far as it is settled."""
        return sum(self.n_of[name] for name, _ in GRADES)


def together(scores: Sequence[Score], known: Parameters, day: date, each: Sequence[Figure] = ()) -> GroupScore:
    """The mean score of several sets; unknown counts leave it between the mean of the least and of the most. ``each``: ``of_set`` of those to be told."""
    ends = [one.range for one in scores if one.range is not None]
    mean = None
    if scores and len(ends) == len(scores):
        mean = Range(sum((one.least for one in ends), Fraction(0)) / len(ends), sum((one.most for one in ends), Fraction(0)) / len(ends))
    found = Counter(one.grade or OPEN for one in scores)
    n_of = {grade: found[grade] for grade in GRADE_NAMES}
    counts = tuple(Figure(f"benefit.n_{grade}", n, "count", "count") for grade, n in n_of.items())
    n_sets = Figure("performance.n_together", len(scores), "count", "count")
    return GroupScore(mean, n_of, ranged("benefit.mean", mean, "quotient", (n_sets, *counts, known.figure(MEAN, day), *each)))


def of_set(asset_number: str, name: str, score: Score) -> Figure:
    """A set's sum among those of its group, without what it is made of: that is asked for by the set's own number."""
    told = ranged("benefit.of_set", score.range, "sum", ())
    return Figure(told.code, told.value, told.unit, told.how, inputs=told.inputs, params=(("asset_number", asset_number), ("name", name)))
