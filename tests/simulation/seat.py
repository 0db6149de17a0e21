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
    """One ledger at one machine, with a remote. ``notes`` are what its people wrote for themselves, ``deletions`` what they deleted last of a row
    (a node of the provenance). ``sides``: this and the same ledger with its other remote, if it has one."""

    name: str
    device_id: str
    memory: Memory
    service: Any = None
    line: Any = None
    running: bool = False
    notes: dict[Place, str] = field(default_factory=dict)
    deletions: dict[Place, int] = field(default_factory=dict)
    sides: list[Seat] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.sides.append(self)

    @property
    def called(self) -> str:
        """As the readable history calls it."""
        return self.name

    def alive(self) -> None:
        """Rows that are there again are not deleted any more, but for one whose deletion an open conflict keeps: it is on view, and is to go."""
        tables = self.memory.tables
        kept = {place for side in self.sides for place, asked in side.memory.tables.open.items() if asked.mine is None}
        here = tables.rows.keys() - tables.tombstones.keys() - kept
        self.deletions = {place: n for place, n in self.deletions.items() if place not in here}
