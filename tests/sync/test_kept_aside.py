"""What an open conflict keeps of ours stays there while states come that this ledger cannot take in, and so cannot show: they wait for the
decision, and are asked about after it."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from desktop.sync import absorb as taking
from desktop.sync.absorb import take_page
from desktop.sync.canonical import Body
from desktop.sync.messages import Item, Page
from desktop.sync.ports import BaseRow, Conflict, RemoteState
from tests.sync.memory import Memory

INSTRUMENT, RECORD, OTHER, OP = (f"0198c5a0-0000-7000-8000-{number:012x}" for number in (1, 2, 3, 4))
INSTRUMENT_1: dict[str, str | int] = {"id": INSTRUMENT, "asset_number": "A", "name": "甲", "value_fen": 1}
RECORD_1: dict[str, str | int] = {
    "id": RECORD,
    "number": "R1",
    "instrument_id": INSTRUMENT,
    "minutes": 60,
    "amount_fen": 6000,
    "state": "draft",
    "rating": "原来的",
}


class Seat:
    """A ledger that has read the feed so far; ``come`` is a run that brings one more state of a row."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.memory.put_state(RemoteState("s", "1", "0"))
        self.n = 1
        for kind, body in (("instrument", INSTRUMENT_1), ("service_record", RECORD_1)):
            self.memory.write(kind, str(body["id"]), **{name: value for name, value in body.items() if name != "id"})
            self.memory.put_base(BaseRow(kind, str(body["id"]), "1.a", None, "create", OP, body))

    def come(self, kind: str, body: Body) -> None:
        self.n += 1
        item = Item(kind, str(body["id"]), f"{self.n}.a", f"{self.n - 1}.a", "update", OP, dict(body))
        take_page(self.memory, Page("s", "1", [item], str(self.n), False))

    def asked(self) -> Conflict:
        """The one conflict; nothing is told beside it."""
        assert self.memory.parked() == []
        (conflict,) = self.memory.conflicts()
        return conflict


def _posted_in_conflict() -> Seat:
    """The rating is contested, theirs on view; the record is posted as it stands, and its rating is changed elsewhere, twice."""
    seat = Seat()
    seat.memory.write("service_record", RECORD, rating="我们的")
    seat.come("service_record", RECORD_1 | {"rating": "他们的"})
    seat.memory.write("service_record", RECORD, state="posted")
    for rating in ("后来的", "最后的"):
        seat.come("service_record", RECORD_1 | {"rating": rating})
    return seat


def test_what_was_typed_stays_in_the_conflict_of_a_record_that_is_posted_meanwhile() -> None:
    seat = _posted_in_conflict()
    asked = seat.asked()
    assert (asked.mine and asked.mine["rating"], asked.theirs and asked.theirs["rating"]) == ("我们的", "他们的")
    assert (seat.memory.row("service_record", RECORD) or {})["rating"] == "他们的"
    # A person leaves what is on view; what came meanwhile is asked about then, not lost.
    seat.memory.drop_conflict("service_record", RECORD)
    seat.come("instrument", INSTRUMENT_1 | {"value_fen": 2})
    asked = seat.asked()
    assert (asked.mine and asked.mine["rating"], asked.theirs and asked.theirs["rating"]) == ("他们的", "最后的")


@pytest.mark.parametrize("deleted", [False, True], ids=["a name", "a deletion"])
def test_what_is_kept_of_a_row_stays_while_a_number_that_another_row_has_here_comes(deleted: bool) -> None:
    seat = Seat()
    seat.memory.write("instrument", OTHER, asset_number="B", name="乙", value_fen=1)
    if deleted:
        seat.memory.delete("service_record", RECORD)
        seat.memory.delete("instrument", INSTRUMENT)
    else:
        seat.memory.write("instrument", INSTRUMENT, name="我们的")
    seat.come("instrument", INSTRUMENT_1 | {"name": "他们的"})
    for name in ("后来的", "最后的"):
        seat.come("instrument", INSTRUMENT_1 | {"name": name, "asset_number": "B"})
    asked = seat.asked()
    assert (asked.mine and asked.mine["name"]) == (None if deleted else "我们的")
    assert asked.theirs
    assert asked.theirs["name"] == "他们的"
    # The other row gets another number: all can be taken in, and ours still stands against what came last.
    seat.memory.write("instrument", OTHER, asset_number="C")
    seat.come("service_record", RECORD_1 | {"minutes": 61, "amount_fen": 6100})
    (asked,) = (one for one in seat.memory.conflicts() if one.id == INSTRUMENT)
    assert (asked.mine and asked.mine["name"]) == (None if deleted else "我们的")
    assert asked.theirs
    assert asked.theirs["name"] == "最后的"


def test_without_that_the_row_on_view_would_count_as_typed_over_it() -> None:
    with patch.object(taking, "_is_aside", lambda *_: False):
        asked = _posted_in_conflict().asked()
    assert asked.mine
    assert asked.mine["rating"] == "他们的"
