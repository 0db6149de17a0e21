"""Rows that two seats entered apart and that are one thing: which row of ours it is, and giving it the key of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from desktop.store.columns import read_as_other
from desktop.store.reach import REMOTES, secret
from desktop.store.sync_rows import Body, Run, refusing
from desktop.store.tables import tables
from desktop.store.triggers import journalled

NUMBERS: dict[str, tuple[str, ...]] = {
    "parameter": ("name", "from_on"),
    "person": ("name",),
    "technician": ("staff_number",),
    "instrument": ("asset_number",),
    "customer": ("name",),
    "fee_schedule": ("instrument_id", "from_on"),
    "fee_line": ("schedule_id", "item"),
    "cost_component": ("schedule_id", "kind"),
    "service_record": ("number",),
    "scheme": ("name", "from_on"),
    "pilot_base": ("number",),
    "pilot_partner": ("base_id", "name"),
    "pilot_equipment": ("number",),
    "pilot_service": ("record_id",),
    "sensor_binding": ("instrument_id", "from_on", "sensor"),
    "power_band": ("instrument_id", "from_on"),
    "voucher_enterprise": ("customer_id",),
    "voucher_group": ("customer_id", "from_on"),
    "voucher_mark": ("record_id",),
    "voucher_claim_line": ("claim_id", "use_kind", "use_id"),
    "voucher_paper": ("use_kind", "item", "use_id"),
}
"""Kind -> what a row is called by: of these fields together there is one in a ledger (of a fee version: one that is no draft)."""
RENAMED = "sync same"
"""The name in the journal of an operation in which rows of ours took the keys of others."""
SYNCED = ("sync", RENAMED)
"""The names in the journal of what a sync wrote."""

# Keys that stand in columns without a foreign key.
_BESIDE = (
    ("service_record", "replaces", "service_record"),
    ("voucher_claim_line", "use_id", "service_record"),
    ("voucher_paper", "use_id", "service_record"),
)


@cache
def _unsent(kind: str) -> str:
    known = " OR ".join(f"(b.remote = '{remote}' AND b.kind = '{kind}' AND b.key = {kind}.id)" for remote in REMOTES)
    draft = " AND state <> 'draft'" if kind == "fee_schedule" else ""
    # Where two states of it wait for a decision, they are decided first; a dispute with another row may end by this.
    asked = f"SELECT 1 FROM sync_conflict c WHERE c.kind = '{kind}' AND c.key = {kind}.id AND coalesce(json_extract(c.theirs, '$.id'), c.key) = c.key"
    return f"NOT ({secret(kind)}) AND NOT EXISTS (SELECT 1 FROM sync_base b WHERE {known}) AND NOT EXISTS ({asked}){draft}"


def unsent(run: Run, kind: str, key: str, body: Body) -> dict[str, Any] | None:
    """Our row, whole, that is called as this one of a remote and has another key; no remote knows of it, it is not confidential nor in conflict."""
    names = NUMBERS[kind]
    asked = " AND ".join(f"{name} = ?" for name in names)
    sql = f"SELECT * FROM {kind} WHERE {asked} AND id <> ? AND {_unsent(kind)} LIMIT 1"
    return _row(kind, run(sql, (*(body.get(name) for name in names), key)).fetchone())


def unsent_successor(run: Run, key: str, body: Body) -> dict[str, Any] | None:
    """Our draft, whole, that replaces the same record as this one of a remote; no remote knows of it. None also where there are two."""
    if not body.get("replaces"):
        return None
    sql = f"SELECT * FROM service_record WHERE replaces = ? AND id <> ? AND state = 'draft' AND {_unsent('service_record')} LIMIT 2"
    found = run(sql, (body["replaces"], key)).fetchall()
    return _row("service_record", found[0]) if len(found) == 1 else None


def unsent_names(run: Run) -> list[tuple[str, str]]:
    """Key and name of every customer that no remote knows of."""
    return [(str(row[0]), str(row[1])) for row in run(f"SELECT id, name FROM customer WHERE {_unsent('customer')}", ()).fetchall()]


def unsent_wide(run: Run, kind: str) -> list[tuple[str, str]]:
    """Key and number (the last of its fields) of every row of a kind that no remote knows of and whose number is not as it would be read from
    a file."""
    name = NUMBERS[kind][-1]
    sql = f"SELECT id, {name} FROM {kind} WHERE {read_as_other(name)} AND {_unsent(kind)}"
    return [(str(row[0]), str(row[1])) for row in run(sql, ()).fetchall()]


def whole(run: Run, kind: str, key: str) -> dict[str, Any] | None:
    """All columns of a row."""
    return _row(kind, run(f"SELECT * FROM {kind} WHERE id = ?", (key,)).fetchone())


def _row(kind: str, row: tuple[Any, ...] | None) -> dict[str, Any] | None:
    return None if row is None else dict(zip((c.name for c in tables()[kind].columns), row, strict=True))


def is_under_way(run: Run, key: str) -> bool:
    """Whether bytes that name a row may have left, and no answer to them is here."""
    return run("SELECT 1 FROM sync_batch WHERE attempted = 1 AND instr(content, CAST(? AS BLOB)) LIMIT 1", (key,)).fetchone() is not None


def waits_for_instruments(run: Run, ours: str, theirs: str, remote: str) -> bool:
    """Whether a technician's list of theirs names instruments that are not here, while one of ours may still turn out to be one of them."""
    missing = "SELECT 1 FROM json_each(?1) WHERE value NOT IN (SELECT id FROM instrument) LIMIT 1"
    open_ = (
        "SELECT 1 FROM json_each(?1) j JOIN instrument i ON i.id = j.value WHERE NOT EXISTS "
        "(SELECT 1 FROM sync_base b WHERE b.remote = ?2 AND b.kind = 'instrument' AND b.key = i.id) LIMIT 1"
    )
    if not (_is_list(run, ours) and _is_list(run, theirs)):
        return False
    return run(missing, (theirs,)).fetchone() is not None and run(open_, (ours, remote)).fetchone() is not None


def _is_list(run: Run, text: str) -> bool:
    return bool(run("SELECT json_valid(?1) AND json_type(?1) = 'array'", (text,)).fetchone()[0])


def same_lines(run: Run, ours: str, theirs: str, remote: str) -> bool:
    """Whether the lines of a version of ours are those that came of theirs: the same items, terms and texts."""
    told = ("item", "terms", "source_text", "to_confirm", "note")
    mine = run(f"SELECT {', '.join(told)} FROM fee_line WHERE schedule_id = ?", (ours,)).fetchall()
    parts = ", ".join(f"json_extract(body, '$.{name}')" for name in told)
    sql = (
        f"SELECT {parts} FROM sync_base WHERE remote = ? AND kind = 'fee_line' AND merged = 0 AND body IS NOT NULL "
        "AND json_extract(body, '$.schedule_id') = ?"
    )
    return sorted(map(repr, mine)) == sorted(map(repr, run(sql, (remote, theirs)).fetchall()))


def rename(run: Run, kind: str, row: Mapping[str, Any], key: str) -> None:
    """Give our row this key, with everything that refers to it and the books of sync. Raises Refusal, with all as it was, when something
    that never changes refers to it.

    In the journal the row ends under its old key and begins under the new one, side by side (``earlier``).
    """
    run("SAVEPOINT renaming", ())
    try:
        with refusing:
            _rename(run, kind, dict(row), key)
    except BaseException:
        run("ROLLBACK TO renaming", ())
        raise
    finally:
        run("RELEASE renaming", ())


def _rename(run: Run, kind: str, row: dict[str, Any], key: str) -> None:
    old = row["id"]
    # Both are here for a moment, because attachments hang on a row that is there: the new one is not called so yet, nor does it price.
    final = {NUMBERS[kind][-1]: row[NUMBERS[kind][-1]]} | ({"state": row["state"], "from_on": row["from_on"]} if kind == "fee_schedule" else {})
    first = row | {"id": key} | ({"state": "draft"} if kind == "fee_schedule" else {NUMBERS[kind][-1]: f"{row[NUMBERS[kind][-1]]} ({key})"})
    # A set is one piece of equipment, which serves the records of that set: both are said when the old row is gone.
    linked = {"pilot_equipment": "instrument_id", "pilot_service": "equipment_id"}.get(kind)
    if linked is not None:
        final, first = final | {linked: row[linked]}, first | {linked: None}
    run(f"INSERT INTO {kind} ({', '.join(first)}) VALUES ({', '.join('?' * len(first))})", tuple(first.values()))
    for table, column in _references(kind):
        run(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (key, old))
    run("UPDATE attachment SET of_id = ? WHERE of_kind = ? AND of_id = ?", (key, kind, old))
    if kind == "instrument":
        run("UPDATE technician SET instruments = replace(instruments, ?1, ?2) WHERE instr(instruments, ?1)", (old, key))
    run(f"DELETE FROM {kind} WHERE id = ?", (old,))
    run(f"UPDATE {kind} SET {', '.join(f'{name} = ?' for name in final)} WHERE id = ?", (*final.values(), key))
    _books(run, kind, old, key)


@cache
def _references(kind: str) -> tuple[tuple[str, str], ...]:
    told = [(table.name, c.name) for table in journalled() for c in table.columns for f in c.foreign_keys if f.column.table.name == kind]
    return (*told, *((table, column) for table, column, target in _BESIDE if target == kind))


def _books(run: Run, kind: str, old: str, key: str) -> None:
    """What waits, stands in conflict or is sealed under the old key."""
    run("DELETE FROM sync_parked WHERE (kind = ?1 AND key = ?2) OR (waiting_kind = ?1 AND waiting_key = ?2)", (kind, old))
    run("DELETE FROM sync_conflict WHERE kind = ? AND key = ?", (kind, old))
    for name in ("mine", "base"):
        run(f"UPDATE sync_conflict SET {name} = replace({name}, ?1, ?2) WHERE instr({name}, ?1)", (old, key))
    run("DELETE FROM sync_batch WHERE attempted = 0 AND instr(content, CAST(? AS BLOB))", (old,))


def earlier(run: Run, kind: str, key: str) -> str | None:
    """The key a row had before it took this one."""
    sql = (
        "SELECT gone.key FROM journal_after a JOIN operation o ON o.seq = a.operation JOIN journal now ON now.operation = o.seq "
        "AND now.kind = a.kind AND now.key = a.key AND now.verb = 'update' JOIN journal gone ON gone.seq = now.seq - 1 AND gone.operation = o.seq "
        "AND gone.kind = a.kind AND gone.verb = 'delete' WHERE a.kind = ? AND a.key = ? AND o.name = ? ORDER BY a.operation DESC LIMIT 1"
    )
    row = run(sql, (kind, key, RENAMED)).fetchone()
    return None if row is None else str(row[0])
