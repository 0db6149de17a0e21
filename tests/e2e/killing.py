"""One home whose program is killed at a point of a sync, again and again; and what has to hold each time.

A point is a call by its name and how many came before it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from desktop.actions import enrolment, institution, instruments, local_network, sync_line, syncing, upkeep
from desktop.actions.workspace import Workspace, open_ledger
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem
from tests.network.overhearing import overheard
from tests.network.recorder import Recorder

CALLS = (
    "write", "writev", "pwrite64", "pwritev", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "unlink", "connect",
    "sendto", "sendmsg", "recvfrom", "recvmsg",
)  # fmt: skip
BESIDE = frozenset((
    "access", "faccessat", "faccessat2", "stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs", "readlink", "readlinkat",
    "getcwd", "open", "openat", "close", "read", "readv", "pread64", "lseek", "getdents64", "mmap", "fcntl", "flock", "ioctl", "fadvise64",
    "dup", "dup2", "dup3", "pipe2", "eventfd2", "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait",
    "epoll_pwait", "execve", "mkdir", "fchown", "chmod", "fchmod", "socket", "bind", "setsockopt", "getsockopt", "getsockname",
    "getpeername", "shutdown",
))  # fmt: skip
"""What a sync calls besides: it looks, opens, reads, locks and waits. What is neither here nor in ``CALLS`` may be a way to write, rename or
speak at which nothing is killed."""
N_CHANGES = 200
NAME, USCC = "齐鲁示范大学", "123700004000000181"


class Point(NamedTuple):
    """The ``nth`` call of this name in the life of the program."""

    call: str
    nth: int


class Walk:
    """One home and one service; ``typed`` is what the person at the desk last wrote into each instrument. ``heard``: what was sent and
    answered, also by the programs that were killed."""

    STATUS = 0
    """With which a sync that nobody kills ends."""

    def __init__(self, home: Path, address: str, code: str, heard: Recorder) -> None:
        self.home = home
        self.heard = heard
        self.typed: dict[str, str] = {}
        self.n_edits = 0
        self.address = address
        made, _ = institution.start(home, NAME, USCC, "university", "370102", practice=True)
        with made as ledger:
            for n in range(N_CHANGES):
                instruments.add(ledger, Instrument("", f"K{n:04d}", f"仪器{n}", 50_000_000, True, False, date(2024, 1, 2)))
            secret = Instrument("", "K-SECRET", "不出门的仪器", 50_000_000, True, True, date(2024, 1, 2))
            instruments.add(ledger, secret)
            enrolment.enrol(ledger, address, code)
            self.keys = [one.asset_number for one in instruments.every(ledger) if not one.confidential]
            self._edit(ledger)

    def _edit(self, ledger: Workspace) -> None:
        """Something to send: another text in every row."""
        self.n_edits += 1
        with ledger.write("instrument edit") as operation:
            operation.executemany(
                "UPDATE instrument SET phone = ? WHERE asset_number = ?", [(f"{self.n_edits}-{key}", key) for key in self.keys]
            )
        self.typed = {key: f"{self.n_edits}-{key}" for key in self.keys}

    def program(self, *before: str) -> subprocess.CompletedProcess[str]:
        """The program's own ``sync``, in a process of its own."""
        command = [*before, sys.executable, "-m", "desktop", "sync", "--json", "--home", str(self.home)]
        environment = {**os.environ, "PYTHONHASHSEED": "0", "YIXIANG_TODAY": "2026-01-05"}
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)

    def count(self) -> Counter[str]:
        """How many calls of each name a whole sync of all changes makes; everything is edited anew afterwards."""
        with tempfile.NamedTemporaryFile("r") as log:
            done = self.program("strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=%file,%desc,%network", "-o", log.name)
            if done.returncode != self.STATUS:
                raise AssertionError(f"the sync that is counted failed: {done.stdout}{done.stderr}")
            every = re.findall(r"^(\d+) +(\w+)\(", log.read(), re.MULTILINE)
        if unforeseen := {call for _, call in every} - {*CALLS, *BESIDE}:
            raise AssertionError(f"nothing is killed at {sorted(unforeseen)}: into CALLS with them, or into BESIDE")
        lines = [(process, call) for process, call in every if call in CALLS]
        main = Counter(process for process, _ in lines).most_common(1)[0][0]  # strace counts up to a point thread by thread
        counted = Counter(call for process, call in lines if process == main)
        if told := self.violations():
            raise AssertionError(f"nothing was killed, and yet: {told}")
        return counted

    def killed(self, point: Point) -> bool:
        """Kill a sync at a point; whether it was reached."""
        done = self.program(
            # Without --seccomp-bpf: with it strace 6.1 injects nothing.
            "strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={point.call}",
            "-e", f"inject={point.call}:signal=KILL:when={point.nth}",
        )  # fmt: skip
        return done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)

    def violations(self) -> list[str]:
        """What does not hold after a kill, with the sync done that follows it; then everything is edited anew."""
        with open_ledger(self.home) as ledger:
            told = self._looked_at(ledger)
            self._edit(ledger)
        return told

    def _looked_at(self, ledger: Workspace) -> list[str]:
        if not upkeep.verify(ledger).ok:
            return ["the ledger does not verify"]
        if self._held_here(ledger) != self.typed:
            return ["lost: what was typed is not in the ledger"]
        try:
            done = syncing.sync(ledger)
        except Problem as problem:
            return [f"stuck: {problem.code} {problem.params}"]
        told = []
        if not (done.digest_equal and done.pending == done.parked == done.conflicts == 0):
            told.append(f"not in sync: {done}")
        if self._held_here(ledger) != self.typed:
            told.append("lost: the sync took away what was typed")
        there = self._held_there(ledger)
        if sorted(there) != sorted(self.typed.items()):
            told.append(f"the service holds {len(there)} rows, {len(set(there) & set(self.typed.items()))} of them as they were typed")
        return told

    @staticmethod
    def _held_here(ledger: Workspace) -> dict[str, str]:
        return {one.asset_number: one.phone for one in instruments.every(ledger) if not one.confidential}

    def _held_there(self, ledger: Workspace) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        with closing(sync_line.client(ledger, self.address)) as client:
            client.capabilities()
            cursor, more = "", True
            while more:
                page = client.changes(cursor)
                cursor, more = page.cursor, page.more
                found += [(str(item.body["asset_number"]), str(item.body["phone"])) for item in page.items if item.kind == "instrument" and item.body]
        return found


@contextmanager
def walk(folder: Path) -> Iterator[Walk]:
    """A home and a running service with an institution of its own. Raises Broken at the end for what lay outside the contract."""
    with local_network.child_network(f"sqlite:///{folder / 'network.db'}", NAME, USCC) as (address, code), overheard(address) as (line, heard):
        yield Walk(folder / "home", line, code, heard)


def points(counted: Counter[str], n: int | None = None) -> list[Point]:
    """Every point of a sync, or ``n`` of them spread evenly over all."""
    every = [Point(call, nth) for call in CALLS for nth in range(1, counted[call] + 1)]
    if n is None or n >= len(every):
        return every
    return [every[k * len(every) // n] for k in range(n)]
