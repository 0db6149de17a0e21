"""Closing months, by role and with reasons."""

from __future__ import annotations

from datetime import date

from desktop.actions import explaining, payouts, records
from desktop.actions.workspace import Workspace
from tests.actions.making import APPROVER, FINANCE, JUNE, LAB, PINS, enter, everything, posted, prepare, refused, sound


def test_months_are_closed_by_role_and_reopened_with_a_reason(small: Workspace) -> None:
    posted(small, "R1")
    enter(small, "R2")
    step = payouts.close_month(small, "2025-05", FINANCE, PINS[FINANCE])
    assert [(f.code, dict(f.params)["n"]) for f in step.findings] == [("payout.month_drafts", "1")]
    assert step.kinds == {"month_event"}
    (month,) = [m for m in payouts.months(small) if m.month == "2025-05"]
    assert (month.closed, month.person, month.n_drafts, month.n_posted) == (True, FINANCE, 1, 1)
    before = everything(small)
    assert refused(payouts.close_month, small, "2025-05", FINANCE, PINS[FINANCE]) == ["payout.month_closed"]
    assert refused(payouts.close_month, small, "2026-11", FINANCE, PINS[FINANCE]) == ["payout.month_not_over"]
    assert refused(payouts.close_month, small, "五月", FINANCE, PINS[FINANCE]) == ["payout.month_unreadable"]
    assert refused(payouts.close_month, small, "2025-04", LAB, PINS[LAB]) == ["person.not_allowed"]
    assert refused(payouts.reopen_month, small, "2025-05", FINANCE, PINS[FINANCE], "漏记") == ["person.not_allowed"]
    assert refused(payouts.reopen_month, small, "2025-05", APPROVER, PINS[APPROVER], " ") == ["payout.month_no_reason"]
    assert refused(payouts.reopen_month, small, "2025-04", APPROVER, PINS[APPROVER], "漏记") == ["payout.month_open"]
    assert refused(payouts.reopen_month, small, "2025-05", APPROVER, "0000", "漏记") == ["person.pin"]
    assert everything(small) == before
    payouts.reopen_month(small, "2025-05", APPROVER, PINS[APPROVER], "漏记一条")
    (month,) = [m for m in payouts.months(small) if m.month == "2025-05"]
    assert (month.closed, month.reason) == (False, "漏记一条")
    assert payouts.close_month(small, "2025-05", APPROVER, PINS[APPROVER])
    assert sound(small)


def test_what_is_posted_into_a_closed_month_rides_later_marked(small: Workspace) -> None:
    """No run has settled May: it is the close that makes a later posting late; a reopened month takes it as its own."""
    posted(small, "R1", day=date(2025, 5, 6))
    payouts.close_month(small, "2025-05", FINANCE, PINS[FINANCE])
    enter(small, "R2", day=date(2025, 5, 7))
    done = records.post(small, ["R2"])
    assert (done.posted, done.n_late) == (1, 1)
    posted(small, "R3", day=date(2025, 6, 7))
    payouts.reopen_month(small, "2025-05", APPROVER, PINS[APPROVER], "漏记")
    posted(small, "R4", day=date(2025, 5, 8))
    payouts.close_month(small, "2025-05", FINANCE, PINS[FINANCE])
    records.reverse(small, "R1", "重复")
    run = prepare(small, JUNE)
    _, _, told = payouts.statement(small, run.number, "T001")
    assert {(line.record_number, line.line.amount_fen > 0, line.line.late) for line in told} == {
        ("R1", True, False), ("R1", False, True), ("R2", True, True), ("R4", True, False), ("R3", True, False)
    }  # fmt: skip
    assert [dict(f.params)["n"] for f in run.findings if f.code == "payout.late"] == ["1"]
    assert "record.figure.late" in {part.code for part in explaining.explain(small, "record", "R2").walk()}
    assert "record.figure.late" not in {part.code for part in explaining.explain(small, "record", "R4").walk()}
    assert sound(small)
