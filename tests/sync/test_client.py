"""The client on a bad line: whatever answers, the right words, nothing believed that was not checked."""

from __future__ import annotations

import gzip
import json
import logging
import socket
from collections.abc import Callable

import pytest

from desktop import words
from desktop.sync import client as line
from desktop.sync import wire
from desktop.sync.client import Client
from desktop.sync.egress import Gate
from desktop.sync.outcome import RemoteProblem, refused
from desktop.sync.wire import check_address, content_digest
from network.problems import PROBLEMS
from tests.network.contract import Broken
from tests.network.recorder import Recorder
from tests.sync.answering import CAPABILITIES, Answer, answering, good, problem
from tests.sync.rig import Keys

KEY = "0198c5a0-0000-7000-8000-0000000000aa"


def portal_problem(page: str) -> Answer:
    """A page of something on the way that calls itself a problem and names no digest."""
    return 403, {"Content-Type": "application/problem+json"}, page.encode()


HTML = b"<html>login</html>"
PORTAL = (200, {"Content-Type": "text/html"}, HTML)


@pytest.mark.parametrize(
    ("answer", "code", "n_tries"),
    [
        (PORTAL, "sync.not_service", 1),
        ((200, {"Content-Type": "application/json"}, b"{}"), "sync.not_service", 1),
        (good({"hello": 1}), "sync.not_service", 1),
        ((302, {"Location": "http://127.0.0.1:1/x", "Content-Type": "text/html"}, b""), "sync.not_service", 1),
        ((500, {"Content-Type": "text/plain"}, b"x"), "sync.not_service", 1),
        ((503, {"Content-Type": "text/html"}, b"x"), "sync.busy", line.N_TRIES),
        (problem("service.failed", "retry", 500), "sync.busy", line.N_TRIES),
        (problem("schema.unsupported", "upgrade", 409), "sync.upgrade", 1),
        (problem("of.tomorrow", "stop", 418), "sync.refused_request", 1),
        (problem("of.tomorrow", "dance", 418), "sync.upgrade", 1),
        (good(**{"Content-Digest": content_digest(b"other")}), "sync.damaged", line.N_TRIES),
        (problem("auth.revoked", "reauth", 401, **{"Content-Digest": content_digest(b"other")}), "sync.damaged", line.N_TRIES),
        (problem("entity.stale", "dance", 409, **{"Content-Digest": "md5=:abc=:"}), "sync.damaged", line.N_TRIES),
        (portal_problem("<html></html>"), "sync.not_service", 1),
        (good(**{"Content-Length": "9999"}), "sync.damaged", line.N_TRIES),
        (good(**{"Content-Encoding": "br"}), "sync.not_service", 1),
        (good(**{"Content-Encoding": "gzip"}), "sync.damaged", line.N_TRIES),
    ],
)
def test_each_fault_has_its_words_and_its_patience(answer: Answer, code: str, n_tries: int) -> None:
    with answering(answer) as (client, seen, _), pytest.raises(RemoteProblem) as stopped:
        client.capabilities()
    assert (stopped.value.code, len(seen)) == (code, n_tries)
    assert words.known(code)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_DECODED", 100_000)
    raw = gzip.compress(json.dumps(CAPABILITIES).encode() + b" " * 200_000)
    bomb = (200, {"Content-Type": "application/json", "Content-Encoding": "gzip", "Content-Digest": content_digest(raw)}, raw)
    with answering(bomb) as (client, _, _), pytest.raises(RemoteProblem, match="sync.not_service"):
        client.capabilities()


def test_a_body_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_RECEIVED", 100_000)
    with answering(good({"pad": "x" * 300_000})) as (client, _, _), pytest.raises(RemoteProblem, match="sync.not_service"):
        client.capabilities()


def test_waiting_follows_the_service_and_then_doubles_under_jitter() -> None:
    busy = problem("rate.limited", "retry", 429, **{"Retry-After": "7"})
    with answering(busy, problem("service.failed", "retry", 500), busy, good()) as (client, seen, waits):
        assert client.capabilities().epoch == "7"
    assert waits == [8, 2.0, 8]
    assert len(seen) == 4


def test_a_wait_that_is_too_long_is_told_at_once() -> None:
    with answering(problem("rate.limited", "retry", 429, **{"Retry-After": "3600"})) as (client, seen, waits):
        with pytest.raises(RemoteProblem, match="sync.busy") as stopped:
            client.capabilities()
        assert (stopped.value.retry_after, len(seen), waits) == (3600, 1, [])


def test_nobody_there_is_offline() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = Client(f"http://127.0.0.1:{taken.getsockname()[1]}", Keys(), lambda: Gate([]), pause=lambda _: None)
        with pytest.raises(RemoteProblem, match="sync.offline") as stopped:
            client.capabilities()
        client.close()
    assert stopped.value.action == "retry"


def test_silence_is_a_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(f"http://127.0.0.1:{silent.getsockname()[1]}", Keys(), lambda: Gate([]), pause=lambda _: None)
        with pytest.raises(RemoteProblem, match="sync.stalled"):
            client.capabilities()
        client.close()


def test_a_plain_service_does_not_speak_tls() -> None:
    with answering(good()) as (client, _, _):
        secure = Client(client.wire.address.replace("http://", "https://"), Keys(), lambda: Gate([]), pause=lambda _: None)
        with pytest.raises(RemoteProblem, match="sync.tls"):
            secure.capabilities()
        secure.close()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "ftp://127.0.0.1",
        "https://u:p@example.org",
        "https://example.org?a=1",
        "example.org",
        "",
        "http://127.0.0.1.example.org",
    ],
)
def test_addresses_that_are_not_safe_are_refused(address: str) -> None:
    with pytest.raises(RemoteProblem, match="sync.bad_address"):
        check_address(address)


@pytest.mark.parametrize("address", ["https://example.org/", "http://127.0.0.1:8710", "http://localhost:1", "http://[::1]:1"])
def test_addresses_that_are_safe_are_taken(address: str) -> None:
    assert check_address(address) == address.rstrip("/")


def test_an_expired_token_is_renewed_once_and_the_new_one_kept() -> None:
    tokens = good({"access_token": "new-access", "refresh_token": "new-refresh"})
    digest = good({"server_id": "s", "epoch": "7", "cursor": "", "n_entities": 0, "digest": ""})
    expired = problem("auth.expired", "reauth", 401)
    with answering(good(), tokens, expired, tokens, digest) as (client, seen, _):
        client.capabilities()
        client.digest()
        assert [request for request, _ in seen[1:]] == ["POST /v1/token", "GET /v1/digest", "POST /v1/token", "GET /v1/digest"]
        assert seen[-1][1]["Authorization"] == "Bearer new-access"
        assert client._credentials.load() == "new-refresh"
    with answering(good(), expired) as (client, seen, _):
        client.capabilities()
        with pytest.raises(RemoteProblem, match="sync.reauth"):
            client.digest()
    assert [request for request, _ in seen[1:]] == ["POST /v1/token"]


def test_without_a_kept_token_one_is_asked_to_enrol() -> None:
    with answering(good()) as (client, seen, _):
        client._credentials.token = None  # type: ignore[attr-defined]
        with pytest.raises(RemoteProblem, match="sync.reauth"):
            client.digest()
        assert seen == []


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with answering(good()) as (client, seen, _):
        client.capabilities()
    assert len(seen) == 1


def test_every_answer_of_the_service_has_words() -> None:
    for code, kind in PROBLEMS.items():
        if kind.status == 0 and code != "entity.stale":
            assert words.known("sync.refused." + code.replace(".", "_")), code
        assert words.known(refused(code, kind.action).code), code


def test_the_prose_of_a_service_is_neither_shown_nor_logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person reads this program's own words with the service's code, by which its administrator finds the rest."""
    prose = "Call 0531-0000 and read out your PIN."
    caplog.set_level(logging.DEBUG)

    def told() -> str:
        with answering(problem("schema.unknown", "stop", 409, prose)) as (client, _, _), pytest.raises(RemoteProblem) as caught:
            client.capabilities()
        shown = words.say(caught.value.code, **caught.value.params)
        assert "schema.unknown" in shown
        return f"{shown}{caught.value!r}{caught.value.params}{caplog.text}"

    assert prose not in told()
    # The broken variant: somebody notes what came.
    plain = wire._plain

    def noting(received: bytes, coding: str) -> bytes:
        logging.getLogger("yixiang.sync").debug("came: %s", plain(received, coding).decode())
        return plain(received, coding)

    monkeypatch.setattr(wire, "_plain", noting)
    assert prose in told()


def test_secrets_stand_in_no_problem() -> None:
    found: list[Callable[[], object]] = []
    with answering(problem("token.invalid", "reauth", 401)) as (client, _, _):
        found.append(client.digest)
        with pytest.raises(RemoteProblem) as stopped:
            found[0]()
    assert "refresh" not in str(stopped.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"key": KEY, "schema": "1", "changes": []}, "schema"),
        ({"key": KEY, "schema": 1, "changes": [{"op_id": "x"}]}, "changes"),
    ],
)
def test_a_request_outside_the_contract_is_seen_before_it_leaves(contract_kept: Recorder, content: object, why: str) -> None:
    """The deliberately broken client: what it would send goes no further than the recorder every test has."""
    with answering(good(), good({"access_token": "a", "refresh_token": "r"}), good()) as (client, seen, _):
        client.capabilities()
        with pytest.raises(Broken, match=why):
            client.send(json.dumps(content).encode())
    assert [request for request, _ in seen] == ["GET /v1/capabilities", "POST /v1/token"]
    assert contract_kept.sent == {"GET /v1/capabilities": 1, "POST /v1/token": 1}
    contract_kept.broken.clear()
