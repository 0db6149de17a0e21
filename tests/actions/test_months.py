"""Closing months, by role and with reasons."""

from __future__ import annotations

from desktop.actions import payouts
from desktop.actions.workspace import Workspace
from tests.actions.making import APPROVER, FINANCE, LAB, PINS, enter, everything, posted, refused, sound


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
