"""Closing months, by role and with reasons."""

from __future__ import annotations

import json
from datetime import date

import pytest

from desktop.actions import explaining, payouts, people, records
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Problem
from desktop.rules import approval
from tests.actions.making import (
    APPROVER,
    FINANCE,
    JUNE,
    LAB,
    OFFICE,
    PINS,
    approve,
    close_month,
    enter,
    everything,
    posted,
    prepare,
    refused,
    sound,
)


def test_months_are_closed_by_role_and_reopened_with_a_reason(small: Workspace) -> None:
    posted(small, "R1")
    enter(small, "R2")
    step = close_month(small, "2025-05")
    assert [(f.code, dict(f.params)["n"]) for f in step.findings] == [("payout.month_drafts", "1")]
    assert step.kinds == {"month_event"}
    (month,) = [m for m in payouts.months(small) if m.month == "2025-05"]
    assert (month.closed, month.person, month.n_drafts, month.n_posted) == (True, FINANCE, 1, 1)
    before = everything(small)
    assert refused(payouts.close_month, small, "2025-05", FINANCE, PINS[FINANCE]) == ["payout.month_closed"]
    assert refused(payouts.prepare_month, small, "2026-11", FINANCE, PINS[FINANCE]) == ["payout.month_not_over"]
    assert refused(payouts.prepare_month, small, "五月", FINANCE, PINS[FINANCE]) == ["payout.month_unreadable"]
    assert refused(payouts.close_month, small, "2025-04", LAB, PINS[LAB]) == ["person.not_allowed"]
    assert refused(payouts.reopen_month, small, "2025-05", FINANCE, PINS[FINANCE], "漏记") == ["person.not_allowed"]
    assert refused(payouts.reopen_month, small, "2025-05", APPROVER, PINS[APPROVER], " ") == ["payout.month_no_reason"]
    assert refused(payouts.reopen_month, small, "2025-04", APPROVER, PINS[APPROVER], "漏记") == ["payout.month_open"]
    assert refused(payouts.reopen_month, small, "2025-05", APPROVER, "0000", "漏记") == ["person.pin"]
    assert everything(small) == before
    payouts.reopen_month(small, "2025-05", APPROVER, PINS[APPROVER], "漏记一条")
    (month,) = [m for m in payouts.months(small) if m.month == "2025-05"]
    assert (month.closed, month.reason) == (False, "漏记一条")
    assert close_month(small, "2025-05", APPROVER)
    assert sound(small)


def test_what_is_posted_into_a_closed_month_rides_later_marked(small: Workspace) -> None:
    """No run has settled May: it is the close that makes a later posting late; a reopened month takes it as its own."""
    posted(small, "R1", day=date(2025, 5, 6))
    close_month(small, "2025-05")
    enter(small, "R2", day=date(2025, 5, 7))
    done = records.post(small, ["R2"])
    assert (done.posted, done.n_late) == (1, 1)
    posted(small, "R3", day=date(2025, 6, 7))
    payouts.reopen_month(small, "2025-05", APPROVER, PINS[APPROVER], "漏记")
    posted(small, "R4", day=date(2025, 5, 8))
    close_month(small, "2025-05")
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


def test_a_month_is_prepared_by_one_and_closed_by_another(small: Workspace) -> None:
    posted(small, "R1")
    before = everything(small)
    assert refused(payouts.close_month, small, "2025-05", FINANCE, PINS[FINANCE]) == ["payout.month_not_prepared"]
    assert everything(small) == before
    payouts.prepare_month(small, "2025-05", FINANCE, PINS[FINANCE])
    assert _state(small) == ("prepared", FINANCE, FINANCE)
    before = everything(small)
    assert refused(payouts.prepare_month, small, "2025-05", LAB, PINS[LAB]) == ["payout.month_prepared"]
    assert refused(payouts.close_month, small, "2025-05", FINANCE, PINS[FINANCE]) == ["payout.month_same_person"]
    assert refused(payouts.reopen_month, small, "2025-05", APPROVER, PINS[APPROVER], "漏记") == ["payout.month_open"]
    assert everything(small) == before
    payouts.withdraw_month(small, "2025-05", FINANCE, PINS[FINANCE])
    assert refused(payouts.withdraw_month, small, "2025-05", FINANCE, PINS[FINANCE]) == ["payout.month_not_prepared"]
    assert _state(small) == ("open", "", FINANCE)
    payouts.prepare_month(small, "2025-05", LAB, PINS[LAB])
    payouts.close_month(small, "2025-05", FINANCE, PINS[FINANCE])
    assert _state(small) == ("closed", LAB, FINANCE)
    assert refused(payouts.prepare_month, small, "2025-05", OFFICE, PINS[OFFICE]) == ["payout.month_closed"]
    payouts.reopen_month(small, "2025-05", APPROVER, PINS[APPROVER], "漏记")
    assert refused(payouts.close_month, small, "2025-05", FINANCE, PINS[FINANCE]) == ["payout.month_not_prepared"], "the old one is used up"
    assert sound(small)


def _state(workspace: Workspace) -> tuple[str, str, str]:
    (month,) = [one for one in payouts.months(workspace) if one.month == "2025-05"]
    return month.state, month.prepared_by, month.person


def test_the_database_refuses_a_close_by_one_person_alone(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The action's own check taken away on purpose: the ledger still takes no close by the one who prepared it."""
    posted(small, "R1")
    payouts.prepare_month(small, "2025-05", FINANCE, PINS[FINANCE])
    monkeypatch.setattr(approval, "close_month", lambda *given: ())
    before = everything(small)
    assert refused(payouts.close_month, small, "2025-05", FINANCE, PINS[FINANCE]) == ["payout.month_two_people"]
    monkeypatch.setattr(approval, "preparations", lambda events: {})
    assert refused(payouts.close_month, small, "2025-05", APPROVER, PINS[APPROVER]) == ["payout.month_two_people"]
    assert everything(small) == before


def test_a_step_by_somebody_without_a_pin_is_told_and_kept(small: Workspace) -> None:
    posted(small, "R1")
    people.add(small, "甲", "finance")
    step = payouts.prepare_month(small, "2025-05", "甲")
    assert "person.no_pin" in {f.code for f in step.findings}
    with small.read() as connection:
        params = connection.exec_driver_sql("SELECT params FROM operation WHERE name = 'month prepare'").scalar_one()
    assert json.loads(params)["pin"] == "none"


def _broken_in(workspace: Workspace, *statements: str) -> None:
    with workspace.write("broken") as operation:
        for sql in statements:
            operation.connection.exec_driver_sql(sql)


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TRIGGER payout_run_update", "UPDATE payout_run SET approved_by = '李审批'"),
        ("UPDATE payout_run SET state = 'closed', closed_by = '李审批'",),
        ("DROP TRIGGER fee_schedule_used", "UPDATE fee_schedule SET approved_by = '李审批'"),
        ("INSERT INTO month_event (id, month, verb, person, at) VALUES ('m', '2025-05', 'prepare', '李审批', '2025-06-01T00:00:00Z')",),
        ("DELETE FROM person",),
    ],
    ids=("approved", "closed", "fee", "month", "deleted"),
)
def test_who_acted_is_somebody_of_the_ledger(small: Workspace, statements: tuple[str, ...]) -> None:
    """By the database itself: the name of nobody is no approval, and whoever acted stays in the ledger."""
    posted(small, "R1")
    approve(small, prepare(small))
    before = everything(small)
    with pytest.raises(Problem, match=r"store\.in_use"):
        _broken_in(small, *statements)
    assert everything(small) == before
