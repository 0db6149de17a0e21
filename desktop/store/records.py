"""Service records as rows: what judging them needs, their stored problems, overlaps, postings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.service_record import Posting, ServiceRecord
from desktop.store.database import Connection, Operation, driver_rows
from desktop.store.facts import POSTINGS, RECORDS
from desktop.store.last_posted import LAST_POSTED

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What judging records needs of their instruments and customers."""

    accepted_on: dict[str, date | None]
    department: dict[str, str]
    internal: dict[str, tuple[bool, str]]


def surroundings(connection: Connection) -> Surroundings:
    """Acceptance days and departments of all instruments; class and department of all customers."""
    accepted: dict[str, date | None] = {}
    department: dict[str, str] = {}
    for key, day, where in connection.exec_driver_sql("SELECT id, accepted_on, department FROM instrument"):
        accepted[key] = date.fromisoformat(day) if day else None
        department[key] = where
    internal = {
        key: (bool(yes), where) for key, yes, where in connection.exec_driver_sql("SELECT id, internal, department FROM customer")
    }
    return Surroundings(accepted, department, internal)


def by_keys(connection: Connection, keys: Iterable[str]) -> list[ServiceRecord]:
    """The records with these keys."""
    wanted = list(keys)
    found: list[ServiceRecord] = []
    for start in range(0, len(wanted), _CHUNK):
        part = tuple(wanted[start : start + _CHUNK])
        found += RECORDS.find(connection, f"id IN ({','.join('?' * len(part))})", part)
    return found


def by_rowids(connection: Connection, rowids: Iterable[int]) -> list[ServiceRecord]:
    """The records of a list's keys, by number."""
    wanted = list(rowids)
    found: list[ServiceRecord] = []
    for start in range(0, len(wanted), _CHUNK):
        part = tuple(wanted[start : start + _CHUNK])
        found += RECORDS.find(connection, f"rowid IN ({','.join('?' * len(part))})", part)
    return sorted(found, key=lambda record: record.number)


def last_entered(connection: Connection) -> ServiceRecord | None:
    """The record entered or imported last at this seat, else the one that came last."""
    own = (
        "id = (SELECT r.id FROM operation o CROSS JOIN journal j ON j.operation = o.seq CROSS JOIN service_record r ON r.id = j.key "
        "WHERE o.name NOT IN ('sync', 'sync same') AND j.kind = 'service_record' AND j.verb = 'insert' ORDER BY o.seq DESC, j.seq DESC LIMIT 1)"
    )
    found = RECORDS.find(connection, own) or RECORDS.find(connection, "rowid = (SELECT max(rowid) FROM service_record)")
    return found[0] if found else None


def by_numbers(connection: Connection, numbers: Iterable[str]) -> dict[str, ServiceRecord]:
    """The records with these numbers, by number; an unknown number is missing."""
    packed = json.dumps(list(numbers))
    return {r.number: r for r in RECORDS.find(connection, "number IN (SELECT value FROM json_each(?))", (packed,))}


def chains(connection: Connection, numbers: Iterable[str]) -> dict[str, list[ServiceRecord]]:
    """Number -> the record with it and the records that replaced it one after the other, oldest first.

    Where two seats replaced the same record, what was not reversed comes last.
    """
    sql = (
        "WITH RECURSIVE chain (root, id, step) AS ("
        "SELECT number, id, 0 FROM service_record WHERE number IN (SELECT value FROM json_each(?)) UNION ALL "
        "SELECT c.root, s.id, c.step + 1 FROM chain c JOIN service_record s ON s.replaces = c.id WHERE c.step < 1000) "
        "SELECT c.root, c.id FROM chain c JOIN service_record s ON s.id = c.id ORDER BY c.root, s.state <> 'reversed', c.step, s.rowid"
    )
    found = connection.exec_driver_sql(sql, (json.dumps(list(numbers)),)).all()
    by_key = {record.id: record for record in by_keys(connection, {key for _, key in found})}
    told: dict[str, list[ServiceRecord]] = {}
    for root, key in found:
        told.setdefault(root, []).append(by_key[key])
    return told


def successor_number(connection: Connection, number: str, taken: Collection[str] = ()) -> str:
    """The first free number for what replaces a record: ``R7-R1``, then ``R7-R2`` …; ``taken``: numbers that are spoken for."""
    serial = 1
    while f"{number}-R{serial}" in taken or by_numbers(connection, [f"{number}-R{serial}"]):
        serial += 1
    return f"{number}-R{serial}"


def draft_keys(connection: Connection, column: str, values: Iterable[str]) -> list[str]:
    """The keys of the drafts whose ``column`` (a name of the schema) has one of these values."""
    sql = f"SELECT id FROM service_record WHERE state = 'draft' AND {column} IN (SELECT value FROM json_each(?)) ORDER BY id"
    return [row[0] for row in connection.exec_driver_sql(sql, (json.dumps(list(values)),))]


def unlinked(connection: Connection, operators: Iterable[str]) -> dict[str, str]:
    """Key -> operator's name of the drafts without a known operator that name one of these."""
    sql = (
        "SELECT id, operator_name FROM service_record WHERE state = 'draft' AND operator_id IS NULL "
        "AND operator_name IN (SELECT value FROM json_each(?)) ORDER BY id"
    )
    return {row[0]: row[1] for row in connection.exec_driver_sql(sql, (json.dumps(list(operators)),))}


def drafts_but(connection: Connection, keys: Collection[str]) -> list[ServiceRecord]:
    """The records not yet posted, without those with these keys."""
    found = driver_rows(connection, "SELECT id FROM service_record WHERE state = 'draft'")
    return by_keys(connection, [key for (key,) in found if key not in keys])


def drafts(connection: Connection, to: date | None = None) -> list[ServiceRecord]:
    """The records not yet posted whose service ended on or before a day, oldest first."""
    if to is None:
        return RECORDS.find(connection, "state = 'draft'", (), "ended_at, number")
    return RECORDS.find(connection, "state = 'draft' AND ended_at < ?", (f"{to.isoformat()}T24",), "ended_at, number")


def overlapping(connection: Connection, instrument_ids: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Record key -> numbers of the records that use the same instrument at the same time (reversed records do not count)."""
    where = "state <> 'reversed'"
    params: tuple[str, ...] = ()
    if instrument_ids is not None:
        wanted = tuple(set(instrument_ids))
        if len(wanted) <= _CHUNK:
            where, params = f"state <> 'reversed' AND instrument_id IN ({','.join('?' * len(wanted))})", wanted
    found: dict[str, list[str]] = {}
    instrument = ""
    active: list[tuple[str, str, str]] = []  # the records of one instrument that may still be running
    rows = driver_rows(
        connection,
        f"SELECT instrument_id, id, number, started_at, ended_at FROM service_record WHERE {where} ORDER BY instrument_id, started_at",
        params,
    )
    for where_used, key, number, start, end in rows:
        if where_used != instrument:
            instrument, active = where_used, []
        active = [other for other in active if other[2] > start]
        for other_key, other_number, _ in active:
            found.setdefault(key, []).append(other_number)
            found.setdefault(other_key, []).append(number)
        active.append((key, number, end))
    return found


def write_problems(operation: Operation, keys: Sequence[str], problems: Iterable[tuple[str, Finding]]) -> None:
    """Replace the stored problems of these records; rows that stay the same are not touched."""
    connection = operation.connection
    have: dict[tuple[str, str, str, str, str], str] = {}
    for start in range(0, len(keys), _CHUNK):
        part = tuple(keys[start : start + _CHUNK])
        sql = f"SELECT id, record_id, code, severity, params, field FROM record_problem WHERE record_id IN ({','.join('?' * len(part))})"
        for row in connection.exec_driver_sql(sql, part):
            have[(row[1], row[2], row[3], row[4], row[5])] = row[0]
    want = {(key, f.code, f.severity, json.dumps(f.params, ensure_ascii=False), f.field) for key, f in problems}
    gone = [(row_key,) for identity, row_key in have.items() if identity not in want]
    operation.executemany("DELETE FROM record_problem WHERE id = ?", gone)
    new = [(new_key(), *identity) for identity in sorted(want) if identity not in have]
    operation.executemany(
        "INSERT INTO record_problem (id, record_id, code, severity, params, field) VALUES (?, ?, ?, ?, ?, ?)", new
    )


def problems(connection: Connection, number: str | None = None) -> list[tuple[str, Finding]]:
    """The stored problems with their records' numbers, worst first."""
    sql = (
        "SELECT r.number, r.id, p.code, p.severity, p.params, p.field FROM record_problem p JOIN service_record r ON r.id = p.record_id "
        + ("WHERE r.number = ? " if number else "")
        + "ORDER BY CASE p.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, p.code, r.number"
    )
    return [
        (row[0], Finding(row[2], row[3], tuple((k, v) for k, v in json.loads(row[4])), None, "service_record", row[1], row[5]))
        for row in connection.exec_driver_sql(sql, (number,) if number else ())
    ]


def about(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Record key -> asset number, instrument's name, customer's name."""
    sql = (
        "SELECT r.id, i.asset_number, i.name, r.customer_name FROM service_record r JOIN instrument i ON i.id = r.instrument_id "
        "WHERE r.id IN (SELECT value FROM json_each(?))"
    )
    return {row[0]: (row[1], row[2], row[3]) for row in connection.exec_driver_sql(sql, (json.dumps(list(keys)),))}


def received_fen(connection: Connection, posting_id: str) -> int:
    """What came in for a posting and stays, in fen."""
    return int(
        connection.exec_driver_sql("SELECT coalesce(sum(fen), 0) FROM receipt WHERE posting_id = ?", (posting_id,)).scalar_one()
    )


def is_contested(connection: Connection, record_id: str) -> bool:
    """Whether a posting of this record that another seat sent waits for somebody to decide."""
    sql = "SELECT 1 FROM sync_conflict WHERE kind = 'posting' AND json_extract(theirs, '$.record_id') = ? LIMIT 1"
    return connection.exec_driver_sql(sql, (record_id,)).first() is not None


def posting_of(connection: Connection, record_id: str) -> Posting | None:
    """The posting of a record that is posted or reversed: the one that stands, or stood last."""
    return POSTINGS.one(connection, f"posting.record_id = ? AND {LAST_POSTED.format('posting')}", (record_id,))


def posted_nowhere(connection: Connection, record_id: str | None = None) -> list[str]:
    """Numbers of posted records (or of this one) of which no posting stands."""
    sql = (
        "SELECT r.number FROM service_record r WHERE r.state = 'posted' AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.record_id = r.id "
        "AND +p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id))"
    )
    if record_id is not None:
        return [str(row[0]) for row in connection.exec_driver_sql(f"{sql} AND r.id = ?", (record_id,))]
    return [str(row[0]) for row in connection.exec_driver_sql(f"{sql} ORDER BY r.number")]
