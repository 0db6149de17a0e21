"""Attachments of a row, and the bytes they name: kept in parts, once for all that refer to them, read back part by part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from desktop.ledger.attachment import Attachment
from desktop.ledger.document_number import picked
from desktop.store.database import Connection, quick
from desktop.store.facts import ATTACHMENTS
from desktop.store.reach import secret

PART_BYTES = 1 << 20
_OWED = "sync.owed."

# What a person calls a row: kind -> SQL for its key by that name. A row without a number has its key alone.
_BY_NAME = {
    "instrument": "SELECT id FROM instrument WHERE asset_number = ?1 OR id = ?1",
    "fee_schedule": "SELECT id FROM fee_schedule WHERE id = ?1",
    "service_record": "SELECT id FROM service_record WHERE number = ?1 OR id = ?1",
    "cost_row": "SELECT id FROM cost_row WHERE id = ?1",
    "receipt": "SELECT id FROM receipt WHERE id = ?1",
    "payout_run": "SELECT id FROM payout_run WHERE number = ?1 OR id = ?1",
    "pilot_base": "SELECT id FROM pilot_base WHERE number = ?1 OR id = ?1",
    "pilot_equipment": "SELECT id FROM pilot_equipment WHERE number = ?1 OR id = ?1",
    "purchase_proposal": "SELECT id FROM purchase_proposal WHERE number = ?1 OR id = ?1",
    "transfer": "SELECT id FROM transfer WHERE number = ?1 OR id = ?1",
    "voucher_claim": "SELECT id FROM voucher_claim WHERE number = ?1 OR id = ?1",
    # ``check:record``: the newest answer to it.
    "integrity_answer": "SELECT a.id FROM integrity_answer a JOIN service_record r ON r.id = a.record_id "
    "WHERE a.id = ?1 OR a.check_name || ':' || r.number = ?1 ORDER BY a.answered_on DESC, a.rowid DESC LIMIT 1",
    "management_document": "SELECT id FROM management_document WHERE id = ?1",
    "training": "SELECT id FROM training WHERE number = ?1 OR id = ?1",
    "staff_fact": "SELECT id FROM staff_fact WHERE id = ?1",
    "outside_use": "SELECT id FROM outside_use WHERE number = ?1 OR id = ?1",
}
# What is called by the number of a paper, which people write with one bracket or another: kind -> SQL for number and key.
_BY_DOCUMENT = {"management_document": "SELECT number, id FROM management_document ORDER BY from_on, number"}


def subject(connection: Connection, kind: str, name: str) -> str | None:
    """The key of the row a person means, None when there is none."""
    found = connection.exec_driver_sql(_BY_NAME[kind], (name,)).scalar()
    if found is None and kind in _BY_DOCUMENT:
        paper = picked(connection.exec_driver_sql(_BY_DOCUMENT[kind]).all(), name, lambda row: str(row[0]))
        found = None if paper is None else paper[1]
    return None if found is None else str(found)


def of_subject(connection: Connection, kind: str, key: str) -> list[Attachment]:
    """The attachments of one row, in the order they were added."""
    return ATTACHMENTS.find(connection, "of_kind = ? AND of_id = ?", (kind, key), "added_at IS NULL, added_at, rowid")


def counted(connection: Connection, kind: str) -> dict[str, int]:
    """Key of a row of a kind -> how many files are attached to it; those without one are missing."""
    found = connection.exec_driver_sql("SELECT of_id, count(*) FROM attachment WHERE of_kind = ? GROUP BY of_id", (kind,))
    return {str(row[0]): int(row[1]) for row in found}


def is_secret(connection: Connection, kind: str, key: str) -> bool:
    """Whether what is attached to a row would be confidential."""
    sql = f"SELECT {secret('attachment')} FROM (SELECT ? AS of_kind, ? AS of_id)"
    return bool(connection.exec_driver_sql(sql, (kind, key)).scalar())


def is_kept(connection: Connection, sha256: str) -> bool:
    """Whether the bytes are here whole."""
    return connection.exec_driver_sql("SELECT 1 FROM attachment WHERE sha256 = ? AND kept = 1", (sha256,)).first() is not None


def n_bytes(connection: Connection, sha256: str) -> int | None:
    """How large a file is whose bytes are here whole; None when they are not."""
    if not is_kept(connection, sha256):
        return None
    return int(connection.exec_driver_sql("SELECT coalesce(sum(length(content)), 0) FROM evidence_part WHERE sha256 = ?", (sha256,)).scalar_one())


def keep(connection: Connection, sha256: str, content: bytes) -> None:
    """Keep the bytes of a file; nothing is written when they are here already."""
    if is_kept(connection, sha256):
        return
    drop_parts(connection, sha256)
    for number in range(-(-len(content) // PART_BYTES)):
        put_part(connection, sha256, number, content[number * PART_BYTES : (number + 1) * PART_BYTES])


def put_part(connection: Connection, sha256: str, number: int, content: bytes) -> None:
    """Keep one part. All parts but the last are of one size."""
    quick(connection)("INSERT INTO evidence_part (sha256, number, content) VALUES (?, ?, ?)", (sha256, number, content))


def drop_parts(connection: Connection, sha256: str) -> None:
    """Forget the bytes; refused by the database while an attachment has them."""
    connection.exec_driver_sql("DELETE FROM evidence_part WHERE sha256 = ?", (sha256,))


def n_parts(connection: Connection, sha256: str) -> int:
    """How many parts are here."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM evidence_part WHERE sha256 = ?", (sha256,)).scalar_one())


def parts(connection: Connection, sha256: str) -> Iterator[bytes]:
    """The parts in order."""
    run = quick(connection)
    for number in range(n_parts(connection, sha256)):
        row = run("SELECT content FROM evidence_part WHERE sha256 = ? AND number = ?", (sha256, number)).fetchone()
        yield b"" if row is None else bytes(row[0])


def piece(connection: Connection, sha256: str, start: int, n_bytes: int) -> bytes:
    """Bytes from a place on; reads no more parts than it needs."""
    run = quick(connection)
    size = run("SELECT length(content) FROM evidence_part WHERE sha256 = ? AND number = 0", (sha256,)).fetchone()
    if size is None:
        return b""
    first, last = start // size[0], (start + n_bytes - 1) // size[0]
    sql = "SELECT content FROM evidence_part WHERE sha256 = ? AND number BETWEEN ? AND ? ORDER BY number"
    joined = b"".join(bytes(row[0]) for row in run(sql, (sha256, first, last)).fetchall())
    return joined[start - first * size[0] :][:n_bytes]


def digest(connection: Connection, sha256: str) -> str:
    """The SHA-256 of the bytes that are here."""
    made = hashlib.sha256()
    for part in parts(connection, sha256):
        made.update(part)
    return made.hexdigest()


def mark_kept(connection: Connection, sha256: str) -> None:
    """The bytes are here: every attachment that names them has them."""
    connection.exec_driver_sql("UPDATE attachment SET kept = 1 WHERE sha256 = ? AND kept = 0", (sha256,))


def owed(connection: Connection, remote: str) -> list[str]:
    """The SHA-256 of files that this remote may lack although it has their rows."""
    value = connection.exec_driver_sql("SELECT value FROM setting WHERE name = ?", (_OWED + remote,)).scalar()
    return [] if value is None else list(json.loads(str(value)))


def owe(connection: Connection, remote: str, files: Sequence[str]) -> None:
    """These files are owed to this remote, and no others."""
    if files:
        sql = "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        connection.exec_driver_sql(sql, (_OWED + remote, json.dumps(list(files))))
    else:
        connection.exec_driver_sql("DELETE FROM setting WHERE name = ?", (_OWED + remote,))


def drop_of(connection: Connection, kind: str, keys: Iterable[str]) -> None:
    """Remove the attachments of rows that are about to be removed; undo brings both back."""
    for key in keys:
        connection.exec_driver_sql("DELETE FROM attachment WHERE of_kind = ? AND of_id = ?", (kind, key))


def sweep(connection: Connection, before: datetime) -> int:
    """Forget bytes that nothing refers to since a moment; how many files. Until then undo brings an attachment back whole."""
    orphans = connection.exec_driver_sql(
        "SELECT DISTINCT sha256 FROM evidence_part WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = evidence_part.sha256)"
    ).scalars()
    gone = list(orphans)
    if not gone:
        return 0
    recent = connection.exec_driver_sql(
        "SELECT DISTINCT json_extract(j.old, '$.sha256') FROM operation o JOIN journal j ON j.operation = o.seq "
        "WHERE o.at >= ? AND j.kind = 'attachment' AND j.verb = 'delete'",
        (before.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),),
    ).scalars()
    # What is being removed in this operation has no leaf yet.
    now = connection.exec_driver_sql(
        "SELECT DISTINCT json_extract(old, '$.sha256') FROM journal WHERE kind = 'attachment' AND verb = 'delete' "
        "AND operation = (SELECT seq FROM open_operation)"
    ).scalars()
    spared = {*recent, *now}
    for sha256 in gone:
        if sha256 not in spared:
            drop_parts(connection, sha256)
    return len(set(gone) - spared)

