"""Which runs cannot stand side by side: two that count and hold the same money or days of a cost, and two of one number."""

from __future__ import annotations

from typing import Any

from desktop.store.payouts import COUNTS
from desktop.store.reach import HUB
from desktop.store.sync_rows import Body, Run

# A mark of another run on what a counting run of ours holds: whole or by receipts, never both.
_SAME_MONEY = (
    "SELECT l.run_id AS ours, m.run_id AS theirs FROM payout_mark m JOIN payout_line l ON l.posting_id = m.posting_id "
    "AND (l.receipt_id IS m.receipt_id OR (l.receipt_id IS NULL) <> (m.receipt_id IS NULL)) "
    "JOIN payout_run r ON r.id = l.run_id WHERE m.released = 0 AND l.run_id <> m.run_id AND " + COUNTS
)
_SAME_COST = (
    "SELECT c.run_id AS ours, m.run_id AS theirs FROM payout_mark m JOIN payout_cost c ON c.cost_row_id = m.cost_row_id "
    "AND c.from_on <= m.to_on AND c.to_on >= m.from_on JOIN payout_run r ON r.id = c.run_id WHERE m.released = 0 AND c.run_id <> m.run_id AND " + COUNTS
)
_AWAY = "NOT EXISTS (SELECT 1 FROM payout_run o WHERE o.id = m.run_id)"
_SAME_NUMBER = "SELECT id FROM payout_run WHERE number = ? AND id <> ?"
_SAME_REVERSED = "SELECT id FROM payout_run WHERE reverses = ? AND id <> ? AND state <> 'withdrawn'"


def against(run: Run, key: str, body: Body) -> str | None:
    """The run of ours beside which one that comes cannot stand: it holds the same, reverses the same, or has the same number."""
    row = run(_SAME_NUMBER, (body.get("number"), key)).fetchone()
    if row is None and body.get("reverses") is None and body.get("state") not in ("withdrawn", "reversed"):
        row = run(f"{_SAME_MONEY} AND m.run_id = ?1 UNION {_SAME_COST} AND m.run_id = ?1 LIMIT 1", (key,)).fetchone()
    if row is None and body.get("reverses") is not None and body.get("state") != "withdrawn":
        row = run(_SAME_REVERSED, (body["reverses"], key)).fetchone()
    return None if row is None else str(row[0])


def overlaps(run: Run, ours: str, theirs: str) -> bool:
    """Whether a counting run of ours holds something that another has marked."""
    sql = f"{_SAME_MONEY} AND r.id = ?1 AND m.run_id = ?2 UNION {_SAME_COST} AND r.id = ?1 AND m.run_id = ?2 LIMIT 1"
    return run(sql, (ours, theirs)).fetchone() is not None


def marked_away(run: Run) -> list[tuple[str, str, str]]:
    """Runs of ours and those, not here, that have marked the same; with the number of each of those."""
    pairs = f"{_SAME_MONEY} AND {_AWAY} UNION {_SAME_COST} AND {_AWAY}"
    sql = f"SELECT ours, theirs, (SELECT min(n.run_number) FROM payout_mark n WHERE n.run_id = theirs) FROM ({pairs}) ORDER BY 1, 2"
    return [(str(row[0]), str(row[1]), str(row[2])) for row in run(sql, ())]


def waiting(run: Run) -> list[tuple[str, str, str, str]]:
    """Runs of the hub that are not in here yet: key, body, device, when the hub got them."""
    sql = "SELECT key, body, device_id, received_at FROM sync_base WHERE remote = ? AND kind = 'payout_run' AND merged = 0 AND body IS NOT NULL"
    rows: list[tuple[Any, ...]] = run(sql, (HUB,)).fetchall()
    return [(str(row[0]), str(row[1]), str(row[2]), str(row[3])) for row in rows]


def parts_waiting(run: Run, keys: set[str]) -> set[tuple[str, str]]:
    """These runs, and the lines, shares and costs of them that came and are not in here yet."""
    sql = (
        "SELECT kind, key, json_extract(body, '$.run_id') FROM sync_base WHERE remote = ? AND merged = 0 AND body IS NOT NULL "
        "AND kind IN ('payout_line', 'payout_share', 'payout_cost')"
    )
    found = {(str(row[0]), str(row[1])) for row in run(sql, (HUB,)).fetchall() if row[2] in keys} if keys else set()
    return found | {("payout_run", key) for key in keys}
