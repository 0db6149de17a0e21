"""Seeded bugs of what a remote also had and is kept by an open conflict."""

from __future__ import annotations

from desktop.sync import further
from desktop.sync.canonical import Body
from desktop.sync.ports import BaseRow, Conflict
from tests.simulation.breaking import MUTANTS

MUTANTS["what waits goes with its base"] = ((further, "forget", lambda step, place, **_: step.drop_base(*place)),)
MUTANTS["the next state takes what was kept away"] = ((further, "left", lambda *_: ()),)

MUTANTS["who types over a part has seen the whole"] = ((further, "overtaken", lambda conflict, *_: conflict),)

_overtaken = further.overtaken


def forgetful(conflict: Conflict | None, base: BaseRow, view: Body | None, mine: Body | None) -> Conflict | None:
    """Of what was typed over in part nothing is kept when a deletion takes its place."""
    return conflict if base.body is None else _overtaken(conflict, base, view, mine)


MUTANTS["a deletion takes the place of what was typed over in part"] = ((further, "overtaken", forgetful),)
