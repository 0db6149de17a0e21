"""One message over a real line to a small platform on loopback: sent once, whole, and nothing that answers in its place is believed."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop import words
from desktop.formats import national_soap
from desktop.sync import soap
from desktop.sync.egress import Gate
from desktop.sync.outcome import RemoteProblem, Withheld
from desktop.sync.ports import Marker
from tests.sync import soap_peer
from tests.sync.soap_peer import Peer
from tests.sync.test_bad_line import Authority

ROWS = [{"innerId": "A1", "cname": "电镜 <A&B>", "worth": "50.00", "instrCategory": "030101"}]
MESSAGE = national_soap.envelope("0" * 32, "4", ROWS)
OPEN = Gate([])


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def test_a_message_arrives_once_as_it_is_with_its_number(peer: Peer) -> None:
    reply = soap.post(peer.address, MESSAGE, "BW2026-001", OPEN)
    assert (reply.status, reply.media, reply.content) == (200, "text/xml", soap_peer.told("100"))
    (one,) = peer.arrived
    assert (one.number, one.unit, one.kind, one.rows, one.raw) == ("BW2026-001", "0" * 32, "4", ROWS, MESSAGE)
    assert (one.headers["content-type"], one.headers["soapaction"]) == ("text/xml; charset=utf-8", '""')
    assert peer.asked == ["POST /services/instru/"]


@pytest.mark.parametrize(
    ("behave", "status", "content"),
    [
        (soap_peer.with_body(soap_peer.FAULT, 500), 500, soap_peer.FAULT),
        (soap_peer.with_body(b"<html>log in</html>", 200, "text/html"), 200, b"<html>log in</html>"),
        (soap_peer.with_body(b"", 302, "text/html", Location="http://127.0.0.1:9/login"), 302, b""),
        (soap_peer.with_body(gzip.compress(soap_peer.told("100")), Content_Encoding="gzip"), 200, soap_peer.told("100")),
        (soap_peer.with_body(soap_peer.BOMB), 200, soap_peer.BOMB),
    ],
    ids=["fault", "login page", "redirect", "packed", "entities"],
)
def test_whatever_answers_is_given_as_it_came_and_followed_nowhere(
    peer: Peer, behave: soap_peer.Behave, status: int, content: bytes
) -> None:
    peer.behave = behave
    reply = soap.post(peer.address, MESSAGE, "B", OPEN)
    assert (reply.status, reply.content, len(peer.asked)) == (status, content, 1)


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        (soap_peer.silent, "stalled"),
        (soap_peer.trickle, "too_long"),
        (soap_peer.cut, "damaged"),
        (soap_peer.slammed, "damaged"),
        (soap_peer.with_body(b" " * (soap.MAX_ANSWER + 1)), "too_much"),
        (soap_peer.with_body(gzip.compress(b" " * 40_000_000), Content_Encoding="gzip"), "too_much"),
        (soap_peer.with_body(b"no gzip", Content_Encoding="gzip"), "damaged"),
        (soap_peer.with_body(b"??", Content_Encoding="br"), "damaged"),
    ],
    ids=["silence", "trickle", "cut", "hung up", "huge", "packed huge", "no gzip", "unknown packing"],
)
def test_a_line_that_breaks_after_the_message_left_is_said_and_not_tried_again(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, behave: soap_peer.Behave, code: str
) -> None:
    monkeypatch.setattr(soap, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(soap, "WHOLE_SECONDS", 0.6 if behave is soap_peer.trickle else 30)
    peer.behave = behave
    with pytest.raises(soap.Broken) as broken:
        soap.post(peer.address, MESSAGE, "B", OPEN)
    assert (broken.value.code, broken.value.left) == (f"national_line.{code}", True)
    assert words.known(broken.value.code)
    assert len(peer.arrived) == 1


def test_an_address_where_nobody_listens_got_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(soap.Broken) as broken:
        soap.post(f"http://127.0.0.1:{port}/", MESSAGE, "B", OPEN)
    assert (broken.value.code, broken.value.left) == ("national_line.offline", False)


@pytest.mark.parametrize("address", ["http://platform.example/ws", "ftp://127.0.0.1/", "https://user@platform.example/", "platform.example"])
def test_an_address_that_is_not_safe_is_refused(address: str) -> None:
    with pytest.raises(RemoteProblem, match=r"sync\.bad_address"):
        soap.post(address, MESSAGE, "B", OPEN)


def test_who_cancels_does_not_wait(peer: Peer) -> None:
    peer.behave = soap_peer.silent
    stopped = threading.Event()
    at: list[float] = []

    def cancelled() -> bool:
        if peer.taken.is_set() and not at:
            at.append(time.monotonic())
            stopped.set()
        return stopped.is_set()

    with pytest.raises(soap.Broken) as broken:
        soap.post(peer.address, MESSAGE, "B", OPEN, cancelled)
    assert time.monotonic() - at[0] < 1
    assert (broken.value.code, broken.value.left) == ("national_line.cancelled", True)


def test_what_was_dropped_before_it_left_never_leaves(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person stops while the line is being made: the thread that is left behind finds nothing to send."""
    made, go_on = threading.Event(), threading.Event()
    connect = soap.requests.Session.post

    def slow(*given: Any, **named: Any) -> Any:
        made.set()
        go_on.wait(30)
        return connect(*given, **named)

    monkeypatch.setattr(soap.requests.Session, "post", slow)
    with pytest.raises(soap.Broken) as broken:
        soap.post(peer.address, MESSAGE, "B", OPEN, made.is_set)
    assert (broken.value.code, broken.value.left) == ("national_line.cancelled", False)
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "soap":
            thread.join(30)
    assert peer.arrived == []


@pytest.mark.parametrize(
    ("host", "days", "trusted", "code"),
    [
        ("localhost", (-5, 5), True, ""),
        ("localhost", (-9, -1), True, "tls_date"),
        ("other.example", (-5, 5), True, "tls_name"),
        ("localhost", (-5, 5), False, "tls"),
    ],
)
def test_a_certificate_is_checked_before_anything_leaves(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, days: tuple[int, int], trusted: bool, code: str
) -> None:
    authority = Authority(tmp_path)
    if trusted:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority.file))
    peer.server.socket = authority.context(host, days).wrap_socket(peer.server.socket, server_side=True)
    address = peer.address.replace("http://127.0.0.1", "https://localhost")
    if not code:
        assert soap.post(address, MESSAGE, "B", OPEN).status == 200
        return
    with pytest.raises(soap.Broken) as broken:
        soap.post(address, MESSAGE, "B", OPEN)
    assert (broken.value.code, broken.value.left, peer.asked) == (f"national_line.{code}", False, [])


HIDDEN = [
    ("a name", "特种雷达一号", {"cname": "特种雷达一号"}),
    ("a name with signs that XML and JSON write otherwise", 'X<1>&"机密"\n型', {"technical": 'X<1>&"机密"\n型'}),
    ("a number", "S-2020-77", {"innerId": "S-2020-77"}),
]


@pytest.mark.parametrize(("name", "text", "row"), HIDDEN, ids=[name for name, *_ in HIDDEN])
def test_what_is_confidential_never_leaves(peer: Peer, name: str, text: str, row: dict[str, str]) -> None:
    gate = Gate([Marker(text, whole=name == "a number")])
    with pytest.raises(Withheld, match=r"sync\.leak_stopped"):
        soap.post(peer.address, national_soap.envelope("0" * 32, "4", [*ROWS, row]), "B", gate)
    assert peer.asked == []
    soap.post(peer.address, MESSAGE, "B", gate)
    assert len(peer.arrived) == 1


def test_a_gate_that_is_not_asked_would_be_seen(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soap, "read_back", lambda _content: b"{}")
    with pytest.raises(pytest.fail.Exception):
        test_what_is_confidential_never_leaves(peer, *HIDDEN[0])


def test_an_amount_with_the_digits_of_a_confidential_number_is_no_leak() -> None:
    told = json.loads(soap.read_back(MESSAGE))
    assert told["items"] == [{"kind": "national_4", "id": "A1", "innerId": "A1", "cname": "电镜 <A&B>", "worth": 500_000, "instrCategory": 30101}]
    gate = Gate([Marker("50.00", whole=True), Marker("030101", whole=True), Marker("4", whole=True)])
    gate.check(soap.read_back(MESSAGE))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<a", b"<a><!-- S1 --></a>", b"<?secret S1?><a/>", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', b"<a><instruList>[1]</instruList></a>",
        b"<a><instruList>no json</instruList></a>", b'<a><instruList>["\\ud800"]</instruList></a>',
    ],
)  # fmt: skip
def test_what_cannot_be_taken_apart_stays_here(peer: Peer, content: bytes) -> None:
    with pytest.raises(Withheld, match=r"sync\.gate_unreadable"):
        soap.post(peer.address, content, "B", OPEN)
    assert peer.asked == []
