"""Seeded bugs of one thing that two seats entered apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from desktop.sync import absorb, further, merge
from desktop.sync.ports import BaseRow, Standing
from tests.simulation import people
from tests.simulation.breaking import MUTANTS, mutant
from tests.sync import memory

MUTANTS["what two seats entered stays two"] = ((absorb, "_meet", lambda *_: None),)
MUTANTS["theirs is taken for the state both had"] = ((absorb, "is_posted_since", lambda *_: True),)

MUTANTS["what two seats reversed is asked of a person"] = ((merge, "is_one_reversal", lambda *_: False),)
_drawn = count()
MUTANTS["a reversal has a key of its own"] = ((people, "reversal_key", lambda _: f"{next(_drawn):08x}-0000-5000-8000-00000000000b"),)

_meet, _rename = absorb._meet, memory.Memory._rename


@mutant("with the key comes the row", (absorb, "_meet"))
def _theirs_for_ours(step: Any, here: Standing, base: BaseRow, conflict: Any) -> Standing | None:
    met = _meet(step, here, base, conflict)
    return met and replace(met, local=base.body)


@mutant("what refers to a row goes on under its old key", (memory.Memory, "_rename"))
def _alone(self: Any, old: Any, new: Any) -> None:
    referring = [(place, row) for place, row in self.tables.rows.items() if old[1] in row.values() and place != old]
    _rename(self, old, new)
    for place, row in referring:
        self._put(self.tables.rows, place, row)

# Of the state that it would take the place of, either of two rules takes care.
MUTANTS["what came behind an open conflict takes its place"] = (
    (absorb, "undecided", lambda *_: False),
    (further, "overtaken", lambda conflict, *_: conflict),
)
