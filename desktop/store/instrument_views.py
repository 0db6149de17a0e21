"""What the page of instruments asks beside the list: facts of duties, counts, use of one instrument, what was done to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.ledger.duty import DutyFacts
from desktop.store import same_rows
from desktop.store.database import Connection, quick
from desktop.store.last_posted import LAST_POSTED

_CHUNK = 500
_FACTS = (
    "SELECT rowid, asset_number, value_fen, fiscal, confidential, accepted_on, joined_on, network_number, filed_on, filing_number, "
    "booked_on, retired_on FROM instrument"
)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def serving(facts: DutyFacts, on: date) -> bool:
    """Whether an instrument is in service on a day."""
    return facts.retired_on is None or facts.retired_on > on


def served_after(connection: Connection, instrument_id: str, day: date) -> tuple[int, str | None]:
    """How many posted services of an instrument that stand ended after a day, and the last such day (ISO)."""
    row = connection.exec_driver_sql(
        "SELECT count(*), max(ended_on) FROM posting WHERE instrument_id = ? AND ended_on > ? AND reverses IS NULL "
        "AND id NOT IN (SELECT reverses FROM posting WHERE reverses IS NOT NULL)",
        (instrument_id, day.isoformat()),
    ).one()
    return row[0], row[1]


def duty_facts(connection: Connection, keys: Sequence[int] | None = None) -> list[tuple[int, DutyFacts]]:
    """Rowid and what the duty hangs on; of these rowids, or of all."""
    rows: list[Any] = []
    if keys is None:
        rows = list(connection.exec_driver_sql(_FACTS))
    else:
        for start in range(0, len(keys), _CHUNK):
            part = tuple(keys[start : start + _CHUNK])
            rows += connection.exec_driver_sql(f"{_FACTS} WHERE rowid IN ({','.join('?' * len(part))})", part)
    return [
        (r[0], DutyFacts(r[1], r[2], _flag(r[3]), _flag(r[4]), _day(r[5]), _day(r[6]), r[7], _day(r[8]), r[9], _day(r[10]), _day(r[11])))
        for r in rows
    ]


def departments(connection: Connection) -> list[str]:
    """The departments that instruments belong to, in order."""
    sql = "SELECT DISTINCT department FROM instrument WHERE department <> '' ORDER BY department"
    return [row[0] for row in connection.exec_driver_sql(sql)]


def tallies(connection: Connection) -> dict[str, int]:
    """How many instruments there are in service, retired and confidential, and of how many nobody said whether they are."""
    sql = (
        "SELECT coalesce(sum(retired_on IS NULL), 0), coalesce(sum(retired_on IS NOT NULL), 0), coalesce(sum(confidential = 1), 0), "
        "coalesce(sum(confidential IS NULL), 0) "
        "FROM instrument"
    )
    row = connection.exec_driver_sql(sql).one()
    return {"in_service": row[0], "retired": row[1], "confidential": row[2], "unsaid": row[3]}


def rowids(connection: Connection, asset_numbers: Iterable[str]) -> list[int]:
    """The rowids of these asset numbers or ids, as far as they exist."""
    names, found = list(asset_numbers), []
    for start in range(0, len(names), _CHUNK):
        part = tuple(names[start : start + _CHUNK])
        marks = ",".join("?" * len(part))
        sql = f"SELECT rowid FROM instrument WHERE asset_number IN ({marks}) UNION SELECT rowid FROM instrument WHERE id IN ({marks})"
        found += [int(row[0]) for row in connection.exec_driver_sql(sql, part + part)]
    return found


def ids_of(connection: Connection, keys: Sequence[int]) -> list[str]:
    """The ids behind rowids."""
    found: list[str] = []
    for start in range(0, len(keys), _CHUNK):
        part = tuple(keys[start : start + _CHUNK])
        sql = f"SELECT id FROM instrument WHERE rowid IN ({','.join('?' * len(part))}) ORDER BY asset_number"
        found += [row[0] for row in connection.exec_driver_sql(sql, part)]
    return found


@dataclass(frozen=True, slots=True)
class Use:
    """Posted use of one instrument in a span: postings, minutes and fen, all and for outside customers; drafts by now."""

    n: int
    minutes: int
    external_minutes: int
    fen: int
    external_fen: int
    n_drafts: int


def use(connection: Connection, instrument_id: str, start: date, end: date) -> Use:
    """Sums of ``[start, end)`` by the day the service ended; reversals count against."""
    sql = (
        "SELECT coalesce(sum(CASE WHEN reverses IS NULL THEN 1 ELSE -1 END), 0), coalesce(sum(minutes), 0), "
        "coalesce(sum(CASE WHEN external THEN minutes END), 0), coalesce(sum(amount_fen), 0), "
        "coalesce(sum(CASE WHEN external THEN amount_fen END), 0) FROM posting WHERE instrument_id = ? AND ended_on >= ? AND ended_on < ?"
    )
    row = connection.exec_driver_sql(sql, (instrument_id, start.isoformat(), end.isoformat())).one()
    drafts = connection.exec_driver_sql(
        "SELECT count(*) FROM service_record WHERE instrument_id = ? AND state = 'draft'", (instrument_id,)
    ).scalar_one()
    return Use(row[0], row[1], row[2], row[3], row[4], drafts)


def latest_records(connection: Connection, instrument_id: str, limit: int) -> list[tuple[str, str, str, int, str, int | None]]:
    """The newest records: number, state, customer, minutes, start (ISO to the minute), fen when posted."""
    sql = (
        "SELECT r.number, r.state, r.customer_name, r.minutes, r.started_at, p.amount_fen FROM service_record r "
        f"LEFT JOIN posting p ON p.record_id = r.id AND {LAST_POSTED.format('p')} WHERE r.instrument_id = ? ORDER BY r.started_at DESC LIMIT ?"
    )
    return [tuple(row) for row in connection.exec_driver_sql(sql, (instrument_id, limit))]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on one row: ``changed`` field -> (before, after) as the database keeps them; empty for the first."""

    operation: int
    name: str
    who: str
    at: str
    reason: str
    params: dict[str, str]
    verb: str
    changed: dict[str, tuple[Any, Any]]


def steps(connection: Connection, kind: str, key: str) -> list[Step]:
    """What was done to one row, newest first, read from the journal. ``kind`` is a table's own name, never a person's text."""
    sql = (
        "SELECT j.operation, o.name, o.who, o.at, o.reason, o.params, j.verb, j.old FROM journal j JOIN operation o ON o.seq = j.operation "
        "WHERE j.operation IN (SELECT operation FROM journal_after WHERE kind = ?1 AND key = ?2) AND j.kind = ?1 AND j.key = ?2 "
        "ORDER BY j.seq DESC"
    )
    row = connection.exec_driver_sql(f"SELECT * FROM {kind} WHERE id = ?", (key,)).mappings().first()
    after: dict[str, Any] = dict(row) if row is not None else {}
    found: list[Step] = []
    for seq, name, who, at, reason, params, verb, old in connection.exec_driver_sql(sql, (kind, key)):
        before: dict[str, Any] = json.loads(old) if old else {}
        changed = {f: (v, after.get(f)) for f, v in before.items() if v != after.get(f)} if before and after else {}
        found.append(Step(seq, name, who, at, reason, json.loads(params), verb, changed))
        after = before
    # A row that another seat had entered too took the key of that one: what was done to it before stands under the old key.
    past = same_rows.earlier(quick(connection), kind, key)
    return found if past is None else [*found, *steps(connection, kind, past)]
