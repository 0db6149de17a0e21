"""Seats against the real service: a child process on loopback, a real client, storage in memory, a line that can break."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from desktop.sync.client import Client
from desktop.sync.egress import Gate
from desktop.sync.messages import Capabilities, Digest, FileState, Item, Page, Receipt, Recovered
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import RemoteState
from desktop.sync.round import RunReport, run
from network import backup, identity, operator
from network.database import Database
from tests.sync.memory import Memory

_STEMS = count(1)
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc() -> str:
    """A valid credit code that no other test has."""
    stem = f"12370000{next(_STEMS):09d}"
    return stem + _SIGNS[(31 - sum(_SIGNS.index(s) * w for s, w in zip(stem, _WEIGHTS, strict=True)) % 31) % 31]


class Province:
    """The reference service as a child process with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "network.db"
        self.database = f"sqlite:///{self.file}"
        self.process: subprocess.Popen[str] | None = None
        self.port = 0
        self.program = ["-m", "network"]

    def start(self) -> None:
        command = [sys.executable, *self.program, "--database", self.database, "--port", str(self.port), "--log-level", "error"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = json.loads(self.process.stdout.readline())["port"]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=30)
            self.process = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def institution(self) -> str:
        with self.opened() as db, db.write() as connection:
            return str(operator.create_institution(db, connection, uscc(), "齐鲁样本大学")["institution_id"])

    def code(self, institution: str) -> str:
        with self.opened() as db, db.write() as connection:
            return identity.issue_code(db, connection, institution)

    def restored(self) -> None:
        with self.opened() as db:
            db.renew_epoch()

    def backed_up(self) -> Path:
        """A backup of what the service holds now."""
        file = self.file.with_name(f"{uuid.uuid4()}.backup")
        with self.opened() as db:
            backup.write(db, file)
        return file

    def brought_back(self, file: Path) -> None:
        """What came after the backup is lost; the service goes on running."""
        with self.opened() as db:
            backup.restore(db, file, replace=True)

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """Its database, beside it."""
        db = Database(self.database)
        try:
            yield db
        finally:
            db.close()


class Keys:
    """Credentials in memory."""

    def __init__(self) -> None:
        self.token: str | None = None

    def load(self) -> str | None:
        return self.token

    def save(self, token: str) -> None:
        self.token = token

    def taken(self) -> str | None:
        """The token, which is gone from here with it."""
        token, self.token = self.token, None
        return token


class Line:
    """The network port with faults: ``before`` and ``after`` may raise when a call of that name passes.

    ``older``: the service is one that tells the digest only when it is asked for by itself, and not where in the feed a batch came.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.before: Callable[[str], None] = lambda _name: None
        self.after: Callable[[str], None] = lambda _name: None
        self.sent: list[bytes] = []
        self.older = False
        self.n_items = 0

    def _call(self, name: str, *given: Any) -> Any:
        self.before(name)
        if name in ("send", "recover"):
            self.sent.append(given[0])
        answer = getattr(self.client, name)(*given)
        self.after(name)
        return answer

    def capabilities(self) -> Capabilities:
        return self._call("capabilities")  # type: ignore[no-any-return]

    def send(self, content: bytes) -> Receipt:
        receipt: Receipt = self._call("send", content)
        return msgspec.structs.replace(receipt, before=None, after=None) if self.older else receipt

    def receipt(self, key: str) -> Receipt | None:
        return self._call("receipt", key)  # type: ignore[no-any-return]

    def changes(self, cursor: str) -> Page:
        page: Page = self._call("changes", cursor)
        self.n_items += len(page.items)
        return msgspec.structs.replace(page, digest=None) if self.older else page

    def entity(self, kind: str, key: str) -> Item | None:
        return self._call("entity", kind, key)  # type: ignore[no-any-return]

    def digest(self) -> Digest:
        return self._call("digest")  # type: ignore[no-any-return]

    def recover(self, content: bytes) -> Recovered:
        return self._call("recover", content)  # type: ignore[no-any-return]

    def declare_file(self, sha256: str, n_bytes: int) -> FileState:
        return self._call("declare_file", sha256, n_bytes)  # type: ignore[no-any-return]

    def send_part(self, sha256: str, number: int, content: bytes) -> FileState:
        return self._call("send_part", sha256, number, content)  # type: ignore[no-any-return]


class Seat:
    """One ledger at one machine."""

    def __init__(self, province: Province, *, leaky: bool = False) -> None:
        self.memory = Memory(leaky=leaky)
        self.keys = Keys()
        self.device_id = str(uuid.uuid4())
        self.random = random.Random(7)
        self.address = province.address
        self.start()

    def start(self) -> None:
        """The program is started: what it knows is in the memory and among the keys."""
        self.client = Client(
            self.address, self.keys, lambda: Gate(self.memory.markers()), pause=lambda _s: None, draw=lambda low, _high: low
        )
        self.line = Line(self.client)

    def enrol(self, code: str) -> None:
        told = self.client.enrol(code, self.device_id, "一号机")
        with self.memory.transaction("enrol") as step:
            step.put_state(RemoteState(told.server_id, told.epoch))

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def sync(self, **more: Any) -> RunReport:
        return run(self.memory, self.line, lambda: str(uuid.uuid4()), **more)

    def instrument(self, number: str = "", **fields: Any) -> str:
        key = str(uuid.uuid4())
        usual: dict[str, Any] = {"asset_number": number or f"SB-{key[:8]}", "name": "扫描电镜", "value_fen": 32_000_000}
        self.memory.write("instrument", key, **(usual | fields))
        return key

    def record(self, instrument_id: str, **fields: Any) -> str:
        key = str(uuid.uuid4())
        usual: dict[str, Any] = {
            "number": f"R-{key[:8]}",
            "instrument_id": instrument_id,
            "started_at": "2026-01-10T09:00",
            "ended_at": "2026-01-10T10:40",
            "minutes": 100,
            "amount_fen": 30_000,
        }
        self.memory.write("service_record", key, **(usual | fields))
        return key


def seats(service: Province) -> tuple[Seat, Seat]:
    """Two enrolled seats of a new institution."""
    institution = service.institution()
    first, second = Seat(service), Seat(service)
    for seat in (first, second):
        seat.enrol(service.code(institution))
    return first, second


def lost(name: str, n_times: int = 1) -> Callable[[str], None]:
    """A fault: the answer of the next ``n_times`` calls of that name is lost."""
    left = [n_times]

    def fault(called: str) -> None:
        if called == name and left[0]:
            left[0] -= 1
            raise RemoteProblem("sync.offline", "retry")

    return fault


Pair = tuple[Seat, Seat]


def level(*pair: Seat) -> None:
    """After quiet: the same rows everywhere, and the service agrees."""
    shown = []
    for seat in pair:
        report = seat.sync()
        assert report.in_sync, report
        shown.append({place: seat.memory.standing(*place).local for place in seat.memory.tables.rows})
    assert all(rows == shown[0] for rows in shown)
