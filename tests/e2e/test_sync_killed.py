"""The program is killed in the middle of a sync: nothing typed is lost, nothing arrives twice, the next sync goes through.

A few of the points that ``make kills`` walks through one by one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.actions.workspace import open_ledger
from tests.e2e.kills import CALLS, Point, Walk, points, walk


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walk(tmp_path_factory.mktemp("killed")) as made:
        yield made


def test_a_kill_at_any_call_of_a_sync_loses_and_doubles_nothing(walked: Walk) -> None:
    counted = walked.count()
    assert set(counted) <= set(CALLS)
    assert sum(counted.values()) >= 1_000, "a sync makes fewer calls than the walk is meant for: look at what it counts"
    early = [Point("sendto", 2), Point("recvfrom", 2), Point("fsync", 4)]
    reached = 0
    for point in [*early, *points(counted, 5)]:
        reached += walked.killed(point)
        assert walked.violations() == [], point
    assert reached >= 6


def test_the_walk_sees_what_is_lost_or_doubled(walked: Walk) -> None:
    assert walked.violations() == []
    walked.typed["K0007"] = "typed and gone"
    assert walked.violations() == ["lost: what was typed is not in the ledger"]
    with open_ledger(walked.home) as ledger, pytest.MonkeyPatch.context() as broken:
        broken.setattr(walked, "_held_there", lambda _ledger: [*walked.typed.items(), ("K0007", "twice")])
        assert walked._looked_at(ledger) == [f"the service holds {len(walked.typed) + 1} rows, {len(walked.typed)} of them as they were typed"]
    assert walked.violations() == []
