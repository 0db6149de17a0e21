"""The open ledger with what every action needs: database, key, who is at the desk, the day, the way to the keyring.

Built once at the front door. It opens and closes; what people do with the ledger is in the other modules of this room.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from desktop.actions.day import SHANGHAI, now, today
from desktop.ledger.problem import Problem
from desktop.secrets import vault, wrap
from desktop.store import fingerprint
from desktop.store.connect import REVISION
from desktop.store.database import Connection, Database, Operation

Ask = Callable[[], str | None]
LOCK_NAME = "ledger.lock"

# Records of a day that had not come when they were judged.
_WAITING = "SELECT 1 FROM record_problem WHERE severity = 'error' AND code = 'record.future' LIMIT 1"

__all__ = [
    "LOCK_NAME",
    "SHANGHAI",
    "Ask",
    "Workspace",
    "account",
    "exists",
    "find_key",
    "ledger_path",
    "make",
    "now",
    "open_ledger",
    "take_lock",
    "today",
]


def account() -> str:
    """The name of the operating system's account: who did it, when no person of the ledger is named."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


class Workspace:
    """One open ledger. ``who`` is written into the journal; ``person`` is the ledger's person at the desk, if chosen."""

    def __init__(self, home: Path, database: Database, key: bytes, lock: wrap.Lock, release: Callable[[], None]) -> None:
        self.home = home
        self.database = database
        self.lock = lock
        self.person: str | None = None
        self._key = key
        self._release = release

    @property
    def who(self) -> str:
        """The name in the journal."""
        return self.person or account()

    @property
    def practice(self) -> bool:
        """Whether this is the practice ledger of invented data."""
        return self.lock.practice

    @property
    def key(self) -> bytes:
        """The ledger's raw key, for backups."""
        return self._key

    def read(self) -> AbstractContextManager[Connection]:
        """A consistent view; use as ``with workspace.read() as connection``."""
        return self.database.read()

    @contextmanager
    def write(
        self,
        name: str,
        *,
        who: str | None = None,
        reason: str = "",
        undoable: bool = True,
        undoes: int | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Iterator[Operation]:
        """One named operation; see ``Database.write``."""
        with self.database.write(
            name, who=who or self.who, reason=reason, undoable=undoable, undoes=undoes, params=params
        ) as operation:
            yield operation

    def setting(self, name: str, default: str = "") -> str:
        """A preference of this ledger."""
        with self.read() as connection:
            value = connection.exec_driver_sql("SELECT value FROM setting WHERE name = ?", (name,)).scalar()
        return default if value is None else str(value)

    def keep(self, name: str, value: str) -> None:
        """Keep a preference; it is no fact and leaves no journal entry."""
        self.keep_all({name: value})

    def keep_all(self, values: Mapping[str, str]) -> None:
        """Keep preferences that belong together: all of them or, where something stops it, none."""
        with self.write("setting") as operation:
            for name, value in values.items():
                operation.connection.exec_driver_sql(
                    "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
                )

    def reopen(self) -> None:
        """Open the file again after ``close``: what was to take its place could not be used."""
        self._release = take_lock(self.home)
        self.database = Database(ledger_path(self.home), self._key)

    def close(self) -> None:
        """Close the file and let others open it."""
        self.database.close()
        self._release()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ledger_path(home: Path) -> Path:
    """Where the ledger file of a home is."""
    return home / "ledger.db"


def exists(home: Path) -> bool:
    """Whether a home has a ledger."""
    return ledger_path(home).exists()


def take_lock(home: Path) -> Callable[[], None]:
    """Keep a home to this process until the returned function is called. Raises Problem when another process has it."""
    from filelock import FileLock, Timeout

    # The window opens the ledger on a lane and closes it from its own thread: the lock belongs to the process, not to a thread.
    lock = FileLock(home / LOCK_NAME, blocking=False, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise Problem("store.open_elsewhere", path=home) from error
    return lambda: lock.release()


def make(home: Path, *, passphrase: str | None = None, practice: bool = False) -> str:
    """Make an empty, encrypted ledger in a home and return its recovery key, to be printed and kept (practice: "").

    The key goes to the OS keyring and, when a passphrase is given, under it as well.
    Raises Problem when a ledger is there already, or when there would be no way to open it again.
    """
    if exists(home):
        raise Problem("store.exists", path=home)
    home.mkdir(parents=True, exist_ok=True)
    release = take_lock(home)
    try:
        return _make(home, passphrase, practice)
    finally:
        release()


def _make(home: Path, passphrase: str | None, practice: bool) -> str:
    from desktop.ledger.keys import new_key
    from desktop.store.create import create

    key, ledger, recovery = wrap.new_key(), new_key(), ""
    if practice:
        lock = wrap.Lock(ledger, wrap.fingerprint(key), practice=True)
        (home / "practice.key").write_text(key.hex(), "ascii")
    else:
        kept = vault.put(ledger, key.hex())
        if not kept and not passphrase:
            raise Problem("key.nowhere")
        recovery = wrap.recovery_text(os.urandom(20))
        lock = wrap.Lock(
            ledger, wrap.fingerprint(key), wrap.wrap(key, passphrase) if passphrase else None, wrap.wrap(key, recovery)
        )
    path = ledger_path(home)
    part = path.with_name("ledger.db.part")
    for suffix in ("", "-wal", "-shm"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
    create(part, key)
    wrap.write(home / "ledger.key", lock)
    os.replace(part, path)
    return recovery


def find_key(home: Path, lock: wrap.Lock, *, passphrase: str | None = None, ask: Ask | None = None) -> bytes:
    """The ledger's key: throwaway file (practice), keyring, passphrase given, passphrase asked; a recovery key is taken too.

    Raises Problem: ``key.needed`` when nothing could be asked, ``key.wrong`` when what was given does not fit.
    """
    if lock.practice:
        return bytes.fromhex((home / "practice.key").read_text("ascii").strip())
    kept = vault.get(lock.ledger)
    if kept is not None and wrap.fingerprint(bytes.fromhex(kept)) == lock.fingerprint:
        return bytes.fromhex(kept)
    given = passphrase or os.environ.get("YIXIANG_PASSPHRASE") or (ask() if ask else None)
    if not given:
        raise Problem("key.needed")
    candidate = given.strip().upper()
    if lock.recovery and len(candidate) == 39 and candidate.count("-") == 7:
        key = wrap.unwrap(lock.recovery, candidate)
    elif lock.passphrase:
        key = wrap.unwrap(lock.passphrase, given)
    else:
        raise Problem("key.no_passphrase")
    if wrap.fingerprint(key) != lock.fingerprint:
        raise Problem("key.wrong")
    return key


def open_ledger(home: Path, *, passphrase: str | None = None, ask: Ask | None = None) -> Workspace:
    """Open the ledger of a home for one process. Raises Problem with words for every way it can fail."""
    if not exists(home):
        raise Problem("store.none", path=home)
    release = take_lock(home)
    try:
        lock = wrap.read(home / "ledger.key")
        key = find_key(home, lock, passphrase=passphrase, ask=ask)
        database = Database(ledger_path(home), key)
        try:
            with database.read() as connection:
                revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
                if revision != REVISION:
                    raise Problem("store.other_revision", found=revision, known=REVISION)
                fingerprint.check(connection.exec_driver_sql)
        except BaseException:
            database.close()
            raise
        ledger = Workspace(home, database, key, lock, release)
        with ledger.read() as connection:
            waiting = connection.exec_driver_sql(_WAITING).first()
        if waiting:
            from desktop.actions.waiting import days_come  # few ledgers have such records, and judging takes long to load

            days_come(ledger)
        return ledger
    except BaseException:
        release()
        raise
