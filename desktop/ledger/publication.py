"""What the network says of an instrument of the institution's own: its number there, whether it is published, how it was evaluated (clause 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

PENDING, LISTED, TAKEN_DOWN = "pending", "listed", "taken_down"
STATES = (PENDING, LISTED, TAKEN_DOWN)
UNKNOWN_THERE = "none"
"""Of an instrument that the network says nothing of, once it has said something of others."""


@dataclass(frozen=True, slots=True)
class NetworkEvaluation:
    """The network's evaluation of a year, the grade in its own words; ``score`` and ``evaluated_on`` None: not told."""

    year: int
    grade: str
    score: Decimal | None = None
    evaluated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """``network_number`` "" while the network has given none; ``state`` one of ``STATES``, or another word of the network's as it came.

    ``reason`` is the network's own text. ``evaluations``: at most one a year, the oldest first. ``read_at``: when it was read (UTC, ISO text).
    """

    instrument_id: str
    network_number: str
    state: str
    since_on: date | None = None
    reason: str = ""
    evaluations: tuple[NetworkEvaluation, ...] = ()
    read_at: str = ""

    @property
    def latest(self) -> NetworkEvaluation | None:
        """The evaluation of the last year there is one of."""
        return self.evaluations[-1] if self.evaluations else None
