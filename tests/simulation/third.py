"""Histories in which a third state comes about: few things, values typed over each other, and both a seat and the service restored while
a conflict is open. The random numbers are of its own.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Place, Seat


class Third:
    """Whether one history is such a one; most are not. ``drawn``: the model has them at all."""

    def __init__(self, history: History, *, drawn: bool, again: bool, beside: bool) -> None:
        self.history = history
        self.random = random.Random(f"third {history.seed}")
        self.meant = drawn and self.random.random() < 0.06
        # With numbers of their own: a history without the second restore stays what it was.
        self.aside = random.Random(f"again {history.seed}")
        self.again = again and self.meant and self.aside.random() < 0.5
        self.beside = beside and self.meant and random.Random(f"beside {history.seed}").random() < 0.3

    def set_up(self) -> None:
        """What befalls such a history beside its beginning."""
        if self.meant:
            self.history.features = {"service restored"} if self.again else set()
            self.history.n_instruments, self.history.n_steps = 1, 80
            self.history.rarity, self.history.fault_rate, self.history.death_rate = 0.24, 0.0, 0.0

    def begin(self) -> None:
        """How it comes about, mostly: two seats type over each other, one of them has the conflict; the service and the other seat go back to
        before that, and the other one types again; or the first types something beside, and the other one deletes the row."""
        history = self.history
        first, second = history.seats[:2]
        turns = (
            lambda: history.people.instrument(first),
            lambda: history.sync(first),
            lambda: history.sync(second),
            lambda: history.mischance.service_backup(first),
            lambda: history.mischance.seat_backup(second),
            lambda: self._retype(first),
            lambda: self._retype(second),
            lambda: history.sync(second),
            lambda: history.sync(first),
            *([lambda: self._retype(first, "technical")] if self.beside else []),
            lambda: history.mischance.service_restored(first),
            lambda: history.mischance.seat_restored(second),
            lambda: self._delete(second) if self.beside else self._retype(second),
            lambda: history.sync(second),
            lambda: history.sync(first),
        )
        for turn in turns if self.meant else ():
            if self.random.random() < 0.9:
                turn()
        if self.again:
            self._again(first, second)

    def _again(self, first: Seat, second: Seat) -> None:
        """Both go back once more, and what waited is at the first seat alone; something else comes to the service."""
        history = self.history
        turns = (
            lambda: history.mischance.service_restored(first),
            lambda: history.mischance.seat_restored(second),
            lambda: self._retype(second),
            lambda: history.sync(second),
            lambda: history.sync(first),
        )
        for turn in turns:
            if self.aside.random() < 0.9:
                turn()

    def takes_further(self) -> bool:
        """Whether a person chooses what the remote also had."""
        return self.aside.random() < 0.4

    def act(self, seat: Seat) -> bool:
        """Type the value anew; whether anything was done."""
        if not self.meant or self.random.random() < 0.2:
            return False
        return self._retype(seat)

    def _delete(self, seat: Seat) -> bool:
        place = self._place(seat)
        return place is not None and self.history.people.delete(seat, place)

    @staticmethod
    def _place(seat: Seat) -> Place | None:
        return next((place for place in seat.memory.tables.rows if place[0] == "instrument"), None)

    def _retype(self, seat: Seat, group: str = "value") -> bool:
        place = self._place(seat)
        if place is None:
            return False
        self.history.people.retype(seat, place, group)
        return True
