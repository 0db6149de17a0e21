"""The door to the database: SQLite by default, PostgreSQL by URL. Reads see one moment; writes are serialised.

On SQLite every writer begins IMMEDIATE; on PostgreSQL the writer holds the epoch and locks its institution's row, and waits for a
lock no longer than ``LOCK_SECONDS``. ``synchronous=FULL``: an answered batch survives a power cut.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, update

from network import address, keys, migrations, schema
from network.problems import Refusal

LOCK_SECONDS = 10
FILE_LOCK_SECONDS = 30
POSITIONS_PER_EPOCH = 1 << 28
CACHE_KIB = 32_000
N_LOG_PAGES = 8_000


class Database:
    """An engine, who this service is, and the clock. ``now`` gives an aware moment (UTC).

    Raises address.Unfit, OtherRevision, SQLAlchemyError, OSError, and ImportError when the driver is not installed.
    """

    def __init__(self, url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.engine = _engine(url)
        self.now = now
        # On PostgreSQL a read sees one moment; a write sees what is there when it has its locks.
        snapshot = (
            {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        self._reading = self.engine.execution_options(**snapshot)
        try:
            migrations.bring_up(self.engine)
            self.server_id = self._known() or self._begin()
        except BaseException:
            self.close()
            raise

    def _known(self) -> str | None:
        with self.read() as connection:
            return self._begun(connection)

    def _begun(self, connection: Connection) -> str | None:
        key = schema.service_key
        if connection.execute(select(key.c.key_id).where(key.c.to_at.is_(None))).first() is None:
            return None
        return self.known_server_id(connection)

    def _begin(self) -> str:
        """Give a new database its id, epoch and key; one from before there were keys gets its key alone."""
        service = schema.service
        with self.write() as connection:
            migrations.hold(connection)
            if begun := self._begun(connection):  # another one that started at the same moment was first
                return begun
            known = self.known_server_id(connection)
            server_id = known or str(uuid.uuid4())
            if known is None:
                told = {"server_id": server_id, "epoch": str(self.seconds())}
                connection.execute(insert(service), [{"name": name, "value": value} for name, value in told.items()])
            keys.renew(connection, self.moment())
        return server_id

    def seconds(self) -> int:
        """Now, in whole seconds."""
        return int(self.now().timestamp())

    def today(self) -> date:
        """The day it is now in Asia/Shanghai, as institutions count days: from midnight to eight in the morning it is not the day of UTC."""
        return self.now().astimezone(ZoneInfo("Asia/Shanghai")).date()

    def moment(self, before: timedelta = timedelta()) -> str:
        """Now, or so long before, as the wire writes it: ``2026-01-15T08:00:00.000Z``."""
        return (self.now() - before).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look; nothing can be written."""
        with self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all or nothing."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    def epoch(self, connection: Connection) -> int:
        """The epoch in force; read each time, because the operator may change it beside a running service.

        So may the service's id be another one: a backup of another service was put in its place.
        """
        row = select(schema.service.c.value).where(schema.service.c.name == "epoch")
        self.server_id = self.known_server_id(connection) or self.server_id
        return int(connection.execute(row).scalar_one())

    @staticmethod
    def known_server_id(connection: Connection) -> str | None:
        """The service's id as the database tells it, None before it has one."""
        service = schema.service
        return connection.execute(select(service.c.value).where(service.c.name == "server_id")).scalar()

    def confirm(self, connection: Connection, epoch: int) -> int:
        """The epoch, which a writer holds until its transaction ends. Raises Refusal when it is another one by now."""
        query = select(schema.service.c.value).where(schema.service.c.name == "epoch")
        if connection.get_execution_options().get("writes"):
            query = query.with_for_update(read=True)
        current = int(connection.execute(query).scalar_one())
        if current != epoch:
            raise Refusal("epoch.changed", extra={"epoch": str(current)})
        return current

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
    url = address.parse(text)
    if url.get_backend_name() != "sqlite":
        told = f"-c lock_timeout={LOCK_SECONDS}s -c timezone=UTC"
        return create_engine(
            url, pool_pre_ping=True, pool_size=20, max_overflow=20, pool_timeout=LOCK_SECONDS, connect_args={"options": told}
        )
    # The interpreter's own SQLite may be one that can lose committed writes in WAL mode; this driver brings a current one.
    import sqlcipher3.dbapi2 as driver

    address.keep_private(url)
    engine = create_engine(url, module=driver, connect_args={"timeout": FILE_LOCK_SECONDS, "check_same_thread": False})
    waits = f"busy_timeout={FILE_LOCK_SECONDS * 1000}"

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        # The tables are keyed by ids: a batch touches pages all over the file, and SQLite's own two megabytes hold few of them.
        cache = f"cache_size=-{CACHE_KIB}"
        # Each batch touches many of the same pages again; they go into the file once for several batches.
        log = f"wal_autocheckpoint={N_LOG_PAGES}"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", waits, "trusted_schema=OFF", cache, log):
            connection.execute(f"PRAGMA {pragma}")

    def began(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
    return engine
