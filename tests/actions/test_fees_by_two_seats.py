"""Two seats approve fee versions of one instrument that overlap: one prices, the other gives way, and a person decides it once."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.actions import sync_resolving, sync_views, syncing
from desktop.actions.workspace import Workspace
from desktop.ledger.problem import Refused
from tests.actions.making import fee_version, posted, sound
from tests.actions.two_seats import Seats, exchange, in_step, rows

VERSIONS = (
    "SELECT s.from_on, s.to_on, s.state, (SELECT count(*) FROM fee_line l WHERE l.schedule_id = s.id) FROM fee_schedule s "
    "JOIN instrument i ON i.id = s.instrument_id WHERE i.asset_number = 'A1' ORDER BY s.from_on, s.id"
)
FIRST = ("2025-01-01", "2026-01-01", "approved", 1)


def both_approved(seats: Seats, mine: date = date(2026, 2, 1)) -> None:
    """The first seat's version from 2026-01-01 is sent before the second seat's."""
    first, second = seats
    fee_version(first, "A1", date(2026, 1, 1), "测试", "小时", "70", "200")
    fee_version(second, "A1", mine, "测试", "小时", "80", "220")
    syncing.sync(first, remote="hub")


def choose(ledger: Workspace, side: str) -> None:
    (found,) = [one for one in syncing.conflicts(ledger, remote="hub") if one.kind == "fee_schedule" and sync_views.contested(one)]
    sync_resolving.resolve(ledger, found.kind, found.id, dict.fromkeys(sync_views.contested(found), side), "对方先批", remote="hub")


def test_a_new_version_that_ends_the_one_before_is_taken_as_ever(seats: Seats) -> None:
    first, second = seats
    fee_version(first, "A1", date(2026, 1, 1), "测试", "小时", "70", "200")
    exchange(first, second)
    assert in_step(first, second)
    assert rows(second, VERSIONS) == [FIRST, ("2026-01-01", None, "approved", 1)]


def test_of_two_versions_that_overlap_one_prices_at_both_seats(seats: Seats) -> None:
    first, second = seats
    both_approved(seats, date(2026, 1, 1))
    done = syncing.sync(second, remote="hub")
    assert (done.parked, done.conflicts, done.digest_equal) == (0, 1, True)
    (view,) = sync_views.conflicts(second, remote="hub")
    assert (view.kind, view.rival, view.label) == ("fee_schedule", True, "A1 扫描电镜 2026-01-01")
    with pytest.raises(Refused, match="sync.approved_first"):
        choose(second, "mine")
    choose(second, "theirs")
    assert in_step(second, first, second)
    for ledger in seats:
        assert sorted(row[2] for row in rows(ledger, VERSIONS)) == ["approved", "approved", "draft"]
        assert sound(ledger)
    assert rows(first, VERSIONS) == rows(second, VERSIONS)


def test_one_that_has_priced_days_of_the_other_stays_until_the_other_is_moved(seats: Seats) -> None:
    first, second = seats
    both_approved(seats, date(2026, 1, 1))
    posted(second, "R1", day=date(2026, 3, 3))
    done = syncing.sync(second, remote="hub")
    assert done.conflicts == 1
    with pytest.raises(Refused, match="sync.fee_priced"):
        choose(second, "theirs")
    with first.write("the days are corrected") as operation:
        operation.connection.exec_driver_sql("UPDATE fee_schedule SET state = 'draft', approved_by = NULL WHERE from_on = '2026-01-01'")
    syncing.sync(first, remote="hub")
    assert syncing.sync(second, remote="hub").conflicts == 0
    assert in_step(second, first, second)
    assert rows(first, VERSIONS) == rows(second, VERSIONS)
    assert rows(first, "SELECT amount_fen FROM posting") == [(220_00,)]
