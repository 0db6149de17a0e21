"""The tree behind a payout run: the one it was fixed with, or, where that stayed on the seat that prepared it, one of the lines that are here."""

from __future__ import annotations

from datetime import UTC

from desktop.actions.day import SHANGHAI
from desktop.ledger import allocation_json
from desktop.ledger.allocation import PayoutRun
from desktop.ledger.problem import Refused
from desktop.rules import figure_json, settlement_lines_figure
from desktop.rules.figure import Figure
from desktop.store import payouts as rows
from desktop.store.database import Connection
from desktop.store.facts import TECHNICIANS
from desktop.store.sync_rows import TREE_AWAY
from desktop.words import say


def is_away(connection: Connection, run: PayoutRun) -> bool:
    """Whether the whole tree of a run is at another seat: too large to be sent (docs/decisions/0035)."""
    return _fixed(connection, run).figure == TREE_AWAY


def tree(connection: Connection, run: PayoutRun) -> Figure:
    """Why a run comes out as it does; of a reversing run, the tree of the run it takes back. Raises Refused without its scheme."""
    fixed = _fixed(connection, run)
    if fixed.figure != TREE_AWAY:
        return figure_json.from_json(fixed.figure)
    written = rows.SCHEMES.get(connection, fixed.scheme_id)
    if written is None:  # a run waits for its scheme, and schemes are never deleted
        raise Refused("payout.unknown_run", number=run.number)
    facts = rows.facts_of(connection, fixed)
    technicians = {one.id: one for one in TECHNICIANS.find(connection)}
    costs = {one.id: one for one in rows.COST_ROWS.find(connection)}
    where = Figure("payout.tree_away", where_words(connection, fixed), "text")
    return settlement_lines_figure.explain(facts, allocation_json.read(written), technicians, costs, where)


def where_words(connection: Connection, run: PayoutRun) -> str:
    """On whose computer the whole tree is, and since when (Asia/Shanghai)."""
    fixed = _fixed(connection, run)
    name = connection.exec_driver_sql("SELECT name FROM person WHERE id = ?", (fixed.prepared_by,)).scalar()
    at = fixed.prepared_at.replace(tzinfo=UTC).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return say("payout.tree_where", person=name or fixed.prepared_by, at=at)


def _fixed(connection: Connection, run: PayoutRun) -> PayoutRun:
    """The run whose tree this one has: a reversal that was prepared beside none has that of the run it takes back."""
    original = rows.RUNS.get(connection, run.reverses) if run.figure == TREE_AWAY and run.reverses else None
    return original or run
