"""Runs that are known here by their marks alone, and taking marks back when such a run is nowhere any more, or turns up all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.ledger.allocation import PayoutRun
from desktop.store.database import Connection
from desktop.store.payout_marks import AWAY, MARKS, of
from desktop.store.payouts import COUNTS, RUNS, facts_of


@dataclass(frozen=True, slots=True)
class AwayRun:
    """A run that is not here and counts by its marks: how many postings, receipts and parts of costs they keep settled.

    ``keys`` are those of the runs of this number (more than one when two seats gave it), ``mark_id`` is one of the marks.
    """

    number: str
    keys: tuple[str, ...]
    n_postings: int
    n_receipts: int
    n_costs: int
    mark_id: str


def away(connection: Connection) -> list[AwayRun]:
    """Every such run, by number."""
    told = "m.run_number, group_concat(DISTINCT m.run_id), count(DISTINCT m.posting_id), count(m.receipt_id), count(m.cost_row_id), max(m.id)"
    rows = connection.exec_driver_sql(f"{AWAY.replace('SELECT 1', f'SELECT {told}', 1)} GROUP BY m.run_number ORDER BY 1")
    return [AwayRun(row[0], tuple(sorted(row[1].split(","))), int(row[2]), int(row[3]), int(row[4]), row[5]) for row in rows]


# Where the hub holds the run, its own state and lines say what counts, and marks may be released by a step on it that waits for a decision.
_HELD = "SELECT 1 FROM sync_base b WHERE b.remote = 'hub' AND b.kind = 'payout_run' AND b.key = r.id AND b.body IS NOT NULL"
_RELEASED = "SELECT 1 FROM payout_mark m WHERE m.run_id = r.id AND m.released = 1"
_TAKEN = f"SELECT r.id FROM payout_run r WHERE {COUNTS} AND NOT EXISTS ({_HELD}) AND EXISTS ({_RELEASED})"
_UNMARKED = (
    f"SELECT run_id, settles FROM payout_mark WHERE released = 1 AND run_id IN ({_TAKEN}) "
    f"EXCEPT SELECT run_id, settles FROM payout_mark WHERE released = 0 AND run_id IN ({_TAKEN})"
)


def turned_up(connection: Connection) -> list[PayoutRun]:
    """The runs that are here alone and count though marks of theirs were released elsewhere."""
    return RUNS.find(connection, f"id IN (SELECT run_id FROM ({_UNMARKED}))", (), "number")


def mark_again(connection: Connection, run: PayoutRun, new_key: Callable[[], str]) -> None:
    """What a run holds is settled by it, as it is: told by new marks, for a released one stays so."""
    held = {row[0] for row in connection.exec_driver_sql("SELECT settles FROM payout_mark WHERE run_id = ? AND released = 0", (run.id,))}
    MARKS.insert(connection, [mark for mark in of(facts_of(connection, run), new_key) if mark.settles not in held])
