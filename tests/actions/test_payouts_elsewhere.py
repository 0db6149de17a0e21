"""A run that stays on its seat for a confidential line: the other seats know what it has settled, and nothing else of it."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import payout_views, payouts, posting, syncing
from desktop.store import payout_marks, unsettled
from desktop.words import say
from tests.actions.making import (
    AUGUST,
    FINANCE,
    INSIDE,
    JUNE,
    MAY,
    PINS,
    approve,
    declare,
    posted,
    prepare,
    refused,
    reversed_run,
    settled,
    settled_with_a_secret,
    sound,
)
from tests.actions.two_seats import Seats, exchange, in_step, rows


def test_what_a_withheld_run_has_settled_is_not_paid_again_elsewhere(seats: Seats) -> None:
    first, second = seats
    run = settled_with_a_secret(first)
    exchange(first, second)
    assert rows(second, "SELECT number FROM payout_run") == []
    assert rows(second, "SELECT record_number FROM posting ORDER BY 1") == [("R1",), ("R2",)]
    open_here = payout_views.open_balance(second, MAY, "记账")
    assert (open_here.payable.n, open_here.n_costs) == (0, 0)
    declare(second, 0, JUNE)
    told = refused(payouts.prepare, second, MAY, "记账", FINANCE, PINS[FINANCE])
    assert {"payout.nothing_to_settle", "payout.settled_elsewhere"} <= set(told)
    posted(second, "R4", day=date(2025, 6, 3))
    june = prepare(second, JUNE, cost=None)
    assert (june.income_fen, june.cost_fen) == (180_00, 0)
    (found,) = [one for one in june.findings if one.code == "payout.settled_elsewhere"]
    assert dict(found.params) == {"n": "2", "runs": run.number}
    assert run.number in say(found.code, **dict(found.params))
    assert june.number != run.number
    exchange(second, first)
    assert in_step(first, second)
    assert sound(first)
    assert sound(second)


def test_no_amount_and_nothing_confidential_leaves_with_the_marks(seats: Seats) -> None:
    first, second = seats
    settled_with_a_secret(first)
    exchange(first, second)
    secret = rows(first, "SELECT id, record_id, instrument_id FROM posting WHERE confidential = 1")[0]
    told = rows(second, "SELECT * FROM payout_mark")
    assert len(told) == 3
    assert not {str(value) for row in told for value in row} & {str(value) for value in secret}
    assert len(rows(first, "SELECT id FROM payout_mark")) == 4
    fens = {row[0] for row in rows(first, "SELECT fen FROM payout_line UNION SELECT amount_fen FROM payout_line UNION SELECT fen FROM payout_share") if row[0]}
    assert not fens & {value for row in told for value in row}


def test_a_reversal_frees_them_again_everywhere(seats: Seats) -> None:
    first, second = seats
    run = settled_with_a_secret(first)
    exchange(first, second)
    reversed_run(first, run)
    exchange(first, second)
    assert rows(second, "SELECT DISTINCT released FROM payout_mark") == [(1,)]
    again = prepare(second, MAY, cost=None)
    assert (again.income_fen, again.cost_fen) == (213_00, 50_00)
    assert not [one for one in again.findings if one.code == "payout.settled_elsewhere"]
    assert sound(second)


def test_what_is_reversed_later_is_taken_back_where_it_was_paid(seats: Seats) -> None:
    first, second = seats
    settled_with_a_secret(first)
    exchange(first, second)
    posting.reverse(second, "R1", "算错了")
    posted(second, "R5", day=date(2025, 8, 4))
    exchange(second, first)
    mine = prepare(second, AUGUST)
    assert mine.income_fen == 180_00
    payouts.withdraw(second, mine.number, FINANCE, PINS[FINANCE])
    exchange(second, first)
    back = prepare(first, AUGUST, cost=None)
    assert back.income_fen == 0
    assert [told.line.reverses is not None for told in payouts.statement(first, back.number, "T001")[2]] == [True, False]
    approve(first, back)
    exchange(first, second)
    # What the line had brought tells of the pool that the confidential income was in.
    assert rows(second, "SELECT number FROM payout_run WHERE state <> 'withdrawn'") == []
    assert rows(second, "SELECT run_number FROM payout_mark WHERE run_number = ?", back.number) == [(back.number,)] * 3
    reversed_run(first, back)
    exchange(first, second)
    assert rows(second, "SELECT number FROM payout_run WHERE state <> 'withdrawn'") == []
    assert in_step(first, second)
    assert sound(first)
    assert sound(second)


def test_a_run_that_names_a_confidential_posting_stays_at_its_seat_and_nothing_is_stuck(seats: Seats) -> None:
    """The basis has changed; the rest of a confidential posting is still to come and the approver is told of it."""
    first, second = seats
    posted(first, "R3", "S1")
    posting.receive(first, "R3", MAY, 30_00, "F-3")
    settled(first, name="到账")
    posted(first, "R2", "A2", day=date(2025, 6, 5), operator_name="T002")
    run = settled(first, JUNE)
    assert "payout.by_receipts" in [one.code for one in run.findings]
    exchange(first, second)
    assert in_step(first, second)
    assert rows(second, "SELECT number FROM payout_run") == []
    assert payout_views.open_balance(second, JUNE, "记账").payable.n == 0
    assert sound(first)
    assert sound(second)


def test_receipts_settled_by_a_withheld_run_wait_for_nobody(seats: Seats) -> None:
    first, second = seats
    posted(first, "R1", customer_name=INSIDE, contract="")
    posted(first, "R3", "S1")
    for number in ("R1", "R3"):
        posting.receive(first, number, MAY, 30_00, "F-" + number)
    settled(first, name="到账")
    exchange(first, second)
    assert payout_views.open_balance(second, MAY, "到账").payable.n == 0
    posting.receive(second, "R1", JUNE, 30_00, "F-2")
    late = prepare(second, JUNE, "到账")
    assert late.income_fen == 30_00
    assert [line.line.minutes for line in payouts.statement(second, late.number, "T001")[2]] == [30]
    (receipt,) = [one for one in posting.receipts(second, "R1") if one.fen == 30_00 and one.invoice_number == "F-R1"]
    payouts.withdraw(second, late.number, FINANCE, PINS[FINANCE])
    posting.receive_back(second, "R1", receipt.id, JUNE, "退款")
    assert prepare(second, JUNE, "到账", cost=None).income_fen == 30_00


def test_what_has_not_come_in_of_a_posting_a_withheld_run_settled_by_receipts_is_told_elsewhere_too(seats: Seats) -> None:
    """The basis changes to posted fees: such a posting is in no run of that basis, so its rest must not wait unseen."""
    first, second = seats
    posted(first, "R1")
    posted(first, "R3", "S1")
    for number in ("R1", "R3"):
        posting.receive(first, number, MAY, 30_00, "F-" + number)
    settled(first, name="到账")
    exchange(first, second)
    posted(second, "R4", day=date(2025, 6, 3))
    (found,) = [one for one in prepare(second, JUNE).findings if one.code == "payout.by_receipts"]
    assert dict(found.params) == {"record": "R1", "yuan": "150.00"}
    posting.receive(second, "R1", JUNE, 10_00, "F-2")
    assert "payout.receipts_wait" in refused(payouts.prepare, second, AUGUST, "记账", FINANCE, PINS[FINANCE])


def test_without_the_marks_the_same_money_would_be_paid_twice(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: a seat that does not look at the marks prepares what is paid already."""
    first, second = seats
    settled_with_a_secret(first)
    exchange(first, second)
    monkeypatch.setattr(unsettled, "WHOLE", unsettled.WHOLE.replace("m.released = 0", "0"))
    monkeypatch.setattr(payout_marks, "costs_away", lambda _connection: [])
    assert prepare(second, MAY, cost=None).income_fen == 213_00
    assert syncing.sync(second, remote="hub").parked == 0
