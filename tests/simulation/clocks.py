"""Clocks of a simulated history: the service's and one of each seat, that jump apart. The random numbers are of its own.

No clock goes by itself: without a jump all of them show the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Seat

BEGINNING = datetime(2026, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)
JUMPS = (-400, -1, 30, 4000)


class Clocks:
    """Where the clocks of one history stand. The service's jumps with the numbers of the history, as it ever did."""

    def __init__(self, history: History) -> None:
        self.random = random.Random(f"clocks {history.seed}")
        self.service = BEGINNING
        self.seats: dict[str, datetime] = {}

    def of(self, name: str) -> Callable[[], datetime]:
        """The clock of a seat."""
        return lambda: self.seats.get(name, BEGINNING)

    def jump(self, days: int, seats: list[Seat]) -> Seat:
        """The service's clock jumps, and that of a seat, elsewhere; which seat."""
        self.service += days * DAY
        seat = self.random.choice(seats)
        self.seats[seat.name] = self.of(seat.name)() + self.random.choice(JUMPS) * DAY
        return seat
