"""A payout of thousands of services: the tree behind it is too large to be sent and stays home; all else goes to the other seat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from desktop.actions import explaining, payouts, posting, records, reporting, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger import money
from desktop.ledger.keys import new_key
from desktop.reports import plain
from desktop.store import sync_rows
from desktop.store.facts import RECORDS
from desktop.sync import seal
from desktop.sync.canonical import encode
from desktop.ui.pages import payout_flow
from tests.actions.making import APPROVER, FINANCE, PINS, approve, draft, paid, prepare, reversed_run, settled, some_work, sound
from tests.actions.two_seats import Seats, exchange, in_step, rows

N = 13_000


def many(ledger: Workspace, n: int) -> None:
    """Posted services of five minutes each, one after the other, of three people; entered and posted at once."""
    with ledger.read() as connection:
        one = records.settled(connection, draft(ledger, "R0"))
        operators = [row[0] for row in connection.exec_driver_sql("SELECT id FROM technician ORDER BY staff_number")]
    begin = datetime(2025, 2, 1)
    step = timedelta(minutes=5)
    made = [
        replace(
            one, id=new_key(), number=f"N{k:05}", started_at=begin + k * step, ended_at=begin + (k + 1) * step, minutes=5, operator_id=operators[k % 3]
        )
        for k in range(n)
    ]  # fmt: skip
    with ledger.write("records for tests") as operation:
        RECORDS.insert(operation.connection, made)
    assert posting.post(ledger).posted == n


@pytest.fixture
def small_trees(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every tree counts as too large to be sent."""
    with trees_from(monkeypatch, 0):
        yield


@contextmanager
def trees_from(monkeypatch: pytest.MonkeyPatch, n_bytes: int) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(sync_rows, "N_TREE_BYTES", n_bytes)
        _forget()
        yield
    _forget()


def _forget() -> None:
    """The statements are made once and kept."""
    for made in (sync_rows._differs, sync_rows._body):
        made.cache_clear()


def figure(ledger: Workspace, number: str) -> str:
    ((found,),) = rows(ledger, "SELECT figure FROM payout_run WHERE number = ?", number)
    return str(found)


def test_a_run_of_thousands_of_services_reaches_the_other_seat_without_its_tree(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = seats
    many(first, N)
    run = settled(first, cost=50_00)
    whole = figure(first, run.number)
    # No batch could hold the row with its tree in it.
    assert len(encode({"figure": whole})) > seal.N_BYTES
    run = payouts.close(first, run.number, APPROVER, PINS[APPROVER])
    exchange(first, second)
    assert in_step(first, second)
    assert figure(first, run.number) == whole
    assert figure(second, run.number) == ""
    there = payouts.show(second, run.number)
    assert paid(there) == paid(run)
    assert rows(second, "SELECT count(*) FROM payout_line") == [(N,)]
    tree = explaining.explain(second, "payout", run.number)
    told = explaining.as_lines(tree)
    assert FINANCE in told[1]
    assert "编制这次分配的那台电脑" in told[1]
    found = {(one.code, dict(one.params).get("staff_number", "")): one for one in tree.walk()}
    home = explaining.explain(first, "payout", run.number)
    same = ("payout.income", "payout.cost", "payout.net", "payout.pool", "payout.kept", "payout.technician", "payout.run")
    for one in home.walk():
        if one.code in same:
            own = found[one.code, dict(one.params).get("staff_number", "")]
            assert (own.value, own.rows and set(own.rows.keys)) == (one.value, one.rows and set(one.rows.keys)), one.code
    assert "payout.not_here" not in {one.code for one in tree.walk()}
    assert sound(first)
    assert sound(second)


def test_a_tree_that_is_sent_whatever_its_size_keeps_its_run_here(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant, with batches as small as this ledger is."""
    first, second = seats
    some_work(first)
    run = settled(first)
    monkeypatch.setattr(seal, "N_BYTES", 2_000)
    assert len(figure(first, run.number).encode()) > seal.N_BYTES
    with trees_from(monkeypatch, 1_000_000):
        syncing.sync(first, remote="hub")
        refused = {row.kind: row.code for row in syncing.parked(first, remote="hub")}
        assert refused["payout_run"] == "change.too_large"
        assert refused["payout_line"] == "link.unknown"
    with trees_from(monkeypatch, 500):
        payouts.close(first, run.number, APPROVER, PINS[APPROVER])
        exchange(first, second)
        assert in_step(first, second)
        assert paid(payouts.show(second, run.number)) == paid(run)


@pytest.mark.usefixtures("small_trees")
def test_a_step_at_the_seat_without_the_tree_leaves_the_tree_where_it_is(seats: Seats) -> None:
    first, second = seats
    some_work(first)
    run = prepare(first)
    whole = figure(first, run.number)
    exchange(first, second)
    approve(second, run.number)
    exchange(second, first)
    assert in_step(first, second)
    assert payouts.show(first, run.number).state == "approved"
    assert figure(first, run.number) == whole
    reversal = reversed_run(second, run)
    exchange(second, first)
    # What takes it back has the tree of what it takes back: whole where that is.
    codes = {one.code for one in explaining.explain(first, "payout", reversal.number).walk()}
    assert "payout.quotient" in codes
    assert "payout.tree_away" not in codes
    there = explaining.explain(second, "payout", reversal.number)
    assert "payout.tree_away" in {one.code for one in there.walk()}
    assert in_step(first, second)
    assert sound(first)
    assert sound(second)


@pytest.mark.usefixtures("small_trees")
def test_a_tree_that_came_as_nothing_and_would_be_written_over_the_whole_one_is_noticed(seats: Seats, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken variant of the test before."""
    first, second = seats
    some_work(first)
    run = prepare(first)
    exchange(first, second)
    approve(second, run.number)
    with monkeypatch.context() as patched:
        patched.setattr(sync_rows, "_stays", lambda *_: False)
        exchange(second, first)
        # The database lets no tree be replaced: every step taken elsewhere would be a conflict.
        assert [one.id for one in syncing.conflicts(first, remote="hub")] == [run.id]


@pytest.mark.usefixtures("small_trees")
def test_the_sheet_printed_without_the_tree_says_where_it_is(seats: Seats) -> None:
    first, second = seats
    some_work(first)
    run = settled(first, cost=50_00)
    exchange(first, second)
    here, there = (plain.text(reporting.content(ledger, "payout", "2025")) for ledger in seats)
    assert "那台电脑打印的分配表" not in here
    assert "那台电脑打印的分配表" in there
    assert FINANCE in there
    others = [share.name for share in run.shares if share.name and not share.technician_id]
    drawn = [[(step.part, step.label, step.fen, step.end) for step in payout_flow.steps(payouts.explain(ledger, run.number), others)] for ledger in seats]
    assert drawn[0] == drawn[1]
    assert run.shares
    for share in run.shares:
        assert money.text(share.fen) in there
