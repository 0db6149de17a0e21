"""The two ways in: ``read()`` and ``write("name")``. There is no third.

A write is one named operation in one transaction; triggers journal each touched row; at commit the operation becomes a
leaf of the chain: a SHA-256 over the previous leaf, who, when, what, why, and the digest of each row before and after.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from desktop.ledger.changes import Changes
from desktop.ledger.problem import Problem, Refused
from desktop.store.connect import connect
from desktop.store.tables import image, primary_key, tables

GENESIS = "0" * 64

__all__ = ["GENESIS", "Connection", "Database", "Operation", "driver_rows", "leaf", "next_seq", "quick"]

_WORDS = {
    "NOT NULL constraint failed: journal.operation": "store.no_operation",
    "a fact never changes": "store.fact",
    "bytes in use never change": "store.fact",
    "the bytes of the attachment are gone": "attachment.gone",
    "attachments hang on it": "attachment.held",
    "belongs to a row that is there": "attachment.no_subject",
    "the journal never changes": "store.fact",
    "a posted record never changes": "record.posted",
    "confidentiality never changes": "reclassification.two_people",
    "a reclassification": "reclassification.forward",
    "two_people": "reclassification.same_person",
    "ck_reclassification": "reclassification.forward",
    "a purchase never changes": "purchase.forward",
    "a purchase is reviewed": "purchase.same_person_db",
    "ck_purchase": "purchase.forward",
    "a transfer": "transfer.forward",
    "ck_transfer": "transfer.forward",
    "ck_pilot": "pilot.database",
    "an open state never": "pilot.openness_forward",
    "a pilot service is": "pilot.other_set",
    "UNIQUE constraint failed: pilot_equipment.instrument_id": "pilot.instrument_taken",
    "a reversal mirrors": "store.reversal",
    "fee versions overlap": "fee.overlap",
    "a used fee": "fee.used",
    "a used cost row": "payout.cost_used",
    "a part of a cost": "payout.cost_part_wrong",
    "a payout run": "payout.forward",
    "settled already": "payout.settled",
    "ck_month_event": "payout.month_two_people",
    "four_eyes": "payout.same_person",
    "FOREIGN KEY constraint failed": "store.in_use",
    "UNIQUE constraint failed": "store.twice",
    "database or disk is full": "store.full",
    "database is locked": "store.locked",
    "disk I/O error": "store.io",
    "malformed": "store.damaged",
    "not a database": "store.damaged",
    "readonly": "store.readonly",
}


@dataclass(slots=True)
class Operation:
    """An open write: use ``connection``; ``changes`` is filled at commit. ``lasting``: a decision, which leaves a leaf also when no row changed."""

    connection: Connection
    seq: int
    name: str
    who: str
    reason: str
    undoable: bool
    undoes: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    lasting: bool = False

    def executemany(self, sql: str, rows: list[tuple[Any, ...]]) -> None:
        """Bulk statement through the driver: the quick way for imports; ``?`` marks."""
        if rows:
            self.connection.exec_driver_sql(sql, rows)


class Database:
    """An open ledger file. Reads may run on any thread; writes are one at a time."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.path = path
        self._key = key
        self._writing = threading.Lock()
        self._reader = self._engine(readonly=True)
        self._writer = self._engine(readonly=False)

    def _engine(self, *, readonly: bool) -> Engine:
        from sqlcipher3 import dbapi2

        engine = create_engine(
            "sqlite://",
            module=dbapi2,
            creator=lambda: connect(self.path, self._key, readonly=readonly),
            poolclass=QueuePool,
            pool_size=4 if readonly else 1,
            max_overflow=4 if readonly else 0,
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

        return engine

    def close(self) -> None:
        """Close all connections; the last one folds the write-ahead log into the file."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the ledger that cannot write."""
        with _told(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(
        self,
        name: str,
        *,
        who: str,
        reason: str = "",
        undoable: bool = True,
        undoes: int | None = None,
        params: Mapping[str, str] | None = None,
        at: datetime | None = None,
    ) -> Iterator[Operation]:
        """One named operation in one transaction; all or nothing. ``at`` is UTC, now when not given.

        Raises Problem with words when the database refuses. An operation that touched no fact leaves no leaf, unless it is ``lasting``.
        """
        with self._writing, _told(), self._writer.connect() as connection, connection.begin() as transaction:
            seq = next_seq(connection)
            connection.exec_driver_sql("INSERT INTO open_operation (one, seq) VALUES (1, ?)", (seq,))
            operation = Operation(connection, seq, name, who, reason, undoable, undoes, {k: _storable(v) for k, v in (params or {}).items()})
            yield operation
            operation.changes = _seal(operation, at or datetime.now(UTC))
            transaction.commit()

    def backup_to(self, target: Path, key: bytes | None = None) -> None:
        """Copy the open ledger page by page to ``target`` under the same key (or ``key``)."""
        from desktop.store.connect import raw

        source = raw(self.path, self._key)
        copy = raw(target, key or self._key)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()


def quick(connection: Connection) -> Callable[..., Any]:
    """``(sql, params) -> driver cursor``: the driver's own execute, for a few statements a row over many rows.

    A statement through SQLAlchemy costs five times the statement. The driver's errors come as they are.
    """
    run: Callable[..., Any] = connection.connection.cursor().execute
    return run


def _storable(text: str) -> str:
    """A text with a question mark for each byte that is no text: the name of a file may be written in another encoding."""
    return text.encode("utf-8", "replace").decode()


def next_seq(connection: Connection) -> int:
    """The number the next operation gets; while it stays the same, no fact has changed."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(seq), 0) + 1 FROM operation").scalar_one())


def driver_rows(connection: Connection, sql: str, params: tuple[Any, ...] | dict[str, Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The driver's own rows, for many of them: wrapping each takes about as long as reading it."""
    with connection.exec_driver_sql(sql, params) as found:
        yield from cast("Iterable[tuple[Any, ...]]", found.cursor)


def leaf(connection: Connection, previous: str, head: tuple[Any, ...]) -> str:
    """The digest of an operation: over the previous leaf, its head, each touched row before (in order) and after (by key)."""
    sha = hashlib.sha256(previous.encode())
    sha.update(json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode())
    before = "SELECT kind, key, verb, coalesce(old, '') FROM journal WHERE operation = ? ORDER BY seq"
    after = "SELECT kind, key, 'after', coalesce(digest, '') FROM journal_after WHERE operation = ? ORDER BY kind, key"
    for sql in (before, after):
        for row in driver_rows(connection, sql, (head[0],)):
            sha.update(("\n" + "\0".join(row)).encode())
    return sha.hexdigest()


def _record_after(connection: Connection, seq: int, kinds: list[str]) -> None:
    for name in kinds:
        table = tables()[name]
        key = primary_key(table)
        connection.exec_driver_sql(
            "INSERT INTO journal_after (kind, key, operation, digest) "
            f"SELECT '{name}', j.key, ?, CASE WHEN t.{key} IS NULL THEN NULL ELSE row_digest({image(table, 't')}) END "
            f"FROM (SELECT DISTINCT key FROM journal WHERE operation = ? AND kind = '{name}') j LEFT JOIN {name} t ON t.{key} = j.key",
            (seq, seq),
        )


def _seal(operation: Operation, at: datetime) -> Changes:
    connection = operation.connection
    connection.exec_driver_sql("DELETE FROM open_operation")
    kinds = connection.exec_driver_sql(
        "SELECT kind, count(*) FROM journal WHERE operation = ? GROUP BY kind", (operation.seq,)
    ).all()
    if not kinds and not operation.lasting:
        return Changes()
    n_rows = sum(n for _, n in kinds)
    previous = connection.exec_driver_sql("SELECT digest FROM operation WHERE seq = ?", (operation.seq - 1,)).scalar() or GENESIS
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    params = json.dumps(dict(operation.params), ensure_ascii=False, sort_keys=True)
    head = (
        operation.seq,
        operation.name,
        operation.who,
        moment,
        operation.reason,
        params,
        int(operation.undoable),
        operation.undoes,
        n_rows,
    )
    _record_after(connection, operation.seq, [kind for kind, _ in kinds])
    digest = leaf(connection, previous, head)
    connection.exec_driver_sql(
        "INSERT INTO operation (seq, name, who, at, reason, params, undoable, undoes, n_rows, previous, digest) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (*head, previous, digest),
    )
    return Changes(operation.seq, frozenset(kind for kind, _ in kinds))


@contextmanager
def _told() -> Iterator[None]:
    """Give the database's refusals words; anything unknown stays a bug."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, DBAPIError) and type(error).__module__ != "sqlcipher3.dbapi2":
            raise
        told = str(error.orig if isinstance(error, DBAPIError) else error)
        for part, code in _WORDS.items():
            if part in told:
                kind = Problem if code.startswith("store.") else Refused
                raise kind(code, detail=told) from error
        raise
