"""Taking back: whole runs at the original ratio, single postings after their run, corrections, and what must stand meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from desktop.actions import payouts, records
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import Share
from tests.actions.making import (
    APPROVER,
    FINANCE,
    JULY,
    JUNE,
    MAY,
    PINS,
    approve,
    everything,
    others,
    paid,
    posted,
    prepare,
    refused,
    reversed_run,
    scheme,
    settled,
    some_work,
    sound,
    whole,
)  # fmt: skip


def test_a_reversed_run_is_paid_again_from_the_start(small: Workspace) -> None:
    some_work(small)
    first = settled(small, cost=10_00)
    back = reversed_run(small, first)
    assert {number: -fen for number, fen in paid(back).items()} == paid(first)
    assert {name: -fen for name, fen in others(back).items()} == others(first)
    assert (back.income_fen, back.cost_fen, back.pool_fen) == (-first.income_fen, -first.cost_fen, -first.pool_fen)
    assert payouts.show(small, first.number).state == "reversed"
    again = prepare(small, cost=None)
    assert (paid(again), again.income_fen, again.cost_fen) == (paid(first), first.income_fen, first.cost_fen)
    assert refused(payouts.reverse, small, first.number, FINANCE, PINS[FINANCE], "再")[0] == "payout.run_state"
    assert "payout.reverse_reversal" in refused(payouts.reverse, small, back.number, FINANCE, PINS[FINANCE], "再")
    assert sound(small)


def test_a_reversal_takes_effect_when_another_approves_it(small: Workspace) -> None:
    some_work(small)
    first = settled(small)
    waiting = payouts.reverse(small, first.number, FINANCE, PINS[FINANCE], "算错")
    assert payouts.show(small, first.number).state == "approved"
    assert refused(payouts.reverse, small, first.number, APPROVER, PINS[APPROVER], "又")[0] == "payout.reversing_already"
    assert refused(approve, small, waiting, FINANCE)[0] == "payout.same_person"
    assert refused(prepare, small)[1:] == ["payout.settled_already"]
    payouts.withdraw(small, waiting.number, FINANCE, PINS[FINANCE])
    assert reversed_run(small, first).state == "approved", "a withdrawn reversal does not stand in the way of another"
    assert sound(small)


def test_a_posting_reversed_before_any_run_pays_nobody(small: Workspace) -> None:
    some_work(small)
    records.reverse(small, "R2", "重复")
    run = prepare(small)
    assert run.income_fen == 339_00
    assert paid(run)["T002"] == 0
    approve(small, run)
    assert refused(prepare, small)[1:] == ["payout.settled_already"]
    assert sound(small)


def test_a_posting_reversed_after_its_run_is_taken_back_at_what_it_brought(small: Workspace) -> None:
    some_work(small)
    first = settled(small, cost=100_01)
    records.reverse(small, "R2", "重复")
    posted(small, "R5", day=date(2025, 6, 3), operator_name="T002")
    payouts.add_scheme(small, scheme("新比例", shares=(Share("technicians", "技术人员", "rest", Decimal("0.1")),)))
    run = settled(small, JUNE, "新比例")
    _, _, told = payouts.statement(small, run.number, "T002")
    assert [(one.record_number, one.line.amount_fen) for one in told] == [("R2", -300_00), ("R5", 180_00)]
    assert told[0].line.fen == -paid(first)["T002"], "R2 was all that T002 was paid for"
    assert run.income_fen == 180_00 - 300_00
    assert sum(paid(run).values()) == run.pool_fen == 18_00 - paid(first)["T002"]
    assert others(run)["学校"] < 0 < others(first)["学校"]
    assert whole(run)
    assert "payout.negative_share" in {f.code for f in run.findings}
    assert refused(prepare, small, JUNE)[1:] == ["payout.settled_already"], "what was taken back is not taken back again"
    assert sound(small)


def test_taking_back_everything_gives_back_every_fen(small: Workspace) -> None:
    some_work(small)
    first = settled(small, cost=0)
    for number in ("R1", "R2", "R3", "R4"):
        records.reverse(small, number, "全部作废")
    run = settled(small, JUNE)
    assert {number: -fen for number, fen in paid(run).items()} == paid(first)
    assert {name: -fen for name, fen in others(run).items() if fen} == {name: fen for name, fen in others(first).items() if fen}
    assert run.income_fen == -first.income_fen
    assert sound(small)


def test_a_run_stays_while_a_later_one_takes_back_its_lines(small: Workspace) -> None:
    some_work(small)
    first = prepare(small)
    records.reverse(small, "R2", "重复")
    posted(small, "R5", day=date(2025, 6, 3))
    later = prepare(small, JUNE)
    before = everything(small)
    assert refused(payouts.withdraw, small, first.number, FINANCE, PINS[FINANCE]) == ["payout.reverse_later"]
    assert everything(small) == before
    approve(small, first)
    assert refused(payouts.reverse, small, first.number, FINANCE, PINS[FINANCE], "错") == ["payout.reverse_later"]
    payouts.withdraw(small, later.number, FINANCE, PINS[FINANCE])
    waiting = payouts.reverse(small, first.number, FINANCE, PINS[FINANCE], "错")
    again = prepare(small, JUNE)
    assert refused(approve, small, waiting) == ["payout.reverse_later"], "asked again when the reversal is approved"
    payouts.withdraw(small, again.number, FINANCE, PINS[FINANCE])
    approve(small, waiting)
    assert prepare(small, JUNE).income_fen == 339_00 + 180_00
    assert sound(small)


def test_a_correction_and_the_mistake_never_fall_into_different_runs(small: Workspace) -> None:
    """The reversal is posted months later, but counts by the service, so a run up to May holds both or neither."""
    posted(small, "R1", minutes=100)
    first = settled(small)
    old = records.get(small, "R1")
    number = records.replace_record(small, "R1", replace(old, ended_at=old.started_at + timedelta(minutes=60)), "时间记错")
    records.post(small, [number])
    run = settled(small)
    assert run.income_fen == 180_00 - 300_00
    _, _, told = payouts.statement(small, run.number, "T001")
    assert sorted((one.record_number, one.line.amount_fen) for one in told) == [("R1", -300_00), ("R1-R1", 180_00)]
    assert paid(run)["T001"] == 81_00 - paid(first)["T001"]
    assert sound(small)


def test_a_correction_moved_to_an_earlier_day_brings_the_mistake_with_it(small: Workspace) -> None:
    """Twice corrected, the last to an earlier month: a run up to that month must take the paid one back, not pay it again."""
    posted(small, "R1", day=date(2025, 7, 5))
    settled(small, JULY)
    number = "R1"
    for day in (date(2025, 6, 5), date(2025, 5, 5)):
        old = records.get(small, number)
        shift = day - old.started_at.date()
        number = records.replace_record(
            small, number, replace(old, started_at=old.started_at + shift, ended_at=old.ended_at + shift), "日期记错"
        )
        records.post(small, [number])
    run = settled(small, MAY)
    assert (run.income_fen, run.pool_fen) == (0, 0)
    assert refused(prepare, small, JULY)[1:] == ["payout.settled_already"]
    assert sound(small)


def test_a_correction_moved_to_a_later_day_is_paid_later(small: Workspace) -> None:
    posted(small, "R1", day=date(2025, 5, 5))
    settled(small)
    old = records.get(small, "R1")
    shift = timedelta(days=60)
    number = records.replace_record(
        small, "R1", replace(old, started_at=old.started_at + shift, ended_at=old.ended_at + shift), "日期记错"
    )
    records.post(small, [number])
    assert settled(small, JUNE).income_fen == -180_00
    assert settled(small, JULY).income_fen == 180_00
    assert sound(small)


def test_each_of_several_partial_reversals_is_taken_back_at_the_original_ratio(small: Workspace) -> None:
    """Four records of one run are reversed one by one over three later runs: each time what it brought, together all of it."""
    payouts.add_scheme(small, scheme("系数", use_coefficient=True))
    some_work(small)
    first = settled(small, cost=100_01, name="系数")
    brought = {}
    for staff_number in ("T001", "T002", "T003"):
        _, _, told = payouts.statement(small, first.number, staff_number)
        brought |= {one.record_number: (staff_number, one.line.fen) for one in told}
    months = (JUNE, JULY, date(2025, 8, 31))
    for n, numbers in enumerate((["R2"], ["R1", "R3"], ["R4"])):
        for number in numbers:
            records.reverse(small, number, "作废")
        run = settled(small, months[n], name="系数")
        for number in numbers:
            staff_number, fen = brought[number]
            _, _, told = payouts.statement(small, run.number, staff_number)
            assert [one.line.fen for one in told if one.record_number == number] == [-fen]
        assert whole(run)
    runs = [payouts.show(small, run.number) for run in payouts.every(small)]
    assert sum(run.income_fen for run in runs) == 0
    for staff_number in ("T001", "T002", "T003"):
        back = sum(fen for who, fen in brought.values() if who == staff_number)
        assert paid(first)[staff_number] == back
    assert "payout.reverse_later" in refused(payouts.reverse, small, first.number, FINANCE, PINS[FINANCE], "错")
    assert sound(small)
