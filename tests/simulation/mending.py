"""What people do about a row that was refused, or that their ledger could not take in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.sync.ports import Parked, Unplaced
from tests.sync.memory_tables import LINKS, UNIQUE

if TYPE_CHECKING:
    from tests.simulation.people import People, Place
    from tests.simulation.seat import Seat


class Mending:
    """The people of one history at this work; what they type and delete they do as ever."""

    def __init__(self, people: People) -> None:
        self.people = people

    def mend(self, seat: Seat, parked: Parked) -> None:
        """Do something about a row that was refused, or that the ledger could not take in."""
        place, memory, code = (parked.kind, parked.id), seat.memory, parked.code
        self.people.history.note("mends", seat, place, code)
        row, base = memory.tables.rows.get(place), memory.tables.bases.get(place)
        if place in memory.tables.open or (memory.hidden(place) and code != "here.changed_since" and place not in memory.tables.tombstones):
            return
        if code == "field.invalid" and row is not None:
            self.people.write(seat, place, **self.people.type(seat, place, "class"))
        elif code == "key.taken" and row is not None and place[0] in UNIQUE and not memory.posted(place):
            self._renumber(seat, place)
        elif code in ("blob.missing", "blob.elsewhere") and row is not None and not self.people.history.files.at_a_seat(row["sha256"]):
            # Nobody has the file any more.
            self.people.delete(seat, place)
        elif code in ("here.twice", "here.in_use") and base is not None and base.body is not None:
            self.make_room(seat, place[0], dict(base.body))
        elif code in ("link.held", "here.changed_since"):
            self._give_up_or_again(seat, place)
        elif code == "link.unknown" and row is not None:
            self._without_target(seat, place)
        elif code == "here.link" and parked.waiting_for in memory.tables.tombstones:
            self._give_up_or_again(seat, parked.waiting_for)

    def make_room(self, seat: Seat, kind: str, body: dict[str, Any]) -> None:
        number = UNIQUE.get(kind)
        if number is None:
            return
        for place, row in seat.memory.tables.rows.items():
            if row.get(number) == body.get(number) and place[0] == kind and place[1] != body["id"] and not seat.memory.posted(place):
                self._renumber(seat, place)
                return

    def _renumber(self, seat: Seat, place: Place) -> None:
        """Give a row a number, or a name, of its own."""
        if place[0] == "customer":
            self.people.retype(seat, place, "name")
        else:
            name = UNIQUE[place[0]]
            self.people.write(seat, place, **{name: f"{'资产编号' if place[0] == 'instrument' else '记录编号'}{self.people.typed.next():05d}"})

    def _give_up_or_again(self, seat: Seat, place: Place) -> None:
        memory = seat.memory
        base = memory.tables.bases.get(place)
        seen = self.people._seen(seat, place) | (self.people.typed.whole(place, base.body) if base is not None else set())
        if memory.hidden(place) or place in memory.tables.rows:
            if self.people.random.random() < 0.5 and memory.hidden(place) and not self.people.history.quiet:
                self.people._deleted(seat, place, seen)
                memory.withdraw(*place)
            else:
                self.people._keep(seat, place)
            memory.unpark(*place)
            return
        if base is None or base.body is None:
            memory.unpark(*place)
            return
        if self.people.random.random() < 0.3 and not self.people.history.quiet:
            memory.unpark(*place)
            return
        try:
            memory.put_local(*place, base.body)
        except Unplaced as refused:
            if refused.code == "here.twice":
                self.make_room(seat, place[0], dict(base.body))
            return
        # Given up is a deletion of theirs, also where the row was gone without a tombstone.
        self.people.typed.settled(place, base.body, seen | self.people.typed.whole(place, None))
        memory.unpark(*place)

    def _without_target(self, seat: Seat, place: Place) -> None:
        """The remote lacks what a row refers to: enter that anew there by changing it, or do without the row."""
        memory = seat.memory
        row = memory.tables.rows[place]
        name, target = next(iter(LINKS[place[0]].items()))
        other = target, row[name]
        if (waiting := memory.tables.refused[place].waiting_for) and waiting[0] == "customer":
            other = waiting
        if other in memory.tables.refused or other in memory.tables.open:
            return
        if other in memory.tables.rows and not memory.hidden(other):
            memory.unpark(*place)
        else:
            self.people.delete(seat, place)
