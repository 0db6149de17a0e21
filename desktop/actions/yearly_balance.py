"""A year's income against cost, instrument by instrument: whether fees stayed within cost compensation (成本补偿、非盈利)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.actions import performance, rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger.allocation import CostRow
from desktop.ledger.fees import CostComponent
from desktop.ledger.instrument import Instrument
from desktop.ledger.period import Period
from desktop.ledger.problem import Refused
from desktop.rules import yearly_balance as rules
from desktop.rules.cost_price import CostPrice, YearBalance, cost_price, year_balance
from desktop.rules.figure import Figure, Rows
from desktop.rules.yearly_balance import Balance, VersionUse
from desktop.store import yearly_balance as rows
from desktop.store.database import Connection
from desktop.store.facts import INSTRUMENTS
from desktop.store.fees import COMPONENTS
from desktop.store.payouts import COST_ROWS
from desktop.store.yearly_balance import Earned

WHOLE_KEY = "whole"


@dataclass(frozen=True, slots=True)
class Line:
    """One instrument that earned something or has a declared cost in the year; ``declared_fen`` of the costs declared for it alone."""

    instrument: Instrument
    balance: Balance
    declared_fen: int
    declared_rows: Rows


@dataclass(frozen=True, slots=True)
class Year:
    """Every instrument's year but the confidential ones (``n_withheld``); ``declared`` by kind with the rows of each, ``whole_unit_fen`` of no one
    instrument.

    ``whole`` sets the income of all of them against the costs declared for the year; that there were none is declared by the whole unit.
    """

    period: Period
    lines: tuple[Line, ...]
    declared: tuple[tuple[str, int], ...]
    whole_unit_fen: int
    n_withheld: int
    whole: YearBalance
    declared_rows: dict[str, Rows]


def year(workspace: Workspace, period: Period, as_of: date) -> Year:
    """The balances of a year as the ledger has them, by asset number."""
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        earned = list(rows.earned(connection, period))
        prices = _prices(connection)
        costs = [row for row in COST_ROWS.find(connection) if not row.withdrawn and _touches(row, period)]
        named = {one.instrument_id for one in earned} | {row.instrument_id for row in costs if row.instrument_id is not None}
        wanted = (json.dumps(sorted(named)),)
        instruments = {one.id: one for one in INSTRUMENTS.find(connection, "id IN (SELECT value FROM json_each(?))", wanted)}
    uses: dict[str, list[VersionUse]] = defaultdict(list)
    for one in earned:
        uses[one.instrument_id].append(_use(one, prices))
    own: dict[str, list[CostRow]] = defaultdict(list)
    for row in costs:
        if row.instrument_id is not None and row.kind != "none":
            own[row.instrument_id].append(row)
    lines, n_withheld = [], 0
    for key in sorted(uses.keys() | own.keys(), key=lambda key: instruments[key].asset_number):
        instrument = instruments[key]
        if instrument.confidential:
            n_withheld += 1
            continue
        lines.append(Line(instrument, rules.balance(uses[key], known, as_of), rules.declared_fen(own[key], period), _rows(own[key])))
    shown = [row for row in costs if row.instrument_id is None or not instruments[row.instrument_id].confidential]
    kinds = dict.fromkeys(row.kind for row in shown if row.kind != "none")
    declared = tuple((kind, rules.declared_fen([row for row in shown if row.kind == kind], period)) for kind in kinds)
    whole_unit = rules.declared_fen([row for row in shown if row.instrument_id is None], period)
    told = rules.declares(shown, period.start, min(period.last_day, as_of))
    whole = _whole(period, lines, declared if told else None, known.figure(rules.YEARLY, as_of))
    behind = {kind: _rows(row for row in shown if row.kind == kind) for kind in kinds}
    return Year(period, tuple(lines), declared, whole_unit, n_withheld, whole, behind)


def _rows(declared: Iterable[CostRow]) -> Rows:
    return Rows("cost_row", tuple(row.id for row in declared))


def _whole(period: Period, lines: list[Line], declared: tuple[tuple[str, int], ...] | None, cited: Figure) -> YearBalance:
    """``declared`` None: no cost was declared, nor that the whole unit had none."""
    income = tuple(
        Figure("balance.set_income", line.balance.income_fen, "fen", "sum", params=(("number", line.instrument.asset_number), ("name", line.instrument.name)))
        for line in lines
        if line.balance.income_fen
    )
    costs = tuple(Figure("balance.declared_of", fen, "fen", "sum", params=(("kind", f"payout.cost_kinds.{kind}"),)) for kind, fen in declared or ())
    return year_balance(
        period.name,
        Figure("balance.income", sum(line.balance.income_fen for line in lines), "fen", "sum", inputs=income),
        Figure("balance.declared", None if declared is None else sum(fen for _, fen in declared), "fen", "sum", inputs=costs),
        cited,
    )


def explain(workspace: Workspace, asset_number: str, text: str | None = None) -> Figure:
    """Why an instrument's year is within its cost, above it or unknown: version by version, down to the postings; ``whole``: why that of all is.

    Raises Refused for an instrument that is not there or earned nothing in the year, or for a period that is no year.
    """
    period = performance.span(workspace, text)
    known, day = rules_in_force.of(workspace), min(period.last_day, today())
    if asset_number.strip() == WHOLE_KEY:
        return year(workspace, period, day).whole.figure
    with workspace.read() as connection:
        instrument = INSTRUMENTS.one(connection, "asset_number = ?", (asset_number.strip(),))
        earned = [one for one in rows.earned(connection, period) if instrument is not None and one.instrument_id == instrument.id]
        if instrument is None or not earned:
            raise Refused("balance.nothing_earned", asset_number=asset_number, period=period.name)
        prices = _prices(connection)
        uses = [
            _use(one, prices, Rows("posting", rows.postings_under(connection, one.instrument_id, one.schedule_id, period))) for one in earned
        ]
    return rules.balance(uses, known, day).figure


def _prices(connection: Connection) -> dict[str, CostPrice]:
    parts: dict[str, list[CostComponent]] = defaultdict(list)
    for part in COMPONENTS.find(connection):
        parts[part.schedule_id].append(part)
    return {key: cost_price(found) for key, found in parts.items()}


def _use(one: Earned, prices: dict[str, CostPrice], behind: Rows | None = None) -> VersionUse:
    cost = prices.get(one.schedule_id) or cost_price(())
    return VersionUse(one.schedule_id, one.title, one.from_on, one.minutes, one.fen, cost, behind)


def _touches(row: CostRow, period: Period) -> bool:
    return row.period_from <= period.last_day and row.period_to >= period.start
