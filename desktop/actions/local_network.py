"""The reference network as a process of this machine: run by hand, or on loopback for as long as a day is played."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from desktop.actions.sync_pending import NETWORK
from desktop.ledger.problem import Problem


def run_network(database: str, port: int, role: str = "") -> int:
    """Run the reference network in the foreground until it is interrupted or told to end; its exit status. ``role`` "": what its database is.

    To be called in the main thread. Whoever ends this process (SIGTERM, as ``kill`` and a service manager do) ends the service with it.
    """
    ended = False
    process: subprocess.Popen[bytes] | None = None

    def end(_signal: int, _frame: object) -> None:
        nonlocal ended
        ended = True
        if process is not None:
            process.terminate()

    before = signal.signal(signal.SIGTERM, end)
    try:
        named = ["--role", role] if role else []
        process = subprocess.Popen([sys.executable, "-m", "network", "--database", database, "--port", str(port), *named])
        if ended:  # between the two lines above
            process.terminate()
        status = process.wait()
        return 0 if ended else status
    except KeyboardInterrupt:
        if process is not None:
            process.terminate()
            process.wait(10)
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def child_network(database: str, institution_name: str, uscc: str, role: str = NETWORK) -> Iterator[tuple[str, str]]:
    """A reference network on loopback for as long as it is needed: its address and an enrolment code for an institution."""
    for arguments in (["create-institution", "--uscc", uscc, "--name", institution_name],):
        operator(database, *arguments)
    code = operator(database, "enrolment-code", "--uscc", uscc)["code"]
    process = subprocess.Popen(
        [sys.executable, "-m", "network", "--database", database, "--port", "0", "--role", role, "--log-level", "error"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise Problem("sync.network_not_started")
        yield f"http://127.0.0.1:{json.loads(line)['port']}", str(code)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def operator(database: str, *arguments: str) -> dict[str, object]:
    """What a command of the network's operator answers. Raises Problem when it refuses."""
    done = subprocess.run(
        [sys.executable, "-m", "network.operator", "--database", database, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise Problem("sync.network_not_started", detail=done.stderr.strip()[-400:])
    told: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else {}
    return told
