"""A service that for a while takes no rows of one kind, as one of an older version does. The random numbers are of its own."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.simulation.service import KINDS

if TYPE_CHECKING:
    from tests.simulation.history import History


class Older:
    """In few histories the remotes are older now and then, each in another kind."""

    def __init__(self, history: History, *, drawn: bool) -> None:
        self.history = history
        self.random = random.Random(f"an older service {history.seed}")
        self.drawn = drawn and self.random.random() < 0.04

    def act(self) -> None:
        """Now and then another program is started at the remotes."""
        if not self.drawn or self.random.random() >= 0.15:
            return
        for service in self.history.services:
            lacks = self.random.choice((None, *KINDS))
            service.kinds = [kind for kind in KINDS if kind != lacks]
            self.history.counts["a service lacks a kind"] += lacks is not None
            self.history.note("takes all kinds" if lacks is None else "takes no", None, lacks)

    def renewed(self) -> None:
        """Everybody's program is the newest."""
        for service in self.history.services:
            service.kinds = list(KINDS)
