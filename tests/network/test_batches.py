"""Sending changes: once each, judged one by one, never over a newer state, money facts for ever."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.exc import DatabaseError

from tests.network.rig import Seat, Service, batch, create, delete, everything, instrument, new_id, service_record, update


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["status"] for result in results]


def code(result: dict[str, Any]) -> tuple[str, str, str | None]:
    return result["problem"]["code"], result["problem"]["action"], result["problem"].get("field")


def test_a_created_row_comes_back_as_it_was_sent_with_unknown_fields(seat: Seat) -> None:
    sent = instrument(name="质谱仪", a_field_of_tomorrow="保留", another=7)
    (result,) = seat.send(sent)
    item = seat.ask("GET", "/v1/entities/{kind}/{id}", path={"kind": "instrument", "id": sent["id"]}).json()
    assert item["body"] == sent["body"]
    assert (item["token"], item["parent"], item["action"], item["op_id"]) == (result["token"], None, "create", sent["op_id"])
    assert item["device_id"] == seat.device_id


def test_the_same_batch_again_gets_the_same_receipt_and_changes_nothing(seat: Seat) -> None:
    sent = batch(instrument())
    first = seat.ask("POST", "/v1/batches", sent)
    again = seat.ask("POST", "/v1/batches", sent)
    assert again.content == first.content
    assert "yixiang-replayed" not in first.headers
    assert again.headers["yixiang-replayed"] == "true"
    assert len(seat.pages()[0]) == 1
    kept = seat.ask("GET", "/v1/batches/{key}", path={"key": sent["key"]})
    assert kept.content == first.content


def test_a_batch_key_with_other_bytes_is_refused(seat: Seat) -> None:
    key = new_id()
    seat.send(instrument(), key=key)
    reply = seat.ask("POST", "/v1/batches", batch(instrument(), key=key))
    assert (reply.status_code, reply.json()["code"], reply.json()["action"]) == (409, "batch.key_reused", "stop")
    assert len(seat.pages()[0]) == 1


def test_the_same_operation_in_another_batch_is_a_duplicate_with_its_token(seat: Seat) -> None:
    sent = instrument()
    (first,) = seat.send(sent)
    (second,) = seat.send(sent)
    assert (second["status"], second["token"]) == ("duplicate", first["token"])


def test_an_operation_id_does_not_carry_two_contents(seat: Seat) -> None:
    sent = instrument()
    seat.send(sent)
    (result,) = seat.send(sent | {"body": sent["body"] | {"name": "别的"}})
    assert code(result) == ("operation.reused", "park", "op_id")


def test_a_change_on_an_old_state_is_stale_and_names_the_current_token(seat: Seat) -> None:
    sent = instrument()
    (first,) = seat.send(sent)
    (second,) = seat.send(update(sent, first["token"], name="新名"))
    (late,) = seat.send(update(sent, first["token"], name="晚到"))
    assert (late["status"], late["token"], late["problem"]["action"]) == ("stale", second["token"], "rebase")
    assert seat.pages()[0][0]["body"]["name"] == "新名"
    (unknown,) = seat.send(update(instrument(), first["token"]))
    assert (unknown["status"], unknown["token"]) == ("stale", None)
    (twice,) = seat.send(sent | {"op_id": new_id()})
    assert (twice["status"], twice["token"]) == ("stale", second["token"])


def test_one_refused_change_does_not_touch_the_other_499(seat: Seat) -> None:
    changes = [instrument(asset_number=f"A{n:04}") for n in range(500)]
    changes[137] = instrument(asset_number="")
    results = seat.send(*changes)
    assert statuses(results).count("applied") == 499
    assert code(results[137]) == ("field.missing", "park", "asset_number")


def test_changes_that_cannot_be_read_are_refused_alone(seat: Seat) -> None:
    good = instrument()
    broken: list[object] = [
        5,
        {"op_id": new_id()},
        good | {"op_id": new_id(), "action": "upsert"},
        good | {"op_id": new_id(), "parent": "1.x"},
        good | {"op_id": "not-a-uuid"},
        good | {"op_id": new_id(), "body": None},
        good | {"op_id": new_id(), "body": [1]},
    ]
    results = seat.send(*broken, good)
    assert statuses(results) == ["refused"] * 7 + ["applied"]
    assert {result["problem"]["code"] for result in results[:-1]} == {"change.malformed"}
    assert results[4]["op_id"] == "not-a-uuid"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value_fen": 12.5}, ("field.invalid", "value_fen")),
        ({"value_fen": "300000"}, ("field.invalid", "value_fen")),
        ({"value_fen": True}, ("field.invalid", "value_fen")),
        ({"value_fen": -1}, ("field.range", "value_fen")),
        ({"value_fen": 10**13 + 1}, ("field.range", "value_fen")),
        ({"yearly_hours": 1.5}, ("field.invalid", "yearly_hours")),
        ({"other": 2**53}, ("field.invalid", "other")),
        ({"nested": {"a": 1}}, ("field.invalid", "nested")),
        ({"listed": [1]}, ("field.invalid", "listed")),
        ({"text": "a\u0000b"}, ("field.invalid", "text")),
        ({"Name": "x"}, ("field.invalid", "Name")),
        ({"accepted_on": "2026-02-30"}, ("field.invalid", "accepted_on")),
        ({"accepted_on": "20260201"}, ("field.invalid", "accepted_on")),
        ({"class_code": "12345"}, ("field.invalid", "class_code")),
        ({"name": ""}, ("field.missing", "name")),
        ({"name": None}, ("field.missing", "name")),
    ],
)
def test_instruments_with_wrong_values_are_refused_by_field(
    seat: Seat, fields: dict[str, object], expected: tuple[str, str]
) -> None:
    wrong = instrument()
    wrong["body"] |= fields
    (result,) = seat.send(wrong)
    assert (result["status"], code(result)) == ("refused", (expected[0], "park", expected[1]))
    assert seat.pages()[0] == []


@pytest.mark.parametrize("said", [True, "是", "true", 1, "绝密"])
def test_a_confidential_row_is_refused_and_kept_nowhere(service: Service, seat: Seat, said: object) -> None:
    (result,) = seat.send(instrument(name="涉密标记七七四九", confidential=said))
    assert code(result) == ("confidential.refused", "park", "confidential")
    assert "涉密标记七七四九" not in everything(service)
    assert seat.pages()[0] == []


@pytest.mark.parametrize("said", [False, None])
def test_a_row_that_is_not_confidential_is_taken(seat: Seat, said: object) -> None:
    assert statuses(seat.send(instrument(confidential=said))) == ["applied"]


def test_numbers_are_unique_in_an_institution_and_free_again_after_deletion(service: Service, seat: Seat, other: str) -> None:
    first, second = instrument(asset_number="SB-1"), instrument(asset_number="SB-1")
    kept, refused = seat.send(first, second)
    assert code(refused) == ("key.taken", "park", "asset_number")
    assert statuses(service.seat(other).send(instrument(asset_number="SB-1"))) == ["applied"]
    assert statuses(seat.send(delete(first, kept["token"]))) == ["applied"]
    assert statuses(seat.send(second | {"op_id": new_id()})) == ["applied"]


def test_a_row_must_refer_to_rows_that_are_there(seat: Seat) -> None:
    owner, missing = instrument(), new_id()
    unknown, taken, record = seat.send(service_record(missing), owner, service_record(owner["id"]))
    assert code(unknown) == ("link.unknown", "park", "instrument_id")
    assert (unknown["problem"]["target_kind"], unknown["problem"]["target_id"]) == ("instrument", missing)
    assert (taken["status"], record["status"]) == ("applied", "applied")


@pytest.mark.parametrize("wrong", ["\0", "x" * 5000, 7, True, {"a": 1}, "é", " "])
def test_a_number_or_reference_that_no_database_could_hold_is_a_fault_of_its_field(seat: Seat, wrong: object) -> None:
    owner = instrument()
    seat.send(owner)
    record, as_text = service_record(owner["id"]), isinstance(wrong, str) and "\0" not in wrong
    for sent, field, sound in (
        (instrument(asset_number=wrong), "asset_number", as_text),
        (record | {"body": record["body"] | {"instrument_id": wrong}}, "instrument_id", False),
        (record | {"op_id": new_id(), "body": record["body"] | {"number": wrong}}, "number", as_text),
        (create("attachment", of_kind=wrong, of_id=owner["id"], name="a", sha256="ab" * 32), "of_kind", False),
        (create("attachment", of_kind="instrument", of_id=wrong, name="a", sha256="ab" * 32), "of_id", False),
        (create("attachment", of_kind="instrument", of_id=owner["id"], name="a", sha256=wrong), "sha256", False),
        (create("notice_answer", notice_id=wrong, text="a", answered_on="2026-01-16"), "notice_id", False),
    ):
        (result,) = seat.send(sent)
        assert (result["status"] == "applied") == sound, field
        assert sound or result["problem"]["field"] == field, field
    item = {"kind": "instrument", "id": owner["id"], "token": f"1.{owner['op_id']}", "parent": wrong, "action": "update"}
    reply = seat.ask("POST", "/v1/recover", {"items": [item | {"op_id": owner["op_id"], "body": owner["body"]}]})
    assert reply.json()["items"][0]["status"] == "refused"


def test_a_row_that_another_refers_to_is_not_deleted(seat: Seat) -> None:
    owner = instrument()
    record = service_record(owner["id"])
    first, second = seat.send(owner, record)
    (held,) = seat.send(delete(owner, first["token"]))
    assert code(held) == ("link.held", "park", "id")
    assert statuses(seat.send(delete(record, second["token"]), delete(owner, first["token"]))) == ["applied", "applied"]
    assert [item["body"] for item in seat.pages()[0]] == [None, None]


def test_a_record_ends_after_it_starts(seat: Seat) -> None:
    owner = instrument()
    results = seat.send(owner, service_record(owner["id"], ended_at="2026-01-10T09:00"))
    assert code(results[1]) == ("field.range", "park", "ended_at")


def test_only_reportable_fields_reach_the_network(seat: Seat) -> None:
    owner = instrument()
    results = seat.send(
        create("customer", name="甲公司", uscc="91370102MA0000015A", size_class="small"),
        create("customer", name="乙公司", phone="13800000000"),
        create("customer", name="丙公司", uscc="91370102MA0000015B"),
        owner,
        service_record(owner["id"], operator_name="张三"),
    )
    assert statuses(results) == ["applied", "refused", "refused", "applied", "refused"]
    assert [code(results[n])[::2] for n in (1, 2, 4)] == [
        ("field.beyond_reach", "phone"),
        ("field.invalid", "uscc"),
        ("field.beyond_reach", "operator_name"),
    ]


def test_postings_are_created_once_and_never_change(service: Service, seat: Seat) -> None:
    owner = instrument()
    record = service_record(owner["id"])
    posting = create("posting", record_id=record["id"], amount_fen=30_000, posted_on="2026-01-11")
    token = seat.send(owner, record, posting)[2]["token"]
    results = seat.send(update(posting, token, amount_fen=40_000), delete(posting, token))
    assert {code(result)[0] for result in results} == {"kind.immutable"}
    for statement in (
        "UPDATE entity SET token = 'x' WHERE kind = 'posting'",
        "DELETE FROM entity WHERE kind = 'posting'",
        "DELETE FROM feed",
    ):
        with pytest.raises(DatabaseError, match="append-only"), service.db.write() as connection:
            connection.execute(sqlalchemy.text(statement))


def test_a_reversal_takes_back_exactly_one_posting_once(seat: Seat) -> None:
    owner = instrument()
    record = service_record(owner["id"])
    posting = create("posting", record_id=record["id"], amount_fen=30_000, posted_on="2026-01-11")

    def reversal(amount_fen: int) -> dict[str, Any]:
        return create("posting", record_id=record["id"], amount_fen=amount_fen, posted_on="2026-01-12", reverses=posting["id"])

    results = seat.send(owner, record, posting, reversal(-29_999), reversal(-30_000), reversal(-30_000))
    assert statuses(results) == ["applied"] * 3 + ["refused", "applied", "refused"]
    assert (code(results[3])[0], code(results[5])[0]) == ("posting.reversal", "key.taken")


def test_an_entity_can_be_deleted_and_brought_back(seat: Seat) -> None:
    sent = instrument()
    (first,) = seat.send(sent)
    (gone,) = seat.send(delete(sent, first["token"]))
    (late,) = seat.send(update(sent, first["token"], name="晚"))
    assert (late["status"], late["token"]) == ("stale", gone["token"])
    (back,) = seat.send(update(sent, gone["token"]))
    assert back["status"] == "applied"
    assert seat.pages()[0][0]["body"] == sent["body"]


def test_create_and_update_in_one_batch_leave_the_last_state(seat: Seat) -> None:
    sent = instrument()
    results = seat.send(sent, update(sent, f"1.{sent['op_id']}", name="改后"))
    assert statuses(results) == ["applied", "applied"]
    (item,) = seat.pages()[0]
    assert (item["body"]["name"], item["token"]) == ("改后", results[1]["token"])


def test_validate_tells_the_same_and_keeps_nothing(seat: Seat) -> None:
    good, bad = instrument(), instrument(name="")
    told = seat.ask("POST", "/v1/validate", batch(good, bad)).json()["results"]
    assert statuses(told) == ["applied", "refused"]
    assert seat.pages()[0] == []
    assert statuses(seat.send(good, bad)) == ["applied", "refused"]


def test_a_deep_or_broken_body_is_a_problem_not_a_failure(seat: Seat) -> None:
    deep = json.dumps(batch(instrument()))[:-2].encode() + b',{"op_id":' + b"[" * 60_000
    surrogate = json.dumps(batch(instrument(name="X"))).replace('"X"', '"\\ud800"').encode()
    for raw in (surrogate, b"", b"{", b"[]", b"\xff\xfe", deep, json.dumps({"key": "k", "schema": 1, "changes": []}).encode()):
        reply = seat.ask("POST", "/v1/batches", raw=raw)
        assert (reply.status_code, reply.json()["code"]) == (400, "body.malformed"), raw[:20]


@pytest.mark.parametrize("other", ["SB-1 A ", " SB-1 A", "ＳＢ－１ Ａ", "\u3000SB-1\u3000 A"])
def test_a_number_is_the_same_whatever_its_width_and_the_spaces_around(seat: Seat, other: str) -> None:
    first, second = instrument(asset_number="SB-1 A"), instrument(asset_number=other)
    (one, two) = seat.send(first, second)
    assert (one["status"], two["problem"]["code"], two["problem"]["field"]) == ("applied", "key.taken", "asset_number")
    assert seat.send(update(first, one["token"], asset_number=other))[0]["status"] == "applied"
    assert [result["status"] for result in seat.send(instrument(asset_number="SB-1A"), instrument(asset_number="sb-1 a"))] == [
        "applied"
    ] * 2


def test_a_record_has_one_posting_that_stands(seat: Seat) -> None:
    owner = instrument()
    record = service_record(owner["id"])

    def posted(amount_fen: int, reverses: str | None = None) -> dict[str, Any]:
        return create("posting", record_id=record["id"], amount_fen=amount_fen, posted_on="2026-01-11", reverses=reverses)

    first, second = posted(60_000), posted(60_000)
    results = seat.send(owner, record, first, second)
    assert statuses(results) == ["applied"] * 3 + ["refused"]
    assert code(results[3]) == ("posting.twice", "park", "record_id")
    (later,) = seat.send(posted(60_000))
    assert code(later)[0] == "posting.twice"
    assert statuses(seat.send(posted(-60_000, first["id"]), posted(50_000), posted(50_000))) == ["applied", "applied", "refused"]


def test_versions_that_price_do_not_overlap_whatever_the_order_of_a_batch(seat: Seat) -> None:
    owner = instrument()
    dates = {"instrument_id": owner["id"], "state": "approved"}
    old = create("fee_schedule", from_on="2025-01-01", **dates)
    results = seat.send(owner, old)
    assert statuses(results) == ["applied", "applied"]
    new = create("fee_schedule", from_on="2026-01-01", **dates)
    (refused,) = seat.send(new)
    assert code(refused) == ("fee_schedule.overlap", "park", "from_on")
    ended = update(old, results[1]["token"], to_on="2026-01-01")
    assert statuses(seat.send(new, ended)) == ["applied", "applied"]
    other = instrument()
    elsewhere = create("fee_schedule", instrument_id=other["id"], state="approved", from_on="2025-01-01")
    before = create("fee_schedule", from_on="2024-01-01", to_on="2025-01-01", **dates)
    late = create("fee_schedule", from_on="2024-06-01", to_on="2024-07-01", **dates)
    assert statuses(seat.send(other, elsewhere, before, late)) == ["applied", "applied", "applied", "refused"]
