"""Payout runs as rows: what waits to be settled, what a run holds, costs, schemes, months.

A run counts while it is prepared, approved or closed and is not itself a reversal; what only withdrawn or reversed runs
have settled is unsettled again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from desktop.ledger.allocation import (
    CostRow, MonthEvent, Original, PayoutCost, PayoutLine, PayoutRun, PayoutShare, SettlementLine, WrittenScheme,
)  # fmt: skip
from desktop.ledger.service_record import Receipt
from desktop.rules.payout_facts import PayoutFacts, originals
from desktop.rules.settlement_lines import is_late
from desktop.store import schema_money
from desktop.store.database import Connection
from desktop.store.facts import RECEIPTS
from desktop.store.rows import Codec

RUNS = Codec(PayoutRun, schema_money.payout_run)
SHARES = Codec(PayoutShare, schema_money.payout_share)
LINES = Codec(PayoutLine, schema_money.payout_line)
COSTS = Codec(PayoutCost, schema_money.payout_cost)
COST_ROWS = Codec(CostRow, schema_money.cost_row)
SCHEMES = Codec(WrittenScheme, schema_money.scheme)
MONTHS = Codec(MonthEvent, schema_money.month_event)

_COUNTS = "r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')"
_SETTLED = f"SELECT 1 FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE {_COUNTS}"  # noqa: S608 - own text


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
        f"period_from <= ? AND NOT EXISTS (SELECT 1 FROM payout_cost c JOIN payout_run r ON r.id = c.run_id "  # noqa: S608 - own text
        f"WHERE c.cost_row_id = cost_row.id AND {_COUNTS})"
    )
    return COST_ROWS.find(connection, where, (to.isoformat(),), "period_from, kind")


def settled_to(connection: Connection) -> date | None:
    """The last day an approved or closed run has settled."""
    sql = f"SELECT max(r.to_on) FROM payout_run r WHERE {_COUNTS} AND r.state IN ('approved', 'closed')"  # noqa: S608 - own text
    day = connection.exec_driver_sql(sql).scalar()
    return date.fromisoformat(day) if day else None


_POSTINGS = """
SELECT p.id, p.record_number, p.instrument_id, i.name, p.technician_id, p.service_month, p.ended_on, p.posted_on,
       p.amount_fen, p.minutes, p.external, p.confidential, p.reverses
FROM posting p JOIN instrument i ON i.id = p.instrument_id
"""


def unsettled_postings(connection: Connection, to: date) -> list[SettlementLine]:
    """Postings and reversals that no counting run holds, up to a day: a posting by the end of service, a reversal by its own day."""
    sql = (
        _POSTINGS
        + "WHERE CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END <= ? "
        + f"AND NOT EXISTS ({_SETTLED} AND l.posting_id = p.id)"
    )
    rows = connection.exec_driver_sql(sql, (to.isoformat(),)).all()
    before = settled_to(connection)
    taken_back = _originals(connection, [row.reverses for row in rows if row.reverses])
    return [_line(row, before, taken_back) for row in rows]


def _line(row, before: date | None, taken_back: dict[str, Original]) -> SettlementLine:  # type: ignore[no-untyped-def]  # a driver row
    ended = date.fromisoformat(row.ended_on)
    return SettlementLine(
        posting_id=row.id,
        record_number=row.record_number,
        instrument_id=row.instrument_id,
        instrument_name=row.name,
        technician_id=row.technician_id,
        month=row.service_month,
        counted_on=date.fromisoformat(row.posted_on) if row.reverses else ended,
        amount_fen=row.amount_fen,
        minutes=row.minutes,
        external=bool(row.external),
        late=is_late(ended, before),
        confidential=bool(row.confidential),
        reverses=row.reverses,
        original=taken_back.get(row.reverses or ""),
    )


def _originals(connection: Connection, keys: Iterable[str]) -> dict[str, Original]:
    """How postings (or receipts) were settled by the runs that count."""
    wanted = list(keys)
    found: dict[str, Original] = {}
    runs: set[str] = set()
    for key in wanted:
        sql = f"SELECT l.run_id FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE {_COUNTS} AND (l.receipt_id = ? OR (l.posting_id = ? AND l.receipt_id IS NULL))"  # noqa: S608, E501 - own text
        runs |= {row[0] for row in connection.exec_driver_sql(sql, (key, key))}
    for run_id in sorted(runs):
        run = RUNS.get(connection, run_id)
        if run is not None:
            found |= originals(facts_of(connection, run), wanted)
    return found


def receipts_basis(connection: Connection, to: date) -> tuple[list[SettlementLine], list[Receipt], dict[str, Original], set[str]]:
    """For money received: postings with receipts up to a day as lines, those receipts, how taken-back ones were settled, settled receipts."""
    sql = (
        _POSTINGS + "WHERE EXISTS (SELECT 1 FROM receipt t WHERE t.posting_id = p.id AND t.received_on <= ?) "
        f"AND NOT EXISTS ({_SETTLED} AND l.posting_id = p.id AND l.receipt_id IS NULL)"
    )
    before = settled_to(connection)
    lines = [_line(row, before, {}) for row in connection.exec_driver_sql(sql, (to.isoformat(),)).all()]
    reversed_ones = [_line(row, before, {}) for row in connection.exec_driver_sql(_POSTINGS + "WHERE p.reverses IS NOT NULL").all()]
    keys = {line.posting_id for line in lines}
    found = [r for r in RECEIPTS.find(connection, "received_on <= ?", (to.isoformat(),), "received_on") if r.posting_id in keys]
    settled = {row[0] for row in connection.exec_driver_sql(_SETTLED.replace("SELECT 1", "SELECT l.receipt_id", 1) + " AND l.receipt_id IS NOT NULL")}
    taken_back = _originals(connection, [r.reverses for r in found if r.reverses])
    return [*lines, *(one for one in reversed_ones if one.reverses in keys)], found, taken_back, settled


def later_lines(connection: Connection, run_id: str) -> list[PayoutLine]:
    """Lines of other counting runs that take back a line of this run."""
    where = (
        "run_id <> ? AND reverses IN (SELECT id FROM payout_line WHERE run_id = ?) AND EXISTS "
        f"(SELECT 1 FROM payout_run r WHERE r.id = payout_line.run_id AND {_COUNTS})"
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
        "SELECT count(*), coalesce(sum(p.amount_fen), 0), coalesce(sum(p.technician_id IS NULL), 0) FROM posting p "  # noqa: S608 - own text
        "WHERE CASE WHEN p.reverses IS NULL THEN p.ended_on ELSE p.posted_on END <= ? "
        f"AND NOT EXISTS ({_SETTLED} AND l.posting_id = p.id)"
    )
    n, fen, n_without = connection.exec_driver_sql(sql, (to.isoformat(),)).one()
    return int(n), int(fen), int(n_without)


def cost_list(connection: Connection) -> list[tuple[CostRow, str, str, str]]:
    """Every declared row, newest period first, with asset number and name of its instrument and the number of the run that deducted it."""
    sql = (
        "SELECT k.id, coalesce(i.asset_number, ''), coalesce(i.name, ''), coalesce((SELECT r.number FROM payout_cost c "  # noqa: S608 - own text
        f"JOIN payout_run r ON r.id = c.run_id WHERE c.cost_row_id = k.id AND {_COUNTS}), '') "
        "FROM cost_row k LEFT JOIN instrument i ON i.id = k.instrument_id"
    )
    about = {row[0]: (row[1], row[2], row[3]) for row in connection.exec_driver_sql(sql)}
    return [(row, *about[row.id]) for row in COST_ROWS.find(connection, order="period_from DESC, kind")]


def run_before(connection: Connection, run: PayoutRun) -> PayoutRun | None:
    """The newest counting run that settled up to an earlier day, or up to the same day under an earlier number."""
    where = "id <> ? AND reverses IS NULL AND state NOT IN ('withdrawn', 'reversed') AND (to_on < ? OR (to_on = ? AND number < ?))"
    day = run.to_on.isoformat()
    found = RUNS.find(connection, where, (run.id, day, day, run.number), "to_on, number")
    return found[-1] if found else None


def last_run(connection: Connection) -> PayoutRun | None:
    """The newest counting run."""
    found = RUNS.find(connection, "reverses IS NULL AND state NOT IN ('withdrawn', 'reversed')", (), "to_on, number")
    return found[-1] if found else None
