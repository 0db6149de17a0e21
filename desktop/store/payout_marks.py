"""What runs have settled, posting by posting, as it is told to the other seats: also of runs that stay on their own seat.

A mark speaks for a run that is not here; once the run is here, its own lines and costs say the same and more.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop.ledger.allocation import PayoutMark, Span
from desktop.rules.payout_facts import PayoutFacts
from desktop.store import schema_money
from desktop.store.database import Connection
from desktop.store.rows import Codec

MARKS = Codec(PayoutMark, schema_money.payout_mark)

AWAY = "SELECT 1 FROM payout_mark m WHERE m.released = 0 AND NOT EXISTS (SELECT 1 FROM payout_run o WHERE o.id = m.run_id)"
"""SQL: a mark (``m``) of a run that counts and is not here."""


def of(facts: PayoutFacts, new_key: Callable[[], str]) -> list[PayoutMark]:
    """The marks of a run that is not a reversal: one for each posting or receipt it holds and each part of a cost."""
    run = facts.run
    lines = [
        PayoutMark(new_key(), run.id, run.number, line.receipt_id or line.posting_id, line.posting_id, line.receipt_id, line.minutes)
        for line in facts.lines
    ]
    costs = [
        PayoutMark(
            new_key(), run.id, run.number, f"{part.cost_row_id}:{part.from_on.isoformat()}",
            cost_row_id=part.cost_row_id, from_on=part.from_on, to_on=part.to_on,
        )
        for part in facts.costs
    ]  # fmt: skip
    return lines + costs


def release(connection: Connection, run_id: str) -> None:
    """What a run held is open again, here and at every other seat."""
    connection.exec_driver_sql("UPDATE payout_mark SET released = 1 WHERE run_id = ? AND released = 0", (run_id,))


def settled_away(connection: Connection, to: date) -> tuple[int, list[str]]:
    """How many postings of services up to a day are settled by runs that are not here, and the numbers of those runs."""
    sql = AWAY.replace("SELECT 1 FROM payout_mark m", "SELECT m.posting_id, m.run_number FROM payout_mark m JOIN posting p ON p.id = m.posting_id", 1)
    found = connection.exec_driver_sql(f"{sql} AND p.ended_on <= ?", (to.isoformat(),)).all()
    return len({row[0] for row in found}), sorted({row[1] for row in found})


def receipts_away(connection: Connection) -> dict[str, int]:
    """The receipts that runs which are not here hold, with the minutes they stood for."""
    sql = AWAY.replace("SELECT 1", "SELECT m.receipt_id, m.minutes", 1) + " AND m.receipt_id IS NOT NULL"
    return {row[0]: int(row[1]) for row in connection.exec_driver_sql(sql)}


def costs_away(connection: Connection) -> list[tuple[str, Span]]:
    """The days of declared costs that runs which are not here have deducted."""
    sql = AWAY.replace("SELECT 1", "SELECT m.cost_row_id, m.from_on, m.to_on", 1) + " AND m.cost_row_id IS NOT NULL"
    return [(row[0], (date.fromisoformat(row[1]), date.fromisoformat(row[2]))) for row in connection.exec_driver_sql(sql)]
