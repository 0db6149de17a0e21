"""What becomes of a person's decision when the remote was restored meanwhile, and of what only waits here."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from desktop.sync import evidence, further, recovery
from desktop.sync.absorb import absorb, remerge
from desktop.sync.canonical import Body
from desktop.sync.messages import Item, Limits, Recovered, RecoveredItem
from desktop.sync.ports import BaseRow, Conflict, Further
from tests.simulation.sides import NetworkSide, Side, share
from tests.sync.memory import Memory

INSTRUMENT, FILE, OP = (f"0198c5a0-0000-7000-8000-{number:012x}" for number in (1, 2, 3))
PLACE = "instrument", INSTRUMENT
BODY: dict[str, str | int] = {"id": INSTRUMENT, "asset_number": "A", "name": "甲", "value_fen": 1}


def waiting(body: Body) -> BaseRow:
    """What a restored remote holds and nobody has taken in; what both had in common is not known."""
    return BaseRow(*PLACE, "9.a", None, "update", OP, body, merged=False, common={})


def decided(*, over: bool) -> Memory:
    """Of a class that the remote once had, and has again, a person decided that the row has none."""
    memory = Memory()
    memory.write(*PLACE, asset_number="A", name="甲", value_fen=1)
    with_class = BODY | {"class_code": "060203"}
    asked = Conflict(*PLACE, (), None, BODY, BODY, further=(Further(with_class),))
    memory.put_conflict(asked)
    memory.put_base(waiting(with_class))
    if over:
        further.decided(memory, asked, ["class_code"])
    memory.drop_conflict(*PLACE)
    remerge(memory)
    return memory


def test_a_decision_stands_over_what_was_seen_with_it() -> None:
    memory = decided(over=True)
    assert memory.tables.rows[PLACE].get("class_code") is None
    assert memory.conflicts() == []
    assert [row.place for row in memory.differing()] == [PLACE]  # and is sent
    # Without that the class comes back as news, and nobody is asked.
    assert decided(over=False).tables.rows[PLACE]["class_code"] == "060203"


def test_a_decision_says_nothing_of_what_was_not_seen_with_it() -> None:
    memory = Memory()
    memory.write(*PLACE, asset_number="A", name="乙", value_fen=1)
    asked = Conflict(*PLACE, ("name",), None, BODY | {"name": "乙"}, BODY)
    memory.put_conflict(asked)
    memory.put_base(waiting(BODY | {"name": "丙"}))
    further.decided(memory, asked, ["name"])
    memory.drop_conflict(*PLACE)
    remerge(memory)
    (conflict,) = memory.conflicts()
    assert (conflict.mine and conflict.mine["name"], conflict.theirs and conflict.theirs["name"]) == ("乙", "丙")


def test_who_deletes_a_row_that_met_a_deletion_agrees_with_it() -> None:
    memory = Memory()
    memory.write(*PLACE, asset_number="A", name="甲", value_fen=1)
    memory.put_conflict(Conflict(*PLACE, ("*",), None, BODY, None))  # the remote was restored: its base is forgotten
    memory.delete(*PLACE)
    absorb(memory, Item("instrument", INSTRUMENT, "3.a", "2.a", "update", OP, BODY | {"name": "丙"}))
    (conflict,) = memory.conflicts()
    assert conflict.mine is None
    assert conflict.theirs
    assert conflict.theirs["name"] == "丙"


def test_what_could_not_be_taken_in_stays_on_view_when_the_remote_has_lost_it() -> None:
    memory = Memory()
    memory.put_base(waiting(BODY | {"name": "最后一份"}))
    recovery.fold(memory, Recovered("s", "2", [RecoveredItem("instrument", INSTRUMENT, "diverged")]))
    (conflict,) = memory.conflicts()
    assert [one.body and one.body["name"] for one in conflict.further] == ["最后一份"]


@pytest.mark.parametrize("marked", [False, True], ids=["ordinary", "with something confidential in it"])
def test_the_files_of_rows_that_wait_are_handed_over_after_a_restore(marked: bool) -> None:
    """Another seat may bring the row back; a file that may not leave stays."""
    memory = Memory()
    memory.write(*PLACE, asset_number="A", name="甲", value_fen=1)
    memory.files["ab" * 32] = b"%PDF"
    memory.write("attachment", FILE, of_kind="instrument", of_id=INSTRUMENT, name="合同.pdf", sha256="ab" * 32, n_bytes=4)
    recovery.tail(memory, Limits(10, 1_048_576, 10))
    with patch.object(evidence, "carries", lambda *_: marked):
        assert evidence.held(memory) == ([] if marked else ["ab" * 32])


@pytest.mark.parametrize("heard", [True, False], ids=["the other remote waits too", "not heard there"])
def test_what_a_person_decided_against_does_not_come_by_the_other_remote(heard: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub has what they decided against at the network; it had waited for that decision. The second case is the broken variant."""
    hub, network = Side(), NetworkSide()
    hub.other, network.other = network, hub
    share(hub, network)
    hub.write(*PLACE, asset_number="A", name="甲", value_fen=1)
    theirs = BODY | {"technical": "他们的"}
    network.put_base(BaseRow(*PLACE, "2.n", "1.n", "update", OP, theirs))
    hub.put_base(BaseRow(*PLACE, "2.h", "1.h", "update", OP, theirs, False, BODY))
    asked = Conflict(*PLACE, ("technical",), BODY, BODY, theirs)
    network.put_conflict(asked)
    if not heard:
        monkeypatch.setattr(Side, "elsewhere", lambda _: [])
    further.decided(network, asked, ["technical"])
    network.drop_conflict(*PLACE)
    remerge(hub)
    assert hub.conflicts() == []
    assert hub.tables.rows[PLACE].get("technical") == (None if heard else "他们的")
    assert [row.place for row in hub.differing()] == [PLACE] * heard
