"""Files of evidence in a simulated history: people attach them to instruments, the service forgets what was left unfinished, and in
the end every file that any seat has is where its row is. The random numbers are of its own.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.simulation.service import sha

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Seat

N_PART_BYTES = 5


class Files:
    """The attachments of one history. ``rate``: how much of what people do is that, 0 in most histories and where it is not ``drawn``."""

    def __init__(self, history: History, *, drawn: bool) -> None:
        self.history = history
        self.random = random.Random(f"files {history.seed}")
        self.rate = self.random.choice((0.1, 0.3)) if drawn and self.random.random() < 0.15 else 0.0

    def act(self, seat: Seat) -> bool:
        """Attach a file to an instrument, or take one away; whether anything was done."""
        if not self.rate or self.random.random() >= self.rate:
            return False
        rows = seat.memory.tables.rows
        mine = [place for place in rows if place[0] == "attachment"]
        if mine and self.random.random() < 0.2:
            self.history.people.delete(seat, self.random.choice(mine))
            return True
        instruments = [key for kind, key in rows if kind == "instrument"]
        if instruments:
            self._attach(seat, self.random.choice(instruments))
        return True

    def _attach(self, seat: Seat, key: str) -> None:
        people, typed = self.history.people, self.history.provenance
        # The same file is attached at several places, by several people.
        n = self.random.randrange(4) if self.random.random() < 0.4 else typed.next()
        content = f"{n:05d}".encode() * self.random.choice((1, 3))
        place = "attachment", self.history.new_id()
        told = {"name": f"文件{typed.next():05d}.txt", "sha256": sha(content), "n_bytes": len(content)}
        typed.typed(place, "file", told, ())
        seat.memory.files[told["sha256"]] = content
        self.history.counts["files attached"] += 1
        people.write(seat, place, of_kind="instrument", of_id=key, **told)

    def forgotten(self) -> None:
        """The service throws away what was begun and not finished, now and then."""
        if self.rate and self.random.random() < 0.05:
            self.history.counts["unfinished files forgotten"] += self.history.service.forget_unfinished()

    def at_a_seat(self, sha256: str) -> bool:
        """Whether any seat has the bytes, and a row of them that may leave."""
        return any(
            row.get("sha256") == sha256 and sha256 in seat.memory.files and not seat.memory.hidden(place)
            for seat in self.history.seats
            for place, row in seat.memory.tables.rows.items()
        )


def without_file(history: History) -> str:
    """An attachment at the service whose file is not there although a seat has it; "" when there is none."""
    service = history.service
    for place, held in service.held.entities.items():
        named = (held.body or {}).get("sha256")
        if place[0] == "attachment" and named is not None and not service.has_file(named) and history.files.at_a_seat(named):
            return f"the file of {place}"
    return ""
