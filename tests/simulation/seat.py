"""One seat of a simulated history, and how a broken promise is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.sync.memory import Memory

Place = tuple[str, str]


class Violation(Exception):
    """A promise was broken. ``kind`` is one of lost, doubled, diverged, stuck, leaked, silent."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind


@dataclass
class Seat:
    """One ledger at one machine. ``notes`` are what its people wrote for themselves, ``deletions`` what they deleted last of a row
    (a node of the provenance)."""

    name: str
    device_id: str
    memory: Memory
    line: Any = None
    running: bool = False
    notes: dict[Place, str] = field(default_factory=dict)
    deletions: dict[Place, int] = field(default_factory=dict)

    def alive(self) -> None:
        """Rows that are there again are not deleted any more."""
        tables = self.memory.tables
        self.deletions = {place: n for place, n in self.deletions.items() if place not in tables.rows or place in tables.tombstones}
