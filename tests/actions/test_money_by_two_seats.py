"""The same money at two seats, through real ledgers and the real service: it counts once, and a person can settle it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from desktop.actions import enrolment, posting, rehearsal, sync_resolving, sync_views, syncing, upkeep, workspace
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from tests.network import at_hand

Seats = tuple[Workspace, Workspace]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("practice") / "home"
    with rehearsal.practice_ledger(home):
        return home


def code_for(database: str) -> str:
    return str(at_hand.operator(database, "enrolment-code", "--uscc", rehearsal.day()["institution"]["uscc"])["code"])


@pytest.fixture
def seats(practice: Path, tmp_path: Path) -> Iterator[Seats]:
    """Two seats with the same drafts: the second is a copy of the first, as after a restored backup."""
    told = rehearsal.day()["institution"]
    database = f"sqlite:///{tmp_path / 'service.db'}"
    with ExitStack() as stack:
        url, code = stack.enter_context(at_hand.serve(database, told["name"], told["uscc"]))
        both = []
        for name in "ab":
            shutil.copytree(practice, tmp_path / name)
            both.append(stack.enter_context(workspace.open_ledger(tmp_path / name)))
        enrolment.enrol(both[0], url, code)
        syncing.sync(both[0])
        enrolment.enrol(both[1], url, code_for(database))
        syncing.sync(both[1])
        yield both[0], both[1]


def draft(ledger: Workspace) -> str:
    """The number of a draft that can be posted and is reported."""
    with ledger.read() as connection:
        sql = (
            "SELECT r.number FROM service_record r JOIN instrument i ON i.id = r.instrument_id WHERE r.state = 'draft' "
            "AND r.confidential = 0 AND i.confidential = 0 AND r.id NOT IN (SELECT record_id FROM record_problem WHERE severity = 'error') "
            "ORDER BY r.number LIMIT 1"
        )
        return str(connection.exec_driver_sql(sql).scalar_one())


def standing(ledger: Workspace, number: str) -> list[tuple[str, int]]:
    with ledger.read() as connection:
        sql = (
            "SELECT p.id, p.amount_fen FROM posting p WHERE p.record_number = ? AND p.reverses IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)"
        )
        return [(row[0], row[1]) for row in connection.exec_driver_sql(sql, (number,))]


def total(ledger: Workspace) -> int:
    with ledger.read() as connection:
        return int(connection.exec_driver_sql("SELECT coalesce(sum(amount_fen), 0) FROM posting").scalar_one())


def posted_twice(seats: Seats) -> str:
    first, second = seats
    number = draft(first)
    for ledger in seats:
        assert posting.post(ledger, [number]).posted == 1
    assert syncing.sync(first).parked == 0
    syncing.sync(second)
    return number


def theirs(ledger: Workspace, side: str = "theirs") -> None:
    (conflict,) = syncing.conflicts(ledger)
    sync_resolving.resolve(ledger, conflict.kind, conflict.id, dict.fromkeys(sync_views.contested(conflict), side), "对方先记账")


def test_a_record_posted_at_two_seats_counts_once_and_the_seats_agree(seats: Seats) -> None:
    first, second = seats
    number = posted_twice(seats)
    assert [one.code for one in sync_views.parked(second)] == ["sync.refused.posting_twice"]
    (view,) = sync_views.conflicts(second)
    assert (view.kind, view.label, view.mine_deleted, view.theirs_deleted) == ("posting", number, False, False)
    own = standing(second, number)
    theirs(second)
    (kept,) = standing(second, number)
    assert [kept] == standing(first, number) != own
    assert total(second) == total(first)
    done = syncing.sync(second)
    assert (done.parked, done.conflicts, done.pending, done.digest_equal) == (0, 0, 0, True)
    done = syncing.sync(first)
    assert (done.received, done.digest_equal) == (0, True)
    for ledger in seats:
        assert upkeep.verify(ledger).ok


def test_after_settling_the_record_is_reversed_once_for_both(seats: Seats) -> None:
    first, second = seats
    number = posted_twice(seats)
    with pytest.raises(Refused, match="record.posted_twice"):
        posting.reverse(second, number, "重复")
    theirs(second)
    posting.reverse(second, number, "算错了")
    syncing.sync(second)
    syncing.sync(first)
    assert standing(first, number) == standing(second, number) == []
    assert total(first) == total(second)
    done = syncing.sync(second)
    assert (done.parked, done.conflicts, done.digest_equal) == (0, 0, True)
    for ledger in seats:
        assert upkeep.verify(ledger).ok


def test_ours_cannot_take_the_place_of_what_was_sent_first(seats: Seats) -> None:
    _, second = seats
    number = posted_twice(seats)
    before = standing(second, number)
    with pytest.raises(Refused, match="sync.posted_first"):
        theirs(second, "mine")
    assert standing(second, number) == before


def test_money_received_for_the_posting_that_gives_way_is_taken_back_first_and_stays_home(seats: Seats) -> None:
    first, second = seats
    number = draft(first)
    for ledger in seats:
        posting.post(ledger, [number])
    posting.receive(second, number, workspace.today(), 100, "F-1")
    syncing.sync(first)
    syncing.sync(second)
    with pytest.raises(Refused, match="record.receipts_stand"):
        theirs(second)
    (receipt,) = posting.receipts(second, number)
    posting.receive_back(second, number, receipt.id, None, "改登在另一笔上")
    theirs(second)
    posting.receive(second, number, workspace.today(), 100, "F-1")
    done = syncing.sync(second)
    assert (done.parked, done.conflicts, done.digest_equal) == (0, 0, True)
    assert upkeep.verify(second).ok
