"""One thing entered at two seats: people take instruments, customers and records that others enter as well, by the same numbers and
names (decision 0033). The random numbers are of its own, so that histories without it stay what they were.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from tests.simulation.provenance import GROUPS
from tests.sync.memory_tables import UNIQUE

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Place, Seat

N_THINGS = 5
SHARED = "共有记录编号"


class Twice:
    """What is entered at more than one seat in one history. ``rate``: how much of what people do is that, 0 in most histories and where it is not ``drawn``."""

    def __init__(self, history: History, *, drawn: bool) -> None:
        self.history = history
        self.random = random.Random(f"twice {history.seed}")
        self.rate = self.random.choice((0.2, 0.5)) if drawn and self.random.random() < 0.2 else 0.0

    def act(self, seat: Seat) -> bool:
        """Do something with a thing that others enter too; whether anything was done."""
        if not self.rate or self.random.random() >= self.rate:
            return False
        draw, n = self.random.random(), self.random.randrange(N_THINGS)
        if draw < 0.35:
            self._instrument(seat, n)
        elif draw < 0.6:
            self._customer(seat, n)
        elif draw < 0.75:
            self._record(seat, n)
        else:
            self._size(seat)
        return True

    def _enter(self, seat: Seat, kind: str, number: str, *, groups: tuple[str, ...] = (), **fields: Any) -> None:
        """Enter a row, unless its number is here already; ``groups`` are typed in by each person in their own way."""
        people, place = self.history.people, (kind, self.history.new_id())
        if any(row.get(UNIQUE[kind]) == number for (other, _), row in seat.memory.tables.rows.items() if other == kind):
            return
        fields[UNIQUE[kind]] = number
        for group, names in GROUPS[kind].items():
            if set(names) <= set(fields):
                self.history.provenance.typed(place, group, {name: fields[name] for name in names}, ())
        for group in groups:
            fields |= people.type(seat, place, group)
        self.history.owner[place] = seat.name
        self.history.counts["entered at two seats"] += 1
        people.write(seat, place, **fields)

    def _instrument(self, seat: Seat, n: int) -> None:
        groups = tuple(group for group in ("value", "technical", "duty") if self.random.random() < 0.4)
        self._enter(seat, "instrument", f"共有编号{n}", name=f"共有仪器名称{n}", groups=groups)

    def _customer(self, seat: Seat, n: int) -> None:
        self._enter(seat, "customer", f"共有客户名称{n}", groups=("size",) if self.random.random() < 0.5 else ())

    def _record(self, seat: Seat, n: int) -> None:
        """The record of an instrument that others may have too, from the same book; what it came to is mostly the same."""
        rows = seat.memory.tables.rows
        target = next((key for (kind, key), row in rows.items() if kind == "instrument" and row.get("asset_number") == f"共有编号{n}"), None)
        if target is None:
            return
        fields: dict[str, Any] = {"instrument_id": target, "started_at": "2026-01-11T09:00", "ended_at": "2026-01-11T10:40"}
        customers = [key for kind, key in rows if kind == "customer"]
        if customers and self.random.random() < 0.6:
            fields["customer_id"] = self.random.choice(customers)
        if self.random.random() < 0.6:
            self._enter(seat, "service_record", f"{SHARED}{n}", minutes=900_000 + n, amount_fen=100 * (900_000 + n), state="draft", **fields)
        else:
            self._enter(seat, "service_record", f"{SHARED}{n}", groups=("charge",), **fields)

    def may_post(self, seat: Seat, place: Place) -> bool:
        """A record that another seat has too is posted where it is known to be the one at the service.

        Posted under a key that is not, it keeps that key, and the way out is a ledger begun anew, which the model has not.
        """
        if not str(seat.memory.tables.rows[place]["number"]).startswith(SHARED):
            return True
        return place in seat.memory.tables.bases and not {"seat restored", "service restored"} & self.history.features

    def _size(self, seat: Seat) -> None:
        """Correct a customer, or throw one away."""
        customers = [place for place in seat.memory.tables.rows if place[0] == "customer"]
        if not customers:
            return
        place = self.random.choice(customers)
        if self.random.random() < 0.8:
            self.history.people.retype(seat, place, "size")
        else:
            self.history.people.delete(seat, place)


def come_together(history: History) -> str:
    """What was entered at two seats and still waits as two rows although nothing stands in the way; "" when there is none."""
    for seat in history.seats:
        memory = seat.memory
        for place in memory.unmerged():
            body = memory.tables.bases[place].body
            ours: Place | None = None
            if body is not None and place not in memory.tables.rows and place not in memory.tables.open:
                ours = memory.twin(*place, body)
            if ours is not None and not memory.is_fixed(ours):
                return f"{place} and {ours} at seat {seat.name} are one thing and stay two"
    return ""
