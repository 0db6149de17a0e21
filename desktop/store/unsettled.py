"""What waits to be settled: postings, reversals, money received, and what a run of the other basis has left behind.

A posting belongs to the basis that settled it first: once a counting run holds one of its receipts, the rest of it is settled
by receipts too, and a posting settled whole is never settled again by its receipts. What was paid and reversed since is taken
back by the next run of either basis, so that nothing is lost when an institution changes its basis.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from desktop.ledger.allocation import Original, SettlementLine
from desktop.ledger.service_record import Receipt
from desktop.rules.payout_facts import originals
from desktop.rules.settlement_lines import is_late
from desktop.store.came_late import came_late
from desktop.store.database import Connection
from desktop.store.facts import RECEIPTS
from desktop.store.payout_marks import AWAY, receipts_away
from desktop.store.payouts import COUNTS, RUNS, facts_of, settled_to
from desktop.store.reach import gave_way

HELD = f"SELECT 1 FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE {COUNTS}"
# What a run that is not here has settled is taken back there too: only that seat knows what it brought whom. The plus keeps SQLite
# from the index of receipts, in which nearly every mark is NULL.
WHOLE = (
    f"(EXISTS ({HELD} AND l.posting_id = p.id AND l.receipt_id IS NULL) "
    f"OR EXISTS ({AWAY} AND m.posting_id IN (p.id, p.reverses) AND +m.receipt_id IS NULL))"
)
BY_PARTS = (
    f"(EXISTS ({HELD} AND l.posting_id = coalesce(p.reverses, p.id) AND l.receipt_id IS NOT NULL) "
    f"OR EXISTS ({AWAY} AND m.posting_id = coalesce(p.reverses, p.id) AND m.receipt_id IS NOT NULL))"
)
ORIGINAL_WHOLE = (
    f"(EXISTS ({HELD} AND l.posting_id = coalesce(p.reverses, p.id) AND l.receipt_id IS NULL) "
    f"OR EXISTS ({AWAY} AND m.posting_id = coalesce(p.reverses, p.id) AND +m.receipt_id IS NULL))"
)
# Both halves of a posting that gave way to another seat's are nothing to settle: they come to zero, and no other seat knows of them.
GAVE_WAY = f"({gave_way('coalesce(p.reverses, p.id)')} AND NOT EXISTS ({HELD} AND l.posting_id = coalesce(p.reverses, p.id)))"
RECEIPT_AWAY = f"EXISTS ({AWAY} AND m.receipt_id IN (t.id, t.reverses))"

# A record and all it replaced count from the earliest day of the chain: a correction is never paid before the mistake is taken back.
CHAIN = """
WITH RECURSIVE chain (record_id, day) AS (
  SELECT s.replaces, q.ended_on FROM service_record s JOIN posting q ON q.record_id = s.id AND q.reverses IS NULL
  WHERE s.replaces IS NOT NULL
  UNION
  SELECT s.replaces, c.day FROM chain c JOIN service_record s ON s.id = c.record_id WHERE s.replaces IS NOT NULL
), early (record_id, day) AS (SELECT record_id, min(day) FROM chain GROUP BY record_id)
"""
_POSTINGS = f"""
{CHAIN}
SELECT p.id, p.record_number, p.instrument_id, i.name, p.technician_id, p.service_month, p.ended_on,
       CASE WHEN e.day < p.ended_on THEN e.day ELSE p.ended_on END AS day,
       p.amount_fen, p.minutes, p.external, p.confidential, p.reverses, p.late
FROM posting p JOIN instrument i ON i.id = p.instrument_id LEFT JOIN early e ON e.record_id = p.record_id
"""
DAY = "CASE WHEN e.day < p.ended_on THEN e.day ELSE p.ended_on END"


@dataclass(frozen=True, slots=True)
class Money:
    """Money received up to a day, to be cut into lines: postings with receipts (and their reversals), all their receipts,

    how taken-back receipts were settled, and the minutes of the receipts that counting runs hold; ``away``: the receipts that are
    settled, or to be taken back, by a run that is not here.
    """

    postings: tuple[SettlementLine, ...]
    receipts: tuple[Receipt, ...]
    originals: dict[str, Original]
    settled: dict[str, int]
    away: frozenset[str] = frozenset()


def _lines(connection: Connection, where: str, params: tuple[Any, ...]) -> list[SettlementLine]:
    before, late = settled_to(connection), came_late(connection)
    return [_line(row, before, row.id in late) for row in connection.exec_driver_sql(f"{_POSTINGS} WHERE {where}", params).all()]


def _line(row: Any, before: date | None, came: bool) -> SettlementLine:
    return SettlementLine(
        posting_id=row.id,
        record_number=row.record_number,
        instrument_id=row.instrument_id,
        instrument_name=row.name,
        technician_id=row.technician_id,
        month=row.service_month,
        counted_on=date.fromisoformat(row.day),
        amount_fen=row.amount_fen,
        minutes=row.minutes,
        external=bool(row.external),
        ended_on=date.fromisoformat(row.ended_on),
        late=bool(row.late) or came or is_late(date.fromisoformat(row.ended_on), before),
        confidential=bool(row.confidential),
        reverses=row.reverses,
    )


def _with_originals(connection: Connection, lines: Iterable[SettlementLine]) -> list[SettlementLine]:
    lines = list(lines)
    found = _originals(connection, [line.reverses for line in lines if line.reverses])
    return [replace(line, original=found.get(line.reverses)) if line.reverses else line for line in lines]


def unsettled_postings(connection: Connection, to: date) -> list[SettlementLine]:
    """Postings and reversals that no counting run holds, whole or by parts, whose service (or its correction's) ended by a day.

    A reversal counts from the day of its service, like its replacement, so that the two never fall into different runs.
    """
    where = f"{DAY} <= ? AND NOT {WHOLE} AND NOT {BY_PARTS} AND NOT {GAVE_WAY}"
    return _with_originals(connection, _lines(connection, where, (to.isoformat(),)))


def reversed_since(connection: Connection, to: date) -> list[SettlementLine]:
    """Reversals up to a day, not settled yet, of postings that a counting run has settled whole: to be taken back."""
    where = f"p.reverses IS NOT NULL AND {DAY} <= ? AND NOT {WHOLE} AND EXISTS ({HELD} AND l.posting_id = p.reverses AND l.receipt_id IS NULL)"
    return _with_originals(connection, _lines(connection, where, (to.isoformat(),)))


def money_received(connection: Connection, to: date) -> Money:
    """Money received up to a day for postings that no counting run has settled whole."""
    day = to.isoformat()
    wanted = "SELECT t.posting_id FROM receipt t WHERE t.received_on <= ?"
    lines = _lines(
        connection,
        f"coalesce(p.reverses, p.id) IN ({wanted}) AND NOT {ORIGINAL_WHOLE} AND NOT {GAVE_WAY}",
        (day,),
    )
    keys = {line.posting_id for line in lines}
    found = tuple(r for r in RECEIPTS.find(connection, "received_on <= ?", (day,), "received_on") if r.posting_id in keys)
    taken_back = _originals(connection, [r.reverses for r in found if r.reverses])
    away = receipts_away(connection)
    gone = frozenset(r.id for r in found if r.id in away or r.reverses in away)
    return Money(tuple(lines), found, taken_back, settled_receipts(connection) | away, gone)


def settled_receipts(connection: Connection) -> dict[str, int]:
    """The receipts (refunds too) that counting runs hold, with the minutes they stood for."""
    sql = HELD.replace("SELECT 1", "SELECT l.receipt_id, l.minutes", 1) + " AND l.receipt_id IS NOT NULL"
    return {row[0]: row[1] for row in connection.exec_driver_sql(sql)}


def refunded_since(connection: Connection, to: date) -> list[SettlementLine]:
    """Refunds up to a day, not settled yet, of receipts that a counting run has settled: to be taken back."""
    settled = settled_receipts(connection)
    refunds = [
        r for r in RECEIPTS.find(connection, "reverses IS NOT NULL AND received_on <= ?", (to.isoformat(),), "received_on")
        if r.id not in settled and r.reverses in settled
    ]  # fmt: skip
    about = {line.posting_id: line for line in _lines(connection, _IN_KEYS, (json.dumps([r.posting_id for r in refunds]),))}
    lines = [
        replace(
            about[r.posting_id], receipt_id=r.id, counted_on=r.received_on, amount_fen=r.fen,
            minutes=-settled[r.reverses or ""], reverses=r.reverses,
        )
        for r in refunds
    ]  # fmt: skip
    return _with_originals(connection, lines)


_IN_KEYS = "p.id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Part:
    """A posting settled by receipts: its record, money that came in up to a day and waits, and what is still to come, in fen."""

    posting_id: str
    record_number: str
    waiting_fen: int
    open_fen: int


def settled_by_parts(connection: Connection, to: date) -> list[Part]:
    """Postings that counting runs, here or away, hold by receipts and that are not settled to the end: money waits, or has not come in."""
    sql = (
        "SELECT p.id, p.record_number, "
        f"coalesce((SELECT sum(t.fen) FROM receipt t WHERE t.posting_id = p.id AND t.received_on <= ? AND t.reverses IS NULL "
        f"AND NOT EXISTS ({HELD} AND l.receipt_id = t.id) AND NOT {RECEIPT_AWAY} "
        "AND NOT EXISTS (SELECT 1 FROM receipt b WHERE b.reverses = t.id AND b.received_on <= ?)), 0), "
        "p.amount_fen - coalesce((SELECT sum(t.fen) FROM receipt t WHERE t.posting_id = p.id), 0), "
        "EXISTS (SELECT 1 FROM posting q WHERE q.reverses = p.id) "
        f"FROM posting p WHERE p.reverses IS NULL AND (p.id IN ({HELD.replace('SELECT 1', 'SELECT l.posting_id', 1)} AND l.receipt_id IS NOT NULL) "
        f"OR p.id IN ({AWAY.replace('SELECT 1', 'SELECT m.posting_id', 1)} AND m.receipt_id IS NOT NULL)) "
        "ORDER BY p.record_number"
    )
    day = to.isoformat()
    found = []
    for key, number, waiting, still_open, gone in connection.exec_driver_sql(sql, (day, day)):
        part = Part(key, number, int(waiting), 0 if gone else int(still_open))
        if part.waiting_fen or part.open_fen:
            found.append(part)
    return found


def _originals(connection: Connection, keys: Iterable[str]) -> dict[str, Original]:
    """How postings (or receipts) were settled by the runs that count."""
    wanted = list(keys)
    if not wanted:
        return {}
    held = f"SELECT l.run_id FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE {COUNTS}"
    keys = "(SELECT value FROM json_each(?))"
    sql = f"{held} AND l.receipt_id IN {keys} UNION {held} AND l.receipt_id IS NULL AND l.posting_id IN {keys}"
    packed = json.dumps(wanted)
    found: dict[str, Original] = {}
    for (run_id,) in connection.exec_driver_sql(sql, (packed, packed)).all():
        run = RUNS.get(connection, run_id)
        if run is not None:
            found |= originals(facts_of(connection, run), wanted)
    return found
