"""The journal read back: what was done, and taking an operation back exactly (undo), which can itself be taken back (redo)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from desktop.ledger.problem import Refused
from desktop.store import vouchers
from desktop.store.database import Operation
from desktop.store.tables import primary_key, tables


@dataclass(frozen=True, slots=True)
class Done:
    """One operation as the journal knows it; ``at`` is UTC ISO text; ``undone_by`` the operation that took it back."""

    seq: int
    name: str
    who: str
    at: str
    reason: str
    params: dict[str, str]
    undoable: bool
    undoes: int | None
    undone_by: int | None
    n_rows: int


_SELECT = (
    "SELECT o.seq, o.name, o.who, o.at, o.reason, o.params, o.undoable, o.undoes, u.seq, o.n_rows "
    "FROM operation o LEFT JOIN operation u ON u.undoes = o.seq "
)


def _done(row: Any) -> Done:
    return Done(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]), bool(row[6]), row[7], row[8], row[9])


def history(connection: Connection, limit: int = 200, before: int | None = None) -> list[Done]:
    """The latest operations, newest first."""
    rows = connection.exec_driver_sql(_SELECT + "WHERE o.seq < ? ORDER BY o.seq DESC LIMIT ?", (before or 1 << 62, limit))
    return [_done(row) for row in rows]


def get(connection: Connection, seq: int) -> Done | None:
    """One operation by its number."""
    row = connection.exec_driver_sql(_SELECT + "WHERE o.seq = ?", (seq,)).first()
    return _done(row) if row else None


def newest(connection: Connection) -> Done | None:
    """The newest operation that stands and is no undo, whether it can be taken back or not.

    Printing and syncing change no fact that a person entered, so undo looks behind them; what was sent is refused when it is tried.
    """
    row = connection.exec_driver_sql(
        _SELECT + "WHERE u.seq IS NULL AND (o.undoes IS NULL OR o.name = 'redo') AND o.name NOT IN "
        "('report print', 'sync', 'sync same', 'sync enrol', 'attachment fetch') "
        "ORDER BY o.seq DESC LIMIT 1"
    ).first()
    return _done(row) if row else None


def next_undo(connection: Connection) -> Done | None:
    """What undo would take back: the newest operation that stands; None when that is one that cannot be undone."""
    found = newest(connection)
    return found if found and found.undoable else None


def next_redo(connection: Connection) -> Done | None:
    """What redo would bring back: the newest undo that stands with nothing new done since."""
    row = connection.exec_driver_sql(_SELECT + "WHERE u.seq IS NULL ORDER BY o.seq DESC LIMIT 1").first()
    found = _done(row) if row else None
    return found if found and found.name == "undo" else None


def take_back(operation: Operation, seq: int) -> None:
    """Restore every row the operation touched to what it was before, newest change first.

    Raises Refused when the operation cannot be undone, was undone already, or a row has changed since.
    """
    connection = operation.connection
    done = get(connection, seq)
    if done is None:
        raise Refused("undo.unknown", seq=seq)
    if done.undone_by is not None:
        raise Refused("undo.already", seq=seq)
    if not done.undoable:
        raise Refused("undo.final", seq=seq, name=done.name)
    same = connection.exec_driver_sql(
        "SELECT count(*) FROM journal_after a JOIN journal_after b ON b.kind = a.kind AND b.key = a.key AND b.operation > a.operation AND b.digest IS NULL "
        "JOIN operation o ON o.seq = b.operation AND o.name = 'sync same' WHERE a.operation = ?",
        (seq,),
    ).scalar_one()
    if same:
        raise Refused("undo.same_elsewhere", seq=seq, name=done.name, n=same)
    later = connection.exec_driver_sql(
        "SELECT a.kind, count(*) FROM journal_after a JOIN journal_after b ON b.kind = a.kind AND b.key = a.key AND b.operation > a.operation "
        "WHERE a.operation = ? AND b.digest IS NOT a.digest AND b.operation = (SELECT max(c.operation) FROM journal_after c "
        "WHERE c.kind = a.kind AND c.key = a.key) GROUP BY a.kind",
        (seq,),
    ).first()
    if later:
        raise Refused("undo.changed_since", seq=seq, name=done.name, kind=later[0], n=later[1])
    sent = connection.exec_driver_sql(
        "SELECT count(*) FROM journal_after a JOIN sync_base b ON b.kind = a.kind AND b.key = a.key WHERE a.operation = ? AND b.body IS NOT NULL",
        (seq,),
    ).scalar_one()
    if sent:
        raise Refused("undo.sent", seq=seq, name=done.name, n=sent)
    opens = connection.exec_driver_sql(
        "SELECT count(*) FROM journal j JOIN instrument i ON i.id = j.key WHERE j.operation = ? AND j.kind = 'instrument' AND j.verb = 'update' "
        "AND i.confidential = 1 AND coalesce(json_extract(j.old, '$.confidential'), 0) <> 1",
        (seq,),
    ).scalar_one()
    if opens:
        raise Refused("undo.declassifies", seq=seq, name=done.name, n=opens)
    made = connection.exec_driver_sql(
        f"SELECT key FROM journal WHERE operation = ? AND verb = 'insert' AND kind IN {vouchers.USES}", (seq,)
    ).scalars().all()
    claimed = vouchers.claim_naming(connection, made)
    if claimed is not None:
        raise Refused("undo.use_claimed", seq=seq, name=done.name, number=claimed[0], claim=claimed[1])
    marks = connection.exec_driver_sql("SELECT key FROM journal WHERE operation = ? AND verb = 'insert' AND kind = 'voucher_mark'", (seq,)).scalars()
    marked = vouchers.marked(connection, made, marks) if made else None
    if marked is not None:
        raise Refused("undo.use_marked", seq=seq, name=done.name, number=marked)
    vouchers.drop_papers(connection, made)
    rows = connection.exec_driver_sql(
        "SELECT kind, key, verb, old FROM journal WHERE operation = ? ORDER BY seq DESC", (seq,)
    ).all()
    start = 0
    while start < len(rows):
        kind, verb = rows[start].kind, rows[start].verb
        end = start
        while end < len(rows) and (rows[end].kind, rows[end].verb) == (kind, verb):
            end += 1
        _reverse(connection, kind, verb, [(row.key, row.old) for row in rows[start:end]])
        start = end


def _reverse(connection: Connection, kind: str, verb: str, rows: list[tuple[str, str | None]]) -> None:
    table = tables()[kind]
    key = primary_key(table)
    names = [c.name for c in table.columns]
    if verb == "insert":
        connection.exec_driver_sql(f"DELETE FROM {kind} WHERE {key} = ?", [(row_key,) for row_key, _ in rows])
        return
    images = [json.loads(old or "{}") for _, old in rows]
    if verb == "delete":
        marks = ", ".join("?" * len(names))
        sql = f"INSERT INTO {kind} ({', '.join(names)}) VALUES ({marks})"
        connection.exec_driver_sql(sql, [tuple(image[name] for name in names) for image in images])
        return
    rest = [name for name in names if name != key]
    sql = f"UPDATE {kind} SET {', '.join(f'{name} = ?' for name in rest)} WHERE {key} = ?"
    connection.exec_driver_sql(sql, [(*(image[name] for name in rest), image[key]) for image in images])
