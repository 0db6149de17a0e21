"""Many conflicts with one answer are settled at once: the day two seats posted the same month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import posting, records, sync_alike, sync_views, syncing
from desktop.ledger.problem import Refused
from tests.actions.making import MAY, enter, sound
from tests.actions.two_seats import Seats, at_one_hub, exchange, in_step, rows

NUMBERS = ["R1", "R2", "R3"]
STANDS = (
    "SELECT p.id FROM posting p WHERE p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id) ORDER BY 1"
)


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    """Three records, posted at both; the first seat was first, and the second one has heard of it."""
    with at_one_hub(small_home, tmp_path / "seats") as both:
        for number in NUMBERS:
            enter(both[0], number)
        exchange(*both)
        for ledger in both:
            assert records.post(ledger, NUMBERS).posted == 3
        syncing.sync(both[0], remote="hub")
        syncing.sync(both[1], remote="hub")
        yield both


def test_all_of_them_give_way_with_one_reason_each_in_the_journal(seats: Seats) -> None:
    first, second = seats
    assert len(sync_alike.alike(sync_views.conflicts(second, "hub"), "posting")) == 3
    done = sync_alike.give_way(second, "posting", "对方先记账", "hub")
    assert (done.n, done.refused) == (3, ())
    assert "posting" in done.changes.kinds
    assert rows(second, "SELECT reason FROM operation WHERE name = 'sync resolve'") == [("对方先记账",)] * 3
    assert rows(second, STANDS) == rows(first, STANDS)
    assert in_step(second, first)
    assert sound(second)


def test_one_that_may_not_stays_open_and_is_told_while_the_others_go_on(seats: Seats) -> None:
    _, second = seats
    posting.receive(second, "R2", MAY, 100, "F-1")
    done = sync_alike.give_way(second, "posting", "对方先记账", "hub")
    assert done.n == 2
    assert [one.code for one in done.refused] == ["record.receipts_stand"]
    assert dict(done.refused[0].params)["number"] == "R2"
    assert [view.label for view in sync_views.conflicts(second, "hub")] == ["R2"]


class Stopped:
    def report(self, done: int, total: int, note_code: str = "") -> None:
        self.at = done

    def cancelled(self) -> bool:
        return getattr(self, "at", -1) >= 0

    def check(self) -> None: ...


def test_it_can_be_stopped_between_two(seats: Seats) -> None:
    done = sync_alike.give_way(seats[1], "posting", "对方先记账", "hub", Stopped())
    assert done.n == 1
    assert len(sync_views.conflicts(seats[1], "hub")) == 2


def test_without_a_reason_or_such_a_conflict_nothing_is_done(seats: Seats) -> None:
    first, second = seats
    for ledger, kind, reason, code in (
        (second, "posting", " ", "record.no_reason"),
        (second, "payout_run", "对方先", "sync.none_alike"),
        (first, "posting", "对方先", "sync.none_alike"),
    ):
        with pytest.raises(Refused, match=code):
            sync_alike.give_way(ledger, kind, reason, "hub")
    assert len(sync_views.conflicts(second, "hub")) == 3
