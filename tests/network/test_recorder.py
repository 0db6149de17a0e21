"""The recorder: requests within the contract pass and are counted, each kind of breach is stopped before it leaves."""

from __future__ import annotations

import copy
import gzip
import json
import socket
import subprocess
import sys
from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.network.contract import Broken, check_answer, check_request, contract, digest_header, find, resolve
from tests.network.overhearing import message, overheard
from tests.network.recorder import CLIENT, recording
from tests.network.rig import Seat, batch, instrument

SIGNED = {"Authorization": "Bearer x", "Yixiang-Epoch": "1768464000"}
SENDING = SIGNED | {"Content-Type": "application/json"}


def raw(value: object) -> bytes:
    return json.dumps(value).encode()


def test_the_document_is_sound_openapi() -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(contract()).iter_errors()] == []


def test_what_a_client_sends_is_counted_by_operation(seat: Seat) -> None:
    with recording() as recorder:
        seat.send(instrument())
        seat.pages()
    assert recorder.sent == {"POST /v1/batches": 1, "GET /v1/changes": 1}
    assert recorder.broken == []


def test_a_request_outside_the_contract_does_not_leave(seat: Seat) -> None:
    """The deliberately broken client: it sends a member of the wrong type, and the service never hears of it."""
    with recording() as recorder, pytest.raises(Broken):
        seat.ask("POST", "/v1/batches", batch() | {"schema": "1"})
    assert len(recorder.broken) == 1
    assert not recorder.sent
    assert requests.get(f"{seat.base}/v1/capabilities", timeout=20).ok


def test_the_program_asks_for_nothing_outside_the_contract(seat: Seat) -> None:
    """Another sender may: tests talk to servers that are no service."""
    with recording() as recorder:
        with pytest.raises(Broken, match="/healthz is not in the contract"):
            requests.get(f"{seat.base}/healthz", headers={"User-Agent": CLIENT}, timeout=20)
        requests.get(f"{seat.base}/healthz", timeout=20)
    assert (len(recorder.broken), recorder.sent.total()) == (1, 0)


ODD = {
    "an address outside the contract": "/healthz",
    "a member the contract does not know": "/v1/capabilities?since=2020",
}


def asked(address: str, path: str) -> None:
    """One request of a program in a process of its own, where no fixture of this one hears it."""
    subprocess.run([sys.executable, "-c", f"import urllib.request as u; u.urlopen({address + path!r}, timeout=20)"], check=False, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
def test_what_another_process_sends_is_heard_on_the_line(seat: Seat, path: str) -> None:
    """The deliberately broken program, and one that keeps to the contract."""
    with pytest.raises(Broken), overheard(seat.base) as (address, heard):  # noqa: PT012 - told when the line is taken down
        asked(address, "/v1/capabilities")
        assert (heard.sent, heard.broken) == ({"GET /v1/capabilities": 1}, [])
        asked(address, path)
        assert len(heard.broken) == 1


def test_a_request_that_breaks_off_is_not_one_and_what_follows_is_heard(seat: Seat) -> None:
    """Two requests on one connection, a third that breaks off in its body; another connection goes on."""
    host = seat.base.rpartition("/")[2]
    whole = f"GET /v1/capabilities HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    body = raw(batch(instrument()))
    fields = SENDING | {"Host": host, "Content-Length": str(len(body))}
    torn = "POST /v1/batches HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
    with overheard(seat.base) as (address, heard):
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=20) as end:
            for n in (1, 2):
                end.sendall(whole[:20])
                end.sendall(whole[20:])
                got = b""
                while message(got) is None:
                    got += end.recv(65536)
                assert message(got).first[1] == "200"  # type: ignore[union-attr]
                assert heard.sent == {"GET /v1/capabilities": n}
            end.sendall(torn.encode() + body[: len(body) // 2])
        asked(address, "/v1/capabilities")
        assert (heard.sent, heard.broken) == ({"GET /v1/capabilities": 3}, [])
        assert message(torn.encode() + body) is not None


def test_what_is_no_message_is_told_and_passes(seat: Seat) -> None:
    with pytest.raises(Broken, match="no message of HTTP"), overheard(seat.base) as (address, heard):  # noqa: PT012 - told at the end
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=20) as end:
            end.sendall(b"GET /v1/capabilities HTTP/1.1\r\nContent-Length: many\r\n\r\n")
            assert end.recv(65536).startswith(b"HTTP/1.1 400")
        assert "many" in heard.broken[0]
        asked(address, "/v1/capabilities")
        assert heard.sent == {"GET /v1/capabilities": 1}


def test_what_a_service_answers_is_heard_on_the_line(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deliberately broken service: the contract has no such answer any more."""
    monkeypatch.delitem(contract()["paths"]["/v1/capabilities"]["get"]["responses"], "200")
    with pytest.raises(Broken, match="GET /v1/capabilities: 200 is not declared"), overheard(seat.base) as (address, _heard):
        asked(address, "/v1/capabilities")


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "why"),
    [
        ("GET", "/v1/nothing", SIGNED, b"", "not in the contract"),
        ("PUT", "/v1/batches", SENDING, raw(batch()), "not in the contract"),
        ("GET", "/v1/changes", {"Authorization": "Bearer x"}, b"", "yixiang-epoch is missing"),
        ("GET", "/v1/changes", {"Yixiang-Epoch": "1"}, b"", "without an access token"),
        ("GET", "/v1/capabilities", SIGNED, b"", "with an access token"),
        ("GET", "/v1/changes?limit=0", SIGNED, b"", "minimum"),
        ("GET", "/v1/changes?limit=many", SIGNED, b"", "integer"),
        ("GET", "/v1/changes?since=2020", SIGNED, b"", "knows no"),
        ("GET", "/v1/changes", SIGNED, b"{}", "takes no body"),
        ("GET", "/v1/entities/instrument/7", SIGNED, b"", "does not match"),
        ("POST", "/v1/batches", SIGNED, raw(batch()), "content type"),
        ("POST", "/v1/batches", SENDING, b"{", "not JSON"),
        ("POST", "/v1/batches", SENDING, raw(batch() | {"key": "k"}), "does not match"),
        ("POST", "/v1/batches", SENDING, raw(batch({"op_id": "x"})), "changes"),
        ("POST", "/v1/batches", SENDING, raw(batch(instrument(value_fen=1.5))), "changes"),
        ("POST", "/v1/batches", SENDING | {"Content-Digest": digest_header(b"other")}, raw(batch()), "digest"),
        ("POST", "/v1/batches", SENDING | {"Content-Encoding": "gzip"}, raw(batch()), "not JSON"),
        ("PUT", f"/v1/blobs/{'0' * 64}/parts/0", SIGNED | {"Content-Type": "application/octet-stream"}, b"x", "content-digest"),
    ],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,  # no new key in a name: each worker makes its own
)
def test_each_kind_of_breach_is_seen(method: str, target: str, headers: dict[str, str], body: bytes, why: str) -> None:
    with pytest.raises(Broken, match=why):
        check_request(method, target, headers, body)


def test_a_compressed_body_is_read_before_it_is_judged() -> None:
    packed = gzip.compress(raw(batch(instrument())))
    headers = SENDING | {"Content-Encoding": "gzip", "Content-Digest": digest_header(packed)}
    assert check_request("POST", "/v1/batches", headers, packed).template == "/v1/batches"


def problem(code: str, status: int) -> dict[str, Any]:
    return {"type": "x", "title": "x", "status": status, "code": code, "action": contract()["x-problems"][code]["action"]}


@pytest.mark.parametrize(
    ("status", "media", "body", "why"),
    [
        (204, "application/json", b"", "not declared"),
        (200, "text/html", b"<html>", "content type"),
        (200, "application/json", b'{"digest": 1}', "required"),
        (409, "application/problem+json", raw(problem("batch.key_reused", 409)), "not declared for the operation"),
        (409, "application/problem+json", raw(problem("auth.expired", 409)), "declared otherwise"),
        (409, "application/problem+json", raw(problem("epoch.changed", 409) | {"action": "stop"}), "declared otherwise"),
        (503, "application/problem+json", raw(problem("service.busy", 503)), "without Retry-After"),
    ],
)
def test_an_answer_outside_the_contract_is_seen(status: int, media: str, body: bytes, why: str) -> None:
    headers = {"Content-Type": media, "Content-Digest": digest_header(body)}
    with pytest.raises(Broken, match=why):
        check_answer(find("GET", "/v1/digest"), status, headers, body)


def undeclared(paths: dict[str, Any]) -> list[str]:
    """The answers for which the contract does not ask for a digest of their bytes."""
    return [
        f"{method} {route} {status}"
        for route, operations in paths.items()
        for method, operation in operations.items()
        for status, answer in operation["responses"].items()
        if not resolve(resolve(answer).get("headers", {}).get("Content-Digest", {"required": False}))["required"]
    ]


def test_every_answer_has_to_name_the_digest_of_its_bytes() -> None:
    assert undeclared(contract()["paths"]) == []
    paths = copy.deepcopy(contract()["paths"])
    del paths["/v1/digest"]["get"]["responses"]["200"]["headers"]["Content-Digest"]
    assert undeclared(paths) == ["get /v1/digest 200"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [({}, "without Content-Digest"), ({"Content-Digest": "md5=:abc=:"}, "does not match"), ({"Content-Digest": digest_header(b"x")}, "not that of the bytes")],
    ids=["none", "another form", "of other bytes"],
)
def test_an_answer_without_the_digest_of_its_bytes_is_seen(changed: dict[str, str], why: str) -> None:
    body = raw(problem("epoch.changed", 409))
    headers = {"Content-Type": "application/problem+json"}
    check_answer(find("GET", "/v1/digest"), 409, headers | {"Content-Digest": digest_header(body)}, body)
    with pytest.raises(Broken, match=why):
        check_answer(find("GET", "/v1/digest"), 409, headers | changed, body)


@pytest.mark.parametrize("seconds", ["soon", "-1", "3601"])
def test_a_time_to_wait_that_is_none_is_seen(seconds: str) -> None:
    body = raw(problem("service.busy", 503))
    headers = {"Content-Type": "application/problem+json", "Content-Digest": digest_header(body), "Retry-After": seconds}
    with pytest.raises(Broken):
        check_answer(find("GET", "/v1/digest"), 503, headers, body)
