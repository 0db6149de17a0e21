"""The reference network in a thread of the test's own process: what ``desktop.actions.local_network`` gives, without its programs.

A program of the service takes about a second of the processor before it says its first word, and a test with two seats needs four of
them. The service is the same, on loopback, over a database file of the test's own. That it runs as a program is shown in
``tests/network``, ``tests/sync``, ``tests/e2e`` and by the practice day; a test that hears what the program writes starts the program.
Whoever looks into its file does so with the service's driver (sqlcipher3): two SQLite libraries in one process break each other's locks.
"""

from __future__ import annotations

import io
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import uvicorn

from desktop.actions.sync_pending import NETWORK
from desktop.ledger.problem import Problem
from network import app, serving
from network import operator as commands
from network.database import Database
from network.kinds import Role
from network.limits import Limits


@contextmanager
def serve(database: str, institution_name: str, uscc: str, role: Role = NETWORK) -> Iterator[tuple[str, str]]:
    """A service for as long as it is needed: its address and an enrolment code for a new institution."""
    operator(database, "create-institution", "--uscc", uscc, "--name", institution_name)
    code = str(operator(database, "enrolment-code", "--uscc", uscc)["code"])
    db = Database(database)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        server = uvicorn.Server(serving.config(app.build(db, role, Limits(n_requests_per_minute=0))))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", code
        finally:
            server.should_exit = True
            thread.join()
            db.close()


def operator(database: str, *arguments: str) -> dict[str, object]:
    """What a command of the network's operator answers. Raises Problem when it refuses."""
    out, err, root = io.StringIO(), io.StringIO(), logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            status = commands.main(["--database", database, *arguments])
    finally:  # the program sends the log of its process to its own standard error
        root.handlers[:] = handlers
        root.setLevel(level)
    if status:
        raise Problem("sync.network_not_started", detail=err.getvalue().strip()[-400:])
    told: dict[str, object] = json.loads(out.getvalue().strip().splitlines()[-1])
    return told
