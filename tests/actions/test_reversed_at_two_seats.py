"""One posting reversed at two seats before they sync: it is reversed once in every sum, and what waits is told in words one can act on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import records, sync_views
from desktop.words import say
from tests.actions.making import posted, sound
from tests.actions.two_seats import Seats, at_one_hub, exchange, rows

SUMS = "SELECT service_month, sum(amount_fen), sum(minutes) FROM posting GROUP BY 1 ORDER BY 1"
TOLD = "sync.refused.reversed_twice"


@pytest.fixture
def seats(small_home: Path, tmp_path: Path) -> Iterator[Seats]:
    with at_one_hub(small_home, tmp_path / "seats") as both:
        posted(both[0], "R1")
        exchange(*both)
        yield both


def test_the_sums_agree_and_nobody_is_asked_to_correct_a_number(seats: Seats) -> None:
    first, second = seats
    records.reverse(first, "R1", "错记")
    records.reverse(second, "R1", "也错")
    told = exchange(first, second)
    assert rows(first, SUMS) == rows(second, SUMS) == [("2025-05", 0, 0)]
    found = sync_views.parked(second, "hub")
    assert [(one.kind, one.label, one.code) for one in found] == [("posting", "R1", TOLD)] * 2
    # The second home is a copy of the first: the hub has seen a longer history of this ledger, and says so.
    assert {one.code for one in told.findings} - {"sync.anchor_behind", "sync.anchor_forked"} == {TOLD}
    assert "不要再冲销" in say(TOLD)
    assert sync_views.parked(first, "hub") == []
    assert sound(first)
    assert sound(second)
