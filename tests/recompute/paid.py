"""What the invented institution pays its technicians: runs of several periods by schemes of several kinds, one reversed and made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from desktop.actions import payouts, people
from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import Scheme, Share
from tests.recompute.invented import Registers

PAID_TO = date(2024, 12, 31)
SCHEME, RECEIVED, PLAIN, BY_TIME = "净收入", "到账", "不计职务", "按工时"
FINANCE, APPROVER, PIN = "甲财务", "乙审批", "2468"


def first(workspace: Workspace, made: Registers, clock: Callable[[str], None]) -> str:
    """A scheme whose technicians' share is above the legal limit, others, and what was served before the year and in its first month paid.

    Answers the number of the second run, which another reverses.
    """
    people.add(workspace, FINANCE, "finance", PIN)
    people.add(workspace, APPROVER, "approver", PIN)
    shares = (
        Share("institution", "集团", "gross", Decimal("0.05")),
        Share("technicians", "技术人员", "rest", Decimal("0.95"), cap_rate=Decimal("0.9")),
        Share("laboratory", "实验室", "rest", Decimal(1)),
    )
    evaluations = tuple((one.staff_number, Decimal("1.1")) for one in made.technicians[::9])
    scheme = Scheme("", SCHEME, date(2024, 1, 1), "办〔2024〕1号", "posted", True, shares, "amount", True, "T0001", evaluations, date(2024, 10, 1))
    payouts.add_scheme(workspace, scheme)
    payouts.add_scheme(workspace, replace(scheme, name=RECEIVED, basis="received", weigh="minutes", include_internal=False, internal_from=None))
    other = tuple((one.staff_number, Decimal("0.85")) for one in made.technicians[::6])
    payouts.add_scheme(workspace, replace(scheme, name=PLAIN, use_coefficient=False, evaluations=other, remainder_to="T0002"))
    payouts.add_scheme(workspace, replace(scheme, name=BY_TIME, weigh="minutes", shares=(*shares[:2], replace(shares[2], name="平台"))))
    clock("2025-09-20")
    _paid(workspace, PAID_TO, SCHEME)
    return _paid(workspace, date(2025, 1, 31), PLAIN)


def later(workspace: Workspace, wrong: str, clock: Callable[[str], None]) -> None:
    """The second run reversed and made anew, with what was taken back of the first since; and another month by another scheme."""
    clock("2025-11-15")
    run = payouts.reverse(workspace, wrong, FINANCE, PIN, "系数有误")
    payouts.approve(workspace, run.number, APPROVER, PIN)
    _paid(workspace, date(2025, 1, 31), PLAIN)
    clock("2026-01-15")
    _paid(workspace, date(2025, 2, 28), BY_TIME)


def _paid(workspace: Workspace, to: date, scheme: str) -> str:
    run = payouts.prepare(workspace, to, scheme, FINANCE, PIN)
    return payouts.approve(workspace, run.number, APPROVER, PIN).number
