"""What people do at their seats: enter, change, delete, post, classify; decide conflicts and mend what was refused.

Everything they type is told to the provenance, with what they saw. They keep to what the program lets them do: no row is
deleted that others refer to, no posting is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from desktop.ledger.keys import reversal_key
from desktop.sync import further
from desktop.sync.groups import group_of
from desktop.sync.merge import WHOLE_ROW
from desktop.sync.ports import Conflict, Unplaced
from tests.simulation.mending import Mending
from tests.simulation.provenance import DELETION, GROUPS, value
from tests.sync.memory import Memory
from tests.sync.memory_tables import LOCAL_ONLY

if TYPE_CHECKING:
    from tests.simulation.history import History
    from tests.simulation.seat import Seat

Place = tuple[str, str]
SHARED_NUMBERS = 3


class People:
    """The people of one history; the random numbers are its own."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.random = history.random
        self.typed = history.provenance
        self.mending = Mending(self)

    # What stands before a person.

    def _seen(self, seat: Seat, place: Place, group: str | None = None, *, waiting: bool = True) -> set[int]:
        first = seat.sides[0].memory
        # Who deletes a row with an older program deletes what it does not show as well.
        bodies: list[Any] = [first.whole(place)] if place in first.tables.rows else []
        if place in first.tables.tombstones:
            bodies.append(None)
        for side in seat.sides:
            bodies += self._shown(side, place, waiting=waiting)
        if group is None:
            return {n for body in bodies for n in self.typed.whole(place, body)}
        return {n for body in bodies for n in self.typed.group(place, group, body)}

    @staticmethod
    def _shown(seat: Seat, place: Place, *, waiting: bool) -> list[Any]:
        """What of a remote stands before a person."""
        bodies: list[Any] = []
        tables = seat.memory.tables
        conflict = tables.open.get(place)
        if conflict is not None:
            sides = (conflict.mine, conflict.theirs, *(one.body for one in conflict.further))
            bodies += [dict(body) if body is not None else None for body in sides]
        parked = tables.refused.get(place)
        base = tables.bases.get(place)
        if waiting and parked is not None and parked.code.startswith("here.") and base is not None:
            bodies.append(dict(base.body) if base.body is not None else None)
        return bodies

    def type(self, seat: Seat, place: Place, group: str, *, wrong: bool = False) -> dict[str, Any]:
        """What a person types into a group, in sight of what stands there."""
        fields = value(group, self.typed.n + 1, wrong=wrong)
        self.typed.typed(place, group, fields, self._seen(seat, place, group))
        return fields

    def _groups(self, seat: Seat, kind: str) -> list[str]:
        return [group for group, names in GROUPS[kind].items() if not seat.memory.unknown & set(names)]

    def _pick(self, seat: Seat, kind: str) -> Place | None:
        places = [place for place in seat.memory.tables.rows if place[0] == kind]
        return self.random.choice(places) if places else None

    # Entering.

    def act(self, seat: Seat) -> None:
        """One thing a person does."""
        if self.history.twice.act(seat) or self.history.reversals.act(seat) or self.history.files.act(seat) or self.history.third.act(seat):
            return
        draw, history = self.random.random(), self.history
        n_instruments = sum(kind == "instrument" for kind, _ in seat.memory.tables.rows)
        if n_instruments == 0 or (draw < 0.2 and n_instruments < history.n_instruments):
            self.instrument(seat)
        elif 0.2 <= draw < 0.32:
            self.record(seat)
        elif draw < 0.7:
            self.change(seat)
        elif draw < 0.76:
            self.delete(seat)
        elif draw < 0.86:
            self.post(seat)
        elif draw < 0.94 and "classify" in history.features:
            self.classify(seat)
        elif seat.memory.tables.open:
            self.decide(seat, self.random.choice(list(seat.memory.tables.open.values())))
        elif seat.memory.tables.refused:
            self.mending.mend(seat, self.random.choice(list(seat.memory.tables.refused.values())))

    def instrument(self, seat: Seat) -> None:
        key = self.history.new_id()
        place = "instrument", key
        if "numbers" in self.history.features and self.random.random() < 0.3:
            number = f"共用编号{self.random.randrange(SHARED_NUMBERS)}"
        else:
            number = f"资产编号{self.typed.next():05d}"
        if any(row.get("asset_number") == number for row in seat.memory.tables.rows.values()):
            return
        fields: dict[str, Any] = {"asset_number": number}
        for group in self._groups(seat, "instrument"):
            if group in ("name", "value") or self.random.random() < 0.4:
                fields |= self.type(seat, place, group)
        if "classify" in self.history.features and self.random.random() < 0.15:
            fields["confidential"] = True
        self.write(seat, place, **fields)

    def record(self, seat: Seat) -> None:
        target = self._pick(seat, "instrument")
        if target is None:
            return
        key = self.history.new_id()
        place = "service_record", key
        fields: dict[str, Any] = {
            "number": f"记录编号{self.typed.next():05d}",
            "instrument_id": target[1],
            "started_at": "2026-01-10T09:00",
            "ended_at": "2026-01-10T10:40",
        }
        fields |= self.type(seat, place, "charge")
        self.history.owner[place] = seat.name
        self.write(seat, place, **fields)

    def change(self, seat: Seat) -> None:
        place = self._pick(seat, "instrument" if self.random.random() < 0.6 else "service_record")
        if place is None:
            return
        if seat.memory.posted(place):
            return
        draw = self.random.random()
        if draw < 0.05 and place[0] == "instrument" and not any(place in side.memory.tables.open for side in seat.sides):
            self.write(seat, place, asset_number=f"资产编号{self.typed.next():05d}")
        elif draw < 0.12:
            note = f"本机备注{self.typed.next():05d}"
            seat.notes[place] = note
            self.write(seat, place, note=note)
        else:
            self.retype(seat, place, self.random.choice(self._groups(seat, place[0])))

    def retype(self, seat: Seat, place: Place, group: str) -> None:
        """Type a group anew."""
        wrong = group == "class" and self.random.random() < 0.3
        self.write(seat, place, **self.type(seat, place, group, wrong=wrong))

    def write(self, seat: Seat, place: Place, **fields: Any) -> None:
        """It is in the ledger."""
        self.history.note("wrote", seat, place, fields)
        seat.memory.write(*place, **fields)

    def delete(self, seat: Seat, place: Place | None = None) -> bool:
        """Throw a row away, if the program lets a person do that."""
        place = place or self._pick(seat, "instrument" if self.random.random() < 0.6 else "service_record")
        if place is None or seat.memory.held(place) or place[0] == "posting" or place not in seat.memory.tables.rows:
            return False
        if seat.memory.posted(place):
            return False
        if seat.memory.hidden(place):
            # Its values stay behind in nobody's hands: the person who throws a confidential row away has seen it.
            seat.notes.pop(place, None)
        self._deleted(seat, place, self._seen(seat, place))
        self.history.note("deleted", seat, place)
        seat.notes.pop(place, None)
        seat.memory.delete(*place)
        for side in seat.sides:
            self.history.watch.met(seat, side.memory.tables.bases.get(place))
        return True

    def _deleted(self, seat: Seat, place: Place, seen: set[int]) -> None:
        seat.deletions[place] = self.typed.deleted(place, seen)

    def post(self, seat: Seat) -> None:
        place = self._pick(seat, "service_record")
        if place is None or seat.memory.hidden(place) or not self.history.twice.may_post(seat, place) or not self.history.second.may_post():
            return
        if "double posting" not in self.history.features and self.history.owner[place] != seat.name:
            return
        posting = seat.memory.posting_of(place[1])
        row = seat.memory.tables.rows[place]
        if posting is None and row["state"] == "draft":
            self.post_record(seat, place)
        elif posting is not None and row["state"] == "posted" and self.random.random() < 0.3:
            self.reverse(seat, place)

    def post_record(self, seat: Seat, place: Place) -> None:
        """Post a draft."""
        row = seat.memory.tables.rows[place]
        self._fact(seat, {"record_id": place[1], "amount_fen": row["amount_fen"], "posted_on": "2026-01-31", "reverses": None})
        self._state(seat, place, "posted")

    def reverse(self, seat: Seat, place: Place) -> None:
        """Take the posting of a record back, perhaps at other seats as well."""
        posting = seat.memory.posting_of(place[1])
        if posting is None:
            return
        for each in (seat, *self.history.reversals.reversing(seat, place)):
            self._reverse(each, place, posting)

    def _reverse(self, seat: Seat, place: Place, posting: str) -> None:
        """Take a posting back, each seat on a day of its own, if it is not taken back there: the record may not say so yet."""
        if ("posting", reversal_key(posting)) in seat.memory.tables.rows:
            return
        back = {"record_id": place[1], "amount_fen": -seat.memory.tables.rows["posting", posting]["amount_fen"]}
        self._fact(seat, back | {"posted_on": f"2026-02-0{1 + self.history.seats.index(seat.sides[0])}", "reverses": posting})
        self._state(seat, place, "reversed")

    def _state(self, seat: Seat, place: Place, state: str) -> None:
        charge = {name: seat.memory.tables.rows[place][name] for name in ("minutes", "amount_fen")} | {"state": state}
        self.typed.typed(place, "charge", charge, self._seen(seat, place, "charge"))
        self.write(seat, place, state=state)

    def _fact(self, seat: Seat, fields: dict[str, Any]) -> None:
        # The next id is drawn for a reversal too: the histories of before have kept theirs.
        own = self.history.new_id()
        place = "posting", reversal_key(fields["reverses"]) if fields["reverses"] else own
        fields = fields | self.history.second.of_posting(seat)
        self.history.watch.posted(place, {"id": place[1]} | fields)
        self.write(seat, place, **fields)

    def classify(self, seat: Seat) -> None:
        """Make an instrument, or a record, confidential, or ordinary again; perhaps withdraw what was sent."""
        place = self._pick(seat, "instrument" if self.random.random() < 0.7 else "service_record")
        if place is None:
            return
        memory = seat.memory
        self.history.counts["reclassified"] += 1
        if memory.tables.rows[place].get("confidential"):
            self._ordinary(seat, place)
            return
        self.write(seat, place, confidential=True)
        if self.random.random() < 0.4:
            self.withdraw(seat, place)

    def classify_again(self, seat: Seat, place: Place) -> None:
        """Make a row ordinary again, with what it hangs on."""
        memory = seat.memory
        row = memory.tables.rows[place]
        for name, kind in (("instrument_id", "instrument"), ("record_id", "service_record"), ("of_id", "instrument")):
            if row.get(name) and (kind, row[name]) in memory.tables.rows and place[0] != kind:
                self.classify_again(seat, (kind, row[name]))
        if row.get("confidential"):
            self._ordinary(seat, place)

    def _ordinary(self, seat: Seat, place: Place) -> None:
        asked = [other for other in (place, *self._referring(seat.memory, place)) if other in seat.memory.tables.tombstones]
        self.write(seat, place, confidential=False)
        for other in asked:
            if not seat.memory.hidden(other):
                self._keep(seat, other)

    def _keep(self, seat: Seat, place: Place) -> None:
        """Give a withdrawal up: the row as it is here counts."""
        seat.memory.keep(*place)
        self.typed.settled(place, seat.memory.whole(place), self.typed.deletions.get(place, ()))

    def withdraw(self, seat: Seat, place: Place) -> None:
        """Ask for the withdrawal of what was sent, of the row and of what hangs on it."""
        for other, row in list(seat.memory.tables.rows.items()):
            if place[1] in (row.get("instrument_id"), row.get("of_id")) and other[0] in ("service_record", "attachment"):
                self.withdraw(seat, other)
        bases = [side.memory.tables.bases[place] for side in seat.sides if place in side.memory.tables.bases]
        if place[0] != "posting" and bases:
            seen = {n for base in bases if base.body is not None for n in self.typed.whole(place, base.body)}
            self._deleted(seat, place, seen)
            self.history.note("asked to withdraw", seat, place)
            seat.memory.withdraw(*place)

    # Deciding.

    def decide(self, seat: Seat, conflict: Conflict) -> bool:
        """Settle a conflict: mine, theirs, or something new; whether it could be done."""
        place, memory = conflict.place, seat.memory
        here = memory.tables.rows.get(place)
        asked = further.contested(conflict, memory.standing(*place).local)
        side = self.random.choice(("mine", "theirs", "new"))
        # What came after the conflict and waits to be taken in is not what it asks; that is still to be asked.
        seen = self._seen(seat, place, waiting=False) | self.typed.whole(place, conflict.base)
        if memory.hidden(place):
            return False
        if conflict.further and self.history.third.takes_further() and self._further(seat, place, conflict, seen):
            self.history.note("decided", seat, place, "further")
            self._over(memory, conflict, asked)
            return True
        if here is None and conflict.mine is None and conflict.theirs is None and place not in memory.tables.tombstones:
            # It never came in here, and who saw what the remote once had of it does without that.
            self.typed.unmeant |= seen
            side = "none"
        elif WHOLE_ROW in conflict.groups or here is None or conflict.mine is None or conflict.theirs is None:
            wanted = conflict.theirs if side == "theirs" else conflict.mine
            if not self._whole(seat, place, wanted, conflict, seen):
                other = conflict.mine if side == "theirs" else conflict.theirs
                side = "the other"
                if not self._whole(seat, place, other, conflict, seen):
                    return False
        else:
            self._parts(seat, place, conflict, side, seen)
        self.history.note("decided", seat, place, side)
        self._over(memory, conflict, asked)
        return True

    @staticmethod
    def _over(memory: Memory, conflict: Conflict, asked: Mapping[str, str]) -> None:
        further.decided(memory, conflict, asked)
        memory.drop_conflict(*conflict.place)

    def _whole(self, seat: Seat, place: Place, wanted: Any, conflict: Conflict, seen: set[int]) -> bool:
        memory = seat.memory
        if wanted is None:
            if conflict.theirs is None:
                try:
                    memory.delete_local(*place)
                except Unplaced:
                    return False
                self._leave_deleted(seat, place, seen)
                seat.notes.pop(place, None)
                return True
            if place in memory.tables.rows:
                return self.delete(seat, place)
            self._leave_deleted(seat, place, seen)
            return True
        if place in memory.tables.rows and None in (conflict.mine, conflict.theirs):
            # The row that met a deletion is on view, and counts as it is now.
            self._settled_whole(seat, place, memory.whole(place), seen)
            return True
        try:
            memory.put_local(*place, dict(wanted))
        except Unplaced:
            if not memory.posted(place):
                return False
            # Posted, or taken back, meanwhile: the row stays as it is, in sight of both.
            wanted = memory.whole(place)
        if memory.unknown and conflict.mine is wanted and conflict.theirs is None:
            # An older program brings back what it knows of the row.
            wanted = {name: held for name, held in wanted.items() if name not in memory.unknown}
        self._settled_whole(seat, place, wanted, seen)
        return True

    def _leave_deleted(self, seat: Seat, place: Place, seen: set[int]) -> None:
        """A person decides that a row is gone. One that took another key is gone without anybody's deletion: the first who decides so deletes it."""
        if place in self.typed.ended and not self.typed.deletions.get(place):
            self._deleted(seat, place, seen)
        self.typed.settled(place, None, seen)

    def _further(self, seat: Seat, place: Place, conflict: Conflict, seen: set[int]) -> bool:
        """Take what the remote also had: of the whole row, or of the groups it is asked about."""
        memory, here = seat.memory, seat.memory.standing(*place).local
        wanted = self.random.choice(conflict.further).body
        if wanted is None:
            if place in memory.tables.rows:
                return self.delete(seat, place)
            self._leave_deleted(seat, place, seen)
            return True
        names = set(further.contested(conflict, here))
        if not further.is_whole(conflict, here):
            wanted = {**(here or {}), **{name: value for name, value in wanted.items() if name in names}}
        try:
            memory.put_local(*place, dict(wanted))
        except Unplaced:
            return False
        self._settled_whole(seat, place, memory.whole(place), seen)
        return True

    def _settled_whole(self, seat: Seat, place: Place, body: Any, seen: set[int]) -> None:
        """A person decided for the row; that a value is not in it (an older program kept none) nobody decided."""
        # What does not reach this remote stays as it is, and was seen.
        row = seat.memory.tables.rows.get(place, {})
        body = {name: row[name] for name in seat.memory.local_only - LOCAL_ONLY if name in row} | body
        self.typed.settled(place, body, seen)
        absent = [group for group, names in GROUPS[place[0]].items() if not set(names) & set(body)]
        self.typed.unmeant.update(n for group in absent for n in self.typed.group(place, group, body))

    def _parts(self, seat: Seat, place: Place, conflict: Conflict, side: str, seen: set[int]) -> None:
        kind, memory = place[0], seat.memory
        here = memory.standing(*place).local or {}
        names = {*(conflict.mine or {}), *(conflict.theirs or {}), *here, *(name for one in conflict.further for name in one.body or {})}
        groups = {*conflict.groups, *further.contested(conflict, here).values()}
        contested = {name for name in names if group_of(kind, name) in groups}
        chosen = further.mine_of(conflict, here) if side == "mine" else conflict.theirs
        body = {name: held for name, held in here.items() if name not in contested}
        body |= {name: held for name, held in (chosen or {}).items() if name in contested}
        entered = set[int]()
        if side == "new":
            for group in self._groups(seat, kind):
                if set(GROUPS[kind][group]) <= contested and not memory.posted(place):
                    fields = value(group, self.typed.n + 1)
                    # Of another group they decide nothing by this.
                    entered |= {self.typed.typed(place, group, fields, {m for m in seen if self.typed.group_of[m] in (group, DELETION)})}
                    body |= fields
        if memory.refuses(place, body) == "here.twice":
            # Another row has the number: that one gets a number of its own first.
            self.mending.make_room(seat, kind, body)
        try:
            memory.put_local(*place, body)
        except Unplaced:
            # Posted meanwhile: the row stays as it is, in sight of both, and what was typed is in no ledger.
            self.typed.refused(entered)
            body = dict(here)
        decided = [group for group, fields in GROUPS[kind].items() if set(fields) & contested]
        self.typed.settled(place, body, seen, decided, self._unheard(seat, place, body))

    def _unheard(self, seat: Seat, place: Place, body: Mapping[str, Any]) -> set[int]:
        """What others have in their rows of the groups in which a decision leaves every remote of this ledger as it is known to be.

        Nothing is sent of it, so no other seat can hear of it: what is still to be sent there goes on as if nobody had decided.
        """
        bases = [side.memory.tables.bases.get(place) for side in seat.sides]
        # What came from another remote waits for this decision: nothing is sent that is as it was before that came.
        known = [base.shared for base in bases if base is not None and (base.merged or base.common)]
        known = [body for body in known if body is not None]
        if len(known) < len(bases):
            return set()
        left = [group for group, names in GROUPS[place[0]].items() if all(held.get(name) == body.get(name) for held in known for name in names)]
        others = [other.memory.tables for other in self.history.seats if other is not seat.sides[0]]
        rows = [tables.rows[place] for tables in others if place in tables.rows and place not in tables.tombstones]
        return {n for row in rows for group in left for n in self.typed.group(place, group, row)}

    @staticmethod
    def _referring(memory: Memory, place: Place) -> list[Place]:
        return [other for other, row in memory.tables.rows.items() if place[1] in (row.get("instrument_id"), row.get("record_id"), row.get("of_id"))]
