"""Every link of the contract leads where it says: what an answer names is asked for next, and it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from network import library, publications, seeding
from tests.network.contract import contract, digest_header
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


BEGINNINGS: dict[str, Callable[[Seat, Service, str], Asked]] = {
    "take": taken, "changes": feed, "declareBlob": declared, "blob": looked_at, "sendPart": part_sent, "anchors": anchored,
    "codebooks": books, "catalogue": others, "notices": told, "publications": published,
}  # fmt: skip
"""Operation -> an answer of it from which its links lead on."""


def pointed(expression: str, answer: object, sent: object) -> Any:
    """What a runtime expression of OpenAPI stands for. Raises LookupError for one that points at nothing."""
    source, _, pointer = expression.partition("#/")
    found: Any = {"$response.body": answer, "$request.body": sent}[source]
    for step in pointer.split("/"):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def followed(seat: Seat, link: dict[str, Any], answer: object, sent: object) -> requests.Response:
    """Ask for what a link names; where that is to send a part of a file, send it."""
    method, route, operation = next(each for each in operations() if each[2]["operationId"] == link["operationId"])
    given = {name: pointed(expression, answer, sent) for name, expression in link["parameters"].items()}
    path = {name: value for name, value in given.items() if f"{{{name}}}" in route}
    headers = {name: str(value) for name, value in given.items() if name == "Yixiang-Epoch"}
    query = {name: value for name, value in given.items() if name not in path and name not in headers}
    more: dict[str, Any] = {}
    if "application/octet-stream" in operation.get("requestBody", {}).get("content", {}):
        more = part(FILES[path["sha256"]], path["number"])
    return seat.ask(method, route, path=path, params=query, headers=headers | more.pop("headers", {}), **more)


def test_no_link_is_left_out() -> None:
    assert {operation for operation, _ in links()} == set(BEGINNINGS)
    assert len(links()) == 15


@pytest.mark.parametrize(("operation", "name"), links())
def test_a_link_leads_to_what_its_answer_names(service: Service, home: str, seat: Seat, operation: str, name: str) -> None:
    reply, sent = BEGINNINGS[operation](seat, service, home)
    assert reply.ok, reply.text
    (text,) = [each for _, _, each in operations() if each["operationId"] == operation]
    link = text["responses"][str(reply.status_code)]["links"][name]
    after = followed(seat, link, reply.json(), sent)
    assert after.ok, after.text
    if link["operationId"] == operation and "cursor" in link["parameters"]:
        first, second = reply.json()["items"], after.json()["items"]
        assert first
        assert second
        assert not [each for each in second if each in first], "the next page shows what the first showed"


@pytest.mark.parametrize("expression", ["$response.body#/cursors", "$response.body#/items/7/id"], ids=["no such name", "no such row"])
def test_a_link_that_points_at_nothing_is_found(service: Service, home: str, seat: Seat, expression: str) -> None:
    reply, sent = feed(seat, service, home)
    link = {"operationId": "entity", "parameters": {"kind": "$response.body#/items/0/kind", "id": expression}}
    with pytest.raises(LookupError):
        followed(seat, link, reply.json(), sent)
