"""A small platform on loopback: takes SOAP messages apart by a reader that is not ours, and answers well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

NAMESPACE = "http://instru.server.ws.com/"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as it arrived."""

    number: str
    unit: str
    kind: str
    rows: list[dict[str, Any]]
    raw: bytes
    headers: dict[str, str]


def told(raw: str) -> bytes:
    """An answer of the platform's whose ``return`` says this."""
    return (
        f'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><ns2:instruInfoResponse xmlns:ns2="{NAMESPACE}">'
        f"<return>{escape(raw)}</return></ns2:instruInfoResponse></S:Body></S:Envelope>"
    ).encode()


FAULT = (
    b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Server</faultcode>'
    b"<faultstring>instruList: 100 rows, no such unit</faultstring></S:Fault></S:Body></S:Envelope>"
)
BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "100100100100100100"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]><a><return>&e;</return></a>'
)
Behave = Callable[["Peer", BaseHTTPRequestHandler, Arrived], None]


def give(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, media: str = "text/xml; charset=utf-8", **more: str) -> None:
    """Write an answer."""
    handler.send_response_only(status)
    for name, value in ({"Content-Type": media, "Content-Length": str(len(body)), "Connection": "close"} | more).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def saying(raw: str) -> Behave:
    """Answer with this in ``return``."""
    return lambda _peer, handler, _arrived: give(handler, told(raw))


def with_body(body: bytes, status: int = 200, media: str = "text/xml", **more: str) -> Behave:
    """Answer with these bytes."""
    return lambda _peer, handler, _arrived: give(handler, body, status, media, **more)


def silent(peer: Peer, _handler: BaseHTTPRequestHandler, _arrived: Arrived) -> None:
    """Take it, and say nothing."""
    peer.over.wait(600)


def trickle(peer: Peer, handler: BaseHTTPRequestHandler, _arrived: Arrived) -> None:
    """Answer one byte at a time, for ever and never silent for long."""
    handler.send_response_only(200)
    handler.send_header("Content-Type", "text/xml")
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while not peer.over.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def cut(_peer: Peer, handler: BaseHTTPRequestHandler, _arrived: Arrived) -> None:
    """Promise an answer and break off in it."""
    handler.send_response_only(200)
    handler.send_header("Content-Type", "text/xml")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(told("100")[:40])
    handler.close_connection = True


def slammed(_peer: Peer, handler: BaseHTTPRequestHandler, _arrived: Arrived) -> None:
    """Take it and hang up."""
    handler.close_connection = True


class Peer:
    """The platform. ``behave``: what it does with the next messages; ``arrived``: what it took apart, in order."""

    def __init__(self) -> None:
        self.behave: Behave = saying("100")
        self.arrived: list[Arrived] = []
        self.asked: list[str] = []
        self.over = threading.Event()
        self.taken = threading.Event()
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                peer.take(self)

            def do_GET(self) -> None:
                peer.asked.append(f"GET {self.path}")
                give(self, b"")

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/services/instru/"

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(f"POST {handler.path}")
        raw = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        parts = {part.tag.rpartition("}")[2]: part.text or "" for part in ElementTree.fromstring(raw).iter()}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        one = Arrived(headers.get("yixiang-message", ""), parts["insCode"], parts["instruType"], json.loads(parts["instruList"]), raw, headers)
        self.arrived.append(one)
        self.taken.set()
        self.behave(self, handler, one)

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
