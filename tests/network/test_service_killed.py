"""The service is killed while it takes a batch: it holds all of the batch or none, and the next run is level on both sides."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from desktop.sync import client as patience
from desktop.sync.outcome import RemoteProblem
from network import schema
from tests.sync.rig import Line, Province, Seat, level, seats

N = 60
"""Records, each of an instrument of its own: twice as many rows in the batch."""
# Where the system lets a process be watched by its parent alone, the service says that any other may.
MAY_BE_WATCHED = "import ctypes; ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)\n"
SERVICE = "import sys; from network.__main__ import main; sys.exit(main())\n"
# A broken service: that a batch is in is made durable when the next one writes, after the answer.
LATE = """
from contextlib import contextmanager
from network import acceptance
from network.database import Database

take, late, left = acceptance.take, [], []

def taken(db, connection, *more, dry):
    late.append(connection)
    return take(db, connection, *more, dry=dry)

@contextmanager
def write(self):
    for one in left:
        one.commit()
    left.clear()
    connection = self.engine.connect().execution_options(writes=True)
    connection.begin()
    yield connection
    if connection in late:
        left.append(connection)
    else:
        connection.commit()
        connection.close()

acceptance.take, Database.write = taken, write
"""
# Another one: the rows are durable before what says that the batch is in.
PIECEMEAL = """
from network import acceptance

save = acceptance.save

def save_first(connection, standing):
    save(connection, standing)
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE")

acceptance.save = save_first
"""


class Point(NamedTuple):
    """The ``nth`` call of this name since the batch left (``answered``: since its answer is here), by one thread of the service.

    ``listening``: the thread that reads requests and writes answers; else any of those that work. ``taken``: whether the batch is in then.
    """

    call: str
    nth: int
    taken: bool
    listening: bool = False
    answered: bool = False


SOCKET = [
    Point("recvfrom", 1, False, listening=True),
    Point("sendto", 1, True, listening=True),
    Point("recvfrom", 1, True, listening=True, answered=True),
]
"""The request comes in; the answer leaves; the request after it comes in."""
POINTS = {
    "sqlite": [*SOCKET, Point("pwrite64", 1, False), Point("pwrite64", 9, False), Point("fsync,fdatasync", 1, True)],
    # There a working thread sends its statements.
    "postgresql": [*SOCKET, Point("sendto", 2, False), Point("sendto", 9, False), Point("sendto", 20, False)],
}
N_POINTS = 6


class Killed(Province):
    """The service over any database, which lets itself be watched; ``broken`` is run before it."""

    def __init__(self, database: str, folder: Path, broken: str = "") -> None:
        super().__init__(folder)
        self.database = database
        self.program = ["-c", MAY_BE_WATCHED + broken + SERVICE]
        self.watching: subprocess.Popen[str] | None = None

    def stop(self) -> None:
        if self.watching is not None:
            self.watching.kill()
            self.watching.communicate()
            self.watching = None
        super().stop()

    def killed_at(self, point: Point) -> None:
        """Watch from now on, and ``kill -9`` at the point."""
        assert self.process is not None
        strace = shutil.which("strace")
        assert strace, "strace: scripts/system-packages test"
        threads = [] if point.listening else ["-f"]
        injected = f"inject={point.call}:signal=KILL:when={point.nth}"
        command = [strace, *threads, "-o", os.devnull, "-p", str(self.process.pid), "-e", f"trace={point.call}", "-e", injected]
        self.watching = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.watching.stderr
        assert "attached" in self.watching.stderr.readline()

    def started_again(self) -> None:
        """Wait until it is dead, and start it. Raises TimeoutExpired when the point was never reached."""
        assert self.process is not None
        assert self.process.wait(30) == -signal.SIGKILL
        self.stop()
        self.start()

    def n_held(self) -> tuple[int, int]:
        """How many batches and rows are in its database."""
        with self.opened() as db, db.read() as connection:
            batches, rows = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (schema.batch, schema.entity))
        return batches, rows


@contextmanager
def running(database: str, folder: Path, broken: str = "") -> Iterator[Killed]:
    service = Killed(database, folder, broken)
    service.start()
    try:
        yield service
    finally:
        service.stop()


def sync_and_kill(service: Killed, first: Seat, point: Point) -> str:
    """The seat sends and the service dies under it: what the seat is told. Afterwards the service runs again."""

    def watch(called: str) -> None:
        if called == "send":
            service.killed_at(point)

    if point.answered:
        first.line.after = watch
    else:
        first.line.before = watch
    with pytest.raises(RemoteProblem) as stopped:
        first.sync()
    first.line = Line(first.client)
    service.started_again()
    return stopped.value.code


def whole(service: Killed, first: Seat, second: Seat, point: Point) -> bool:
    """What both sides say after a kill; whether the batch was in. Raises AssertionError when anything is lost, doubled or half there."""
    level(first, second)
    before = service.n_held()
    records = [first.record(first.instrument()) for _ in range(N)]
    assert sync_and_kill(service, first, point) == "sync.offline"
    batches, rows = (now - then for now, then in zip(service.n_held(), before, strict=True))
    assert (batches, rows) == (1, 2 * N) or (not point.answered and (batches, rows) == (0, 0)), (batches, rows)
    assert bool(first.memory.tables.batches) != point.answered, "what was not answered is sent once more, as it was"
    report = first.sync()
    assert report.in_sync
    assert (report.sent, report.duplicates, report.refused) == (0 if point.answered else 2 * N, 0, 0)
    assert service.n_held() == (before[0] + 1, before[1] + 2 * N)
    level(first, second)
    items = first.client.changes("").items
    assert len({(item.kind, item.id) for item in items}) == len(items) == 2 * N
    held = {item.id: item.body for item in items if item.kind == "service_record"}
    assert held == {key: first.memory.standing("service_record", key).local for key in records}
    return batches == 1


@pytest.fixture(scope="module")
def service(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    """One for all points, with an institution for each."""
    with running(new_database(), tmp_path_factory.mktemp("service")) as one:
        yield one


@pytest.fixture(autouse=True)
def _soon_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service is started again only when the seat has given up."""
    monkeypatch.setattr(patience, "N_TRIES", 2)


@pytest.mark.parametrize("n", range(N_POINTS))
def test_a_service_killed_in_a_batch_loses_and_doubles_nothing(service: Killed, engine: str, n: int) -> None:
    point = POINTS[engine][n]
    assert whole(service, *seats(service), point) == point.taken


@pytest.mark.parametrize(
    ("broken", "point", "told"),
    [(LATE, SOCKET[2], "(0, 0)"), (PIECEMEAL, POINTS["sqlite"][5], f"(0, {2 * N})")],
    ids=["answers before it holds", "holds the rows before the batch"],
)
def test_a_service_that_keeps_a_batch_in_two_steps_is_caught(tmp_path: Path, broken: str, point: Point, told: str) -> None:
    with running(f"sqlite:///{tmp_path / 'network.db'}", tmp_path, broken) as service:
        both = seats(service)
        with pytest.raises(AssertionError, match=re.escape(told)):
            whole(service, *both, point)
