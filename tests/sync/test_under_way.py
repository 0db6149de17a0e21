"""Rows that are under way or wait: shown once, and tried again when what stood against them may be gone."""

from __future__ import annotations

import json
from itertools import count

import pytest
from msgspec.structs import replace

from desktop.sync import carried
from desktop.sync import round as rounds
from desktop.sync.messages import Capabilities, Limits, SchemaRange
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import RemoteState
from tests.sync.memory import Memory
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
    second.memory.write("instrument", second.instrument("B-1"), name="另一台仪器")
    assert second.sync().parked == 2
    assert second.sync().parked == 2
    first.memory.write("instrument", key, asset_number="B-2")
    first.sync()
    done = second.sync()
    assert (done.sent, done.parked, done.in_sync) == (1, 0, True)
    assert first.sync().in_sync


@pytest.mark.parametrize("arrived", [True, False])
def test_a_batch_above_limits_that_were_lowered_is_asked_for_or_taken_apart(pair: Pair, arrived: bool) -> None:
    first, second = pair
    for _ in range(2):
        first.instrument()
    setattr(first.line, "after" if arrived else "before", lost("send"))
    with pytest.raises(RemoteProblem):
        first.sync()
    told = first.client.capabilities()
    lowered = replace(told, limits=replace(told.limits, n_changes=1))
    first.client.capabilities = lambda: lowered  # type: ignore[method-assign]
    first.line.sent.clear()
    report = first.sync()
    assert report.in_sync
    assert report.sent == 2
    assert [len(json.loads(content)["changes"]) for content in first.line.sent] == ([] if arrived else [1, 1])
    assert second.sync().received == 2


def test_a_package_holds_no_batch_above_limits_that_were_lowered() -> None:
    memory, numbers = Memory(), count(1)
    memory.put_state(RemoteState("s", "1"))
    for n in range(2):
        memory.write("instrument", f"0198c5a0-0000-7000-8000-{n:012x}", asset_number=f"A{n}", name="仪器")
    remote = Capabilities("s", "1", "network", SchemaRange(1, 1), Limits(50, 1_048_576, 50), ["instrument"])

    def handed(n_changes: int) -> list[int]:
        limits = Limits(n_changes, 1_048_576, 50)
        package = carried.hand_out(memory, replace(remote, limits=limits), lambda: f"0198c5a0-1111-7000-8000-{next(numbers):012x}")
        return [len(json.loads(batch.content)["changes"]) for batch in package.batches]

    assert [handed(50), handed(1)] == [[2], [1, 1]]
