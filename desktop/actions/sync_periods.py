"""Which open conflicts touch a period or a payout: until a person has chosen, nobody knows what these hold, so neither can be closed or prepared."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from desktop.ledger import money
from desktop.ledger.finding import Finding, finding
from desktop.ledger.period import Period
from desktop.rules.settlement import CAP_KEY, RunInput
from desktop.store import came_late as store
from desktop.store import sync_rows
from desktop.store.database import Connection
from desktop.words import say

Side = Mapping[str, Any]
_ALWAYS = "9999-12-31"
_SERVED = {"instrument": "instrument_id", "customer": "customer_id", "technician": "technician_id"}
_RUN_PARTS = ("payout_line", "payout_share", "payout_cost", "payout_mark")
# Vouchers go by claims and years, pilot rows and sensors by what they show: a month's charges and payouts hold the same whatever these say.
_OF_NO_MONTH = frozenset(
    {
        "pilot_base", "pilot_partner", "pilot_equipment", "pilot_openness", "pilot_service", "sensor_binding", "power_band", "voucher_enterprise",
        "voucher_group", "voucher_mark", "province_search", "outside_use", "voucher_claim", "voucher_claim_line", "voucher_claim_step", "voucher_paper",
    }
)  # fmt: skip
_NAMED = 3


def contested(connection: Connection, period: Period) -> list[str]:
    """What people call the contested rows that count in a period.

    Services that ended in it, receipts of its days, fee versions, schemes and rule values in force in it with all that hangs on them, costs declared
    for some of its days, the instruments, customers and technicians of its postings, payouts that settle some of them or deduct a cost of its
    days, and what was said about closing it. Not people, files and answers to notices, vouchers, pilot rows and sensors: no sum of a month hangs on them.
    Every side's day counts: a service that one side moved out of the month may still belong to it.
    """
    first, last = period.start.isoformat(), period.last_day.isoformat()

    def counts(kind: str, key: str, sides: Collection[Side]) -> bool:
        return _served(connection, kind, key, first, last) or any(_in(connection, kind, key, side, first, last) for side in sides)

    return _called(connection, counts)


def in_payout(connection: Connection, run: RunInput) -> list[str]:
    """What people call the contested rows that a payout would be made from.

    Its services with their records and receipts, their instruments and technicians, costs of days up to its last, its scheme and the cap in force on that day,
    and earlier payouts of which it takes lines back. What a service was priced by is settled with its posting.
    """
    if connection.exec_driver_sql("SELECT 1 FROM sync_conflict LIMIT 1").first() is None:
        return []
    to = run.to_on.isoformat()
    keys = {key for line in run.lines for key in (line.posting_id, line.receipt_id, line.instrument_id, line.technician_id, line.reverses) if key}
    keys |= {run.scheme.id, *(part.row.id for part in run.costs or ())}
    for sql in ("SELECT record_id FROM posting WHERE id", "SELECT run_id FROM payout_line WHERE posting_id", "SELECT run_id FROM payout_line WHERE receipt_id"):
        keys |= {row[0] for row in connection.exec_driver_sql(f"{sql} IN (SELECT value FROM json_each(?))", (json.dumps(sorted(keys)),))}
    names = {"scheme": run.scheme.name, "parameter": CAP_KEY}

    def counts(kind: str, key: str, sides: Collection[Side]) -> bool:
        if key in keys:
            return True
        if kind == "cost_row":
            return any(str(side.get("period_from") or "") <= to for side in sides)
        if kind in names:
            return any(side.get("name") == names[kind] and _in(connection, kind, key, side, to, to) for side in sides)
        # A second posting, or money, of a service that is to be paid.
        return any(keys.intersection((side.get("record_id"), side.get("posting_id"))) for side in sides)

    return _called(connection, counts)


def in_short(names: Collection[str]) -> str:
    """The first few of them, for a sentence."""
    return say("report.list").join(list(names)[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _called(connection: Connection, counts: Callable[[str, str, Collection[Side]], bool]) -> list[str]:
    found: dict[str, list[str]] = {}
    for kind, key, sides in _open(connection):
        if counts(kind, key, sides) and key not in found.get(kind, ()):
            found.setdefault(kind, []).append(key)
    return [name for kind, keys in found.items() for key in keys for name in [sync_rows.labels(connection, kind, [key]).get(key, key)]]


def _open(connection: Connection) -> Iterator[tuple[str, str, list[Side]]]:
    """Kind, key and sides of every conflict that a month's sums may hang on, at whichever remote."""
    sql = "SELECT kind, key, mine, theirs, further FROM sync_conflict ORDER BY kind, key"
    for kind, key, mine, theirs, further in connection.exec_driver_sql(sql).fetchall():
        if kind in _OF_NO_MONTH:
            continue
        yield kind, key, [json.loads(side) for side in (mine, theirs) if side] + [one[0] for one in json.loads(further or "[]") if one[0]]


def _served(connection: Connection, kind: str, key: str, first: str, last: str) -> bool:
    if kind == "payout_run":
        return _paid(connection, key, first, last)
    if kind not in _SERVED:
        return False
    sql = f"SELECT EXISTS (SELECT 1 FROM posting WHERE {_SERVED[kind]} = ? AND ended_on BETWEEN ? AND ?)"
    return bool(connection.exec_driver_sql(sql, (key, first, last)).scalar_one())


def _paid(connection: Connection, run: str, first: str, last: str) -> bool:
    sql = (
        "SELECT EXISTS (SELECT 1 FROM payout_line l JOIN posting p ON p.id = l.posting_id WHERE l.run_id = ?1 AND p.ended_on BETWEEN ?2 AND ?3) "
        "OR EXISTS (SELECT 1 FROM payout_cost c WHERE c.run_id = ?1 AND c.from_on <= ?3 AND c.to_on >= ?2)"
    )
    return bool(connection.exec_driver_sql(sql, (run, first, last)).scalar_one())


def _in(connection: Connection, kind: str, key: str, side: Side, first: str, last: str) -> bool:
    if kind in ("fee_schedule", "fee_line", "cost_component"):
        span = side if kind == "fee_schedule" else _schedule(connection, side)
        return str(span.get("from_on") or "") <= last and str(span.get("to_on") or _ALWAYS) > first
    if kind in ("scheme", "parameter"):
        return str(side.get("from_on") or "") <= last and _next(connection, kind, key, side) > first
    if kind == "cost_row":
        return str(side.get("period_from") or "") <= last and str(side.get("period_to") or _ALWAYS) >= first
    if kind in _RUN_PARTS:
        return _part_in(connection, side, first, last)
    if kind == "month_event":
        return str(side.get("month") or "") == first[:7]
    day = str(side.get("ended_at") or side.get("ended_on") or side.get("received_on") or "")[:10]
    return first <= day <= last


def _part_in(connection: Connection, side: Side, first: str, last: str) -> bool:
    """Whether a part of a payout, or its mark, stands for a service that ended in the span, or for a cost of its days."""
    if side.get("from_on"):
        return str(side["from_on"]) <= last and str(side.get("to_on") or _ALWAYS) >= first
    if not side.get("posting_id"):
        return _paid(connection, str(side.get("run_id")), first, last)
    sql = "SELECT EXISTS (SELECT 1 FROM posting WHERE id = ? AND ended_on BETWEEN ? AND ?)"
    return bool(connection.exec_driver_sql(sql, (side["posting_id"], first, last)).scalar_one())


def _next(connection: Connection, kind: str, key: str, side: Side) -> str:
    """The first day of the version that follows a scheme or rule value; what has no follower stays in force."""
    sql = f"SELECT min(from_on) FROM {kind} WHERE name = ? AND from_on > ? AND id <> ?"
    return str(connection.exec_driver_sql(sql, (side.get("name"), str(side.get("from_on") or ""), key)).scalar() or _ALWAYS)


def _schedule(connection: Connection, line: Side) -> Side:
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
