"""One posting taken back at several seats before they sync: it is one reversal, as it was sent first (decision 0037)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Place, Seat


class Reversals:
    """The random numbers are of its own. ``rate``: how much of what people do is that beside what they do anyway, 0 in most histories."""

    def __init__(self, history: History, *, drawn: bool = True) -> None:
        self.history, self.drawn = history, drawn
        self.random = random.Random(f"reversed apart {history.seed}")
        self.rate = self.random.choice((0.15, 0.4)) if drawn and self.random.random() < 0.15 else 0.0

    def reversing(self, seat: Seat, place: Place) -> list[Seat]:
        """The other seats that take the posting of a record back as well, before they have heard of it."""
        return [other for other in self._knowing(seat, place) if self.random.random() < 0.7] if self.drawn else []

    def _knowing(self, seat: Seat, place: Place) -> list[Seat]:
        posting = seat.memory.posting_of(place[1])
        others = [other for other in self.history.seats if other is not seat and self._reversible(other, place)]
        return [other for other in others if other.memory.posting_of(place[1]) == posting]

    def _reversible(self, seat: Seat, place: Place) -> bool:
        tables = seat.memory.tables
        if tables.rows.get(place, {}).get("state") != "posted" or place in tables.open or place in tables.tombstones:
            return False
        return seat.memory.posting_of(place[1]) is not None and not seat.memory.hidden(place)

    def act(self, seat: Seat) -> bool:
        """Post one's own record, or take a posting back that others know as well; whether anything was done."""
        if not self.rate or self.random.random() >= self.rate:
            return False
        rows, owner = seat.memory.tables.rows, self.history.owner
        records = [place for place in rows if place[0] == "service_record" and not seat.memory.hidden(place)]
        known = [place for place in records if self._reversible(seat, place) and self._knowing(seat, place)]
        drafts = [place for place in records if rows[place]["state"] == "draft" and owner[place] == seat.name and self.history.twice.may_post(seat, place)]
        if known:
            self.history.people.reverse(seat, self.random.choice(known))
        elif drafts:
            self.history.people.post_record(seat, self.random.choice(drafts))
        return bool(known or drafts)
