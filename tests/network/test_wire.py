"""What comes over the line: sizes, codings, digests, epochs; and the service's list of problems against the contract's."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from desktop.store.create import metadata
from network import app, backup, kinds, wire
from network.database import Database
from network.problems import PROBLEMS
from tests.network.contract import contract
from tests.network.rig import Seat, Service, batch, create, delete, instrument, new_id, service_record, update, uscc


def test_routes_of_the_service_are_those_of_the_contract(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'n.db'}")
    served = {(r.path, m.lower()) for r in app.build(db).routes if isinstance(r, APIRoute) for m in r.methods}
    db.close()
    written = {(path, method) for path, item in contract()["paths"].items() for method in item}
    names = re.compile(r"\{\w+\}")
    assert {(names.sub("{}", p), m) for p, m in served} == {(names.sub("{}", p), m) for p, m in written}


def test_problems_of_the_service_are_those_of_the_contract() -> None:
    schemas = contract()["components"]["schemas"]
    assert set(schemas["Problem"]["properties"]["code"]["enum"]) == {c for c, kind in PROBLEMS.items() if kind.status}
    assert set(schemas["ChangeProblem"]["properties"]["code"]["enum"]) == {c for c, kind in PROBLEMS.items() if not kind.status}
    assert {kind.action for kind in PROBLEMS.values()} <= set(schemas["Action"]["enum"])
    written = contract()["x-problems"]
    assert {code: (told.get("status", 0), told["action"], told["title"]) for code, told in written.items()} == {
        code: (kind.status, kind.action, kind.title) for code, kind in PROBLEMS.items()
    }


def test_kinds_of_the_service_are_those_of_the_contract() -> None:
    written = contract()["components"]["schemas"]["Kinds"]["properties"]
    assert set(written) == set(kinds.KINDS)
    for name, kind in kinds.KINDS.items():
        told = written[name]
        assert set(told["required"]) == {"id", *kind.required}
        assert told["x-roles"] == list(kind.roles)
        assert [tuple(names) for names in told.get("x-unique", [])] == list(kind.unique)
        assert told.get("x-once", "") == kind.once
        assert told.get("x-released", "") == kind.released
        assert told.get("x-released-as", "") == kind.released_as
        assert set(told.get("x-long", [])) == kind.long
        assert told.get("x-links", {}) == kind.links
        assert told.get("x-facts", False) == kind.facts
        assert set(told.get("x-beyond-network", [])) == kind.beyond_network
        assert set(told.get("x-only-on-network", [])) == kind.only_on_network
        assert set(told.get("x-local", [])) == kind.local
        for field, (low, high) in kind.ranges.items():
            given = told["properties"][field]
            assert (given["minimum"], given["maximum"]) == (low, high), (name, field)


def test_the_network_refuses_what_the_ledger_keeps_from_it() -> None:
    """The reach of the ledger's columns against the fields the service refuses: two lists that must not drift apart.

    A new column of reach ``institution`` goes into ``beyond_network`` of its kind and ``x-beyond-network`` of the contract.
    """
    for name, kind in kinds.taken("network").items():
        table = metadata.tables.get(name)
        for column in table.columns if table is not None else ():
            only = kind.only_on_network
            refused = column.name in kind.beyond_network or (bool(only) and column.name not in only)
            assert refused or column.info["reach"] != "institution", f"the network would take {name}.{column.name}"
            assert not refused or column.info["reach"] != "network", f"the network would refuse {name}.{column.name}"
    for name in set(kinds.KINDS) - set(kinds.taken("network")):
        assert {column.info["reach"] for column in metadata.tables[name].columns} <= {"institution", "local"}, name


def test_gzip_is_taken_and_given(seat: Seat) -> None:
    raw = gzip.compress(json.dumps(batch(*(instrument() for _ in range(50)))).encode())
    headers = {"Content-Encoding": "gzip", "Content-Digest": wire.content_digest(raw), "Accept-Encoding": "gzip"}
    reply = seat.ask("POST", "/v1/batches", raw=raw, headers=headers)
    assert reply.headers["content-encoding"] == "gzip"
    assert len(reply.json()["results"]) == 50


def test_a_damaged_body_is_refused_before_anything_is_taken(seat: Seat) -> None:
    raw = json.dumps(batch(instrument())).encode()
    reply = seat.ask("POST", "/v1/batches", raw=raw, headers={"Content-Digest": wire.content_digest(raw + b" ")})
    assert (reply.status_code, reply.json()["code"], reply.json()["action"]) == (400, "body.digest", "retry")
    assert seat.ask("POST", "/v1/batches", raw=raw, headers={"Content-Digest": "md5=:abc=:"}).json()["code"] == "body.digest"
    assert seat.ask("POST", "/v1/batches", raw=raw, headers={"Content-Digest": wire.content_digest(raw)}).ok


@pytest.mark.parametrize(
    ("raw", "headers", "expected"),
    [
        (b"x" * 1_048_577, {}, (413, "body.too_large")),
        (gzip.compress(b" " * 1_048_577), {"Content-Encoding": "gzip"}, (413, "body.too_large")),
        (gzip.compress(b"{}")[:-3], {"Content-Encoding": "gzip"}, (400, "body.malformed")),
        (gzip.compress(b"{}") + b"more", {"Content-Encoding": "gzip"}, (400, "body.malformed")),
        (b"plain", {"Content-Encoding": "gzip"}, (400, "body.malformed")),
        (b"{}", {"Content-Encoding": "br"}, (415, "body.encoding")),
        (b"{}", {"Content-Type": "text/plain"}, (415, "body.encoding")),
        (json.dumps(batch(*range(501))).encode(), {}, (413, "batch.too_many")),
        (json.dumps(batch() | {"schema": 2}).encode(), {}, (409, "schema.unsupported")),
    ],
    ids=["large", "bomb", "cut", "trailing", "not-gzip", "br", "text", "many", "schema"],
)
def test_bodies_outside_the_contract_are_refused(
    seat: Seat, raw: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    reply = seat.ask("POST", "/v1/batches", raw=raw, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == expected


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "limit=٣", "limit=-1"])
def test_a_page_size_outside_the_limits_is_refused(seat: Seat, query: str) -> None:
    assert seat.ask("GET", "/v1/changes", params=query).json()["code"] == "request.invalid"


@pytest.mark.parametrize("cursor", ["x", "1", "1.", ".1", "1.99999999999999999999", "1.1.1"])
def test_an_invented_cursor_means_begin_again(seat: Seat, cursor: str) -> None:
    reply = seat.ask("GET", "/v1/changes", params={"cursor": cursor})
    assert (reply.json()["code"], reply.json()["action"]) == ("cursor.invalid", "resync")


def test_unknown_addresses_and_methods_are_problems(seat: Seat) -> None:
    for method, route, expected in (("GET", "/v1/nothing", "route.unknown"), ("PUT", "/v1/batches", "route.method")):
        reply = seat.ask(method, route)
        assert (reply.headers["content-type"], reply.json()["code"]) == ("application/problem+json", expected)


def test_a_restored_service_gets_back_what_the_backup_lost(fresh: Service, tmp_path: Path) -> None:
    """Two seats, a backup, more work, the backup restored: the tail goes back; what took another path since diverges."""
    home = fresh.institution(uscc(1), "齐鲁样本大学")
    seat, second = fresh.seat(home), fresh.seat(home)
    kept, changed, clash, dropped = (instrument() for _ in range(4))
    tokens = [result["token"] for result in seat.send(kept, changed, clash, dropped)]
    backup.write(fresh.db, tmp_path / "network.backup")

    later = instrument(name="备份之后")
    seat.send(update(changed, tokens[1], name="改"), update(clash, tokens[2], name="甲"), delete(dropped, tokens[3]), later)
    tail, old_cursor = seat.pages()
    epoch = str(backup.restore(fresh.db, tmp_path / "network.backup")["epoch"])

    refused = seat.ask("GET", "/v1/changes", params={"cursor": old_cursor})
    assert (refused.json()["code"], refused.json()["action"], refused.json()["epoch"]) == ("epoch.changed", "resync", epoch)
    seat.headers["Yixiang-Epoch"] = second.headers["Yixiang-Epoch"] = epoch
    assert seat.ask("GET", "/v1/changes", params={"cursor": old_cursor}).json()["code"] == "epoch.changed"
    second.send(update(clash, tokens[2], name="乙"))
    back = seat.ask("POST", "/v1/recover", {"items": tail}).json()["items"]
    assert {item["id"]: item["status"] for item in back} == {
        kept["id"]: "held",
        changed["id"]: "restored",
        clash["id"]: "diverged",
        dropped["id"]: "restored",
        later["id"]: "restored",
    }
    items, cursor = seat.pages()
    assert cursor > old_cursor
    now = {item["id"]: (item["body"] or {}).get("name") for item in items}
    assert (now[changed["id"]], now[clash["id"]], now[dropped["id"]], now[later["id"]]) == ("改", "乙", None, "备份之后")
    before, after = ({item["id"]: item["token"] for item in each if item["id"] != clash["id"]} for each in (tail, items))
    assert before == after
    again = seat.ask("POST", "/v1/recover", {"items": tail}).json()["items"]
    assert {item["status"] for item in again} == {"held", "diverged"}


@pytest.mark.parametrize(("seen", "status"), [([], "diverged"), (["first"], "diverged"), (["first", "taken back"], "restored")])
def test_of_two_lost_histories_the_longer_does_not_replace_the_other(
    service: Service, seat: Seat, seen: list[str], status: str
) -> None:
    sent = instrument()
    seat.send(sent)
    (first,) = seat.pages()[0]
    own, lost, last = new_id(), new_id(), new_id()
    taken = first | {"op_id": own, "token": f"2.{own}", "parent": first["token"], "action": "update"}
    other = first | {"op_id": last, "token": f"4.{last}", "parent": f"3.{lost}", "action": "update"}
    other["seen"] = [{"first": first["token"], "taken back": f"2.{own}"}[name] for name in seen]
    told = [seat.ask("POST", "/v1/recover", {"items": [each]}).json()["items"][0]["status"] for each in (taken, other, first)]
    assert told == ["restored", status, "held"]


def test_recovery_takes_no_confidential_row_and_no_forged_token(service: Service, seat: Seat) -> None:
    sent = instrument()
    seat.send(sent)
    (item,) = seat.pages()[0]
    other = new_id()
    forged = item | {"id": other, "body": item["body"] | {"id": other}, "token": "9." + new_id()}
    hidden = item | {"id": other, "body": item["body"] | {"id": other, "confidential": True}}
    higher = item | {"op_id": other, "token": f"7.{other}"}
    answers = seat.ask("POST", "/v1/recover", {"items": [forged, hidden, higher]}).json()["items"]
    assert [answer["status"] for answer in answers] == ["refused", "refused", "diverged"]
    assert seat.pages()[0] == [item]


def test_recovery_takes_nothing_back_that_hangs_in_the_air(service: Service, seat: Seat) -> None:
    """No row without the one it refers to, and no deletion of one that another refers to; in the order of sending all come back."""
    owner = instrument()
    row = service_record(owner["id"])
    seat.send(owner, row)
    held, hanging = seat.pages()[0]
    other, op = new_id(), new_id()
    missing = hanging | {"id": other, "op_id": op, "token": f"1.{op}"}
    missing["body"] = hanging["body"] | {"id": other, "number": "R-0", "instrument_id": new_id()}
    dropped = [_deleted(each) for each in (held, hanging)]
    assert [_handed(seat, each) for each in (missing, dropped[0])] == ["refused", "refused"]
    assert seat.pages()[0] == [held, hanging]
    assert [_handed(seat, each) for each in reversed(dropped)] == ["restored", "restored"]
    assert _handed(seat, missing | {"body": missing["body"] | {"instrument_id": held["id"]}}) == "refused"


def test_recovery_takes_back_no_reversal_that_a_batch_would_refuse(service: Service, seat: Seat) -> None:
    """Another amount, a reversal of a reversal: refused as they are in a batch; the right one comes back, once."""
    owner = instrument()
    row = service_record(owner["id"])
    posting = create("posting", record_id=row["id"], amount_fen=60_000, posted_on="2026-01-11")
    seat.send(owner, row, posting)
    held = seat.pages()[0][-1]

    def reversing(original: dict[str, Any], amount_fen: int) -> dict[str, Any]:
        key, op = new_id(), new_id()
        body = held["body"] | {"id": key, "amount_fen": amount_fen, "reverses": original["id"]}
        return held | {"id": key, "op_id": op, "token": f"1.{op}", "body": body}

    assert [_handed(seat, reversing(held, amount)) for amount in (60_000, -59_999, 0)] == ["refused"] * 3
    assert seat.pages()[0][-1] == held
    right = reversing(held, -60_000)
    assert _handed(seat, right) == "restored"
    assert _handed(seat, reversing(right, 60_000)) == "refused"
    assert _handed(seat, reversing(held, -60_000)) == "diverged"


def _deleted(item: dict[str, Any]) -> dict[str, Any]:
    op = new_id()
    return item | {"op_id": op, "token": f"2.{op}", "parent": item["token"], "action": "delete", "body": None}


def _handed(seat: Seat, item: dict[str, Any]) -> str:
    (answer,) = seat.ask("POST", "/v1/recover", {"items": [item]}).json()["items"]
    return str(answer["status"])


def test_every_request_names_the_epoch(seat: Seat) -> None:
    del seat.headers["Yixiang-Epoch"]
    assert seat.ask("GET", "/v1/digest").json()["code"] == "epoch.missing"
