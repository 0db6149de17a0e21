"""Payout runs as rows: what a run holds, costs, schemes, months; what waits to be settled is in ``unsettled``.

A run counts while it is prepared, approved or closed and is not itself a reversal; what only withdrawn or reversed runs
have settled is unsettled again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop.ledger.allocation import (
    CostPart,
    CostRow,
    MonthEvent,
    PayoutCost,
    PayoutLine,
    PayoutRun,
    PayoutShare,
    Span,
    WrittenScheme,
)
from desktop.rules import cost_parts
from desktop.rules.payout_facts import PayoutFacts
from desktop.store import payout_marks, schema_money
from desktop.store.database import Connection
from desktop.store.reach import HIDDEN_COST, HIDDEN_POSTING, HIDDEN_RUN
from desktop.store.rows import Codec

RUNS = Codec(PayoutRun, schema_money.payout_run)
SHARES = Codec(PayoutShare, schema_money.payout_share)
LINES = Codec(PayoutLine, schema_money.payout_line)
COSTS = Codec(PayoutCost, schema_money.payout_cost)
COST_ROWS = Codec(CostRow, schema_money.cost_row)
SCHEMES = Codec(WrittenScheme, schema_money.scheme)
MONTHS = Codec(MonthEvent, schema_money.month_event)

COUNTS = "r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')"


def facts_of(connection: Connection, run: PayoutRun) -> PayoutFacts:
    """A run with everything it holds."""
    return PayoutFacts(
        run,
        tuple(SHARES.find(connection, "run_id = ?", (run.id,), "position")),
        tuple(LINES.find(connection, "run_id = ?", (run.id,), "rowid")),
        tuple(COSTS.find(connection, "run_id = ?", (run.id,), "rowid")),
    )


def open_costs(connection: Connection, to: date) -> list[CostPart]:
    """A run's parts of the declared costs: the days of their periods up to a day that no counting run has deducted."""
    sql = f"SELECT c.cost_row_id, c.from_on, c.to_on FROM payout_cost c JOIN payout_run r ON r.id = c.run_id WHERE {COUNTS}"
    held: dict[str, list[Span]] = {}
    for key, start, end in connection.exec_driver_sql(sql):
        held.setdefault(key, []).append((date.fromisoformat(start), date.fromisoformat(end)))
    for key, span in payout_marks.costs_away(connection):
        held.setdefault(key, []).append(span)
    rows = COST_ROWS.find(connection, "period_from <= ? AND NOT withdrawn", (to.isoformat(),), "period_from, kind, id")
    parts = (cost_parts.part(row, to, held.get(row.id, ())) for row in rows)
    return [part for part in parts if part is not None]


def run_reaching(connection: Connection, to: date, basis: str) -> PayoutRun | None:
    """The run of a basis that settles up to a day or further, prepared or more: the one with the earliest last day, the newest of those."""
    first = f"SELECT r.id FROM payout_run r WHERE r.to_on >= ? AND r.basis = ? AND {COUNTS} ORDER BY r.to_on, r.rowid DESC LIMIT 1"
    return RUNS.one(connection, f"id = ({first})", (to.isoformat(), basis))


def deducting(connection: Connection, to: date) -> list[str]:
    """The numbers of the counting runs that deducted declared costs of days up to a day, oldest first."""
    sql = (
        "SELECT DISTINCT r.number FROM payout_cost c JOIN payout_run r ON r.id = c.run_id "
        f"WHERE c.from_on <= ? AND {COUNTS} ORDER BY r.rowid"
    )
    return [row[0] for row in connection.exec_driver_sql(sql, (to.isoformat(),))]


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


def is_secret(connection: Connection, facts: PayoutFacts) -> bool:
    """Whether a run that is not written yet will be confidential, by what it holds and takes back: as ``reach`` says of it once it is."""
    named = [key for _, _, _, kind, key in json.loads(facts.run.findings) if kind == "posting"]
    asked = (
        (HIDDEN_POSTING, [*(line.posting_id for line in facts.lines), *named]),
        (HIDDEN_COST, [cost.cost_row_id for cost in facts.costs]),
        (HIDDEN_RUN, [facts.run.reverses] if facts.run.reverses else []),
        (f"(SELECT id FROM payout_line WHERE run_id IN {HIDDEN_RUN})", [line.reverses for line in facts.lines if line.reverses]),
    )
    return any(
        connection.exec_driver_sql(f"SELECT 1 FROM json_each(?) WHERE value IN {hidden} LIMIT 1", (json.dumps(keys),)).first() is not None
        for hidden, keys in asked
        if keys
    )


def insert(connection: Connection, facts: PayoutFacts, new_key: Callable[[], str]) -> None:
    """Write a run whole, with the marks by which the other seats know what it has settled."""
    RUNS.insert(connection, [facts.run])
    SHARES.insert(connection, facts.shares)
    LINES.insert(connection, facts.lines)
    COSTS.insert(connection, facts.costs)
    if facts.run.reverses is None:
        payout_marks.MARKS.insert(connection, payout_marks.of(facts, new_key))


def next_number(connection: Connection, year: int) -> str:
    """``FP2026-003``: the next run of a year, after those of other seats that are known by their marks alone."""
    like = f"FP{year}-%"
    sql = "SELECT number FROM payout_run WHERE number LIKE ?1 UNION SELECT run_number FROM payout_mark WHERE run_number LIKE ?1"
    used = [row[0].split("-")[1] for row in connection.exec_driver_sql(sql, (like,))]
    return f"FP{year}-{max((int(one) for one in used if one.isdigit()), default=0) + 1:03d}"


@dataclass(frozen=True, slots=True)
class CostUse:
    """What one run deducts of a declared cost: ``fen`` for the days of ``spans``; ``to_on`` is the run's last day.

    ``counts``: the run stands. A withdrawn or reversed one gave its part back; the reversing run shows the same with the other sign.
    """

    run_number: str
    state: str
    to_on: date
    spans: tuple[Span, ...]
    fen: int
    counts: bool

    @property
    def days(self) -> int:
        """The calendar days it stands for."""
        return sum((end - start).days + 1 for start, end in self.spans)


def cost_uses(connection: Connection) -> dict[str, tuple[CostUse, ...]]:
    """Key of a declared row -> every run that deducted a part of it, oldest first."""
    sql = (
        f"SELECT c.cost_row_id, r.number, r.state, r.to_on, {COUNTS}, c.from_on, c.to_on, c.fen FROM payout_cost c "
        "JOIN payout_run r ON r.id = c.run_id ORDER BY r.rowid, c.from_on"
    )
    found: dict[str, dict[str, CostUse]] = {}
    for key, number, state, to_on, counts, start, end, fen in connection.exec_driver_sql(sql):
        uses = found.setdefault(key, {})
        before = uses.get(number) or CostUse(number, state, date.fromisoformat(to_on), (), 0, bool(counts))
        span = (date.fromisoformat(start), date.fromisoformat(end))
        uses[number] = replace(before, spans=(*before.spans, span), fen=before.fen + int(fen))
    return {key: tuple(uses.values()) for key, uses in found.items()}


def cost_list(connection: Connection) -> list[tuple[CostRow, str, str, tuple[CostUse, ...]]]:
    """Every declared row, newest period first, with its instrument's asset number and name and the runs that deducted parts of it."""
    sql = (
        "SELECT k.id, coalesce(i.asset_number, ''), coalesce(i.name, '') FROM cost_row k LEFT JOIN instrument i ON i.id = k.instrument_id"
    )
    about = {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql(sql)}
    uses = cost_uses(connection)
    return [(row, *about[row.id], uses.get(row.id, ())) for row in COST_ROWS.find(connection, order="period_from DESC, kind")]


@dataclass(frozen=True, slots=True)
class Held:
    """What a standing run made of one posting or receipt: income and what it brought the technician, in fen."""

    run_number: str
    state: str
    technician: str
    amount_fen: int
    fen: int
    takes_back: bool


def held(connection: Connection, posting_ids: Sequence[str]) -> list[Held]:
    """The lines of standing runs behind these postings, oldest run first."""
    sql = (
        "SELECT r.number, r.state, t.name, l.amount_fen, l.fen, l.reverses IS NOT NULL FROM payout_line l JOIN payout_run r ON r.id = l.run_id "
        f"JOIN technician t ON t.id = l.technician_id WHERE {COUNTS} AND l.posting_id IN (SELECT value FROM json_each(?)) ORDER BY r.rowid, l.rowid"
    )
    found = connection.exec_driver_sql(sql, (json.dumps(posting_ids),))
    return [Held(row[0], row[1], row[2], int(row[3]), int(row[4]), bool(row[5])) for row in found]


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
