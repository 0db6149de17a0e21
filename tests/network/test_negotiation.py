"""What client and service agree on before they work: versions, schemas, limits, and how the service says that it cannot now."""

from __future__ import annotations

import http.client
import json
import select
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from network import rate as rates
from network import routes_devices
from network.limits import Limits
from network.rate import Rate
from tests.network.contract import contract
from tests.network.postgres import Postgres
from tests.network.rig import Running, Seat, Service, batch, instrument, uscc


def test_a_schema_outside_the_range_asks_for_a_newer_program(new_database: Callable[[], str]) -> None:
    running = Service(new_database(), limits=Limits(schema_min=2, schema_max=3))
    try:
        seat = running.seat(running.institution(uscc(1), "齐鲁样本大学"))
        assert seat.ask("GET", "/v1/capabilities").json()["schema"] == {"min": 2, "max": 3}
        for schema, taken in ((1, False), (2, True), (3, True), (4, False)):
            reply = seat.ask("POST", "/v1/batches", batch(instrument()) | {"schema": schema})
            assert reply.ok == taken, schema
            assert taken or (reply.status_code, reply.json()["code"], reply.json()["action"]) == (
                409,
                "schema.unsupported",
                "upgrade",
            )
        assert len(seat.pages()[0]) == 2
    finally:
        running.stop()


def test_the_contract_has_the_version_that_is_told(seat: Seat) -> None:
    assert seat.ask("GET", "/v1/capabilities").json()["contract"] == contract()["info"]["version"] == routes_devices.CONTRACT


def test_limits_of_a_service_are_its_own_and_told(new_database: Callable[[], str]) -> None:
    limits = Limits(n_changes=3, n_bytes=2000, n_page=2)
    running = Service(new_database(), limits=limits)
    try:
        seat = running.seat(running.institution(uscc(1), "齐鲁样本大学"))
        told = seat.ask("GET", "/v1/capabilities").json()["limits"]
        assert (told["n_changes"], told["n_bytes"], told["n_page"]) == (3, 2000, 2)
        seat.send(*(instrument() for _ in range(3)))
        assert seat.ask("POST", "/v1/batches", batch(*(instrument() for _ in range(4)))).json()["code"] == "batch.too_many"
        assert seat.ask("POST", "/v1/batches", batch(instrument(name="长" * 1000))).json()["code"] == "body.too_large"
        first = seat.ask("GET", "/v1/changes").json()
        assert (len(first["items"]), first["more"]) == (2, True)
        assert seat.ask("GET", "/v1/changes", params={"limit": 3}).json()["code"] == "request.invalid"
    finally:
        running.stop()


def test_unknown_members_of_a_message_are_no_hindrance(seat: Seat) -> None:
    """A client of tomorrow says more than this service knows."""
    sent = batch(instrument() | {"priority": 7}) | {"compressed_from": "x"}
    assert seat.ask("POST", "/v1/batches", sent).json()["results"][0]["status"] == "applied"
    assert seat.ask("POST", "/v1/batches", sent).headers["yixiang-replayed"] == "true"


def test_who_asks_too_often_is_told_how_long_to_wait(new_database: Callable[[], str]) -> None:
    running = Service(new_database(), limits=Limits(n_requests_per_minute=30))
    try:
        home = running.institution(uscc(1), "齐鲁样本大学")
        seat, neighbour = running.seat(home), running.seat(home)
        replies = [seat.ask("GET", "/v1/digest") for _ in range(40)]
        refused = [reply for reply in replies if reply.status_code == 429]
        assert len(refused) >= 5
        assert {(reply.json()["code"], reply.json()["action"]) for reply in refused} == {("rate.limited", "retry")}
        assert all(1 <= int(reply.headers["retry-after"]) <= 2 for reply in refused)
        assert neighbour.ask("GET", "/v1/digest").ok
    finally:
        running.stop()


def test_an_invented_token_gets_round_no_bound_and_stops_no_device(new_database: Callable[[], str]) -> None:
    """Strangers count by their address, whatever they put into the header; a device that is known counts for itself."""
    running = Service(new_database(), limits=Limits(n_requests_per_minute=30))
    try:
        seat = running.seat(running.institution(uscc(1), "齐鲁样本大学"))
        for method, route in (("GET", "/v1/digest"), ("GET", "/v1/capabilities"), ("POST", "/v1/token"), ("GET", "/v1/nowhere")):
            strangers = [Seat(running.base, headers={"Authorization": f"Bearer invented-{n}"}) for n in range(40)]
            content = {"refresh_token": "invented"} if method == "POST" else None
            codes = [stranger.ask(method, route, content).json().get("code") for stranger in strangers]
            assert codes.count("rate.limited") >= 5, route
        assert [seat.ask("GET", "/v1/digest").status_code for _ in range(25)] == [200] * 25
    finally:
        running.stop()


def test_a_bucket_fills_again_with_time() -> None:
    now = [0.0]
    rate = Rate(60, lambda: now[0])
    assert [rate.wait("a") for _ in range(61)] == [0] * 60 + [1]
    assert rate.wait("b") == 0
    now[0] += 1.0
    assert (rate.wait("a"), rate.wait("a")) == (0, 1)
    now[0] += 3600.0
    assert [rate.wait("a") for _ in range(61)] == [0] * 60 + [1]
    assert Rate(0).wait("a") == 0


def test_who_has_been_away_is_forgotten_before_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST", 10)
    now = [0.0]
    rate = Rate(1, lambda: now[0])
    for n in range(10):
        rate.wait(f"old{n}")
    now[0] += 61.0
    rate.wait("new")
    assert list(rate._buckets) == ["new"]


def test_health_says_when_the_database_is_away(postgres: Postgres) -> None:
    running = Service(url := postgres.database())
    try:
        assert requests.get(f"{running.base}/v1/health", timeout=20).json() == {"status": "ok"}
        name = url.rpartition("/")[2]
        postgres.ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        reply = requests.get(f"{running.base}/v1/health", timeout=20)
        assert (reply.status_code, reply.json()["code"], reply.json()["action"]) == (503, "service.busy", "retry")
        postgres.ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert requests.get(f"{running.base}/v1/health", timeout=20).ok
    finally:
        running.stop()


def test_a_body_without_a_length_is_bounded_too(service: Service, seat: Seat) -> None:
    """Chunked: no Content-Length says beforehand how much there is."""
    parts = (b" " * 65_536 for _ in range(17))
    reply = requests.post(
        f"{service.base}/v1/batches", data=parts, headers=seat.headers | {"Content-Type": "application/json"}, timeout=20
    )
    assert (reply.status_code, reply.json()["code"]) == (413, "body.too_large")


def test_a_length_that_lies_is_not_waited_for(service: Service, seat: Seat) -> None:
    """A petabyte is announced: the answer comes before the first byte of it."""
    line = http.client.HTTPConnection(service.base.removeprefix("http://"), timeout=20)
    line.putrequest("POST", "/v1/batches")
    for name, value in (seat.headers | {"Content-Type": "application/json", "Content-Length": str(10**15)}).items():
        line.putheader(name, value)
    line.endheaders()
    reply = line.getresponse()
    assert (reply.status, json.loads(reply.read())["code"]) == (413, "body.too_large")
    line.close()


def stalled(base: str, n_bytes: int, sent: int, route: str = "/v1/packages") -> http.client.HTTPConnection:
    """A request whose body stops before its end."""
    line = http.client.HTTPConnection(base.removeprefix("http://"), timeout=60)
    line.putrequest("POST", route)
    media_type = "application/vnd.yixiang.gxpk" if route == "/v1/packages" else "application/json"
    for name, value in (("Content-Type", media_type), ("Content-Length", str(n_bytes))):
        line.putheader(name, value)
    line.endheaders()
    line.send(b"x" * sent)
    return line


def answered(line: http.client.HTTPConnection) -> bool:
    """Whether an answer came before the body was whole; then the line is closed."""
    came = bool(select.select([line.sock], [], [], 0)[0])
    if came:
        line.close()
    return came


def told(line: http.client.HTTPConnection) -> tuple[int, str]:
    reply = line.getresponse()
    told = reply.status, json.loads(reply.read())["code"]
    line.close()
    return told


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_body_that_does_not_come_is_given_up_and_its_place_is_free_again(new_database: Callable[[], str]) -> None:
    running = Service(new_database(), limits=Limits(n_body_seconds=5, n_packages=2))
    slow: list[http.client.HTTPConnection] = []
    try:
        until, met = time.monotonic() + 3, (0, "")
        while met != (503, "service.busy") and time.monotonic() < until:
            # One that came after a short one was refused instead of it: another takes its place.
            slow = [line for line in slow if not answered(line)]
            slow += [stalled(running.base, 5_000_000, 1_000_000) for _ in range(2 - len(slow))]
            met = told(stalled(running.base, 10, 10))
        assert met == (503, "service.busy"), "a third package came in beside two"
        assert [told(line) for line in slow] == [(503, "service.busy")] * 2
        assert told(stalled(running.base, 10, 10)) == (400, "package.damaged")
        assert told(stalled(running.base, 100, 10, "/v1/token")) == (503, "service.busy")
    finally:
        for line in slow:
            line.close()
        running.stop()


def n_resident(process: int) -> int:
    """Bytes of memory a process holds."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_packages_of_strangers_do_not_fill_the_memory(new_database: Callable[[], str]) -> None:
    """Eight uploads of 24 MiB that stop before their end lie on the disk."""
    with Running(new_database()) as service:
        told(stalled(service.base, 10, 10))
        before = n_resident(service.process.pid)
        lines = [stalled(service.base, 25_000_000, 24_000_000) for _ in range(8)]
        assert told(stalled(service.base, 10, 10)) == (503, "service.busy")
        assert n_resident(service.process.pid) - before < 64 * 1_048_576
        for line in lines:
            line.close()
