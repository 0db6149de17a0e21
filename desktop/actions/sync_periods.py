"""Which open conflicts touch a period: until a person has chosen, nobody knows what the period holds, so it cannot be closed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from desktop.ledger import money
from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period
from desktop.store import came_late as store
from desktop.store import sync_rows
from desktop.store.database import Connection

_ALWAYS = "9999-12-31"


def contested(connection: Connection, period: Period) -> list[str]:
    """What people call the contested rows that count in a period.

    Services that ended in it, receipts of its days, fee versions in force in it, the instruments and customers of its postings,
    and payouts that settle some of them.
    Every side's day counts: a service that one side moved out of the month may still belong to it.
    """
    first, last = period.start.isoformat(), (period.end - timedelta(days=1)).isoformat()
    found: dict[str, list[str]] = {}
    for kind, key, mine, theirs, further in connection.exec_driver_sql("SELECT kind, key, mine, theirs, further FROM sync_conflict ORDER BY kind, key"):
        sides = [json.loads(side) for side in (mine, theirs) if side] + [one[0] for one in json.loads(further or "[]") if one[0]]
        if _served(connection, kind, key, first, last) or any(_in(connection, kind, side, first, last) for side in sides):
            found.setdefault(kind, []).append(key)
    return [name for kind, keys in found.items() for key in keys for name in [sync_rows.labels(connection, kind, [key]).get(key, key)]]


def _served(connection: Connection, kind: str, key: str, first: str, last: str) -> bool:
    if kind == "payout_run":
        sql = "SELECT EXISTS (SELECT 1 FROM payout_line l JOIN posting p ON p.id = l.posting_id WHERE l.run_id = ? AND p.ended_on BETWEEN ? AND ?)"
        return bool(connection.exec_driver_sql(sql, (key, first, last)).scalar_one())
    if kind not in ("instrument", "customer"):
        return False
    sql = f"SELECT EXISTS (SELECT 1 FROM posting WHERE {kind}_id = ? AND ended_on BETWEEN ? AND ?)"
    return bool(connection.exec_driver_sql(sql, (key, first, last)).scalar_one())


def _in(connection: Connection, kind: str, side: Mapping[str, Any], first: str, last: str) -> bool:
    if kind in ("fee_schedule", "fee_line"):
        span = side if kind == "fee_schedule" else _schedule(connection, side)
        return str(span.get("from_on") or "") <= last and str(span.get("to_on") or _ALWAYS) > first
    day = str(side.get("ended_at") or side.get("ended_on") or side.get("received_on") or "")[:10]
    return first <= day <= last


def _schedule(connection: Connection, line: Mapping[str, Any]) -> Mapping[str, Any]:
    row = connection.exec_driver_sql("SELECT from_on, to_on FROM fee_schedule WHERE id = ?", (line.get("schedule_id"),)).first()
    return {} if row is None else {"from_on": row[0], "to_on": row[1]}


def came_late(connection: Connection, before: Collection[str] = ()) -> tuple[Finding, ...]:
    """For each closed month: how many postings of other seats came into it, and their sum. ``before``: those that were told."""
    sums: dict[str, list[int]] = {}
    for key, (month, fen) in store.came_late(connection).items():
        if key not in before:
            sums.setdefault(month, []).append(fen)
    return tuple(
        finding("sync.closed_month", "warning", month=month, n=len(fens), yuan=money.text(sum(fens)))
        for month, fens in sorted(sums.items())
    )
