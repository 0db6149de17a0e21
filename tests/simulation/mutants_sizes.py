"""Seeded bugs of bounds in bytes: of a body, of a page, of what is handed back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop.sync import recovery, waiting
from tests.simulation import service
from tests.simulation.breaking import MUTANTS, mutant

MUTANTS["a row above the limit is handed back all the same"] = ((recovery, "fitting", lambda row, _limits: recovery.told(row)),)
MUTANTS["pages are bounded by count alone"] = ((service.Service, "fitting", lambda _self, places: len(places)),)

_fitting, _tidy = recovery.fitting, waiting._tidy


@mutant("what cannot be handed back stays the base", (recovery, "_fitting"))
def _believed(step: Any, limits: Any) -> Iterator[bytes]:
    for row in recovery._bases(step):
        part = _fitting(row, limits)
        if part is not None:
            yield part


@mutant("what was too large once is too large for good", (waiting, "_tidy"))
def _for_good(step: Any) -> None:
    kept = [row for row in step.parked() if row.code == waiting.TOO_LARGE]
    _tidy(step)
    for row in kept:
        step.park(row)
