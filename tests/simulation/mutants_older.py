"""Seeded bugs of a service that does not take a kind: what waits for it is counted nowhere, or never sent again."""

from __future__ import annotations

from typing import Any

from desktop.sync import agreement
from tests.simulation.breaking import mutant


@mutant("what the remote does not take is in sync", (agreement, "in_sync"))
def _not_counted(done: Any) -> bool:
    waits = done.pending - sum(n for _, n in done.untaken)
    return done.digest_equal is True and not (waits or done.parked or done.conflicts)
