"""Backups: a copy is one only after it was opened with its key and found whole. Restoring goes the same way round."""

from __future__ import annotations

import os
from pathlib import Path

from desktop.ledger.problem import Problem
from desktop.store import fingerprint
from desktop.store.connect import connect
from desktop.store.database import Database
from desktop.store.verify import verify

_COUNTS = ("operation", "journal", "instrument", "service_record", "posting", "payout_run", "attachment", "evidence_part")


def _fingerprint(database: Database) -> tuple[int, ...]:
    with database.read() as connection:
        counts = [int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()) for name in _COUNTS]
        money = int(connection.exec_driver_sql("SELECT coalesce(sum(amount_fen), 0) FROM posting").scalar_one())
    return (*counts, money)


def backup(database: Database, target: Path, key: bytes | None) -> None:
    """Copy the open ledger to ``target``: copy, open with its key, check integrity, chain, counts, sums; then rename.

    Raises Problem when the target exists or the copy is not equal; a half copy is removed.
    """
    if target.exists():
        raise Problem("backup.exists", path=target)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    wanted = _fingerprint(database)
    try:
        database.backup_to(part)
        check(part, key, wanted)
        os.replace(part, target)
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def check(path: Path, key: bytes | None, wanted: tuple[int, ...] | None = None) -> None:
    """Open a copy with its key and verify it whole. Raises Problem with what failed."""
    if not path.exists():
        raise Problem("backup.missing", path=path)
    try:
        opened = connect(path, key, readonly=False)
        try:
            fingerprint.check(opened.execute)
        finally:
            opened.close()
    except Problem:
        raise
    except Exception as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise Problem("backup.unreadable", path=path) from error
        raise
    copy = Database(path, key)
    try:
        if wanted is not None and _fingerprint(copy) != wanted:
            raise Problem("backup.different", path=path)
        with copy.read() as connection:
            verdict = verify(connection)
        if not verdict.ok:
            raise Problem("backup.broken", path=path, findings=verdict.findings)
    finally:
        copy.close()
