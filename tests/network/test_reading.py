"""Reading: pages without gaps, the digest of the contract, institutions apart, the library."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st

from network import canonical, library, schema
from tests.network.contract import contract
from tests.network.rig import Seat, Service, batch, delete, instrument, new_id, service_record, update, uscc


def digest_as_written(items: list[dict[str, Any]]) -> str:
    """The digest computed from the contract's words, with nothing of the service's own code."""
    lines = []
    for item in items:
        if item["body"] is not None:
            body = json.dumps(item["body"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            fields = (item["kind"], item["id"], item["token"], hashlib.sha256(body).hexdigest())
            lines.append("\0".join(fields).encode() + b"\n")
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def test_pages_give_every_entity_once_as_it_is_now(seat: Seat) -> None:
    sent = [instrument(asset_number=f"A{n}") for n in range(7)]
    tokens = [result["token"] for result in seat.send(*sent)]
    seat.send(update(sent[2], tokens[2], name="改"), delete(sent[4], tokens[4]))
    items, cursor = seat.pages(limit=2)
    assert len(items) == 7
    assert [item["id"] for item in items[-2:]] == [sent[2]["id"], sent[4]["id"]]
    assert items[-1]["body"] is None
    assert seat.pages(cursor) == ([], cursor)
    seat.send(instrument(asset_number="B"))
    assert [item["body"]["asset_number"] for item in seat.pages(cursor)[0]] == ["B"]


def test_a_page_names_once_who_changed_what_is_in_it(service: Service, home: str, other: str) -> None:
    one, two, nameless, silent = (service.seat(home, name) for name in ("一号机", "二号机", "", "没有改过的"))
    first, second, third = instrument(asset_number="A1"), instrument(asset_number="A2"), instrument(asset_number="A3")
    token = one.send(first, second)[0]["token"]
    nameless.send(third)
    two.send(update(first, token, name="改"))
    page = silent.ask("GET", "/v1/changes").json()
    named = {told["id"]: told["name"] for told in page["devices"]}
    assert len(page["devices"]) == 2
    assert named == {one.device_id: "一号机", two.device_id: "二号机"}
    by = {item["body"]["asset_number"]: named.get(item["device_id"]) for item in page["items"]}
    assert by == {"A1": "二号机", "A2": "一号机", "A3": None}
    assert [told["name"] for told in silent.ask("GET", "/v1/changes", params={"limit": 1}).json()["devices"]] == ["一号机"]
    assert "devices" not in silent.ask("GET", "/v1/changes", params={"cursor": page["cursor"]}).json()
    assert "devices" not in service.seat(other).ask("GET", "/v1/changes").json()
    two.name = "改名的二号机"
    two.enrol(service.code(home))
    assert {told["name"] for told in silent.ask("GET", "/v1/changes").json()["devices"]} == {"一号机", "改名的二号机"}


def test_a_device_of_another_institution_is_not_named(service: Service, home: str, other: str) -> None:
    """Not even one that was of this institution when it sent something, and was moved by hand since."""
    gone, own = service.seat(home, "转走的"), service.seat(home, "留下的")
    gone.send(instrument(asset_number="A1"))
    with service.db.write() as connection:
        connection.execute(schema.device.update().where(schema.device.c.id == gone.device_id).values(institution_id=other))
    page = own.ask("GET", "/v1/changes").json()
    assert [item["device_id"] for item in page["items"]] == [gone.device_id]
    assert "devices" not in page


def test_the_last_page_tells_the_digest_at_its_cursor_where_it_is_asked_for(seat: Seat) -> None:
    seat.send(*(instrument(asset_number=f"A{n}") for n in range(3)))
    first = seat.ask("GET", "/v1/changes", params={"limit": 2, "digest": "true"}).json()
    assert first["more"] is True
    assert "digest" not in first
    last = seat.ask("GET", "/v1/changes", params={"cursor": first["cursor"], "digest": "true"}).json()
    assert last["digest"] == seat.ask("GET", "/v1/digest").json()
    assert last["digest"]["cursor"] == last["cursor"]
    assert last["digest"]["digest"] == digest_as_written([*first["items"], *last["items"]])
    for unasked in ({}, {"digest": "false"}):
        assert "digest" not in seat.ask("GET", "/v1/changes", params=unasked).json()
    assert seat.ask("GET", "/v1/changes", params={"digest": "perhaps"}).json()["code"] == "request.invalid"


def test_the_digest_is_the_one_of_the_contract(seat: Seat) -> None:
    empty = seat.ask("GET", "/v1/digest").json()
    assert (empty["digest"], empty["n_entities"], empty["kinds"]) == (hashlib.sha256(b"").hexdigest(), 0, {})
    sent = [instrument(name='名\t"引\\号"\u007f\u2028é\u0001') for _ in range(5)]
    tokens = [result["token"] for result in seat.send(*sent)]
    seat.send(delete(sent[0], tokens[0]), service_record(sent[1]["id"]))
    items, cursor = seat.pages()
    told = seat.ask("GET", "/v1/digest").json()
    assert (told["digest"], told["n_entities"], told["cursor"]) == (digest_as_written(items), 5, cursor)
    records = [item for item in items if item["kind"] == "service_record"]
    assert told["kinds"]["service_record"] == {"n_entities": 1, "digest": digest_as_written(records)}
    assert digest_as_written(items[:-1]) != told["digest"]


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.booleans() | st.none(), max_size=6))
def test_the_canonical_form_reads_back_and_ignores_order(body: dict[str, Any]) -> None:
    try:
        written = canonical.encode(body)
    except UnicodeEncodeError:
        assert any("\ud800" <= sign <= "\udfff" for text in [*body, *body.values()] if isinstance(text, str) for sign in text)
        return
    assert json.loads(written) == body
    assert written == json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical.encode(dict(reversed(body.items()))) == written


def test_institutions_see_nothing_of_each_other(service: Service, seat: Seat, other: str) -> None:
    stranger = service.seat(other)
    sent = instrument(name="甲校电镜", phone="0531-0000")
    seat.send(sent, service_record(sent["id"]))
    assert stranger.pages()[0] == []
    assert stranger.ask("GET", "/v1/digest").json()["n_entities"] == 0
    path = {"kind": "instrument", "id": sent["id"]}
    assert stranger.ask("GET", "/v1/entities/{kind}/{id}", path=path).json()["code"] == "entity.unknown"
    unknown = stranger.send(service_record(sent["id"]))[0]
    assert unknown["problem"]["code"] == "link.unknown"
    same_key = stranger.send(instrument(id=sent["id"], name="乙的"))[0]
    assert same_key["status"] == "applied"
    assert seat.pages()[0][0]["body"]["name"] == "甲校电镜"


def test_the_same_batch_key_in_two_institutions_is_two_batches(service: Service, seat: Seat, other: str) -> None:
    sent = batch(instrument())
    stranger = service.seat(other)
    assert seat.ask("POST", "/v1/batches", sent).json()["results"][0]["status"] == "applied"
    assert stranger.ask("GET", "/v1/batches/{key}", path={"key": sent["key"]}).status_code == 404
    assert stranger.ask("POST", "/v1/batches", sent).json()["results"][0]["status"] == "applied"


def test_the_catalogue_shows_public_fields_of_other_institutions(fresh: Service) -> None:
    seat = fresh.seat(fresh.institution(uscc(1), "齐鲁样本大学"))
    seat.send(instrument(name="自己的"))
    stranger = fresh.seat(fresh.institution(uscc(2), "泉城样本仪器公司"))
    shown = instrument(name="别家的", city="青岛", phone="0532-0000", contact="李四", value_fen=5)
    gone = instrument(name="已删")
    token = stranger.send(shown, gone)[1]["token"]
    stranger.send(delete(gone, token))
    entries = [{"id": new_id(), "institution_name": "外省单位", "name": f"仪{n}"} for n in range(4)]
    with fresh.db.write() as connection:
        connection.execute(sqlalchemy.insert(schema.catalogue), [library.catalogue_row(entry) for entry in entries])
    items: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        page = seat.ask("GET", "/v1/catalogue", params={"cursor": cursor, "limit": 2}).json()
        items, cursor, more = items + page["items"], page["cursor"], page["more"]
    assert sorted(item["name"] for item in items) == ["仪0", "仪1", "仪2", "仪3", "别家的"]
    mine = next(item for item in items if item["name"] == "别家的")
    assert mine == {"id": shown["id"], "institution_name": "泉城样本仪器公司", "name": "别家的", "city": "青岛"}


def test_code_books_and_notices(service: Service, seat: Seat, home: str, other: str) -> None:
    with service.db.write() as connection:
        version = library.put_codebook(connection, "benchmarks", {"2025": {"effective_hours": 1599}})
        library.send_notice(connection, home, "rectification", "整改通知", "请补报。", "2026-01-15", "2026-02-15")
        library.send_notice(connection, other, "information", "给别人的", "", "2026-01-15", None)
    assert seat.ask("GET", "/v1/reference").json()["items"] == [{"name": "benchmarks", "version": version}]
    book = seat.ask("GET", "/v1/reference/{codebook}", path={"codebook": "benchmarks"}).json()
    assert book["content"] == {"2025": {"effective_hours": 1599}}
    assert seat.ask("GET", "/v1/reference/{codebook}", path={"codebook": "none"}).json()["code"] == "reference.unknown_book"
    with pytest.raises(ValueError, match="JSON"), service.db.write() as connection:
        library.put_codebook(connection, "benchmarks", {"a": float("nan")})
    notices = seat.ask("GET", "/v1/notices").json()
    assert [notice["title"] for notice in notices["items"]] == ["整改通知"]
    assert seat.ask("GET", "/v1/notices", params={"cursor": notices["cursor"]}).json()["items"] == []


def test_open_routes_need_no_token(service: Service) -> None:
    anyone = Seat(service.base)
    told = anyone.ask("GET", "/v1/capabilities").json()
    assert (told["server_id"], told["role"], told["limits"]["n_changes"]) == (service.db.server_id, "network", 500)
    assert anyone.ask("GET", "/v1/health").json() == {"status": "ok"}
    assert anyone.ask("GET", "/v1/openapi.yaml").text.startswith("openapi: 3.1.0")
    assert contract()["openapi"] == "3.1.0"
