"""Payouts of a seat whose postings gave way to another seat's: they hold nothing that no other seat will ever have, and reach them all."""

from __future__ import annotations

from desktop.actions import payouts, posting, records, sync_resolving, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.store import open_balance, unsettled
from tests.actions.making import APPROVER, FINANCE, JUNE, MAY, PINS, enter, prepare, reversed_run, settled, sound
from tests.actions.two_seats import Seats, exchange, in_step, rows

RUNS = "SELECT number, state, pool_fen FROM payout_run ORDER BY number"


def posted_at_both(seats: Seats) -> None:
    """Two records, each posted at both seats; the first seat is first."""
    for number in ("R1", "R2"):
        enter(seats[0], number)
    exchange(*seats)
    for ledger in seats:
        assert records.post(ledger, ["R1", "R2"]).posted == 2


def give_way(ledger: Workspace) -> None:
    syncing.sync(ledger, remote="hub")
    found = syncing.conflicts(ledger, remote="hub")
    assert len(found) == 2
    for one in found:
        sides = dict.fromkeys(sync_views.contested(one), "theirs")
        sync_resolving.resolve(ledger, one.kind, one.id, sides, "对方先记账", remote="hub")


def n_lines(ledger: Workspace, number: str) -> int:
    return int(rows(ledger, "SELECT count(*) FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE r.number = ?", number)[0][0])


def test_a_payout_leaves_out_what_gave_way_and_reaches_the_other_seats(seats: Seats) -> None:
    first, second = seats
    posted_at_both(seats)
    syncing.sync(first, remote="hub")
    give_way(second)
    with second.read() as connection:
        scheme = open_balance.scheme_in_use(connection, MAY)
        assert open_balance.open_lots(connection, MAY, scheme)["payable"].n == len(unsettled.unsettled_postings(connection, MAY)) == 2
    run = settled(second)
    assert n_lines(second, run.number) == 2
    assert in_step(second, first, second)
    assert rows(first, RUNS) == rows(second, RUNS) == [(run.number, "approved", run.pool_fen)]
    assert sound(first)
    assert sound(second)


def test_a_payout_withdrawn_so_that_its_postings_could_give_way_stays_home_and_nothing_waits(seats: Seats) -> None:
    first, second = seats
    posted_at_both(seats)
    early = settled(second)
    syncing.sync(first, remote="hub")
    syncing.sync(second, remote="hub")
    reversed_run(second, early)
    give_way(second)
    run = settled(second)
    assert run.pool_fen == early.pool_fen
    assert in_step(second, first, second)
    assert rows(first, RUNS) == [(run.number, "approved", run.pool_fen)]
    assert sound(first)
    assert sound(second)


def test_money_received_that_gave_way_is_settled_by_nobody(seats: Seats) -> None:
    first, second = seats
    posted_at_both(seats)
    posting.receive(second, "R1", MAY, 6000, "F-1")
    (receipt,) = posting.receipts(second, "R1")
    posting.receive_back(second, "R1", receipt.id, MAY, "改登在另一笔上")
    syncing.sync(first, remote="hub")
    give_way(second)
    posting.receive(second, "R1", MAY, 6000, "F-1")
    run = prepare(second, JUNE, "到账")
    payouts.approve(second, run.number, APPROVER, PINS[APPROVER])
    assert (run.prepared_by, n_lines(second, run.number)) == (FINANCE, 1)
    assert in_step(second, first, second)
    assert rows(first, RUNS) == rows(second, RUNS) == [(run.number, "approved", run.pool_fen)]
