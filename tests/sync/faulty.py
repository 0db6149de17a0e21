"""A line to the real service that spoils answers on the way: what a hotel's login page, a dying radio link or an attacker would do."""

from __future__ import annotations

import gzip
import http.client
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from desktop.sync.wire import content_digest

BOMB = gzip.compress(b" " * 80_000_000, compresslevel=1)
Spoil = Callable[["Answer"], None]


class Answer:
    """An answer of the service and the way to write it; ``over`` is set when the line is taken down."""

    def __init__(self, handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], raw: bytes, over: threading.Event) -> None:
        self.handler, self.status, self.headers, self.raw, self.over = handler, status, headers, raw, over

    def give(self, raw: bytes | None = None, status: int | None = None, **changed: str) -> None:
        """Write it, with what is changed; a header changed to "" is left out."""
        self.head(status, **changed)
        self.handler.wfile.write(self.raw if raw is None else raw)

    def head(self, status: int | None = None, **changed: str) -> None:
        self.handler.send_response_only(status or self.status)
        for name, value in (self.headers | {name.replace("_", "-"): value for name, value in changed.items()}).items():
            if value:
                self.handler.send_header(name, value)
        self.handler.send_header("connection", "close")
        self.handler.end_headers()
        self.handler.wfile.flush()

    def wait(self, seconds: float) -> bool:
        return self.over.wait(seconds)


def trickle(answer: Answer) -> None:
    """One byte a second."""
    answer.head()
    for at in range(len(answer.raw)):
        if answer.wait(1):
            return
        answer.handler.wfile.write(answer.raw[at : at + 1])
        answer.handler.wfile.flush()


def black_hole(answer: Answer) -> None:
    """Headers, and then nothing for ever."""
    answer.head()
    answer.wait(600)


def silent(answer: Answer) -> None:
    """Nothing at all."""
    answer.wait(600)


def longer(answer: Answer) -> None:
    """More is promised than comes."""
    answer.give(content_length=str(len(answer.raw) + 100))


def shorter(answer: Answer) -> None:
    """Less is promised than comes."""
    answer.give(content_length=str(len(answer.raw) - 3))


def cut(answer: Answer) -> None:
    """The connection breaks in the middle."""
    answer.head()
    answer.handler.wfile.write(answer.raw[: len(answer.raw) // 2])


def portal(answer: Answer) -> None:
    """A login page, with 200."""
    page = b"<html><form>user</form></html>"
    answer.give(page, 200, content_type="text/html", content_length=str(len(page)), content_digest="", content_encoding="")


def disguised_portal(answer: Answer) -> None:
    """A login page that calls itself JSON."""
    page = b"<html></html>"
    answer.give(page, 200, content_type="application/json", content_length=str(len(page)), content_digest="", content_encoding="")


def elsewhere(answer: Answer) -> None:
    """Go and log in there."""
    answer.give(b"", 302, location="http://127.0.0.1:9/login", content_length="0", content_digest="", content_encoding="")


def bomb(answer: Answer) -> None:
    """A few kilobytes that unpack to eighty megabytes, properly signed."""
    answer.give(BOMB, content_encoding="gzip", content_length=str(len(BOMB)), content_digest=content_digest(BOMB))


def storm(answer: Answer) -> None:
    """Too many requests, whoever asks."""
    raw = b"slow down"
    answer.give(raw, 429, content_type="text/plain", content_length=str(len(raw)), content_digest="", content_encoding="")


def flipped(answer: Answer) -> None:
    """One bit of the body is another one."""
    raw = bytearray(answer.raw)
    raw[len(raw) // 2] ^= 1
    answer.give(bytes(raw))


class Line:
    """A proxy to a port on loopback. ``spoil``: what happens to answers on paths that begin with ``where``; None: nothing."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.spoil: Spoil | None = None
        self.where = "/"
        self.n_spoiled = 0
        self.seen: list[bytes] = []
        self.over = threading.Event()
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                line.pass_on(self)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library calls them by these names

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        self.seen.append(f"{handler.command} {handler.path}\n{handler.headers}".encode() + body)
        spoil = self.spoil if handler.path.startswith(self.where) else None
        upstream = http.client.HTTPConnection("127.0.0.1", self.target, timeout=60)
        upstream.request(handler.command, handler.path, body or None, dict(handler.headers))
        reply = upstream.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders() if name.lower() not in ("connection", "date", "server")}
        answer = Answer(handler, reply.status, headers, reply.read(), self.over)
        upstream.close()
        self.exchanged(handler, body, answer)
        handler.close_connection = True
        try:
            if spoil is None:
                answer.give()
            else:
                self.n_spoiled += 1
                spoil(answer)
        except OSError:
            return  # the client has gone

    def exchanged(self, request: BaseHTTPRequestHandler, body: bytes, answer: Answer) -> None:
        """What was asked and answered, before anything of the answer is spoiled."""

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def within(seconds: float, act: Callable[[], object]) -> float:
    """How long it took; a test says how long it may."""
    start = time.monotonic()
    act()
    took = time.monotonic() - start
    assert took < seconds, f"took {took:.2f} s"
    return took
