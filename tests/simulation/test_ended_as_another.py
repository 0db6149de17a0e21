"""Who is taken to have deleted a row that took the key of another: nobody, until a person decides that it stays gone.

Two seats entered one instrument. Here it took the other's key; then the service, restored, has it under the first key again, with a value
that another typed there since.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from desktop.sync.absorb import take_page
from desktop.sync.messages import Item, Page
from desktop.sync.ports import RemoteState
from tests.simulation.history import History
from tests.simulation.provenance import value
from tests.simulation.seat import Seat

OURS = "instrument", "00000000-0000-7000-8000-000000000001"
THEIRS = "instrument", "00000000-0000-7000-8000-000000000002"
THING = {"asset_number": "A-1", "name": "离心机"}
VALUE = value("value", 41)
AGAIN = {"id": OURS[1], **THING, **VALUE}


def _come(seat: Seat, n: int, body: dict[str, Any] | None, place: tuple[str, str] = OURS) -> None:
    item = Item(*place, f"{n}.x", None, "delete" if body is None else "update", f"op {n}", body, None, None)
    with seat.memory.transaction("sync: page") as step:
        take_page(step, Page("s", "1", [item], str(n), False))


def _here(*, adopted: bool) -> tuple[History, Seat, int]:
    """A seat where our row is gone, since it is theirs now or for no reason that anybody knows, and the value that is there again."""
    history = History(0, later=())
    history.death_rate = 0.0
    seat = history.seats[0]
    seat.memory.put_state(RemoteState("s", "1", "0"))
    if adopted:
        seat.memory.write(*OURS, **THING)
    else:
        seat.memory.tables.gone[OURS] = None
    _come(seat, 1, {"id": THEIRS[1], **THING}, THEIRS)
    assert set(seat.memory.tables.rows) == {THEIRS}
    return history, seat, history.provenance.typed(OURS, "value", VALUE, ())


def _decide(history: History, seat: Seat, side: str) -> None:
    history.people.random = SimpleNamespace(choice=lambda _sides: side)  # type: ignore[assignment]
    assert history.people.decide(seat, seat.memory.tables.open[OURS])
    assert OURS not in seat.memory.tables.rows


@pytest.mark.parametrize("adopted", [True, False], ids=["took the key of another", "gone for no reason"])
def test_who_leaves_it_gone_in_sight_of_what_is_there_again_deletes_it(*, adopted: bool) -> None:
    history, seat, typed = _here(adopted=adopted)
    _come(seat, 2, AGAIN)
    conflict = seat.memory.tables.open[OURS]
    assert (conflict.mine, conflict.theirs) == (None, AGAIN)
    assert history.provenance.whole(OURS, None) == set()
    _decide(history, seat, "mine")
    # A row that vanished from the ledger by a fault was deleted by nobody, whatever a person makes of it: its value counts as lost.
    assert (typed in history.provenance.behind(history.provenance.whole(OURS, None))) is adopted


def test_who_gives_an_edit_up_for_such_an_end_deletes_it_too() -> None:
    history, first, _ = _here(adopted=True)
    second = history.seats[1]
    second.memory.put_state(RemoteState("s", "1", "0"))
    _come(second, 1, {"id": OURS[1], **THING})
    history.people.retype(second, OURS, "value")
    edit = history.provenance.whole(OURS, second.memory.tables.rows[OURS])
    _come(second, 2, None)
    assert second.memory.tables.open[OURS].theirs is None
    _decide(history, second, "theirs")
    assert edit <= history.provenance.behind(history.provenance.whole(OURS, None))
    assert OURS not in first.deletions


def test_such_a_deletion_is_lost_with_the_machine_that_alone_knew_of_it() -> None:
    history, seat, _ = _here(adopted=True)
    kept, deletions = seat.memory.tables.copy(), dict(seat.deletions)
    _come(seat, 2, AGAIN)
    _decide(history, seat, "mine")
    before = history.watch.alive(set())
    assert seat.deletions[OURS] in before
    seat.memory.tables, seat.deletions = kept, deletions
    history.watch.forget(before)
    assert history.provenance.whole(OURS, None) <= history.watch.lost_with_a_machine
