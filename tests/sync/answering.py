"""A server that says what it is told to, and a client of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from desktop.sync.client import Client
from desktop.sync.egress import Gate
from desktop.sync.wire import content_digest
from tests.sync.rig import Keys

CAPABILITIES = {
    "server_id": "s",
    "epoch": "7",
    "role": "network",
    "schema": {"min": 1, "max": 1},
    "limits": {"n_changes": 1, "n_bytes": 1, "n_page": 1},
    "kinds": [],
}
Answer = tuple[int, dict[str, str], bytes]
Answering = tuple[Client, list[tuple[str, dict[str, str]]], list[float]]
"""A client of the server, what that saw (request and headers), how long the client waited before each further try (seconds)."""


def good(content: object = CAPABILITIES, status: int = 200, **headers: str) -> Answer:
    raw = json.dumps(content).encode()
    return status, {"Content-Type": "application/json", "Content-Digest": content_digest(raw)} | headers, raw


def problem(code: str, action: str, status: int, prose: str = "", **headers: str) -> Answer:
    raw = json.dumps({"code": code, "action": action} | ({"title": prose, "detail": prose} if prose else {})).encode()
    return status, {"Content-Type": "application/problem+json"} | headers, raw


@contextmanager
def answering(*answers: Answer) -> Iterator[Answering]:
    """A server that gives these answers in turn (the last for ever)."""
    left = list(answers)
    with served(lambda _: left.pop(0) if len(left) > 1 else left[0]) as found:
        yield found


@contextmanager
def served(pick: Callable[[str], Answer], gate: Callable[[], Gate] = lambda: Gate([]), **more: Any) -> Iterator[Answering]:
    """A server that picks its answer by the request ("GET /path"). ``more``: what else the client is made with."""
    seen: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            request = f"{self.command} {self.path}"
            seen.append((request, dict(self.headers)))
            self.rfile.read(int(self.headers.get("content-length", 0)))
            status, headers, raw = pick(request)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(raw)), "Connection": "close"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_GET  # noqa: N815 - the library calls it by this name

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    waits: list[float] = []
    keys = Keys()
    keys.token = "refresh"
    address = f"http://127.0.0.1:{server.server_port}"
    made = Client(address, keys, gate, pause=waits.append, draw=lambda _low, high: high, **more)
    try:
        yield made, seen, waits
    finally:
        made.close()
        server.shutdown()
        thread.join()
        server.server_close()
