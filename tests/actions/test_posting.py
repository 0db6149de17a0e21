"""Posting on real ledgers: the price that is fixed, what refuses it, reversal, replacement, and money that came in."""

from __future__ import annotations

import tomllib
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import evaluations, importing, instruments, payouts, records
from desktop.actions.workspace import Workspace
from desktop.ledger import money
from desktop.ledger.problem import Refused
from desktop.ledger.service_record import ServiceRecord
from desktop.store.facts import CUSTOMERS, POSTINGS, RECEIPTS
from tests.actions.making import (
    AUGUST,
    INSIDE,
    MAY,
    OUTSIDE,
    approve,
    close_month,
    codes,
    draft,
    enter,
    everything,
    fee_version,
    posted,
    prepare,
    rows_of,
    sound,
)  # fmt: skip

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parents[1] / "cases" / "prices_posted.toml").read_text("utf-8"))[
    "case"
]


def _fen(text: str | None) -> int | None:
    return None if text is None else money.from_yuan(Decimal(text))


def _record(workspace: Workspace, case: dict[str, Any]) -> ServiceRecord:
    with workspace.read() as connection:
        customer = CUSTOMERS.find(connection, "internal = ?", (int(case["internal"]),), "name")[0]
    begin = datetime(2026, 2, 10, 1)
    return ServiceRecord(
        "", "CASE-1", instruments.get(workspace, case["asset"]).id, None, customer.name, begin, begin + timedelta(minutes=case["minutes"]),
        case["minutes"], case["item"], operator_name=case.get("operator", "T001"), contract=case.get("contract", "HT-9"),
        urgent=case.get("urgent", False), quantity=Decimal(case["quantity"]) if "quantity" in case else None,
        agreed_price_fen=_fen(case.get("agreed")), consumables_fen=_fen(case.get("consumables")), long_reason=case.get("long_reason", ""),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_price_worked_by_hand_is_what_is_posted(practice: Workspace, case: dict[str, Any]) -> None:
    records.add(practice, _record(practice, case))
    told = records.price(practice, "CASE-1")
    done = records.post(practice, ["CASE-1"])
    if "refused" in case:
        assert done.posted == 0
        assert [f.code for f in done.refused[0][1] if f.severity == "error"] == case["refused"]
        assert rows_of(practice)["posting"] == []
        return
    assert done.refused == ()
    with practice.read() as connection:
        (fixed,) = POSTINGS.find(connection)
    assert money.plain(fixed.amount_fen) == money.plain(done.amount_fen) == case["yuan"]
    assert told.priced is not None
    assert told.priced.amount_fen == fixed.amount_fen
    assert set(case.get("told", ())) <= {f.code for f in told.findings}
    assert (fixed.rule_text, fixed.minutes, fixed.service_month) == (
        told.priced.rule_text,
        case["minutes"],
        fixed.ended_on.isoformat()[:7],
    )
    assert fixed.rule_text
    assert records.price(practice, "CASE-1").posted_fen == fixed.amount_fen
    assert sound(practice)


def test_a_hundred_minutes_at_180_an_hour_are_300(small: Workspace) -> None:
    assert posted(small, "R1", minutes=100) == 300_00
    assert posted(small, "R2", minutes=100, customer_name=INSIDE, contract="") == 100_00


def test_the_whole_practice_month_is_posted_or_named(practice: Workspace) -> None:
    done = records.post(practice)
    with practice.read() as connection:
        states = dict(connection.exec_driver_sql("SELECT state, count(*) FROM service_record GROUP BY state").all())
        total = connection.exec_driver_sql("SELECT sum(amount_fen) FROM posting").scalar_one()
        zero = connection.exec_driver_sql("SELECT count(*) FROM posting WHERE amount_fen = 0").scalar_one()
    assert (states["posted"], states["draft"], total, zero) == (done.posted, len(done.refused), done.amount_fen, 0)
    assert done.posted + len(done.refused) == 502
    assert all(any(f.severity == "error" for f in told) for _, told in done.refused)
    assert {number for number, _ in done.refused} == {n for n, f in records.problems(practice) if f.severity == "error"}
    assert sound(practice)


def test_a_later_price_never_touches_what_is_posted(small: Workspace) -> None:
    posted(small, "R1", minutes=60)
    before = rows_of(small)["posting"]
    fee_version(small, "A1", date(2025, 5, 10), "测试", "小时", "70", "240")
    assert posted(small, "R2", day=date(2025, 5, 9)) == 180_00
    assert posted(small, "R3", day=date(2025, 5, 10)) == 240_00
    assert rows_of(small)["posting"][: len(before)] == before
    assert records.price(small, "R1").posted_fen == 180_00
    assert sound(small)


def test_a_used_version_cannot_end_before_its_use(small: Workspace) -> None:
    posted(small, "R1", day=date(2025, 5, 20))
    before = rows_of(small, but=("person",))["posting"]
    with pytest.raises(Refused, match="fee"):
        fee_version(small, "A1", date(2025, 5, 20), "测试", "小时", "70", "240")
    assert rows_of(small)["posting"] == before
    assert sound(small)


def test_posted_records_never_change(small: Workspace) -> None:
    posted(small, "R1")
    before = everything(small)
    for attempt in (
        lambda: records.change(small, replace(records.get(small, "R1"), minutes=10)),
        lambda: records.remove(small, ["R1"]),
        lambda: records.answer(small, "R1", records.Given(contract="HT-2")),
        lambda: records.post(small, ["R1"]),
        lambda: records.add(small, draft(small, "R1")),
    ):
        with pytest.raises(Refused):
            attempt()
        assert everything(small) == before


def test_one_bad_number_posts_nothing(small: Workspace) -> None:
    enter(small, "R1")
    before = everything(small)
    with pytest.raises(Refused, match="record.unknown"):
        records.post(small, ["R1", "R404"])
    assert everything(small) == before


def test_a_reversal_mirrors_its_posting(small: Workspace) -> None:
    fen = posted(small, "R1", minutes=100)
    assert records.reverse(small, "R1", "重复登记") == -fen
    with small.read() as connection:
        first, second = POSTINGS.find(connection, order="rowid")
    assert (second.reverses, second.amount_fen, second.minutes, second.ended_on) == (
        first.id,
        -first.amount_fen,
        -100,
        first.ended_on,
    )
    assert second.reason == "重复登记"
    assert records.get(small, "R1").state == "reversed"
    with pytest.raises(Refused, match="record.not_posted"):
        records.reverse(small, "R1", "再来")
    with pytest.raises(Refused, match="record.no_reason"):
        records.reverse(small, "R1", " ")
    assert sound(small)


def test_a_replacement_is_a_reversal_and_a_new_record_in_one_operation(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    right = replace(records.get(small, "R1"), ended_at=records.get(small, "R1").started_at + timedelta(minutes=50))
    number = records.replace_record(small, "R1", right, "时间记错")
    new = records.get(small, number)
    assert (number, new.replaces, new.minutes, new.state) == ("R1-R1", records.get(small, "R1").id, 50, "draft")
    assert records.post(small, [number]).amount_fen == 150_00
    assert records.replace_record(small, number, right, "又错") == "R1-R1-R1"
    assert records.replace_record(small, posted(small, "R9") and "R9", right, "x") == "R9-R1"
    assert sound(small)


def test_what_the_user_said_later_goes_over_to_the_replacement(small: Workspace) -> None:
    posted(small, "R1", minutes=100, rating="一般")
    evaluations.rate(small, "R1", "非常满意", date(2026, 1, 10))
    seen = records.get(small, "R1")
    number = records.replace_record(small, "R1", replace(seen, ended_at=seen.started_at + timedelta(minutes=50)), "时间记错")
    assert records.get(small, number).rating == "非常满意"
    posted(small, "R2")
    evaluations.rate(small, "R2", "非常满意", date(2026, 1, 10))
    given = records.replace_record(small, "R2", replace(records.get(small, "R2"), rating="不满意"), "评价登错")
    assert records.get(small, given).rating == "不满意", "what is given anew counts"


def test_a_replacement_that_cannot_be_stored_reverses_nothing(small: Workspace) -> None:
    posted(small, "R1")
    before = everything(small)
    wrong = replace(records.get(small, "R1"), ended_at=records.get(small, "R1").started_at)
    with pytest.raises(Refused, match="record.span"):
        records.replace_record(small, "R1", wrong, "时间记错")
    assert everything(small) == before


def test_overlap_is_a_problem_of_both_until_one_moves(small: Workspace) -> None:
    begin = datetime(2025, 5, 6, 9)
    for number, start in (("R1", begin), ("R2", begin + timedelta(minutes=30)), ("R3", begin + timedelta(minutes=90))):
        records.add(small, replace(draft(small, number), started_at=start, ended_at=start + timedelta(minutes=60)))
    assert [n for n, f in records.problems(small) if f.code == "record.overlap"] == ["R1", "R2"]
    done = records.post(small)
    assert (done.posted, [number for number, _ in done.refused]) == (1, ["R1", "R2"])
    moved = records.get(small, "R2")
    records.change(small, replace(moved, started_at=begin + timedelta(minutes=60), ended_at=begin + timedelta(minutes=80)))
    assert records.problems(small) == []
    assert records.post(small).posted == 2


def test_what_a_person_accepts_stays_on_the_record_with_the_reason(small: Workspace) -> None:
    begin = datetime(2025, 5, 6, 9)
    for number in ("R1", "R2"):
        records.add(small, replace(draft(small, number), started_at=begin, ended_at=begin + timedelta(minutes=60)))
        with pytest.raises(Refused, match="record.no_reason"):
            records.accept(small, number, "record.overlap", "")
        records.accept(small, number, "record.overlap", "双通道同时进样")
    assert records.post(small).posted == 2
    assert records.get(small, "R1").answers == ("record.overlap=双通道同时进样",)
    with pytest.raises(Refused, match="record.not_acceptable"):
        records.accept(small, enter(small, "R3"), "record.no_operator", "不知道")


def test_every_answer_clears_its_problem(small: Workspace) -> None:
    enter(small, "R1", operator_name="", contract="", customer_name="没登记的单位", minutes=1500)
    assert {f.code for _, f in records.problems(small, "R1")} == {
        "record.no_operator", "record.no_contract", "record.unknown_customer", "record.too_long",
    }  # fmt: skip
    records.answer(small, "R1", records.Given(operator="T002", contract="HT-7", customer=OUTSIDE, long_reason="整夜运行"))
    assert [f.severity for _, f in records.problems(small, "R1")] == ["note"]
    assert records.post(small, ["R1"]).posted == 1
    with pytest.raises(Refused, match="record.no_such_operator"):
        records.answer(small, enter(small, "R2"), records.Given(operator="没这个人"))
    with pytest.raises(Refused, match="record.no_such_customer"):
        records.answer(small, "R2", records.Given(customer="没这个单位"))


def test_of_namesakes_the_one_linked_stays_when_the_record_is_changed(small: Workspace, tmp_path: Path) -> None:
    enter(small, "R1", operator_name="T002", contract="")
    linked = records.get(small, "R1").operator_id
    path = tmp_path / "x.csv"
    path.write_text("工号,姓名\nT009,李二\n", "utf-8")
    importing.import_file(small, "technicians", path)
    records.answer(small, "R1", records.Given(contract="HT-1"))
    assert records.get(small, "R1").operator_id == linked
    enter(small, "R2", operator_name="李二")
    assert records.get(small, "R2").operator_id is None, "two carry the name: the program does not guess"


# Money received


def test_receipts_never_exceed_the_price(small: Workspace) -> None:
    posted(small, "R1")
    day = date(2025, 6, 1)
    assert records.receive(small, "R1", day, 100_00, "FP-1") == 80_00
    before = everything(small)
    for fen, on, invoice, code in (
        (80_01, day, "FP-2", "receipt.too_much"),
        (0, day, "FP-2", "receipt.amount"),
        (-5, day, "FP-2", "receipt.amount"),
        (1, date(2027, 1, 1), "FP-2", "receipt.future"),
        (1, day, " ", "receipt.no_invoice"),
    ):
        with pytest.raises(Refused, match=code):
            records.receive(small, "R1", on, fen, invoice)
    with pytest.raises(Refused, match="record.not_posted"):
        records.receive(small, enter(small, "R2"), day, 1, "FP-1")
    records.remove(small, ["R2"])
    assert rows_of(small)["receipt"] == before["receipt"]
    assert records.receive(small, "R1", day, 80_00, "FP-2") == 0


def test_a_receipt_entered_by_mistake_goes_back_on_its_own_day(small: Workspace) -> None:
    posted(small, "R1")
    records.receive(small, "R1", date(2025, 6, 1), 100_00, "FP-1")
    (wrong,) = records.receipts(small, "R1")
    with pytest.raises(Refused, match="record.no_reason"):
        records.receive_back(small, "R1", wrong.id, None, "")
    assert records.receive_back(small, "R1", wrong.id, None, "金额录错") == 180_00
    back = records.receipts(small, "R1")[-1]
    assert (back.reverses, back.fen, back.received_on, back.invoice_number) == (wrong.id, -100_00, wrong.received_on, "FP-1")
    for receipt_id in (wrong.id, back.id):
        with pytest.raises(Refused, match="receipt.back_already"):
            records.receive_back(small, "R1", receipt_id, None, "再冲")
    assert records.receive(small, "R1", date(2025, 6, 1), 180_00, "FP-1") == 0
    assert sound(small)


def test_a_refund_keeps_its_own_day(small: Workspace) -> None:
    posted(small, "R1")
    records.receive(small, "R1", date(2025, 6, 1), 100_00, "FP-1")
    (came,) = records.receipts(small, "R1")
    with pytest.raises(Refused, match="receipt.back_before"):
        records.receive_back(small, "R1", came.id, date(2025, 5, 31), "退款")
    with pytest.raises(Refused, match="receipt.future"):
        records.receive_back(small, "R1", came.id, date(2026, 11, 24), "退款")
    with pytest.raises(Refused, match="receipt.unknown"):
        records.receive_back(small, posted(small, "R2") and "R2", came.id, None, "退款")
    records.receive_back(small, "R1", came.id, date(2025, 7, 1), "退款")
    assert records.receipts(small, "R1")[-1].received_on == date(2025, 7, 1)


def test_a_record_with_money_against_it_is_not_reversed(small: Workspace) -> None:
    posted(small, "R1")
    records.receive(small, "R1", date(2025, 6, 1), 100_00, "FP-1")
    before = everything(small)
    with pytest.raises(Refused, match="record.receipts_stand"):
        records.reverse(small, "R1", "作废")
    with pytest.raises(Refused, match="record.receipts_stand"):
        records.replace_record(small, "R1", records.get(small, "R1"), "更正")
    assert everything(small) == before
    records.receive_back(small, "R1", records.receipts(small, "R1")[0].id, date(2025, 6, 20), "退款")
    records.reverse(small, "R1", "作废")
    assert len(records.receipts(small, "R1")) == 2
    assert sound(small)


def test_a_file_of_receipts_is_taken_once(small: Workspace, tmp_path: Path) -> None:
    posted(small, "R1")
    posted(small, "R2", "S1")
    path = tmp_path / "money.csv"
    lines = [
        "R1,2025-06-01,100.00,FP-1",
        "R1,2025-06-02,80.01,FP-2",
        "R2,2025-06-03,90,FP-3",
        "R404,2025-06-03,1,FP-4",
        "R1,2027-01-01,1,FP-5",
    ]
    path.write_text("记录编号,到账日期,金额（元）,发票号\n" + "\n".join(lines) + "\n", "utf-8")
    done = importing.import_file(small, "receipts", path)
    assert (done.accepted, done.rejected) == (2, 3)
    assert [f.code for f in done.findings if f.severity == "error"] == [
        "ledger_import.receipt_too_much", "ledger_import.unknown_record", "receipt.future",
    ]  # fmt: skip
    before = everything(small)
    again = importing.import_file(small, "receipts", path)
    assert (again.accepted, again.unchanged) == (0, 2)
    assert everything(small) == before
    with small.read() as connection:
        versions = {r.fen: uuid.UUID(r.id).version for r in RECEIPTS.find(connection)}
    assert versions == {100_00: 7, 90_00: 4}


# Confidential


def test_what_belongs_to_a_confidential_instrument_is_confidential_and_tells_no_time(small: Workspace) -> None:
    posted(small, "R1", "S1", minutes=60)
    records.receive(small, "R1", date(2025, 6, 1), 50_00, "FP-1")
    records.receive_back(small, "R1", records.receipts(small, "R1")[0].id, None, "录错")
    records.replace_record(small, "R1", records.get(small, "R1"), "更正")
    posted(small, "R2")
    with small.read() as connection:
        sql = (
            "SELECT id FROM instrument WHERE confidential = 1 UNION SELECT id FROM service_record WHERE confidential = 1 "
            "UNION SELECT id FROM posting WHERE confidential = 1 UNION SELECT t.id FROM receipt t JOIN posting p ON p.id = t.posting_id "
            "WHERE p.confidential = 1 UNION SELECT s.id FROM fee_schedule s JOIN instrument i ON i.id = s.instrument_id WHERE i.confidential = 1 "
            "UNION SELECT l.id FROM fee_line l JOIN fee_schedule s ON s.id = l.schedule_id JOIN instrument i ON i.id = s.instrument_id "
            "WHERE i.confidential = 1"
        )
        secret = [row[0] for row in connection.exec_driver_sql(sql)]
        open_ones = [row[0] for row in connection.exec_driver_sql("SELECT id FROM posting WHERE confidential = 0")]
        flags = dict(connection.exec_driver_sql("SELECT record_number, max(confidential) FROM posting GROUP BY 1").all())
    assert len(secret) == 1 + 2 + 2 + 2 + 1 + 1
    # A reversal's key is the hash of the original's, which tells no time either.
    assert sorted(uuid.UUID(key).version for key in secret) == [4] * 7 + [5] * 2
    assert {uuid.UUID(key).version for key in open_ones} == {7}
    assert flags == {"R1": 1, "R2": 0}


def test_confidential_keys_of_imported_files_tell_no_time(practice: Workspace) -> None:
    records.post(practice)
    with practice.read() as connection:
        tables = {
            "instrument": "confidential",
            "service_record": "confidential",
            "posting": "confidential",
            "fee_schedule": "instrument_id IN (SELECT id FROM instrument WHERE confidential = 1)",
        }
        for table, secret in tables.items():
            found = [
                (row[0], bool(row[1])) for row in connection.exec_driver_sql(f"SELECT id, coalesce({secret}, 0) FROM {table}")
            ]
            assert {uuid.UUID(key).version for key, hidden in found if hidden} == {4}, table
            assert {uuid.UUID(key).version for key, hidden in found if not hidden} == {7}, table


def test_an_instrument_stated_confidential_takes_its_records_with_it_and_stays(small: Workspace) -> None:
    """A fact that was missing is filled in by one person; what is stated changes by two (test_reclassifying)."""
    with pytest.raises(Refused, match="instrument.reclassify"):
        instruments.change(small, replace(instruments.get(small, "A1"), confidential=True))
    with small.write("not stated") as operation:
        operation.connection.exec_driver_sql("UPDATE instrument SET confidential = NULL WHERE asset_number = 'A1'")
    enter(small, "R1")
    instruments.change(small, replace(instruments.get(small, "A1"), confidential=True))
    assert records.get(small, "R1").confidential
    with pytest.raises(Refused, match="instrument.declassify"):
        instruments.change(small, replace(instruments.get(small, "A1"), confidential=False))
    records.post(small)
    with small.read() as connection:
        assert [p.confidential for p in POSTINGS.find(connection)] == [True]


# Late records


def test_a_late_record_rides_in_the_next_run_marked_with_its_month(small: Workspace) -> None:
    posted(small, "R1", day=date(2025, 5, 6))
    first = prepare(small, MAY)
    approve(small, first)
    close_month(small, "2025-05")
    posted(small, "R2", day=date(2025, 5, 7))
    posted(small, "R3", day=date(2025, 8, 7))
    run = prepare(small, AUGUST)
    _, _, told = payouts.statement(small, run.number, "T001")
    assert [(line.record_number, line.line.service_month, line.line.late) for line in told] == [
        ("R2", "2025-05", True),
        ("R3", "2025-08", False),
    ]
    assert "payout.late" in {f.code for f in run.findings}
    assert sound(small)


def test_refusals_name_their_records(small: Workspace) -> None:
    enter(small, "R1", operator_name="没这个人")
    (number, told) = records.post(small).refused[0]
    assert (number, [f.code for f in told if f.severity == "error"]) == ("R1", ["record.unknown_operator"])
    with pytest.raises(Refused) as caught:
        records.post(small, ["R7"])
    assert (codes(caught.value), caught.value.params["number"]) == (["record.unknown"], "R7")
