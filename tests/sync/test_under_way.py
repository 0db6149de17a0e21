"""Rows that are under way or wait: shown once, and tried again when what stood against them may be gone."""

from __future__ import annotations

import pytest

from desktop.sync import round as rounds
from desktop.sync.outcome import RemoteProblem
from tests.sync.rig import Seat, lost

Pair = tuple[Seat, Seat]


def test_a_preview_after_a_lost_answer_shows_each_row_once(pair: Pair) -> None:
    first, second = pair
    key = first.instrument()
    first.line.after = lost("send")
    with pytest.raises(RemoteProblem):
        first.sync()
    first.memory.write("instrument", key, name="改过的名称")
    other = first.instrument()
    shown = rounds.prepare(first.memory, first.client.capabilities(), first.new_id)
    assert sorted(line.id for line in shown.lines) == sorted((key, other))
    assert first.sync(approved=frozenset(shown.digests)).sent == 2
    assert second.sync().in_sync


def test_a_number_that_was_given_up_since_is_taken_without_a_change_of_the_row_that_waits(pair: Pair) -> None:
    first, second = pair
    key = first.instrument("B-1")
    first.sync()
    second.instrument("B-1")
    assert second.sync().parked == 2
    assert second.sync().parked == 2
    first.memory.write("instrument", key, asset_number="B-2")
    first.sync()
    done = second.sync()
    assert (done.sent, done.parked, done.in_sync) == (1, 0, True)
    assert first.sync().in_sync
