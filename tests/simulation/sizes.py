"""How much a body and a page may hold in a simulated history: the service lowers and raises its limits, and a row may be too large
for it by itself; its pages are short, and a seat takes in none that is much longer. The random numbers are of its own.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import msgspec

from desktop.sync.messages import Page
from desktop.sync.outcome import RemoteProblem
from desktop.sync.waiting import TOO_LARGE

if TYPE_CHECKING:
    from tests.simulation.history import History

N_BYTES = 1_048_576
# A row with its change is some 300 to 600 bytes: the lowest lets hardly any through, the others most of them.
LOW = (350, 450, 550, 800)
N_OVER = 2_000
"""What a page may be over its bound: one row, the digest and the envelope."""


class Sizes:
    """The bounds in bytes of one history; most have none that matter, and none has with two remotes or where they are not ``drawn``."""

    def __init__(self, history: History, *, drawn: bool) -> None:
        self.history = history
        self.random = random.Random(f"limits in bytes, 1999 {history.seed}")
        self.lowers = drawn and self.random.random() < 0.12
        self.n_page_bytes = self.random.choice((300, 900)) if drawn and self.random.random() < 0.12 else None

    def set_up(self) -> None:
        """The service bounds its pages."""
        self.history.service.n_page_bytes = self.n_page_bytes

    def act(self) -> None:
        """Now and then the service takes larger or smaller bodies from now on."""
        if self.lowers and self.random.random() < 0.1:
            self.history.mischance.limits()

    def n_bytes(self) -> int:
        """How large a body may be from now on."""
        return self.random.choice((*LOW, N_BYTES)) if self.lowers else N_BYTES

    def roomy(self) -> bool:
        """The operator lets everything in again; whether that changes anything."""
        waiting = [row.code for seat in self.history.seats for row in seat.memory.tables.refused.values()]
        self.history.counts["too large for any body"] += waiting.count(TOO_LARGE)
        limits = self.history.service.limits
        self.history.service.limits = msgspec.structs.replace(limits, n_bytes=N_BYTES)
        return limits.n_bytes < N_BYTES

    def take(self, page: Page) -> Page:
        """A seat reads no more than a service may send."""
        if self.n_page_bytes is not None and len(msgspec.json.encode(page)) > self.n_page_bytes + N_OVER:
            raise RemoteProblem("sync.not_service", "stop")
        return page
