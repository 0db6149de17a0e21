"""The door to the database: SQLite by default, PostgreSQL by URL. Reads see one moment; writes are serialised.

On SQLite every writer begins IMMEDIATE; on PostgreSQL the writer locks its institution's row. ``synchronous=FULL``: an answered
batch survives a power cut.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, update
from sqlalchemy.engine import make_url

from network import schema

POSITIONS_PER_EPOCH = 1 << 28


class Database:
    """An engine, who this service is, and the clock. ``now`` gives an aware moment (UTC)."""

    def __init__(self, url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.engine = _engine(url)
        self.now = now
        schema.create(self.engine)
        with self.write() as connection:
            rows = connection.execute(select(schema.service.c.name, schema.service.c.value))
            known = {row.name: row.value for row in rows}
            if "server_id" not in known:
                known = {"server_id": str(uuid.uuid4()), "epoch": str(self.seconds())}
                connection.execute(insert(schema.service), [{"name": k, "value": v} for k, v in known.items()])
        self.server_id = known["server_id"]

    def seconds(self) -> int:
        """Now, in whole seconds."""
        return int(self.now().timestamp())

    def moment(self) -> str:
        """Now, as the wire writes it: ``2026-01-15T08:00:00.000Z``."""
        return self.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look; nothing can be written."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all or nothing."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    def epoch(self, connection: Connection) -> int:
        """The epoch in force; read each time, because the operator may change it beside a running service."""
        row = select(schema.service.c.value).where(schema.service.c.name == "epoch")
        return int(connection.execute(row).scalar_one())

    def renew_epoch(self) -> int:
        """Begin a new epoch (after a restore): greater than any that was."""
        with self.write() as connection:
            epoch = max(self.epoch(connection) + 1, self.seconds())
            connection.execute(update(schema.service).where(schema.service.c.name == "epoch").values(value=str(epoch)))
        return epoch

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()


def next_position(head: int, epoch: int) -> int:
    """The position after ``head``, at or above the floor of the epoch."""
    return max(head + 1, epoch * POSITIONS_PER_EPOCH)


def secret() -> str:
    """A new opaque token, 43 characters."""
    return secrets.token_urlsafe(32)


def _engine(text: str) -> Engine:
    url = make_url(text)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, isolation_level="REPEATABLE READ")
    # The interpreter's own SQLite may be one that can lose committed writes in WAL mode; this driver brings a current one.
    import sqlcipher3.dbapi2 as driver

    engine = create_engine(url, module=driver, connect_args={"timeout": 30, "check_same_thread": False})

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    def began(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
    return engine
