"""Seeded bugs of what a remote also had and is kept by an open conflict."""

from __future__ import annotations

from desktop.sync import further
from tests.simulation.breaking import MUTANTS

MUTANTS["what waits goes with its base"] = ((further, "forget", lambda step, place: step.drop_base(*place)),)
MUTANTS["the next state takes what was kept away"] = ((further, "left", lambda *_: ()),)

MUTANTS["who types over a part has seen the whole"] = ((further, "overtaken", lambda conflict, *_: conflict),)
