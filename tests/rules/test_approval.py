"""Four eyes: who may take which step, and the steps of a run and a month in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from desktop.ledger.allocation import MonthEvent, PayoutRun
from desktop.ledger.finding import Finding
from desktop.ledger.people import ROLES, Person
from desktop.rules import approval

NOW = datetime(2025, 10, 8, 2, tzinfo=UTC)
STATES = ("prepared", "withdrawn", "approved", "closed", "reversed")


def person(role: str = "approver", key: str = "p2", *, active: bool = True) -> Person:
    return Person(key, "王主任", role, "", active)


def run(state: str = "prepared", by: str = "p1") -> PayoutRun:
    return PayoutRun("r", "2025-001", date(2025, 9, 30), "s", state, "posted", 0, 0, 0, "{}", by, NOW)  # type: ignore[arg-type]  # parametrised


def event(verb: str, month: str = "2025-08", hour: int = 1) -> MonthEvent:
    return MonthEvent(f"e{hour}", month, verb, "p2", "", NOW.replace(hour=hour))  # type: ignore[arg-type]  # parametrised


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in findings]


def test_the_auditor_changes_nothing() -> None:
    assert all(approval.may(person("auditor"), step) for step in approval.ROLES_FOR)


def test_every_step_has_somebody_and_only_known_roles() -> None:
    assert all(roles and set(roles) <= set(ROLES) for roles in approval.ROLES_FOR.values())


def test_some_two_people_can_take_a_run_all_the_way() -> None:
    for step, other in product(approval.ROLES_FOR["prepare"], approval.ROLES_FOR["approve"]):
        assert not approval.may(person(step, "p1"), "prepare")
        assert not approval.approve(run(), person(other))


def test_a_person_out_of_service_takes_no_step() -> None:
    assert codes(approval.may(person(active=False), "approve")) == ["person.retired"]


def test_an_unknown_step_is_a_slip_of_the_program() -> None:
    with pytest.raises(KeyError):
        approval.may(person(), "dance")


def test_nobody_approves_their_own_run() -> None:
    assert codes(approval.approve(run(by="p2"), person())) == ["payout.same_person"]


@pytest.mark.parametrize("state", STATES)
def test_a_run_moves_only_along_its_states(state: str) -> None:
    def refused(found: tuple[Finding, ...]) -> bool:
        return codes(found) == ["payout.run_state"]

    assert refused(approval.approve(run(state), person())) is (state != "prepared")
    assert refused(approval.withdraw(run(state), person())) is (state != "prepared")
    assert refused(approval.close(run(state), person())) is (state != "approved")
    assert refused(approval.reverse(run(state), person(), "写错")) is (state not in ("approved", "closed"))


def test_a_reversal_needs_a_reason_and_a_role() -> None:
    assert codes(approval.reverse(run("closed"), person(), "  ")) == ["payout.no_reason"]
    assert codes(approval.reverse(run("closed"), person("lab_manager"), "写错")) == ["person.not_allowed"]


@pytest.mark.parametrize(("today", "expected"), [(date(2025, 8, 31), ["payout.month_not_over"]), (date(2025, 9, 1), [])])
def test_a_month_is_closed_when_it_is_over(today: date, expected: list[str]) -> None:
    assert codes(approval.prepare_month("2025-08", person("finance"), [], today)) == expected
    prepared = [replace(event("prepare"), person="p1")]
    assert codes(approval.close_month("2025-08", person(), prepared, today)) == expected


def test_a_closed_month_is_not_closed_again_and_open_drafts_are_told() -> None:
    found = approval.prepare_month("2025-08", person("finance"), [event("close")], date(2025, 9, 1), n_drafts=2)
    assert [(one.code, one.severity) for one in found] == [("payout.month_closed", "error"), ("payout.month_drafts", "warning")]


@pytest.mark.parametrize("month", ["2025", "2025Q3", "2025-13", "August", " 2025-08"])
def test_what_is_no_month_is_refused(month: str) -> None:
    assert codes(approval.close_month(month, person(), [], date(2030, 1, 1))) == ["payout.month_unreadable"]


def test_the_last_event_decides_whether_a_month_is_closed() -> None:
    events = [event("close", hour=3), event("reopen", hour=2), event("close", hour=1), event("close", "2025-07", 4)]
    assert approval.closed_months(events) == {"2025-07", "2025-08"}
    assert approval.closed_months([*events, event("reopen", hour=5)]) == {"2025-07"}


def test_reopening_takes_role_reason_and_a_closed_month() -> None:
    closed = [event("close")]
    assert approval.reopen_month("2025-08", person(), closed, "漏记 3 条") == ()
    assert codes(approval.reopen_month("2025-08", person("finance"), closed, "漏记")) == ["person.not_allowed"]
    assert codes(approval.reopen_month("2025-08", person(), closed, " ")) == ["payout.month_no_reason"]
    assert codes(approval.reopen_month("2025-08", person(), [], "漏记")) == ["payout.month_open"]
