"""``python -m network --database URL --port N``: serve on 127.0.0.1. Port 0 takes a free one; one JSON line tells which."""

from __future__ import annotations

import argparse
import json
import signal
import socket
import sys

import uvicorn

from network import address, app, log, serving
from network.database import Database
from network.kinds import ROLES
from network.limits import Limits
from network.migrations import OtherRevision
from network.roles import NoRole, OtherRole

HOST = "127.0.0.1"


def _refused(what: str, named: object, error: Exception) -> int:
    told = {"error": what, "named": address.masked(str(named)), "reason": address.reason(error, str(named))}
    sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m network", description="The reference network service, on loopback.")
    parser.add_argument("--database", required=True, metavar="URL", help="for example sqlite:///network.db")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="0 takes a free port")
    parser.add_argument("--role", choices=ROLES, help="not given: what the database is, one nobody has enrolled in becomes a network")
    parser.add_argument("--rate", type=int, default=0, metavar="N", help="requests a minute and device; 0: no bound")
    parser.add_argument("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    asked = parser.parse_args(arguments)
    log.start(asked.log_level)
    try:
        db = Database(asked.database)
    except OtherRevision as error:
        return _refused("the database belongs to a newer version of the service", asked.database, error)
    except address.FAILURES as error:
        return _refused("the database cannot be opened", asked.database, error)
    try:
        served = app.build(db, asked.role, Limits(n_requests_per_minute=asked.rate))
    except OtherRole as error:
        db.close()
        return _refused("the database belongs to the other kind of service", asked.database, error)
    except NoRole as error:
        db.close()
        return _refused("which kind of service the database belongs to must be said once", asked.database, error)
    # With the protocol named, accepted connections get TCP_NODELAY; without it every answer waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, asked.port))
        except (OSError, OverflowError) as error:
            db.close()
            return _refused("the port cannot be used", asked.port, error)
        listener.listen(128)
        server = uvicorn.Server(serving.config(served))

        def end(_signal: int, _frame: object) -> None:
            # Before the server listens for signals itself it must hear of one; it gives it on once it has finished, which changes nothing.
            server.should_exit = True

        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, end)
        print(json.dumps({"port": listener.getsockname()[1], "server_id": db.server_id, "role": served.state.service.role}), flush=True)
        server.run(sockets=[listener])
    db.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
