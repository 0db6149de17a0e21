"""A request that is no HTTP is answered in the form of the contract, and the line is closed."""

from __future__ import annotations

import json
import socket

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from network.serving import Protocol
from network.wire import content_digest
from tests.network.rig import Seat, Service

UNREADABLE = {
    "a length that is no number": "GET /v1/health HTTP/1.1\r\nHost: x\r\nContent-Length: =8Gh\r\n\r\n",
    "two lengths": "GET /v1/health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a name of no header": "GET /v1/health HTTP/1.1\r\nHost: x\r\n2 : y\r\n\r\n",
    "no host": "GET /v1/health HTTP/1.1\r\n\r\n",
    "another protocol": "\x16\x03\x01\x02\r\n\r\n",
}


def said(service: Service, text: str) -> tuple[str, dict[str, str], bytes]:
    """Status line, headers (names in lower case) and body of what comes back until the line is closed."""
    host, _, port = service.base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(text.encode("latin-1"))
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}, body


def is_as_agreed(service: Service, text: str) -> bool:
    """Whether the answer is a problem document with its digest and a name to ask for."""
    first, headers, body = said(service, text)
    if not first.startswith("HTTP/1.1 400 ") or headers.get("content-type") != "application/problem+json":
        return False
    told = json.loads(body)
    return headers["content-digest"] == content_digest(body) and len(headers["yixiang-request"]) == 36 and told["code"] == "request.invalid"


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_gets_a_problem(service: Service, seat: Seat, text: str) -> None:
    assert is_as_agreed(service, text)
    assert seat.ask("GET", "/v1/capabilities").ok


def test_the_servers_own_words_would_be_noticed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Protocol, "send_400_response", H11Protocol.send_400_response)
    assert not is_as_agreed(service, UNREADABLE["no host"])
