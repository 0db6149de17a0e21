"""The rows that are reported, in the form of the wire, and the bookkeeping of one remote. Plain values only.

What reaches which remote stands in ``reach``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Integer
from sqlcipher3 import dbapi2

from desktop.ledger.attachment import SUBJECTS
from desktop.store.database import Connection, quick
from desktop.store.reach import NETWORK, columns, kinds, links, not_yet, secret
from desktop.store.tables import primary_key, tables

Body = dict[str, Any]

@cache
def _differs(kind: str, remote: str) -> str:
    """SQL: the rows of a kind that are to be reported and differ from the base of a remote; the database writes the canonical body itself."""
    parts = ", ".join(f"'{name}', {kind}.{name}" for name in sorted(columns(kind, remote)))
    return (
        f"FROM {kind} LEFT JOIN sync_base base ON base.remote = ? AND base.kind = '{kind}' AND base.key = {kind}.id "
        f"WHERE NOT ({secret(kind)}) AND NOT ({not_yet(kind, remote)}) AND base.body IS NOT json_object({parts})"
    )


def differing(connection: Connection, kind: str, remote: str) -> Iterator[tuple[str, Body, bool]]:
    """Key and body of every row of a kind that is to be reported and may differ from what a remote holds, and whether it holds any."""
    names = columns(kind, remote)
    told = ", ".join(f"{kind}.{name}" for name in names)
    # A row with fields of a newer version in its base comes out too: who reads this looks closer.
    for row in connection.exec_driver_sql(f"SELECT base.token IS NOT NULL, {told} {_differs(kind, remote)}", (remote,)):
        body = dict(zip(names, row[1:], strict=True))
        yield str(body["id"]), body, bool(row[0])


def one(connection: Connection, kind: str, key: str, remote: str) -> tuple[Body | None, bool]:
    """The body of one row, and whether it is withheld (confidential, or not to be reported yet); (None, False): no such row."""
    row = quick(connection)(_one(kind, remote), (key,)).fetchone()
    if row is None:
        return None, False
    if row[0]:
        return None, True
    return dict(zip(columns(kind, remote), row[1:], strict=True)), False


@cache
def _one(kind: str, remote: str) -> str:
    return f"SELECT ({secret(kind)}) OR ({not_yet(kind, remote)}), {', '.join(columns(kind, remote))} FROM {kind} WHERE id = ?"


def n_differing(connection: Connection, remote: str) -> int:
    """How many rows differ from what a remote holds, deletions included: counted by the database, which writes the canonical body itself."""
    total = len(deleted_here(connection, remote))
    for kind in kinds(remote):
        total += int(connection.exec_driver_sql(f"SELECT count(*) {_differs(kind, remote)}", (remote,)).scalar_one())
    return total


def labels(connection: Connection, kind: str, keys: Sequence[str]) -> dict[str, str]:
    """What people call these rows: their number and name; a key that is not there is left out."""
    sql = _LABELS.get(kind)
    found: dict[str, str] = {}
    for start in range(0, len(keys) if sql else 0, 500):
        part = tuple(keys[start : start + 500])
        found |= {
            row[0]: row[1].strip()
            for row in connection.exec_driver_sql(f"{sql} WHERE t.id IN ({','.join('?' * len(part))})", part)
        }
    return found


_LABELS = {
    "instrument": "SELECT t.id, t.asset_number || ' ' || t.name FROM instrument t",
    "customer": "SELECT t.id, t.name FROM customer t",
    "fee_schedule": "SELECT t.id, i.asset_number || ' ' || i.name || ' ' || t.from_on FROM fee_schedule t JOIN instrument i ON i.id = t.instrument_id",
    "fee_line": (
        "SELECT t.id, i.asset_number || ' ' || t.item FROM fee_line t JOIN fee_schedule s ON s.id = t.schedule_id "
        "JOIN instrument i ON i.id = s.instrument_id"
    ),
    "service_record": "SELECT t.id, t.number || ' ' || t.customer_name FROM service_record t",
    "posting": "SELECT t.id, t.record_number FROM posting t",
    "attachment": "SELECT t.id, t.name FROM attachment t",
}


def n_secret(connection: Connection, remote: str = NETWORK) -> int:
    """How many confidential rows of the kinds that reach a remote stay here."""
    counts = (connection.exec_driver_sql(f"SELECT count(*) FROM {kind} WHERE {secret(kind)}").scalar_one() for kind in kinds(remote))
    return sum(int(n) for n in counts)


class Refusal(Exception):
    """A rule of the database forbids a row of the remote: ``what`` is twice, overlap, fixed, held or form; ``field`` where it is known."""

    def __init__(self, what: str, field: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.field = field


_REFUSALS = (
    ("UNIQUE constraint failed", "twice"),
    ("fee versions overlap", "overlap"),
    ("FOREIGN KEY constraint failed", "held"),
    ("attachments hang on it", "held"),
    ("belongs to a row that is there", "form"),
    ("never changes", "fixed"),
    ("only moves forward", "fixed"),
    ("constraint failed", "form"),
    ("cannot store", "form"),
    ("mirrors its", "form"),
)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except dbapi2.IntegrityError as error:
        told = str(error)
        for part, what in _REFUSALS:
            if part in told:
                field = told.rpartition(".")[2] if what == "twice" else ""
                raise Refusal(what, field) from error
        raise


def put(connection: Connection, kind: str, key: str, body: Body, remote: str) -> None:
    """Write what a remote holds; columns that do not reach it stay, or take their defaults in a new row. Raises Refusal."""
    with _refusing():
        _put(connection, kind, key, body, remote)


def _put(connection: Connection, kind: str, key: str, body: Body, remote: str) -> None:
    known = set(columns(kind, remote)) - {"id"}
    values = {name: value for name, value in body.items() if name in known}
    run = quick(connection)
    if kind == "attachment" and "sha256" in values:
        # Whether its bytes are here is this ledger's own to say: another row may have brought them.
        values["kept"] = int(run("SELECT 1 FROM attachment WHERE sha256 = ? AND kept = 1", (values["sha256"],)).fetchone() is not None)
    if run(f"SELECT 1 FROM {kind} WHERE id = ?", (key,)).fetchone():
        sets = ", ".join(f"{name} = ?" for name in values)
        same = " AND ".join(f"{name} IS ?" for name in values)
        run(f"UPDATE {kind} SET {sets} WHERE id = ? AND NOT ({same})", (*values.values(), key, *values.values()))
    else:
        names = ["id", *values]
        run(f"INSERT INTO {kind} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", (key, *values.values()))


@cache
def forms(kind: str) -> dict[str, tuple[str, bool]]:
    """Column -> how its values are written (fen, flag, integer, key, text) and whether it may be unknown."""
    told = {}
    for column in tables()[kind].columns:
        if column.name.endswith("_fen"):
            form = "fen"
        elif isinstance(column.type, Integer):
            form = "flag" if column.constraints else "integer"
        else:
            form = "key" if column.primary_key or column.foreign_keys else "text"
        told[column.name] = (form, bool(column.nullable))
    return told


def missing_link(connection: Connection, kind: str, body: Body, remote: str) -> tuple[str, str, str] | None:
    """Field, kind and key of a row this body refers to that is not here; the database would notice at the end of the transaction only."""
    run = quick(connection)
    for name, target in _targets(kind, body, remote):
        key = body.get(name)
        if key is not None and run(f"SELECT 1 FROM {target} WHERE id = ?", (key,)).fetchone() is None:
            return name, target, str(key)
    return None


def _targets(kind: str, body: Body, remote: str) -> tuple[tuple[str, str], ...]:
    """Field and kind of each reference; an attachment says itself what kind of row it belongs to."""
    of = body.get("of_kind") if kind == "attachment" else None
    return (*links(kind, remote), *((("of_id", of),) if of in SUBJECTS else ()))


def delete(connection: Connection, kind: str, key: str) -> None:
    """Remove a row that the remote deleted. Raises Refusal when other rows refer to it."""
    with _refusing():
        quick(connection)(f"DELETE FROM {kind} WHERE {primary_key(tables()[kind])} = ?", (key,))


def deleted_here(connection: Connection, remote: str) -> list[tuple[str, str]]:
    """Rows the remote holds that a person has deleted here: their last journal entry is a deletion."""
    sql = (
        "SELECT b.kind, b.key FROM sync_base b WHERE b.remote = ? AND b.body IS NOT NULL AND (SELECT a.digest IS NULL FROM journal_after a "
        "WHERE a.kind = b.kind AND a.key = b.key ORDER BY a.operation DESC LIMIT 1)"
    )
    return [(row[0], row[1]) for row in connection.exec_driver_sql(sql, (remote,))]


def is_deleted_here(connection: Connection, kind: str, key: str) -> bool:
    """Whether a person deleted this row here: its last journal entry is a deletion."""
    sql = "SELECT digest IS NULL FROM journal_after WHERE kind = ? AND key = ? ORDER BY operation DESC LIMIT 1"
    return bool(connection.exec_driver_sql(sql, (kind, key)).scalar())
