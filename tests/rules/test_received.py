"""Money received: each receipt settles its part, minutes included; refunds go back; too much is told."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ledger.allocation import Original
from desktop.ledger.service_record import Receipt
from desktop.rules.received import by_receipts
from tests.rules.payout_making import line, paid, reversal_of, scheme, settled

DAY = date(2025, 9, 1)


def receipt(key: str, fen: int, posting: str = "a", reverses: str | None = None, invoice: str = "FP-1") -> Receipt:
    return Receipt(key, posting, DAY, fen, invoice, reverses)


def test_each_part_brings_its_part() -> None:
    posting = line("a", 10_000, minutes=100, late=True)
    lines, told = by_receipts([posting], [receipt("r1", 3_333), receipt("r2", 6_667)], {})
    assert told == ()
    assert [(one.key, one.amount_fen, one.minutes, one.counted_on, one.late) for one in lines] == [
        ("r1", 3_333, 33, DAY, True), ("r2", 6_667, 67, DAY, True),
    ]  # fmt: skip
    result = settled(lines[1], scheme=scheme(basis="received"))
    assert (result.income_fen, paid(result)) == (6_667, {"T001": 5_333})


@settings(max_examples=50)
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.integers(0, 10_000))
def test_parts_of_a_posting_paid_in_full_are_the_posting(parts: list[int], minutes: int) -> None:
    posting = line("a", sum(parts), minutes=minutes)
    lines, told = by_receipts([posting], [receipt(f"r{n}", fen, invoice=f"FP-{n}") for n, fen in enumerate(parts)], {})
    assert told == ()
    assert sum(one.amount_fen for one in lines) == posting.amount_fen
    assert sum(one.minutes for one in lines) == minutes


def test_a_refund_before_any_run_cancels_its_receipt() -> None:
    receipts = [receipt("x1", -4_000, reverses="r1"), receipt("r1", 4_000), receipt("r2", 1_000)]
    lines, _ = by_receipts([line("a", 10_000)], receipts, {})
    assert settled(*lines, scheme=scheme(basis="received")).income_fen == 1_000


def test_a_refund_after_a_run_is_taken_back_at_what_was_paid() -> None:
    original = Original("l1", "2025-001", "t1", 4_000, 24, 2_000)
    lines, _ = by_receipts([line("a", 10_000)], [receipt("r1", 4_000), receipt("x1", -4_000, reverses="r1")], {"r1": original})
    (back,) = (one for one in lines if one.reverses)
    assert paid(settled(back, scheme=scheme(basis="received"))) == {"T001": -2_000}


def test_the_same_money_twice_is_told_while_some_of_it_is_to_be_settled() -> None:
    posting = line("a", 10_000)
    same = [receipt("r1", 4_000), receipt("r2", 4_000, invoice="ｆｐ–１ ")]

    def told(*receipts: Receipt, settled: dict[str, int] | None = None) -> list[tuple[str, str]]:
        return [(one.code, one.severity) for one in by_receipts([posting], receipts, {}, settled)[1]]

    assert told(*same) == told(*same, settled={"r1": 24}) == [("receipt.twice", "warning")]
    assert told(*same, settled={"r1": 24, "r2": 24}) == []
    assert told(*same, receipt("x2", -4_000, reverses="r2")) == []
    assert told(same[0], receipt("r2", 4_000, invoice="FP-2")) == told(same[0], receipt("r2", 4_001)) == []


def test_more_than_the_fee_is_refused() -> None:
    lines, told = by_receipts([line("a", 10_000)], [receipt("r1", 10_000), receipt("r2", 1)], {})
    assert lines == ()
    assert [(one.code, one.severity, one.key) for one in told] == [("payout.over_received", "error", "a")]
    assert by_receipts([line("a", 10_000)], [receipt("r1", 10_000)], {})[1] == ()


def test_money_for_a_free_record_is_refused_but_one_refunded_is_nothing() -> None:
    assert [one.code for one in by_receipts([line("a", 0)], [receipt("r1", 1)], {})[1]] == ["payout.over_received"]
    lines, told = by_receipts([line("a", 0)], [receipt("r1", 1), receipt("x1", -1, reverses="r1")], {})
    assert told == ()
    assert [one.minutes for one in lines] == [0, 0]


def test_money_kept_for_a_reversed_record_is_told() -> None:
    posting = line("a", 10_000)
    lines, told = by_receipts([posting, reversal_of(posting, "b")], [receipt("r1", 4_000)], {})
    assert len(lines) == 1
    assert [(one.code, one.severity) for one in told] == [("payout.received_for_reversed", "warning")]


def test_a_reversed_record_fully_refunded_is_quiet() -> None:
    posting = line("a", 10_000)
    receipts = [receipt("r1", 4_000), receipt("x1", -4_000, reverses="r1")]
    assert by_receipts([posting, reversal_of(posting, "b")], receipts, {})[1] == ()
