"""What a run to a day would settle by a scheme, and what it would not: sums in SQL, with the rows behind them.

Says of every unsettled posting (or receipt) what ``rules.settlement_lines.sort_lines`` would do with it; a test holds the two
together. Taking back counts as payable whatever the scheme leaves out: it was paid once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop.ledger import allocation_json
from desktop.ledger.allocation import Scheme
from desktop.store.database import Connection
from desktop.store.payouts import SCHEMES, last_run
from desktop.store.unsettled import BY_PARTS, CHAIN, DAY, GAVE_WAY, HELD, RECEIPT_AWAY, WHOLE

MOST_NAMED = 2_000

Lot = Literal["payable", "left_out", "no_operator", "not_received"]
LOTS: tuple[Lot, ...] = ("payable", "left_out", "no_operator", "not_received")


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Unsettled rows of one lot: how many, their fen, and their keys while there are no more than MOST_NAMED."""

    n: int = 0
    fen: int = 0
    keys: tuple[str, ...] = ()


def scheme_in_use(connection: Connection, to: date) -> Scheme | None:
    """The scheme that a balance is told by: the one of the newest standing run in its version of a day, else the only one there is."""
    run = last_run(connection)
    written = SCHEMES.get(connection, run.scheme_id) if run else None
    if written is None:
        names = [row[0] for row in connection.exec_driver_sql("SELECT DISTINCT name FROM scheme LIMIT 2")]
        if len(names) != 1:
            return None
        name = names[0]
    else:
        name = written.name
    versions = [allocation_json.read(one) for one in SCHEMES.find(connection, "name = ?", (name,), "from_on")]
    in_force = [one for one in versions if one.from_on <= to]
    return in_force[-1] if in_force else versions[0]


def _lot(scheme: Scheme | None, back: str) -> str:
    """SQL for the lot of a row of posting ``p``; ``back``: SQL for "takes back what a counting run holds"."""
    left_out = "0"
    if scheme is not None and not scheme.include_internal:
        left_out = "NOT p.external"
    elif scheme is not None and scheme.internal_from is not None:
        left_out = f"NOT p.external AND p.ended_on < '{scheme.internal_from.isoformat()}'"
    return f"CASE WHEN {back} THEN 'payable' WHEN {left_out} THEN 'left_out' WHEN p.technician_id IS NULL THEN 'no_operator' ELSE 'payable' END"


def _rows(scheme: Scheme | None) -> str:
    """SQL for the unsettled rows (``lot``, ``key``, ``fen``) up to day ``:day``."""
    held = f"EXISTS ({HELD} AND l.{{}} = {{}})"
    early = "FROM posting p LEFT JOIN early e ON e.record_id = p.record_id"
    refund_back = held.format("receipt_id", "t.reverses")
    refunds = f"t.received_on <= :day AND NOT {RECEIPT_AWAY} AND NOT " + held.format("receipt_id", "t.id")
    if scheme is None or scheme.basis == "posted":
        taken_back = f"p.reverses IS NOT NULL AND EXISTS ({HELD} AND l.posting_id = p.reverses AND l.receipt_id IS NULL)"
        return (
            f"SELECT {_lot(scheme, taken_back)} AS lot, p.id AS key, p.amount_fen AS fen {early} "
            f"WHERE {DAY} <= :day AND NOT {WHOLE} AND NOT {BY_PARTS} AND NOT {GAVE_WAY} "
            f"UNION ALL SELECT 'payable', t.id, t.fen FROM receipt t WHERE t.reverses IS NOT NULL AND {refunds} AND {refund_back}"
        )
    due = "p.amount_fen - coalesce((SELECT sum(t.fen) FROM receipt t WHERE t.posting_id = p.id AND t.received_on <= :day), 0)"
    return (
        f"SELECT {_lot(scheme, f't.reverses IS NOT NULL AND {refund_back}')} AS lot, t.id AS key, t.fen AS fen "
        f"FROM receipt t JOIN posting p ON p.id = t.posting_id WHERE {refunds} AND NOT {WHOLE} AND NOT {GAVE_WAY} "
        f"UNION ALL SELECT 'payable', p.id, p.amount_fen {early} WHERE p.reverses IS NOT NULL AND {DAY} <= :day AND NOT {WHOLE} "
        f"AND EXISTS ({HELD} AND l.posting_id = p.reverses AND l.receipt_id IS NULL) "
        f"UNION ALL SELECT CASE {_lot(scheme, '0')} WHEN 'left_out' THEN 'left_out' ELSE 'not_received' END, p.id, {due} {early} "
        f"WHERE p.reverses IS NULL AND {DAY} <= :day AND NOT {WHOLE} AND {due} > 0 "
        "AND NOT EXISTS (SELECT 1 FROM posting q WHERE q.reverses = p.id)"
    )


def open_lots(connection: Connection, to: date, scheme: Scheme | None, posting_id: str | None = None) -> dict[Lot, OpenLot]:
    """Every lot up to a day by a scheme, or where one posting is in them. Keys are of postings; of receipts too when money received counts.

    Under a scheme on money received, ``not_received`` is what is posted and has not come in; internal services that it leaves
    out stand in ``left_out`` with what has come in and what has not.
    """
    sql, day = f"{CHAIN} {_rows(scheme)}", {"day": to.isoformat()}
    if posting_id is not None:
        sql, day = f"SELECT * FROM ({sql}) WHERE key = :one", {**day, "one": posting_id}
    sums = {
        row[0]: (int(row[1]), int(row[2]))
        for row in connection.exec_driver_sql(f"SELECT lot, count(*), sum(fen) FROM ({sql}) GROUP BY lot", day)
    }
    found: dict[Lot, OpenLot] = {}
    for lot in LOTS:
        n, fen = sums.get(lot, (0, 0))
        keys: tuple[str, ...] = ()
        if 0 < n <= MOST_NAMED:
            named = connection.exec_driver_sql(f"SELECT key FROM ({sql}) WHERE lot = :lot ORDER BY key", {**day, "lot": lot})
            keys = tuple(row[0] for row in named)
        found[lot] = OpenLot(n, fen, keys)
    return found
