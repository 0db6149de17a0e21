"""How a run comes through what is pending: each look goes on after the last row sealed, and nothing is left behind."""

from __future__ import annotations

import json

import pytest

from desktop.sync import round as rounds
from desktop.sync import seal
from tests.sync.rig import Seat
from tests.sync.test_round import level

Pair = tuple[Seat, Seat]


def test_what_is_edited_behind_the_place_of_sending_goes_in_the_same_run(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next look goes on after the last row sealed; what changed before it meanwhile is not left behind."""
    monkeypatch.setattr(rounds, "N_SEALED", 1)
    monkeypatch.setattr(seal, "N_CHANGES", 2)
    first, second = pair
    keys = sorted(first.instrument(name="旧名") for _ in range(5))
    sent: list[str] = []

    def watch(called: str) -> None:
        if called == "send":
            sent.extend(change["id"] for change in json.loads(first.line.sent[-1])["changes"])
            if len(sent) == 4:
                first.memory.write("instrument", "00000000-0000-4000-8000-000000000001", asset_number="晚来", name="先排的", value_fen=1)
                first.memory.write("instrument", keys[0], name="途中改的")

    first.line.after = watch
    report = first.sync()
    assert report.in_sync
    assert sent == [*keys, "00000000-0000-4000-8000-000000000001", keys[0]]
    level(first, second)
