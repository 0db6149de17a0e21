"""Two seats settle the same money before they sync: one payout stands, the other gives way, and nobody is paid twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop.actions import months, payouts, sync_resolving, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from tests.actions.making import (
    APPROVER,
    FINANCE,
    JUNE,
    MAY,
    PINS,
    declare,
    paid,
    posted,
    prepare,
    reversed_run,
    settled,
    some_work,
    sound,
)
from tests.actions.two_seats import Seats, exchange, in_step, rows

PAID = (
    "SELECT t.staff_number, sum(s.fen) FROM payout_share s JOIN payout_run r ON r.id = s.run_id JOIN technician t ON t.id = s.technician_id "
    "WHERE r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed') GROUP BY 1 ORDER BY 1"
)
RUNS = "SELECT id, number, state, pool_fen FROM payout_run ORDER BY id"


def closed(ledger: Workspace) -> payouts.Run:
    run = settled(ledger)
    return payouts.close(ledger, run.number, APPROVER, PINS[APPROVER])


def both_paid(seats: Seats) -> tuple[payouts.Run, payouts.Run]:
    """Both seats hold the same four postings; each closes a run over them, the first one syncs first."""
    first, second = seats
    some_work(first)
    exchange(first, second)
    runs = closed(first), closed(second)
    assert runs[0].number == runs[1].number
    syncing.sync(first, remote="hub")
    return runs


def choose(ledger: Workspace, side: str) -> None:
    (found,) = syncing.conflicts(ledger, remote="hub")
    sync_resolving.resolve(
        ledger, found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "对方先发", remote="hub"
    )


def test_the_second_payout_of_the_same_money_gives_way_and_the_seats_end_equal(seats: Seats) -> None:
    first, second = seats
    theirs, ours = both_paid(seats)
    done = syncing.sync(second, remote="hub")
    assert (done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 1, 0, True)
    (view,) = sync_views.conflicts(second, remote="hub")
    assert (view.kind, view.key, view.label) == ("payout_run", ours.id, ours.number)
    assert rows(second, PAID) == sorted(paid(ours).items())
    with pytest.raises(Refused, match="payout.month_contested"):
        months.prepare_month(second, "2025-05", FINANCE, PINS[FINANCE])
    choose(second, "theirs")
    assert rows(second, PAID) == []
    assert in_step(second, first, second)
    for ledger in seats:
        assert rows(ledger, PAID) == sorted(paid(theirs).items())
        assert sound(ledger)
    assert rows(first, RUNS) == rows(second, RUNS)
    assert [(row[1], row[2]) for row in rows(first, RUNS)] == [(theirs.number, "closed"), (f"{theirs.number}-2", "reversed")]
    for kind in ("payout_line", "payout_share", "payout_cost", "payout_mark"):
        assert rows(first, f"SELECT * FROM {kind} ORDER BY id") == rows(second, f"SELECT * FROM {kind} ORDER BY id")
    months.prepare_month(second, "2025-05", FINANCE, PINS[FINANCE])


def test_a_contested_coefficient_holds_up_month_and_payout_until_a_person_has_chosen(seats: Seats) -> None:
    first, second = seats
    some_work(first)
    declare(first)
    exchange(first, second)
    for ledger, factor in ((first, "1.5"), (second, "2")):
        with ledger.write("people for tests") as operation:
            operation.executemany("UPDATE technician SET coefficient = ? WHERE staff_number = 'T001'", [(factor,)])
    syncing.sync(first, remote="hub")
    assert syncing.sync(second, remote="hub").conflicts == 1
    with pytest.raises(Refused, match="payout.month_contested") as stopped:
        months.prepare_month(second, "2025-05", FINANCE, PINS[FINANCE])
    assert stopped.value.params["names"] == "T001 张一"
    with pytest.raises(Refused, match="payout.refused") as forbidden:
        prepare(second, cost=None)
    assert [(told.code, dict(told.params)["names"]) for told in forbidden.value.findings] == [("payout.contested", "T001 张一")]
    choose(second, "theirs")
    months.prepare_month(second, "2025-05", FINANCE, PINS[FINANCE])
    assert paid(prepare(second, cost=None))["T001"] > 0


def test_nothing_of_a_payout_in_dispute_is_at_the_hub_or_at_the_other_seat(seats: Seats) -> None:
    first, second = seats
    theirs, ours = both_paid(seats)
    posted(second, "R9", day=date(2025, 6, 2))
    syncing.sync(second, remote="hub")
    syncing.sync(first, remote="hub")
    assert [row[0] for row in rows(first, RUNS)] == [theirs.id]
    assert rows(first, "SELECT count(*) FROM payout_line WHERE run_id = ?", ours.id) == [(0,)]
    assert rows(first, "SELECT count(*) FROM posting WHERE record_number = 'R9'") == [(1,)]


def test_ours_is_refused_with_words_until_theirs_is_reversed_where_it_was_made(seats: Seats) -> None:
    first, second = seats
    theirs, ours = both_paid(seats)
    syncing.sync(second, remote="hub")
    with pytest.raises(Refused, match="sync.settled_first"):
        choose(second, "mine")
    assert rows(second, PAID) == sorted(paid(ours).items())
    reversed_run(first, theirs)
    syncing.sync(first, remote="hub")
    done = syncing.sync(second, remote="hub")
    # What is left between the two is the number.
    assert done.conflicts == 1
    choose(second, "theirs")
    assert in_step(second, first, second)
    for ledger in seats:
        assert rows(ledger, PAID) == sorted(paid(ours).items())
        assert sound(ledger)
    assert rows(first, RUNS) == rows(second, RUNS)


def test_a_payout_that_is_only_prepared_is_withdrawn(seats: Seats) -> None:
    first, second = seats
    some_work(first)
    exchange(first, second)
    settled(first)
    ours = prepare(second)
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    choose(second, "theirs")
    assert rows(second, "SELECT state FROM payout_run WHERE id = ?", ours.id) == [("withdrawn",)]
    assert in_step(second, first, second)
    assert rows(first, RUNS) == rows(second, RUNS)


def test_a_payout_that_is_withheld_at_its_seat_stands_against_ours_too(seats: Seats) -> None:
    first, second = seats
    some_work(first)
    posted(first, "R8", "S1")
    exchange(first, second)
    theirs = closed(first)
    ours = closed(second)
    syncing.sync(first, remote="hub")
    done = syncing.sync(second, remote="hub")
    assert (done.parked, done.conflicts) == (0, 1)
    (found,) = syncing.conflicts(second, remote="hub")
    assert (found.id, (found.theirs or {})["number"]) == (ours.id, theirs.number)
    choose(second, "theirs")
    assert rows(second, PAID) == []
    assert in_step(second, first, second)
    assert sound(first)
    assert sound(second)
    declare(second, 0, JUNE)
    with pytest.raises(Refused):
        payouts.prepare(second, MAY, "记账", FINANCE, PINS[FINANCE])


def test_two_payouts_of_different_money_with_one_number_both_stand(seats: Seats) -> None:
    first, second = seats
    posted(first, "R1")
    posted(second, "R2", operator_name="T002")
    theirs, ours = settled(first), settled(second)
    assert theirs.number == ours.number
    syncing.sync(first, remote="hub")
    assert syncing.sync(second, remote="hub").conflicts == 1
    choose(second, "theirs")
    assert in_step(second, first, second)
    assert rows(first, PAID) == rows(second, PAID) == [("T001", paid(theirs)["T001"]), ("T002", paid(ours)["T002"])]
    assert sound(first)
    assert sound(second)


def test_how_a_large_payout_was_calculated_reaches_the_other_seat_whole(seats: Seats) -> None:
    """Its tree names every posting behind every sum: far more signs than other texts may have."""
    first, second = seats
    for n in range(231):
        posted(first, f"R{n}", day=date(2025, 5, 1) + timedelta(days=n // 11))
    run = settled(first)
    ((figure,),) = rows(first, "SELECT figure FROM payout_run")
    assert len(figure) > 20_000
    exchange(first, second)
    assert in_step(first, second)
    assert payouts.explain(second, run.number) == payouts.explain(first, run.number)
    assert payouts.show(second, run.number).shares == payouts.show(first, run.number).shares
