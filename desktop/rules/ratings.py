"""What users said of services (用户评价): how many gave each word, and the share of the satisfied among those who said anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desktop.ledger.evaluation import RATINGS
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters
from desktop.words import say

SATISFIED = "definition.satisfied_ratings"


_CODES = dict(zip(RATINGS, ("best", "good", "fair", "poor", "worst"), strict=True))


def said(word: str) -> str:
    """A user's word in the language in use: the national platform's five are kept as it writes them, another as it was written."""
    return say(f"rating.word.{_CODES[word]}") if word in _CODES else word


@dataclass(frozen=True, slots=True)
class Ratings:
    """``n_of``: word -> services, in the order of RATINGS; ``n_silent`` said nothing, ``n_other`` something that is none of the five words."""

    n_of: dict[str, int]
    n_silent: int
    n_other: int
    satisfied: Figure

    @property
    def n_said(self) -> int:
        """Services whose user gave one of the five words."""
        return sum(self.n_of.values())


def summary(words: Sequence[str], known: Parameters, day: date, rows: Rows | None = None) -> Ratings:
    """The ratings of several services, "" for none. The share is unknown when nobody said anything or no definition is in force."""
    n_of = {word: sum(1 for one in words if one == word) for word in RATINGS}
    n_silent = sum(1 for one in words if not one)
    n_said = sum(n_of.values())
    rule = known.in_force(SATISFIED, day)
    good = None if rule is None else sum(n_of.get(word, 0) for word in rule.codes)
    share = Decimal(good) / n_said if good is not None and n_said else None
    inputs = (
        Figure("rating.n_satisfied", good, "count", "count", inputs=(known.figure(SATISFIED, day),)),
        Figure("rating.n_said", n_said, "count", "count", rows=rows),
        Figure("rating.n_silent", n_silent, "count", "count"),
    )
    return Ratings(n_of, n_silent, len(words) - n_silent - n_said, Figure("rating.satisfied", share, "ratio", "quotient", inputs=inputs))
