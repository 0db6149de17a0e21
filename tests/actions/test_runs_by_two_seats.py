"""One payout run that two seats take further before they sync: whatever each did, a choice ends it and the seats are equal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.actions import payouts, sync_resolving, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from desktop.store import payout_rivals
from tests.actions.making import APPROVER, FINANCE, OFFICE, PINS, approve, posted, prepare, reversed_run, settled, sound
from tests.actions.two_seats import Seats, exchange, in_step, rows

RUNS = "SELECT id, number, state, approved_by, closed_by, reverses FROM payout_run ORDER BY id"
HELD = "SELECT count(*) FROM payout_mark WHERE released = 0"
Step = Callable[[Workspace, str], object]


def decided(seats: Seats, side: str) -> list[str]:
    """Each decides as asked, or for the other side when that is refused, until nothing is contested; what was refused."""
    told = []
    for _ in range(4):
        for ledger in seats:
            syncing.sync(ledger, remote="hub")
            for found in syncing.conflicts(ledger, remote="hub"):
                for wanted in (side, {"mine": "theirs", "theirs": "mine"}[side]):
                    chosen = dict.fromkeys(sync_views.contested(found), wanted)
                    try:
                        sync_resolving.resolve(ledger, found.kind, found.id, chosen, "对过", remote="hub")
                        break
                    except Refused as refused:
                        told.append(refused.code)
    return told


def equal(seats: Seats) -> dict[str, str]:
    """Both hold the same and verify; number -> state of the runs."""
    assert in_step(*seats)
    assert rows(seats[0], RUNS) == rows(seats[1], RUNS)
    assert rows(seats[0], "SELECT * FROM payout_mark ORDER BY id") == rows(seats[1], "SELECT * FROM payout_mark ORDER BY id")
    for ledger in seats:
        assert sound(ledger)
    return {row[1]: row[2] for row in rows(seats[0], RUNS)}


def withdraws(ledger: Workspace, number: str) -> object:
    return payouts.withdraw(ledger, number, FINANCE, PINS[FINANCE])


def approves(ledger: Workspace, number: str) -> object:
    return approve(ledger, number)


def approves_too(ledger: Workspace, number: str) -> object:
    return approve(ledger, number, OFFICE)


def closes(ledger: Workspace, number: str) -> object:
    approve(ledger, number)
    return payouts.close(ledger, number, FINANCE, PINS[FINANCE])


def reverses(ledger: Workspace, number: str) -> object:
    return reversed_run(ledger, approve(ledger, number))


FORKS: dict[str, tuple[Step, Step, str, int]] = {
    "approved by two": (approves, approves_too, "approved", 2),
    "approved and closed": (approves_too, closes, "closed", 2),
    "withdrawn and approved": (withdraws, approves, "reversed", 0),
    "approved and withdrawn": (approves, withdraws, "reversed", 0),
    "withdrawn and closed": (withdraws, closes, "reversed", 0),
    "reversed and withdrawn": (reverses, withdraws, "reversed", 0),
    "closed and reversed": (closes, reverses, "reversed", 0),
}


@pytest.mark.parametrize(
    ("fork", "side"),
    [
        ("approved by two", "theirs"),
        ("approved and closed", "mine"),
        ("withdrawn and approved", "theirs"),
        ("approved and withdrawn", "theirs"),
        ("approved and withdrawn", "mine"),
        ("withdrawn and closed", "mine"),
        ("reversed and withdrawn", "theirs"),
        ("closed and reversed", "mine"),
    ],
)
def test_what_two_seats_did_to_one_run_ends_whatever_is_chosen(seats: Seats, fork: str, side: str) -> None:
    first, second = seats
    posted(first, "R1")
    run = prepare(first)
    exchange(first, second)
    at_first, at_second, state, n_held = FORKS[fork]
    at_first(first, run.number)
    at_second(second, run.number)
    decided(seats, side)
    assert equal(seats)[run.number] == state
    assert rows(first, HELD) == [(n_held,)]


def test_the_first_of_two_approvals_stands(seats: Seats) -> None:
    first, second = seats
    posted(first, "R1")
    run = prepare(first)
    exchange(first, second)
    approves(first, run.number)
    approves_too(second, run.number)
    assert decided(seats, "mine") == ["sync.run_approved_first"]
    equal(seats)
    (name,) = rows(second, "SELECT p.name FROM payout_run r JOIN person p ON p.id = r.approved_by")[0]
    assert name == APPROVER


def test_the_money_of_a_run_that_was_withdrawn_and_approved_is_paid_once_more_and_not_lost(seats: Seats) -> None:
    first, second = seats
    fen = posted(first, "R1")
    run = prepare(first)
    exchange(first, second)
    withdraws(first, run.number)
    approves(second, run.number)
    assert decided(seats, "mine") == ["sync.run_went_on"]
    equal(seats)
    again = approve(first, prepare(first, cost=None))
    assert again.income_fen == fen
    assert equal(seats) == {run.number: "reversed", again.number: "approved"}


def test_a_reversal_that_was_withdrawn_here_and_approved_there_stays_approved(seats: Seats) -> None:
    first, second = seats
    posted(first, "R1")
    run = settled(first)
    back = payouts.reverse(first, run.number, FINANCE, PINS[FINANCE], "算错")
    exchange(first, second)
    withdraws(first, back.number)
    approves(second, back.number)
    assert decided(seats, "theirs") == ["sync.run_went_on"]
    assert equal(seats) == {run.number: "reversed", back.number: "approved"}
    assert rows(first, HELD) == [(0,)]


@pytest.mark.parametrize(("first_approves", "second_approves"), [(True, True), (False, True), (False, False)])
def test_of_two_reversals_of_one_run_one_stands(seats: Seats, *, first_approves: bool, second_approves: bool) -> None:
    first, second = seats
    posted(first, "R1")
    run = settled(first)
    exchange(first, second)
    backs = [payouts.reverse(ledger, run.number, FINANCE, PINS[FINANCE], "算错") for ledger in seats]
    for ledger, back, wanted in zip(seats, backs, (first_approves, second_approves), strict=True):
        if wanted:
            approves(ledger, back.number)
    assert decided(seats, "mine") == ["sync.reversed_first"]
    equal(seats)
    if not first_approves:
        approves(second, backs[0].number)
        exchange(second, first)
    assert equal(seats) == {run.number: "reversed", backs[0].number: "approved", f"{backs[0].number}-2": "withdrawn"}
    assert rows(first, HELD) == [(0,)]


def test_without_the_rule_two_reversals_have_no_end(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant: the number alone is contested, and theirs cannot come in beside ours."""
    first, second = seats
    posted(first, "R1")
    run = settled(first)
    exchange(first, second)
    reversed_run(first, run)
    reversed_run(second, run)
    monkeypatch.setattr(payout_rivals, "_SAME_REVERSED", "SELECT id FROM payout_run WHERE 0 AND reverses = ? AND id <> ?")
    monkeypatch.setattr("desktop.actions.sync_payouts._TOLD", ("id", "number"))
    decided(seats, "theirs")
    assert syncing.sync(second, remote="hub").parked
