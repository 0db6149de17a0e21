"""Every link of the contract leads where it says: what an answer names is asked for next, and it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from network import library, publications, seeding, sensors
from tests.network.contract import contract, digest_header, find, resolve
from tests.network.files import pdf, sha256
from tests.network.rig import Seat, Service, batch, instrument

PART = 1 << 20
FILES = {sha256(content): content for content in (pdf(80), pdf(90), pdf(1_500_000))}
METHODS = ("get", "put", "post", "delete")
Asked = tuple[requests.Response, dict[str, Any]]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, route and text of every operation."""
    for route, told in contract()["paths"].items():
        for method in METHODS:
            if method in told:
                yield method.upper(), route, told[method]


def links() -> list[tuple[str, str]]:
    """Operation and name of every link."""
    return [
        (operation["operationId"], name)
        for _, _, operation in operations()
        for answer in operation["responses"].values()
        for name in answer.get("links", {})
    ]


def part(content: bytes, number: int) -> dict[str, Any]:
    """What is sent beside the path with a part of a file."""
    raw = content[number * PART : (number + 1) * PART]
    return {"raw": raw, "headers": {"Content-Type": "application/octet-stream", "Content-Digest": digest_header(raw)}}


def taken(seat: Seat, _service: Service, _home: str) -> Asked:
    sent = batch(instrument())
    return seat.ask("POST", "/v1/batches", sent), sent


def feed(seat: Seat, _service: Service, _home: str) -> Asked:
    seat.send(instrument(), instrument())
    return seat.ask("GET", "/v1/changes", params={"limit": 1}), {}


def declared(seat: Seat, _service: Service, _home: str) -> Asked:
    sent = {"n_bytes": len(pdf(80))}
    return seat.ask("PUT", "/v1/blobs/{sha256}", sent, path={"sha256": sha256(pdf(80))}), sent


def looked_at(seat: Seat, _service: Service, _home: str) -> Asked:
    path = {"sha256": sha256(pdf(90))}
    assert seat.ask("PUT", "/v1/blobs/{sha256}", {"n_bytes": len(pdf(90))}, path=path).ok
    return seat.ask("GET", "/v1/blobs/{sha256}", path=path), {}


def part_sent(seat: Seat, _service: Service, _home: str) -> Asked:
    """The first of two parts: another is missing then."""
    content = pdf(1_500_000)
    path = {"sha256": sha256(content)}
    assert seat.ask("PUT", "/v1/blobs/{sha256}", {"n_bytes": len(content)}, path=path).ok
    return seat.ask("PUT", "/v1/blobs/{sha256}/parts/{number}", path=path | {"number": 0}, **part(content, 0)), {}


def anchored(seat: Seat, _service: Service, _home: str) -> Asked:
    for n in (1, 2):
        head = {"ledger_id": "0198c5a0-0000-4000-8000-000000000001", "head": f"{n}f" * 32, "n_operations": n}
        assert seat.ask("POST", "/v1/anchors", head).ok
    return seat.ask("GET", "/v1/anchors", params={"limit": 1}), {}


def books(seat: Seat, service: Service, _home: str) -> Asked:
    with service.db.write() as connection:
        library.put_codebook(connection, "benchmarks", {"2025": {"effective_hours": 1599}})
    return seat.ask("GET", "/v1/reference"), {}


def others(seat: Seat, service: Service, _home: str) -> Asked:
    with service.db.write() as connection:
        seeding.seed_catalogue(connection, 5, 1)
    return seat.ask("GET", "/v1/catalogue", params={"limit": 1}), {}


def told(seat: Seat, service: Service, home: str) -> Asked:
    with service.db.write() as connection:
        for n in (1, 2):
            library.send_notice(connection, home, "warning", f"警示 {n}", "请核对。", "2026-01-15", None)
    return seat.ask("GET", "/v1/notices", params={"limit": 1}), {}


def published(seat: Seat, service: Service, home: str) -> Asked:
    rows = [instrument(), instrument()]
    seat.send(*rows)
    with service.db.write() as connection:
        for row in rows:
            publications.set_state(connection, home, row["id"], publications.State("pending", "2026-01-12"))
    return seat.ask("GET", "/v1/publications", params={"limit": 1}), {}


def seen_by_sensors(seat: Seat, service: Service, home: str) -> Asked:
    row = instrument()
    seat.send(row)
    told = {"asset_number": row["body"]["asset_number"], "sensor": "CG-1", "band": "working", "n_watt_hours": ""}
    with service.db.write() as connection:
        hours = [{"started_at": f"2026-01-1{n}T09:00+08:00", "ended_at": f"2026-01-1{n}T10:00+08:00"} for n in range(3)]
        sensors.put(connection, home, [told | each for each in hours])
    return seat.ask("GET", "/v1/sensors/{instrument}/sessions", path={"instrument": row["id"]}, params={"limit": 1}), {}


BEGINNINGS: dict[str, Callable[[Seat, Service, str], Asked]] = {
    "take": taken, "changes": feed, "declareBlob": declared, "blob": looked_at, "sendPart": part_sent, "anchors": anchored,
    "codebooks": books, "catalogue": others, "notices": told, "publications": published, "sessions": seen_by_sensors,
}  # fmt: skip
"""Operation -> an answer of it from which its links lead on."""


def pointed(expression: str, reply: requests.Response, sent: object) -> Any:
    """What a runtime expression of OpenAPI stands for. Raises LookupError for one that points at nothing."""
    if expression.startswith("$request.path."):
        asked = reply.request
        return find(str(asked.method), urlsplit(str(asked.url)).path).values[expression.removeprefix("$request.path.")]
    answer = reply.json()
    source, _, pointer = expression.partition("#/")
    found: Any = {"$response.body": answer, "$request.body": sent}[source]
    for step in pointer.split("/"):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def followed(seat: Seat, link: dict[str, Any], reply: requests.Response, sent: object) -> requests.Response:
    """Ask for what a link names; where that is to send a part of a file, send it."""
    method, route, operation = next(each for each in operations() if each[2]["operationId"] == link["operationId"])
    given = {name: pointed(expression, reply, sent) for name, expression in link["parameters"].items()}
    path = {name: value for name, value in given.items() if f"{{{name}}}" in route}
    headers = {name: str(value) for name, value in given.items() if name == "Yixiang-Epoch"}
    query = {name: value for name, value in given.items() if name not in path and name not in headers}
    more: dict[str, Any] = {}
    if "application/octet-stream" in operation.get("requestBody", {}).get("content", {}):
        more = part(FILES[path["sha256"]], path["number"])
    return seat.ask(method, route, path=path, params=query, headers=headers | more.pop("headers", {}), **more)


def test_no_link_is_left_out() -> None:
    assert {operation for operation, _ in links()} == set(BEGINNINGS)
    assert len(links()) == 16


def test_what_is_read_page_by_page_says_how_the_next_page_is_asked_for() -> None:
    paged = {
        operation["operationId"]
        for _, _, operation in operations()
        if "cursor" in {resolve(each)["name"] for each in operation.get("parameters", ())}
    }
    told = {
        operation["operationId"]
        for _, _, operation in operations()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
        if link["operationId"] == operation["operationId"] and link["parameters"].get("cursor") == "$response.body#/cursor"
    }
    assert told == paged > {"changes", "sessions"}


def test_pages_of_sessions_follow_one_another_to_the_end(service: Service, home: str, seat: Seat) -> None:
    reply, sent = seen_by_sensors(seat, service, home)
    link = contract()["paths"]["/v1/sensors/{instrument}/sessions"]["get"]["responses"]["200"]["links"]["NextSessions"]
    pages = [reply.json()]
    while pages[-1]["more"]:
        reply = seat.ask("GET", "/v1/sensors/{instrument}/sessions", path={"instrument": pointed(link["parameters"]["instrument"], reply, sent)},
                         params={"limit": 1, "cursor": pages[-1]["cursor"]})  # fmt: skip
        pages.append(reply.json())
    assert [[each["started_at"] for each in page["items"]] for page in pages] == [[f"2026-01-1{n}T01:00:00Z"] for n in range(3)]
    assert followed(seat, link, reply, sent).json() == {"items": [], "cursor": pages[-1]["cursor"], "more": False}


@pytest.mark.parametrize(("operation", "name"), links())
def test_a_link_leads_to_what_its_answer_names(service: Service, home: str, seat: Seat, operation: str, name: str) -> None:
    reply, sent = BEGINNINGS[operation](seat, service, home)
    assert reply.ok, reply.text
    (text,) = [each for _, _, each in operations() if each["operationId"] == operation]
    link = text["responses"][str(reply.status_code)]["links"][name]
    after = followed(seat, link, reply, sent)
    assert after.ok, after.text
    if link["operationId"] == operation and "cursor" in link["parameters"]:
        first, second = reply.json()["items"], after.json()["items"]
        assert first
        assert second
        assert not [each for each in second if each in first], "the next page shows what the first showed"


@pytest.mark.parametrize(
    "expression",
    ["$response.body#/cursors", "$response.body#/items/7/id", "$request.path.instrument"],
    ids=["no such name", "no such row", "not in the path"],
)
def test_a_link_that_points_at_nothing_is_found(service: Service, home: str, seat: Seat, expression: str) -> None:
    reply, sent = feed(seat, service, home)
    link = {"operationId": "entity", "parameters": {"kind": "$response.body#/items/0/kind", "id": expression}}
    with pytest.raises(LookupError):
        followed(seat, link, reply, sent)
