"""A withheld payout whose seat is lost: two people release what it settled, the hub's word counts, and a run that turns up after all is told."""

from __future__ import annotations

import pytest

from desktop.actions import (
    device_names,
    payout_releases,
    payout_views,
    payouts,
    reclassifying,
    sync_resolving,
    sync_views,
    syncing,
)
from desktop.actions.workspace import Workspace
from desktop.ledger import keys
from desktop.store import lost_runs
from tests.actions.making import (
    APPROVER,
    AUDITOR,
    FINANCE,
    MAY,
    OFFICE,
    PINS,
    everything,
    prepare,
    refused,
    settled,
    settled_with_a_secret,
    sound,
)
from tests.actions.two_seats import Seats, exchange, in_step, rows

REASON = "二号机硬盘损坏，没有备份"


def paid_with_a_secret(first: Workspace) -> payouts.Run:
    run = settled_with_a_secret(first)
    return payouts.close(first, run.number, APPROVER, PINS[APPROVER])


def release(ledger: Workspace, number: str, by: str = FINANCE, approver: str = APPROVER, reason: str = REASON) -> payout_releases.Released:
    return payout_releases.release(ledger, number, reason, by, approver, pins=(PINS[by], PINS[approver]))


def open_fen(ledger: Workspace) -> int:
    balance = payout_views.open_balance(ledger, MAY, "记账")
    return balance.payable.fen


def test_two_people_release_what_a_lost_run_settled_and_it_is_paid_anew(seats: Seats) -> None:
    first, second = seats
    run = paid_with_a_secret(first)
    exchange(first, second)
    (away,) = payout_releases.away(second)
    assert (away.number, away.n_postings, away.n_costs) == (run.number, 2, 1)
    assert open_fen(second) == 0
    known = payout_releases.ask(second, run.number)
    assert known.device.startswith(f"{device_names.own()}（…")
    assert known.last_at
    done = release(second, run.number)
    assert done.findings == ()
    assert payout_releases.away(second) == []
    assert open_fen(second) == 213_00
    ((who, reason, params),) = rows(second, "SELECT who, reason, params FROM operation WHERE name = 'payout release'")
    assert (who, reason) == (APPROVER, REASON)
    assert FINANCE in params
    again = settled(second)
    assert again.income_fen == 213_00
    done_there = syncing.sync(second, remote="hub")
    assert (done_there.parked, done_there.conflicts, done_there.digest_equal) == (0, 0, True)
    assert sound(second)


@pytest.mark.parametrize(
    ("by", "approver", "reason", "code"),
    [
        (FINANCE, APPROVER, " ", "payout.release_no_reason"),
        (FINANCE, FINANCE, REASON, "payout.release_same_person"),
        (APPROVER, FINANCE, REASON, "person.not_allowed"),
        (OFFICE, AUDITOR, REASON, "person.not_allowed"),
    ],
)
def test_one_person_alone_or_without_a_reason_releases_nothing(seats: Seats, by: str, approver: str, reason: str, code: str) -> None:
    first, second = seats
    run = paid_with_a_secret(first)
    exchange(first, second)
    before = everything(second)
    assert code in refused(release, second, run.number, by, approver, reason)
    assert "person.pin" in refused(payout_releases.release, second, run.number, REASON, FINANCE, APPROVER, pins=("1111", "0000"))
    assert everything(second) == before


def at_hub_and_not_here(seats: Seats) -> payouts.Run:
    """The instrument was declassified since and its run has gone to the hub; the second seat has not looked there yet."""
    first, second = seats
    run = paid_with_a_secret(first)
    exchange(first, second)
    reclassifying.prepare(first, "S1", False, "已解密", OFFICE, PINS[OFFICE])
    reclassifying.approve(first, "S1", APPROVER, PINS[APPROVER])
    syncing.sync(first, remote="hub")
    return run


def test_what_is_here_or_at_the_hub_is_not_lost(seats: Seats) -> None:
    first, second = seats
    run = at_hub_and_not_here(seats)
    assert [one.number for one in payout_releases.away(second)] == [run.number]
    assert "payout.release_at_hub" in refused(release, second, run.number)
    assert open_fen(second) == 0
    assert "payout.release_here" in refused(release, first, run.number)
    assert "payout.release_unknown" in refused(release, first, "FP2025-099")
    syncing.sync(second, remote="hub")
    assert payout_releases.away(second) == []
    assert payouts.show(second, run.number).state == "closed"


def test_a_release_that_does_not_ask_the_hub_would_open_what_is_paid(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    _, second = seats
    run = at_hub_and_not_here(seats)
    monkeypatch.setattr(payout_releases, "_holds", lambda *_: False)
    release(second, run.number)
    assert open_fen(second) == 213_00


def test_what_is_released_is_told_before_what_takes_its_place_whatever_their_keys(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is far behind puts every key it makes before those of the marks that are released."""
    first, second = seats
    run = paid_with_a_secret(first)
    exchange(first, second)
    release(second, run.number)
    with monkeypatch.context() as behind:
        behind.setattr(keys.time, "time_ns", lambda: 10**15)
        settled(second)
    done = syncing.sync(second, remote="hub")
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)


def test_a_run_that_turns_up_before_it_is_paid_anew_is_marked_again_and_told(seats: Seats) -> None:
    first, second = seats
    run = paid_with_a_secret(first)
    exchange(first, second)
    release(second, run.number)
    syncing.sync(second, remote="hub")
    done = syncing.sync(first, remote="hub")
    (told,) = [one for one in done.findings if one.code == "payout.released_elsewhere"]
    assert (told.severity, dict(told.params)["runs"]) == ("error", run.number)
    assert (done.pending, done.conflicts, done.digest_equal) == (0, 0, True)
    syncing.sync(second, remote="hub")
    assert open_fen(second) == 0
    assert "payout.nothing_to_settle" in refused(payouts.prepare, second, MAY, "记账", FINANCE, PINS[FINANCE])
    assert in_step(first, second)
    assert sound(first)
    assert sound(second)


def test_a_run_that_turns_up_after_it_was_paid_anew_is_a_conflict(seats: Seats) -> None:
    first, second = seats
    run = paid_with_a_secret(first)
    exchange(first, second)
    release(second, run.number)
    anew = settled(second)
    syncing.sync(second, remote="hub")
    done = syncing.sync(first, remote="hub")
    assert "payout.released_elsewhere" in [one.code for one in done.findings]
    (found,) = syncing.conflicts(first, remote="hub")
    assert (found.id, (found.theirs or {})["id"]) == (run.id, anew.id)
    sync_resolving.resolve(first, found.kind, found.id, dict.fromkeys(sync_views.contested(found), "theirs"), "已另发", remote="hub")
    assert payouts.show(first, run.number).state == "reversed"
    assert in_step(first, second)
    assert sound(first)
    assert sound(second)


def test_a_run_that_does_not_take_its_marks_again_would_be_paid_twice_unseen(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant."""
    first, second = seats
    run = paid_with_a_secret(first)
    exchange(first, second)
    release(second, run.number)
    syncing.sync(second, remote="hub")
    monkeypatch.setattr(lost_runs, "turned_up", lambda _connection: [])
    done = syncing.sync(first, remote="hub")
    assert done.findings == ()
    syncing.sync(second, remote="hub")
    assert prepare(second).income_fen == 213_00
    assert payouts.show(first, run.number).state == "closed"
