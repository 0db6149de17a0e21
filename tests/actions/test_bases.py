"""Money received as the basis of payouts, and changing between the two bases: nothing lost, nothing paid twice."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import payouts, records
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from tests.actions.making import (
    AUGUST,
    FINANCE,
    JULY,
    JUNE,
    MAY,
    PINS,
    approve,
    everything,
    lines_of_counting_runs,
    others,
    paid,
    posted,
    prepare,
    reversed_run,
    scheme,
    settled,
    sound,
    whole,
)  # fmt: skip


def received(workspace: Workspace, number: str, on: date, fen: int) -> str:
    """Record money; the receipt's key."""
    before = {one.id for one in records.receipts(workspace, number)}
    records.receive(workspace, number, on, fen, f"FP-{fen}")
    return next(one.id for one in records.receipts(workspace, number) if one.id not in before)


def refusal(workspace: Workspace, to: date, name: str) -> dict[str, list[str]]:
    """Code -> the records it names."""
    with pytest.raises(Refused) as caught:
        prepare(workspace, to, name)
    found: dict[str, list[str]] = {}
    for one in caught.value.findings:
        found.setdefault(one.code, []).append(dict(one.params).get("record", ""))
    return found


def test_each_receipt_brings_its_part(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    assert set(refusal(small, JUNE, "到账")) == {"payout.nothing_to_settle"}
    received(small, "R1", date(2025, 6, 3), 100_00)
    first = settled(small, JUNE, "到账")
    assert (first.income_fen, first.basis) == (100_00, "received")
    received(small, "R1", date(2025, 6, 20), 50_00)
    received(small, "R1", date(2025, 7, 3), 150_00)
    second = settled(small, JULY, "到账")
    assert second.income_fen == 200_00, "the late June receipt rides along"
    assert set(refusal(small, AUGUST, "到账")) == {"payout.nothing_to_settle"}
    with small.read() as connection:
        assert connection.exec_driver_sql("SELECT sum(minutes), sum(amount_fen) FROM payout_line").one() == (100, 300_00)
    assert sound(small)


def test_minutes_stay_what_they_were_whatever_comes_in_later_for_earlier_days(small: Workspace) -> None:
    """By minutes: a receipt entered late for an earlier day must not move the minutes of one that is settled."""
    payouts.add_scheme(small, scheme("到账机时", basis="received", weigh="minutes"))
    posted(small, "R1", minutes=100)
    last = received(small, "R1", date(2025, 6, 20), 99_99)
    settled(small, JUNE, "到账机时")
    received(small, "R1", date(2025, 6, 1), 33_33)
    records.receive_back(small, "R1", last, date(2025, 7, 1), "退款")
    run = settled(small, JULY, "到账机时")
    assert run.income_fen == 33_33 - 99_99
    received(small, "R1", date(2025, 7, 2), 300_00 - 33_33)
    settled(small, JULY, "到账机时")
    with small.read() as connection:
        assert connection.exec_driver_sql("SELECT sum(minutes), sum(amount_fen) FROM payout_line").one() == (100, 300_00)
    assert sound(small)


def test_a_mistyped_receipt_is_corrected_within_its_own_run(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    wrong = received(small, "R1", date(2025, 6, 3), 200_00)
    first = settled(small, JUNE, "到账")
    records.receive_back(small, "R1", wrong, None, "录错金额")
    received(small, "R1", date(2025, 6, 3), 20_00)
    run = settled(small, JUNE, "到账")
    assert run.income_fen == 20_00 - 200_00
    assert paid(run)["T001"] == 9_00 - paid(first)["T001"]
    assert sound(small)


def test_a_refund_is_taken_back_when_it_happens(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    came = received(small, "R1", date(2025, 6, 3), 200_00)
    records.receive_back(small, "R1", came, date(2025, 7, 3), "退款")
    first = settled(small, JUNE, "到账")
    assert first.income_fen == 200_00, "in June the money was there"
    second = settled(small, JULY, "到账")
    assert {number: -fen for number, fen in paid(second).items()} == paid(first)
    assert {name: -fen for name, fen in others(second).items() if fen} == {
        name: fen for name, fen in others(first).items() if fen
    }
    assert sound(small)


def test_a_posting_settled_whole_is_not_settled_again_by_its_receipts(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    settled(small, MAY)
    received(small, "R1", date(2025, 6, 3), 300_00)
    assert set(refusal(small, JUNE, "到账")) == {"payout.nothing_to_settle"}
    assert all(n == 1 for _, _, n in lines_of_counting_runs(small))


def test_a_reversal_of_a_posting_settled_whole_is_taken_back_under_either_basis(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    first = settled(small, MAY)
    records.reverse(small, "R1", "重复")
    run = settled(small, JUNE, "到账")
    assert (run.income_fen, run.basis) == (-300_00, "received")
    assert {number: -fen for number, fen in paid(run).items()} == paid(first)
    assert set(refusal(small, JUNE, "记账")) == {"payout.nothing_to_settle"}
    assert sound(small)


def test_a_posting_settled_by_receipts_and_reversed_later_is_taken_back_under_either_basis(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    posted(small, "R2", operator_name="T002")
    came = received(small, "R1", date(2025, 6, 3), 300_00)
    first = settled(small, JUNE, "到账")
    records.receive_back(small, "R1", came, date(2025, 6, 20), "退款")
    records.reverse(small, "R1", "作废")
    run = settled(small, JUNE, "记账")
    assert run.income_fen == 180_00 - 300_00
    assert paid(run) == {"T001": -paid(first)["T001"], "T002": 81_00}
    assert whole(run)
    for name in ("记账", "到账"):
        assert set(refusal(small, AUGUST, name)) == {"payout.nothing_to_settle"}
    assert sound(small)


def test_money_that_waits_for_its_basis_is_asked_for_by_name(small: Workspace) -> None:
    """R1 was settled by receipts; more came in. A run on fees posted would pass that money over, so it is refused first."""
    posted(small, "R1", minutes=100)
    posted(small, "R2", operator_name="T002")
    received(small, "R1", date(2025, 6, 3), 100_00)
    settled(small, JUNE, "到账")
    received(small, "R1", date(2025, 6, 20), 50_00)
    before = everything(small)
    with pytest.raises(Refused) as caught:
        payouts.preview(small, JUNE, "记账")
    assert everything(small) == before
    assert [(f.code, dict(f.params)) for f in caught.value.findings] == [
        ("payout.receipts_wait", {"record": "R1", "yuan": "50.00"})
    ]
    assert settled(small, JUNE, "到账").income_fen == 50_00
    run = settled(small, JUNE, "记账")
    assert run.income_fen == 180_00, "R2 whole; R1 stays on receipts"
    posted(small, "R3", operator_name="T002")
    run = prepare(small, JULY)
    assert approve(small, run).findings == run.findings, "the approver is told what was found when it was prepared"
    named = [(f.code, dict(f.params)) for f in run.findings if f.code == "payout.by_receipts"]
    assert named == [("payout.by_receipts", {"record": "R1", "yuan": "150.00"})]
    received(small, "R1", date(2025, 7, 20), 150_00)
    assert settled(small, JULY, "到账").income_fen == 150_00
    with small.read() as connection:
        assert connection.exec_driver_sql("SELECT sum(amount_fen) FROM payout_line").scalar_one() == 300_00 + 180_00 + 180_00
    assert sound(small)


def test_a_receipt_and_its_correction_that_nobody_settled_are_no_obstacle(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    posted(small, "R2")
    received(small, "R1", date(2025, 6, 3), 100_00)
    settled(small, JUNE, "到账")
    records.receive_back(small, "R1", received(small, "R1", date(2025, 6, 20), 50_00), None, "录错")
    assert settled(small, JUNE, "记账").income_fen == 180_00
    assert sound(small)


def test_a_run_taken_out_of_force_frees_the_basis(small: Workspace) -> None:
    posted(small, "R1", minutes=100)
    received(small, "R1", date(2025, 6, 3), 100_00)
    by_parts = settled(small, JUNE, "到账")
    assert set(refusal(small, JUNE, "记账")) == {"payout.nothing_to_settle"}
    reversed_run(small, by_parts)
    whole_run = prepare(small, JUNE, "记账", cost=None)
    assert whole_run.income_fen == 300_00
    payouts.withdraw(small, whole_run.number, FINANCE, PINS[FINANCE])
    assert approve(small, prepare(small, JUNE, "到账", cost=None)).income_fen == 100_00
    assert sound(small)


def test_more_than_the_fee_is_refused_by_name(small: Workspace) -> None:
    """The action refuses it; a receipt that came another way is found when the run is prepared."""
    posted(small, "R1", minutes=100)
    with small.write("from the hub") as operation:
        sql = "INSERT INTO receipt SELECT 't1', id, '2025-06-03', 30001, 'FP', NULL FROM posting"
        operation.connection.exec_driver_sql(sql)
    assert refusal(small, JUNE, "到账") == {"payout.over_received": ["R1"]}
