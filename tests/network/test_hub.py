"""The institution's own server: what it takes beyond the network, and what not even it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from desktop.store.create import metadata
from network import kinds, library
from tests.network.rig import Body, Seat, Service, create, instrument, service_record, update, uscc

_numbers = count(4000)


@pytest.fixture(scope="module")
def hub(new_database: Callable[[], str]) -> Iterator[Service]:
    running = Service(new_database(), "hub")
    yield running
    running.stop()


@pytest.fixture
def desk(hub: Service) -> Seat:
    return hub.seat(hub.institution(uscc(next(_numbers)), "齐鲁样本大学"))


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["problem"]["code"] if result["problem"] else result["status"] for result in results]


def payout() -> dict[str, Body]:
    """A whole payout and all it stands on, the ones referred to first."""
    owner = instrument()
    record = service_record(owner["id"])
    rows = {"instrument": owner, "service_record": record}
    rows["technician"] = create("technician", staff_number="T1", name="王技师")
    rows["posting"] = create("posting", record_id=record["id"], amount_fen=30_000, posted_on="2026-01-11")
    rows["receipt"] = create("receipt", posting_id=rows["posting"]["id"], fen=30_000, received_on="2026-01-20")
    rows["scheme"] = create("scheme", name="方案", from_on="2026-01-01", terms="{}")
    rows["cost_row"] = create("cost_row", kind="consumables", fen=0)
    rows["payout_run"] = create(
        "payout_run", number="FP1", to_on="2026-01-31", scheme_id=rows["scheme"]["id"], state="prepared", prepared_by="张会计"
    )
    run, technician = rows["payout_run"]["id"], rows["technician"]["id"]
    rows["payout_line"] = create(
        "payout_line", run_id=run, posting_id=rows["posting"]["id"], technician_id=technician, fen=30_000
    )
    rows["payout_share"] = create("payout_share", run_id=run, receiver="technician", technician_id=technician, fen=30_000)
    rows["payout_cost"] = create("payout_cost", run_id=run, cost_row_id=rows["cost_row"]["id"], fen=0)
    rows["month_event"] = create(
        "month_event", month="2026-01", verb="close", person="李审批", at="2026-02-01T00:00:00Z", prepared_by="张会计"
    )
    rows["person"] = create("person", name="李审批", role="approver")
    return rows


def test_a_hub_takes_people_payouts_and_contacts(desk: Seat) -> None:
    rows = payout()
    assert set(statuses(desk.send(*rows.values()))) == {"applied"}
    assert statuses(desk.send(create("customer", name="甲公司", phone="13800000000", internal=False))) == ["applied"]
    told = desk.ask("GET", "/v1/capabilities").json()
    assert (told["role"], set(told["kinds"])) == ("hub", set(kinds.KINDS))


def test_the_network_knows_no_such_kinds(seat: Seat) -> None:
    rows = payout()
    told = dict(zip(rows, statuses(seat.send(*rows.values())), strict=True))
    reported = {"instrument", "service_record", "posting", "receipt"}
    assert told == {name: "applied" if name in reported else "kind.unknown" for name in rows}
    assert set(seat.ask("GET", "/v1/capabilities").json()["kinds"]) == set(kinds.taken("network"))


@pytest.mark.parametrize(
    "name", ["person", "technician", "payout_run", "payout_line", "payout_share", "scheme", "cost_row", "month_event", "power_band", "pilot_service"]
)
def test_what_stays_in_the_institution_is_no_kind_of_the_network(name: str) -> None:
    """The tables whose every column stays in the institution: none of them may become a kind the network takes."""
    assert {column.info["reach"] for column in metadata.tables[name].columns} <= {"institution", "local"}
    assert name not in kinds.taken("network")


def test_not_even_a_hub_takes_a_confidential_row_or_a_pin(desk: Seat) -> None:
    secret, pin = instrument(confidential=True), create("person", name="王", role="finance", pin_hash="x")
    results = desk.send(secret, pin)
    assert statuses(results) == ["confidential.refused", "field.beyond_reach"]
    assert desk.pages()[0] == []


def test_payouts_hang_on_what_is_there_and_never_change(desk: Seat) -> None:
    rows = payout()
    results = desk.send(*rows.values())
    tokens = {name: result["token"] for name, result in zip(rows, results, strict=True)}
    again = desk.send(
        update(rows["payout_line"], tokens["payout_line"], fen=1),
        update(rows["receipt"], tokens["receipt"], fen=1),
        create("payout_share", run_id=rows["scheme"]["id"], receiver="x", fen=1),
    )
    assert statuses(again) == ["kind.immutable", "kind.immutable", "link.unknown"]


def test_how_a_payout_was_calculated_may_be_long(desk: Seat) -> None:
    """A tree that names the rows of thousands of postings; other texts are bounded as everywhere."""
    rows = payout()
    taken = rows["payout_run"]
    taken["body"] |= {"figure": "x" * 200_000, "findings": "y" * 30_000}
    assert statuses(desk.send(*rows.values())) == ["applied"] * len(rows)
    for name, n in (("figure", 1_000_001), ("reason", 20_001)):
        (result,) = desk.send(
            create("payout_run", **({**rows["payout_run"]["body"], "number": "FP2", name: "x" * n} | {"id": None}))
        )
        assert result["status"] == "refused"


def test_who_prepared_a_payout_does_not_approve_it(desk: Seat) -> None:
    rows = payout()
    token = {n: r["token"] for n, r in zip(rows, desk.send(*rows.values()), strict=True)}["payout_run"]
    run = rows["payout_run"]
    wrong = [
        update(run, token, state="approved", approved_by="张会计"),
        update(run, token, state="approved"),
        update(run, token, state="elsewhere"),
    ]
    results = desk.send(*wrong, update(run, token, state="approved", approved_by="李审批"))
    assert statuses(results) == ["field.invalid", "field.missing", "field.invalid", "applied"]


def test_numbers_of_several_fields_are_unique_together(desk: Seat) -> None:
    first = create("parameter", name="阈值", from_on="2026-01-01", value="1", document="文一")
    second = create("parameter", name="阈值", from_on="2026-06-01", value="2", document="文二")
    same = create("parameter", name="阈值", from_on="2026-01-01", value="3", document="文三")
    joined = create("parameter", name='阈值","2026', from_on="2026-01-01", value="3", document="文三")
    assert statuses(desk.send(first, second, same, joined)) == ["applied", "applied", "key.taken", "applied"]


def test_very_long_numbers_are_compared_whole(desk: Seat) -> None:
    long = "长" * 10_000
    rows = [instrument(asset_number=text) for text in (long, long + "甲", long)]
    assert statuses(desk.send(*rows)) == ["applied", "applied", "key.taken"]


def test_a_reversed_receipt_takes_back_exactly_what_was_received(desk: Seat) -> None:
    rows = payout()
    desk.send(*rows.values())
    receipt = rows["receipt"]

    def back(fen: int, **more: object) -> Body:
        usual: Body = {"posting_id": rows["posting"]["id"], "fen": fen, "received_on": "2026-02-01", "reverses": receipt["id"]}
        return create("receipt", **(usual | more))

    assert statuses(desk.send(back(-29_999), back(-30_000), back(-30_000))) == ["receipt.reversal", "applied", "key.taken"]


def test_an_answer_goes_to_a_notice_of_ones_own(hub: Service, desk: Seat) -> None:
    home = hub.institution(uscc(next(_numbers)), "泉城样本仪器公司")
    with hub.db.write() as connection:
        foreign = library.send_notice(connection, home, "rectification", "整改", "请补报。", "2026-01-15", "2026-02-15")
    owner = hub.seat(home)
    answer = {"notice_id": foreign, "text": "已补报。", "answered_on": "2026-01-20"}
    assert statuses(desk.send(create("notice_answer", **answer))) == ["link.unknown"]
    assert statuses(owner.send(create("notice_answer", **answer))) == ["applied"]
    assert statuses(owner.send(create("notice_answer", **(answer | {"text": ""})))) == ["field.missing"]


def test_one_reversal_of_a_payout_run_stands(desk: Seat) -> None:
    rows = payout()
    desk.send(*rows.values())
    told = {
        "to_on": "2026-01-31",
        "scheme_id": rows["scheme"]["id"],
        "prepared_by": "张会计",
        "reverses": rows["payout_run"]["id"],
    }
    back = create("payout_run", number="FP2", state="prepared", **told)
    (taken,) = desk.send(back)
    second = create("payout_run", number="FP3", state="prepared", **told)
    assert statuses(desk.send(second)) == ["payout_run.twice"]
    assert statuses(desk.send(create("payout_run", number="FP4", state="withdrawn", **told))) == ["applied"]
    assert statuses(desk.send(update(back, taken["token"], state="withdrawn"), second)) == ["applied", "applied"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (create("month_event", month="2026-13", verb="close", person="李", at="2026-02-01T00:00:00Z"), "field.invalid"),
        (create("month_event", month="2026-01", verb="open", person="李", at="2026-02-01T00:00:00Z"), "field.invalid"),
        (create("month_event", month="2026-01", verb="close", person="李", at="2026-02-01T00:00:00Z"), "field.missing"),
        (
            create("month_event", month="2026-01", verb="close", person="李", at="2026-02-01T00:00:00Z", prepared_by="李"),
            "field.invalid",
        ),
        (create("month_event", month="2026-01", verb="reopen", person="李", at="2026-02-01T00:00:00Z"), "applied"),
        (create("institution", name="单位", uscc="123700004000000180"), "field.invalid"),
        (create("institution", name="单位", uscc="123700004000000181"), "applied"),
        (create("cost_row", kind="x", fen=-1), "field.range"),
        (create("cost_row", kind="x", fen=1, instrument_id="x"), "field.invalid"),
        (create("transaction_statement", year=1999, amount_fen=0), "field.range"),
        (
            create("attachment", of_kind="nothing", of_id="0198c5a0-0000-4000-8000-0000000000f0", name="a", sha256="ab" * 32),
            "field.invalid",
        ),
    ],
)
def test_each_kind_is_judged_by_its_rule(desk: Seat, row: Body, expected: str) -> None:
    assert statuses(desk.send(row)) == [expected]
