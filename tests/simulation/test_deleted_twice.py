"""Which deletion is taken to be one with another's: that of a person who wants the row gone still, and no other.

One seat deletes a row, and the service, restored, has an older state of it: the row is on view and the deletion in conflict. Restored once
more, the service has the row deleted, by somebody else: what was asked here is answered.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from desktop.sync import further
from desktop.sync.absorb import absorb
from desktop.sync.messages import Item
from desktop.sync.ports import BaseRow
from tests.simulation.history import History

PLACE = "instrument", "00000000-0000-7000-8000-000000000001"
OLDER = {"id": PLACE[1], "asset_number": "A-1", "name": "离心机", "value_fen": 3}
NEWER = OLDER | {"value_fen": 35}


def _came(token: str, body: dict[str, Any] | None) -> Item:
    return Item(*PLACE, token, None, "delete" if body is None else "update", f"op {token}", body, None, None)


@pytest.mark.parametrize(("side", "one"), [(None, True), ("theirs", False)], ids=["still in conflict", "given up"])
def test_a_deletion_in_conflict_is_one_with_the_deletion_that_ends_the_conflict(side: str | None, *, one: bool) -> None:
    history = History(0, later=())
    history.death_rate = 0.0
    people, typed, seat = history.people, history.provenance, history.seats[0]
    seat.memory.tables.rows[PLACE] = dict(NEWER)
    seat.memory.tables.bases[PLACE] = BaseRow(*PLACE, "6.x", "5.x", "update", "x", NEWER)
    history.watch.tombstones["3.y"] = theirs = typed.deleted(PLACE, ())
    assert people.delete(seat, PLACE)
    ours = seat.deletions[PLACE]
    with seat.memory.transaction("sync: page") as step:
        further.forget(step, PLACE)
        absorb(step, _came("1.z", OLDER))
    assert seat.memory.tables.open[PLACE].mine is None
    assert seat.memory.tables.rows[PLACE] == OLDER
    if side is not None:
        people.random = SimpleNamespace(choice=lambda _sides: side)  # type: ignore[assignment]
        assert people.decide(seat, seat.memory.tables.open[PLACE])
    seat.alive()
    with seat.memory.transaction("sync: page") as step:
        absorb(step, _came("3.y", None))
    assert PLACE not in seat.memory.tables.rows
    assert PLACE not in seat.memory.tables.open
    assert (ours in typed.seen[theirs]) is one
