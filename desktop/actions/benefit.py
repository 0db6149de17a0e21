"""The yearly benefit score (年度效益评价) of each set, from its posted services and what was entered for the year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from desktop.actions import performance, rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger import money
from desktop.ledger.evaluation import EvaluationFact
from desktop.ledger.period import Period
from desktop.rules import benefit as rules
from desktop.rules.benefit import PARTS, Range, Score
from desktop.rules.benefit_group import GRADE_NAMES, OPEN
from desktop.rules.exact import rounded
from desktop.rules.figure import Figure
from desktop.rules.performance import Use
from desktop.store import evaluation as facts
from desktop.store import performance as rows
from desktop.store.performance import SetUse
from desktop.words import say

__all__ = ["OPEN", "PARTS", "Range", "Scored", "Year", "explain", "last_day", "of_set", "shown", "year"]

_MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Scored:
    """One set with its score; ``facts`` by item; ``reportable``: worth the ministry's threshold or more, None when its value is not known."""

    one: SetUse
    facts: dict[str, EvaluationFact]
    score: Score
    reportable: bool | None

    @property
    def grade(self) -> str:
        """``excellent`` … ``fail``, or OPEN."""
        return self.score.grade or OPEN


@dataclass(frozen=True, slots=True)
class Year:
    """Every set of a year that is not confidential, by asset number; ``n_of``: grade -> sets."""

    period: Period
    as_of: date
    sets: tuple[Scored, ...]
    n_withheld: int
    threshold: Figure

    @property
    def n_of(self) -> dict[str, int]:
        """Grade -> sets, every grade named."""
        found = Counter(one.grade for one in self.sets)
        return {grade: found[grade] for grade in GRADE_NAMES}


def year(workspace: Workspace, period: Period, as_of: date | None = None) -> Year:
    """The scores of a year by the rules of ``as_of``, its last day or today when not given."""
    day = as_of or last_day(period)
    known = rules_in_force.of(workspace)
    threshold = known.figure(rules.THRESHOLD, day)
    with workspace.read() as connection:
        found = rows.of_sets(connection, period)
        entered = facts.of_year(connection, period.name)
    shown = [one for one in found if not one.confidential]
    least = threshold.value if isinstance(threshold.value, int) else None
    sets = tuple(
        Scored(one, entered.get(one.instrument_id, {}), _score(one, entered.get(one.instrument_id, {}), known, day), _worth(one, least))
        for one in shown
    )
    return Year(period, day, sets, len(found) - len(shown), threshold)


def shown(found: Range | None) -> str:
    """A score as people read it, rounded half up to two places for show; ``35.00～85.00`` where it is not known, or that nothing is.

    Grades begin at whole scores: one that only rounding would lift to such a score is told with the places that show it is below (89.996).
    """
    if found is None:
        return say("explain.unknown")
    low, high = (_score_text(end) for end in (found.least, found.most))
    return low if found.known else say("benefit.between", least=low, most=high)


def _score_text(score: Fraction) -> str:
    places = 2
    while places < _MOST_PLACES and rounded(score * 10**places) == (rounded(score) * 10**places) and rounded(score) > score:
        places += 1
    if places == 2:
        return money.text(rounded(score * 100))
    return f"{Decimal(rounded(score * 10**places)).scaleb(-places):f}"


def of_set(workspace: Workspace, one: SetUse, period: Period, as_of: date) -> Score:
    """The score of one set, confidential ones too: it stays on this screen."""
    with workspace.read() as connection:
        entered = facts.of_year(connection, period.name, one.instrument_id).get(one.instrument_id, {})
    return _score(one, entered, rules_in_force.of(workspace), as_of)


def last_day(period: Period) -> date:
    """The day a year's figures stand for: its last, or today while it runs."""
    return min(period.end - timedelta(days=1), today())


def _score(one: SetUse, entered: dict[str, EvaluationFact], known: rules_in_force.Parameters, day: date) -> Score:
    use = Use(one.effective_minutes, one.external_minutes, one.income_fen, one.external_income_fen, one.n_records)
    return rules.score({item: fact.count for item, fact in entered.items()}, use, one.category, known, day)


def _worth(one: SetUse, least: int | None) -> bool | None:
    return None if one.value_fen is None or least is None else one.value_fen >= least


def explain(workspace: Workspace, asset_number: str, text: str | None = None) -> Figure:
    """Every performance figure of one set in a year, with its benefit score part by part and what its users said. Raises as ``performance.explain``."""
    from desktop.actions import evaluations

    period = performance.span(workspace, text)
    tree = performance.explain(workspace, asset_number, period.name)
    with workspace.read() as connection:
        one = next(one for one in rows.of_sets(connection, period) if one.asset_number == asset_number.strip())
    score = of_set(workspace, one, period, last_day(period))
    said = evaluations.ratings(workspace, period.name, one.asset_number).satisfied
    return replace(tree, inputs=(*tree.inputs, score.figure, said))
