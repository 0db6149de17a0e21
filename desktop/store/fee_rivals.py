"""Fee versions that cannot stand side by side: one that came and one of ours that its remote does not hold, with a day in common."""

from __future__ import annotations

from desktop.store.sync_rows import Body, Run

_AGAINST = (
    "SELECT s.id FROM fee_schedule s WHERE s.instrument_id = ? AND s.id <> ? AND s.state <> 'draft' AND (s.to_on IS NULL OR s.to_on > ?) "
    "AND (? IS NULL OR ? > s.from_on) AND NOT EXISTS (SELECT 1 FROM sync_base h WHERE h.remote = ? AND h.kind = 'fee_schedule' AND h.key = s.id "
    "AND h.body IS NOT NULL) ORDER BY s.from_on LIMIT 1"
)


def against(run: Run, key: str, body: Body, remote: str) -> str | None:
    """Our version, not held by the remote, that overlaps one of it; None when there is none, or when that one is a draft."""
    if body.get("state") == "draft":
        return None
    end = body.get("to_on")
    row = run(_AGAINST, (body.get("instrument_id"), key, body.get("from_on"), end, end, remote)).fetchone()
    return None if row is None else str(row[0])


def waiting(run: Run, remote: str) -> list[tuple[str, str, str, str]]:
    """Versions of a remote that are not in here yet: key, body, device, when the remote got them."""
    sql = "SELECT key, body, device_id, received_at FROM sync_base WHERE remote = ? AND kind = 'fee_schedule' AND merged = 0 AND body IS NOT NULL"
    return [(str(r[0]), str(r[1]), str(r[2]), str(r[3])) for r in run(sql, (remote,)).fetchall()]


def parts_waiting(run: Run, keys: set[str], remote: str) -> set[tuple[str, str]]:
    """These versions, and the lines and cost components of them that came and are not in here yet."""
    sql = (
        "SELECT kind, key, json_extract(body, '$.schedule_id') FROM sync_base WHERE remote = ? AND merged = 0 AND body IS NOT NULL "
        "AND kind IN ('fee_line', 'cost_component')"
    )
    found = {(str(r[0]), str(r[1])) for r in run(sql, (remote,)).fetchall() if r[2] in keys} if keys else set()
    return found | {("fee_schedule", key) for key in keys}
