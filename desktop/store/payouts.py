"""Payout runs as rows: what a run holds, costs, schemes, months; what waits to be settled is in ``unsettled``.

A run counts while it is prepared, approved or closed and is not itself a reversal; what only withdrawn or reversed runs
have settled is unsettled again.
"""

from __future__ import annotations

from datetime import date

from desktop.ledger.allocation import CostRow, MonthEvent, PayoutCost, PayoutLine, PayoutRun, PayoutShare, WrittenScheme
from desktop.rules.payout_facts import PayoutFacts
from desktop.store import schema_money
from desktop.store.database import Connection
from desktop.store.rows import Codec

RUNS = Codec(PayoutRun, schema_money.payout_run)
SHARES = Codec(PayoutShare, schema_money.payout_share)
LINES = Codec(PayoutLine, schema_money.payout_line)
COSTS = Codec(PayoutCost, schema_money.payout_cost)
COST_ROWS = Codec(CostRow, schema_money.cost_row)
SCHEMES = Codec(WrittenScheme, schema_money.scheme)
MONTHS = Codec(MonthEvent, schema_money.month_event)

COUNTS = "r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')"
_SETTLED = f"SELECT 1 FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE {COUNTS}"


def facts_of(connection: Connection, run: PayoutRun) -> PayoutFacts:
    """A run with everything it holds."""
    return PayoutFacts(
        run,
        tuple(SHARES.find(connection, "run_id = ?", (run.id,), "position")),
        tuple(LINES.find(connection, "run_id = ?", (run.id,), "rowid")),
        tuple(COSTS.find(connection, "run_id = ?", (run.id,), "rowid")),
    )


def unsettled_costs(connection: Connection, to: date) -> list[CostRow]:
    """The declared costs no counting run has deducted, whose period has begun by a day."""
    where = (
        f"period_from <= ? AND NOT EXISTS (SELECT 1 FROM payout_cost c JOIN payout_run r ON r.id = c.run_id "
        f"WHERE c.cost_row_id = cost_row.id AND {COUNTS})"
    )
    return COST_ROWS.find(connection, where, (to.isoformat(),), "period_from, kind")


def settled_to(connection: Connection) -> date | None:
    """The last day an approved or closed run has settled."""
    sql = f"SELECT max(r.to_on) FROM payout_run r WHERE {COUNTS} AND r.state IN ('approved', 'closed')"
    day = connection.exec_driver_sql(sql).scalar()
    return date.fromisoformat(day) if day else None


def later_lines(connection: Connection, run_id: str) -> list[PayoutLine]:
    """Lines of other counting runs that take back a line of this run."""
    where = (
        "run_id <> ? AND reverses IN (SELECT id FROM payout_line WHERE run_id = ?) AND EXISTS "
        f"(SELECT 1 FROM payout_run r WHERE r.id = payout_line.run_id AND {COUNTS})"
    )
    return LINES.find(connection, where, (run_id, run_id))


def insert(connection: Connection, facts: PayoutFacts) -> None:
    """Write a run whole."""
    RUNS.insert(connection, [facts.run])
    SHARES.insert(connection, facts.shares)
    LINES.insert(connection, facts.lines)
    COSTS.insert(connection, facts.costs)


def next_number(connection: Connection, year: int) -> str:
    """``FP2026-003``: the next run of a year."""
    count = connection.exec_driver_sql("SELECT count(*) FROM payout_run WHERE number LIKE ?", (f"FP{year}-%",)).scalar_one()
    return f"FP{year}-{int(count) + 1:03d}"


def open_balance(connection: Connection, to: date) -> tuple[int, int, int]:
    """What no counting run holds, up to a day: postings (reversals too), their fen, and how many of them have no operator."""
    sql = (
        "SELECT count(*), coalesce(sum(p.amount_fen), 0), coalesce(sum(p.technician_id IS NULL), 0) FROM posting p "
        "WHERE p.ended_on <= ? "
        f"AND NOT EXISTS ({_SETTLED} AND l.posting_id = p.id)"
    )
    n, fen, n_without = connection.exec_driver_sql(sql, (to.isoformat(),)).one()
    return int(n), int(fen), int(n_without)


def cost_list(connection: Connection) -> list[tuple[CostRow, str, str, str]]:
    """Every declared row, newest period first, with its instrument's asset number and name and the number of the run that took it."""
    sql = (
        "SELECT k.id, coalesce(i.asset_number, ''), coalesce(i.name, ''), coalesce((SELECT r.number FROM payout_cost c "
        f"JOIN payout_run r ON r.id = c.run_id WHERE c.cost_row_id = k.id AND {COUNTS}), '') "
        "FROM cost_row k LEFT JOIN instrument i ON i.id = k.instrument_id"
    )
    about = {row[0]: (row[1], row[2], row[3]) for row in connection.exec_driver_sql(sql)}
    return [(row, *about[row.id]) for row in COST_ROWS.find(connection, order="period_from DESC, kind")]


def run_before(connection: Connection, run: PayoutRun) -> PayoutRun | None:
    """The newest counting run that settled up to an earlier day, or up to the same day under an earlier number."""
    counts = "reverses IS NULL AND state NOT IN ('withdrawn', 'reversed')"
    where = f"id <> ? AND {counts} AND (to_on < ? OR (to_on = ? AND number < ?))"
    day = run.to_on.isoformat()
    found = RUNS.find(connection, where, (run.id, day, day, run.number), "to_on, number")
    return found[-1] if found else None


def last_run(connection: Connection) -> PayoutRun | None:
    """The newest counting run."""
    found = RUNS.find(connection, "reverses IS NULL AND state NOT IN ('withdrawn', 'reversed')", (), "to_on, number")
    return found[-1] if found else None
