"""Who is taken to have seen that a person chose no value: whoever the decision could reach, and no one else.

One seat decides a conflict for no dates of an instrument, in sight of dates that another typed where none stood.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from desktop.sync.groups import group_of
from desktop.sync.ports import BaseRow, Conflict, Further
from tests.simulation.history import History
from tests.simulation.provenance import value

PLACE = "instrument", "00000000-0000-7000-8000-000000000001"
PLAIN = {"id": PLACE[1], "asset_number": "A-1", "name": "离心机", "value_fen": 45}
DATES = value("duty", 8)
DATED = PLAIN | DATES


def _is_lost(side: str, *, remote: dict[str, Any], merged: bool, other: dict[str, Any] | None, common: dict[str, Any] | None = None) -> bool:
    """Whether it counts as lost when the dates are there again afterwards without another decision."""
    history = History(0, later=())
    people, typed, (first, second, *_) = history.people, history.provenance, history.seats
    dates = typed.typed(PLACE, "duty", DATES, ())
    first.memory.tables.rows[PLACE] = dict(PLAIN)
    first.memory.tables.bases[PLACE] = BaseRow(*PLACE, "1.x", None, "create", "x", remote, merged, common)
    if other is not None:
        second.memory.tables.rows[PLACE] = dict(other)
    conflict = Conflict(*PLACE, (group_of("instrument", "accepted_on"),), None, PLAIN, remote, further=(Further(DATED),))
    first.memory.tables.open[PLACE] = conflict
    people.random = SimpleNamespace(choice=lambda _sides: side)  # type: ignore[assignment]
    assert people.decide(first, conflict)
    assert first.memory.tables.rows[PLACE].get("accepted_on") is None
    (nothing,) = typed.without
    return nothing not in typed.behind({dates})


@pytest.mark.parametrize(
    ("side", "remote", "merged", "other", "lost"),
    [
        ("theirs", PLAIN, True, DATED, False),
        # Nobody else has them: who brought them back?
        ("theirs", PLAIN, True, PLAIN, True),
        ("theirs", PLAIN, True, None, True),
        # The remote has them: the decision is sent, and reaches every seat.
        ("mine", DATED, True, DATED, True),
        # What the remote has was not taken in yet.
        ("theirs", PLAIN, False, DATED, True),
    ],
    ids=["another has them still to send", "nobody has them", "nobody has the row", "the decision is sent", "the remote is not known"],
)
def test_only_what_others_still_send_comes_back_over_a_choice_of_nothing(
    side: str, remote: dict[str, Any], merged: bool, other: dict[str, Any] | None, lost: bool
) -> None:
    assert _is_lost(side, remote=remote, merged=merged, other=other) is lost


@pytest.mark.parametrize(("common", "lost"), [(PLAIN, False), ({}, True)], ids=["as it was before", "unknown"])
def test_what_waits_for_the_decision_comes_over_a_choice_that_leaves_all_as_it_was_before_it_came(common: dict[str, Any], lost: bool) -> None:
    """Nothing is sent of that choice either."""
    assert _is_lost("mine", remote=DATED, merged=False, other=DATED, common=common) is lost
