"""Income of a year against what the services cost: hours under each fee version × its cost price, and the declared costs of the year.

Source: cost compensation, non-profit (成本补偿、非盈利): measure clause 9; how a year is checked no text says (``definition.non_profit_year``).
A version without a cost build-up makes the cost of its hours unknown, and with it the verdict; the known part is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from desktop.ledger.allocation import CostRow
from desktop.ledger.period import Period
from desktop.rules import cost_parts
from desktop.rules.cost_price import CostPrice
from desktop.rules.exact import rounded
from desktop.rules.figure import Figure, Rows
from desktop.rules.parameters import Parameters

YEARLY = "definition.non_profit_year"
_HOUR = 60

Verdict = Literal["within", "above", "unknown", "unused"]


@dataclass(frozen=True, slots=True)
class VersionUse:
    """Posted services of a year under one fee version: minutes and fen; ``name`` and ``from_on`` say which version."""

    schedule_id: str
    name: str
    from_on: date
    minutes: int
    income_fen: int
    cost: CostPrice
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """One instrument's year. ``cost_fen`` None: some hours have no cost price (``unknown_minutes``); ``known_cost_fen`` is of the others."""

    income_fen: int
    minutes: int
    known_cost_fen: int
    unknown_minutes: int
    verdict: Verdict
    figure: Figure

    @property
    def cost_fen(self) -> int | None:
        """The whole cost, when all of it is known."""
        return None if self.unknown_minutes else self.known_cost_fen

    @property
    def surplus_fen(self) -> int | None:
        """Income less cost; unknown with it."""
        return None if self.cost_fen is None else self.income_fen - self.cost_fen


def balance(uses: Iterable[VersionUse], known: Parameters, day: date) -> Balance:
    """Set one instrument's income against the cost of its hours; each version's cost is rounded to the fen, once."""
    told = sorted(uses, key=lambda use: use.from_on)
    costs = [_cost(use) for use in told]
    income_fen, minutes = sum(use.income_fen for use in told), sum(use.minutes for use in told)
    known_fen = sum(figure.value for figure in costs if isinstance(figure.value, int))
    unknown = sum(use.minutes for use, figure in zip(told, costs, strict=True) if figure.value is None)
    verdict = _verdict(income_fen, minutes, known_fen, unknown)
    income = Figure("balance.income", income_fen, "fen", "sum", inputs=tuple(_income(use) for use in told))
    cost = Figure("balance.cost", None if unknown else known_fen, "fen", "sum", inputs=tuple(costs))
    figure = Figure("balance.verdict", verdict, "state", "comparison", inputs=(income, cost, known.figure(YEARLY, day)))
    return Balance(income_fen, minutes, known_fen, unknown, verdict, figure)


def _verdict(income_fen: int, minutes: int, known_fen: int, unknown_minutes: int) -> Verdict:
    if not income_fen and not minutes:
        return "unused"
    if unknown_minutes:
        return "unknown"
    return "above" if income_fen > known_fen else "within"


def _income(use: VersionUse) -> Figure:
    return Figure("balance.version_income", use.income_fen, "fen", "sum", rows=use.rows, params=_named(use))


def _cost(use: VersionUse) -> Figure:
    fen = None
    if use.minutes == 0:
        fen = 0
    elif use.cost.fen is not None:
        fen = rounded(Fraction(use.cost.fen * use.minutes, _HOUR))
    minutes = Figure("balance.minutes", use.minutes, "minutes", "sum")
    return Figure("balance.version_cost", fen, "fen", "once", inputs=(minutes, use.cost.figure), params=_named(use))


def _named(use: VersionUse) -> tuple[tuple[str, str], ...]:
    return (("name", use.name or "—"), ("from_on", use.from_on.isoformat()))


def declared_fen(rows: Sequence[CostRow], period: Period) -> int:
    """What of the declared costs falls on the days of a period, by calendar days."""
    return sum(cost_parts.span_fen(row, (period.start, period.last_day)) for row in rows if not row.withdrawn)


def declares(rows: Iterable[CostRow], first: date, last: date) -> bool:
    """Whether the costs of the days from ``first`` to ``last`` are declared at all: some cost is, or that the whole unit had none on each of them.

    That one set, or one month, had no cost says nothing of the others.
    """
    standing = [row for row in rows if not row.withdrawn]
    if any(row.kind != "none" for row in standing):
        return True
    reached = first
    for row in sorted((row for row in standing if row.instrument_id is None), key=lambda row: row.period_from):
        if row.period_from <= reached <= row.period_to:
            reached = row.period_to + timedelta(days=1)
    return reached > last
