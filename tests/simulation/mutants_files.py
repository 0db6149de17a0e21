"""Seeded bugs of files of evidence."""

from __future__ import annotations

from desktop.sync import evidence
from tests.simulation.breaking import MUTANTS

MUTANTS["a restored service gets no files back"] = ((evidence, "held", lambda *_: []),)
MUTANTS["rows are sent without their files"] = ((evidence, "places", lambda _batch: {}),)
MUTANTS["a row that waits for its file is not sent again"] = ((evidence, "try_again", lambda _step: None),)
