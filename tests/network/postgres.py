"""A PostgreSQL of the tests' own: Debian's server over a temporary folder, on a free port of 127.0.0.1, never as root.

It sorts by Chinese rules, so that an order the service leaves to the database differs from the order of bytes and shows.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

USER = "postgres"


def _program(name: str) -> str:
    """Debian keeps the server's programs off the PATH, by version."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(kept[-1]) if kept else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name}: install the package postgresql (scripts/system-packages test)")
    return found


class Postgres:
    """A running server. ``database()`` makes a new one and gives its URL; ``stop`` ends the server and removes its folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yixiang-postgres-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._numbers = count(1)
        subprocess.run(
            [_program("initdb"), "--pgdata", str(self.folder / "data"), "--username", USER, "--auth", "trust", "--no-sync",
             "--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "zh-CN"],
            check=True, capture_output=True, cwd=self.folder, **self._as,
        )  # fmt: skip
        for _ in range(5):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            if self._start():
                return
        raise RuntimeError("PostgreSQL does not start: " + self._told)

    def _start(self) -> bool:
        """Start the server as our own child, so that its end is ours to see; whether it is ready (a port may be taken meanwhile)."""
        settings = (f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "fsync=off",
                    "timezone=Asia/Shanghai", "lc_messages=C", "logging_collector=off", "log_min_messages=log")  # fmt: skip
        words = [word for setting in settings for word in ("-c", setting)]
        self.process = subprocess.Popen(
            [_program("postgres"), "-D", str(self.folder / "data"), *words], stderr=subprocess.PIPE, text=True, errors="replace",
            cwd=self.folder, **self._as,
        )  # fmt: skip
        self._told = ""
        assert self.process.stderr
        for line in self.process.stderr:
            self._told += line
            if "ready to accept connections" in line:
                self._drained = threading.Thread(target=self.process.stderr.read, daemon=True)
                self._drained.start()
                return True
        self.process.wait()
        self.process.stderr.close()
        return False

    def ask(self, statement: str, database: str = USER) -> None:
        """One statement outside any transaction."""
        with psycopg.connect(host="127.0.0.1", port=self.port, user=USER, dbname=database, autocommit=True) as connection:
            connection.execute(statement.encode())

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"network{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self._drained.join()
        assert self.process.stderr
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)
