"""Backing a service up and bringing it back: one gzip file of JSON lines, the same for every engine, its digest in its last line.

A restore begins a new epoch greater than any that was, so that every client hands back what the backup does not hold. Who may ask
is not restored where it is the same service (``carrying``).
"""

from __future__ import annotations

import base64
import errno
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, LargeBinary, Table, insert, select, text, update

from network import carrying, migrations, roles, schema
from network.database import Database
from network.kinds import Role

FORMAT = "yixiang-network-backup"
_ROWS = 200
_BYTES = 4 * 1_048_576
_LONGEST_LINE = 128 * 1_048_576
_ADDED = {"publication": "0006"}
"""Tables by the revision they came with, of steps that change nothing else: in a backup from before them they are empty."""
RESTORABLE = tuple(each for each in migrations.REVISIONS if each >= "0005")
"""Revisions of backups that can be brought back: from the first one on, later steps only added tables."""


class Unusable(Exception):
    """The file is no backup that can be brought back; the text says why. Nothing was changed."""


def write(db: Database, path: Path) -> dict[str, object]:
    """Write everything as of one moment to a new file, then read it back and compare. Raises OSError, Unusable.

    The file holds the service's private keys: only its owner may read it.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    draft = path.with_name(path.name + ".part")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as raw:
        try:
            told = _written(db, raw)
            raw.flush()
            os.fsync(raw.fileno())
            found = check(draft)
            if found != told:
                raise Unusable("the file reads back otherwise than it was written")
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    return told


def _written(db: Database, raw: IO[bytes]) -> dict[str, object]:
    digest, counts = hashlib.sha256(), {}
    with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=5, mtime=0) as target, db.read() as connection:

        def line(content: dict[str, object]) -> None:
            written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(written)
            target.write(written)

        told = {"format": FORMAT, "version": 1, "revision": migrations.REVISIONS[-1]}
        told |= {"server_id": db.server_id, "epoch": str(db.epoch(connection)), "made_at": db.moment()}
        line(told)
        for table in schema.metadata.sorted_tables:
            counts[table.name] = 0
            for rows in _rows(connection, table):
                counts[table.name] += len(rows)
                line({"table": table.name, "rows": rows})
        target.write(json.dumps({"sha256": digest.hexdigest(), "counts": counts}).encode() + b"\n")
    return told | {"counts": counts}


def _rows(connection: Connection, table: Table) -> Iterator[list[list[object]]]:
    """The rows as lists in the order of the columns, bytes in base64, in parts that fit into memory."""
    binary = [isinstance(column.type, LargeBinary) for column in table.columns]
    part: list[list[object]] = []
    n_bytes = 0
    result = connection.execution_options(yield_per=_ROWS).execute(select(table).order_by(*table.primary_key.columns))
    for row in result:
        values = [_told(value) if is_bytes else value for value, is_bytes in zip(row, binary, strict=True)]
        part.append(values)
        n_bytes += sum(len(value) for value in values if isinstance(value, str))
        if len(part) >= _ROWS or n_bytes >= _BYTES:
            yield part
            part, n_bytes = [], 0
    if part:
        yield part


def _told(value: object) -> str | None:
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else None


def check(path: Path) -> dict[str, object]:
    """Read a backup from beginning to end; what its first line says, and the counts. Raises OSError, Unusable."""
    told: dict[str, object] = {}
    for content in _lines(path):
        if "format" in content:
            told = content
        elif "counts" in content:
            told = told | {"counts": content["counts"]}
    return told


def restore(db: Database, path: Path, *, replace: bool = False) -> dict[str, object]:
    """Put the backup in the place of everything that is there, in one transaction. Raises OSError, Unusable; then nothing was changed.

    One made before a table was added is brought back into the tables of today. A database that another service has worked in is only
    replaced when asked for, one of the other role never. The answer's ``access`` tells whether who may ask stayed as it was (``kept``) or
    is that of the backup's day (``restored``): devices revoked since are to be revoked again then.
    """
    told = check(path)
    with db.read() as connection:
        used = connection.execute(select(schema.institution.c.id)).first() is not None
    if used and told["server_id"] != db.server_id and not replace:
        raise Unusable("the database belongs to another service than the backup")
    if told["revision"] not in RESTORABLE:
        raise Unusable(f"made by another version of the service ({told['revision']})")
    engine = db.engine
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            epoch = max(db.epoch(connection), int(str(told["epoch"])))
            same = db.known_server_id(connection) == told["server_id"]
            kept = carrying.read(connection) if same else {}
            role = roles.kept(connection)
            _empty(connection)
            for content in _lines(path):
                if "table" in content:
                    _put(connection, schema.metadata.tables[content["table"]], content["rows"])
            _same_role(connection, role)
            access = {"access": "kept"} | carrying.put_back(connection, kept, db.moment()) if same else {"access": "restored"}
            epoch = max(epoch + 1, db.seconds())
            connection.execute(update(schema.service).where(schema.service.c.name == "epoch").values(value=str(epoch)))
    db.server_id = str(told["server_id"])
    return told | {"epoch": str(epoch)} | access


def _same_role(connection: Connection, before: Role | None) -> None:
    """A backup of the other kind of service is refused, asked for or not: a running service goes on in the role it has. One from before there
    was a mark takes that of the database. Raises Unusable, and all is undone."""
    brought = roles.kept(connection)
    if before is not None and brought not in (None, before):
        raise Unusable(f"the backup is that of a {brought} and the database that of a {before}; restore it into a new one")
    role = brought or before
    if role is not None:
        roles.mark(connection, role)


def _empty(connection: Connection) -> None:
    """Take every row away: drop the tables, whose triggers would refuse it, and make them anew."""
    for table in reversed(schema.metadata.sorted_tables):
        connection.execute(text(f"DROP TABLE {table.name}"))
    connection.execute(text("DROP TABLE alembic_version"))
    migrations.run(connection, migrations.REVISIONS[-1])


def _put(connection: Connection, table: Table, rows: list[list[Any]]) -> None:
    binary = [isinstance(column.type, LargeBinary) for column in table.columns]
    names = [column.name for column in table.columns]
    connection.execute(
        insert(table),
        [
            {
                name: base64.b64decode(value) if is_bytes and value is not None else value
                for name, value, is_bytes in zip(names, row, binary, strict=True)
            }
            for row in rows
        ],
    )


def _tables_at(revision: str) -> list[str]:
    """The tables a backup of this revision tells of."""
    return [name for name in schema.metadata.tables if revision >= _ADDED.get(name, "")]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines, the digest checked before the last one is given. Raises OSError for a file that cannot be opened, Unusable."""
    with path.open("rb") as raw:
        yield from _lines_of(raw)


def _lines_of(raw_file: IO[bytes]) -> Iterator[dict[str, Any]]:
    digest, counts, ended = hashlib.sha256(), dict[str, int](), False
    try:
        with gzip.GzipFile(fileobj=raw_file, mode="rb") as source:
            for number, raw in enumerate(iter(lambda: source.readline(_LONGEST_LINE), b"")):
                content = json.loads(raw)
                if number == 0 and (content.get("format"), content.get("version")) != (FORMAT, 1):
                    raise Unusable("not a backup of this service")
                if number == 0:
                    counts = dict.fromkeys(_tables_at(str(content.get("revision"))), 0)
                if "counts" in content:
                    ended = content["sha256"] == digest.hexdigest() and content["counts"] == counts
                elif "table" in content:
                    counts[content["table"]] += len(content["rows"])
                digest.update(raw)
                yield content
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable(f"the file is damaged: {type(error).__name__}") from error
    if not ended:
        raise Unusable("the file is cut short or was altered")
