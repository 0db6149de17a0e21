"""What is handed back after a restore, in which order, and what becomes of what the service could not take back."""

from __future__ import annotations

import json

import pytest

from desktop.sync import recovery
from desktop.sync.absorb import absorb
from desktop.sync.messages import Item, Limits, Recovered, RecoveredItem
from desktop.sync.ports import BaseRow
from tests.sync.memory import Memory

KEYS = [f"0198c5a0-0000-7000-8000-{number:012x}" for number in range(10)]
INSTRUMENT, GONE, RECORD, GONE_RECORD, POSTING, REVERSAL = KEYS[9], KEYS[1], KEYS[8], KEYS[7], KEYS[5], KEYS[4]


@pytest.fixture
def memory() -> Memory:
    """An instrument with a posted and reversed record, and another that was deleted with its record."""
    held = Memory()
    for kind, key, body in (
        ("posting", REVERSAL, {"id": REVERSAL, "record_id": RECORD, "reverses": POSTING}),
        ("posting", POSTING, {"id": POSTING, "record_id": RECORD, "reverses": None}),
        ("instrument", GONE, None),
        ("service_record", GONE_RECORD, None),
        ("service_record", RECORD, {"id": RECORD, "instrument_id": INSTRUMENT}),
        ("instrument", INSTRUMENT, {"id": INSTRUMENT, "asset_number": "A"}),
    ):
        action = "delete" if body is None else "create"
        held.put_base(BaseRow(kind, key, f"1.{key}", None, action, key, body))  # type: ignore[arg-type]
    return held


def test_rows_are_handed_back_after_those_they_refer_to_and_deletions_the_other_way_round(memory: Memory) -> None:
    told = [json.loads(content)["items"][0]["id"] for content in recovery.tail(memory, Limits(1, 1_048_576, 10))]
    assert told == [INSTRUMENT, RECORD, POSTING, REVERSAL, GONE_RECORD, GONE]


def test_a_deletion_that_was_not_taken_back_is_asked_about(memory: Memory) -> None:
    """Another row refers to it there: what was deleted here stands against what is there, and a person decides."""
    memory.tables.tombstones["instrument", GONE] = None
    recovery.fold(memory, Recovered("s", "2", [RecoveredItem("instrument", GONE, "refused")]))
    absorb(memory, Item("instrument", GONE, "1.x", None, "create", KEYS[0], {"id": GONE, "asset_number": "B"}))
    (conflict,) = memory.conflicts()
    assert (conflict.mine, conflict.theirs and conflict.theirs["asset_number"]) == (None, "B")
