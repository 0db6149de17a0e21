"""What is watched while a history goes on: each state that takes effect, each conflict, every byte that leaves a seat; and what is
lost with a machine, for which nobody answers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from desktop.sync.egress import Gate
from desktop.sync.groups import group_of
from desktop.sync.merge import WHOLE_ROW
from desktop.sync.ports import BaseRow, Conflict
from desktop.sync.recovery import told
from tests.simulation.provenance import GROUPS, torn
from tests.simulation.seat import Place, Seat, Violation
from tests.simulation.service import Held, Service

if TYPE_CHECKING:
    from tests.simulation.history import History


def _is_open(asked: Conflict | None, conflict: Conflict) -> bool:
    """Whether a person is asked this already, by the conflict before: about these groups, against the same of theirs."""
    if asked is None or not {*conflict.groups} <= {*asked.groups}:
        return False
    before, now = dict(asked.theirs or {}), dict(conflict.theirs or {})
    names = {name for name in {*before, *now} if group_of(conflict.kind, name) in conflict.groups}
    return all(before.get(name) == now.get(name) for name in names)


class Watch:
    """The eyes on one history. Raises Violation; draws nothing."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.facts: dict[Place, dict[str, Any]] = {}
        self.told_otherwise: dict[Place, list[dict[str, Any]]] = {}
        self.feed: list[tuple[Place, Held]] = []
        self.other_feed: list[tuple[Place, Held]] = []
        self.tombstones: dict[str, int] = {}
        self.lost_with_a_machine: set[int] = set()
        self.lost_facts: set[Place] = set()

    def contested(self, seat: Seat, conflict: Conflict) -> None:
        """Nobody has a conflict with what they had seen: that is their own change come back as another's."""
        self.history.counts["conflict"] += 1
        self.history.counts["kept beside a conflict"] += bool(conflict.further)
        place = conflict.place
        if place[0] == "posting" and place in self.facts and self.facts[place]["reverses"]:
            raise Violation("stuck", f"seat {seat.name} is asked about {place}, which was sent by another and is a fact")
        # Where something was restored, carried or taken apart, the engine may have to ask what it cannot know any more.
        unsure = any(self.history.counts[name] for name in ("seat restored", "service restored", "package"))
        # With another remote beside this one it cannot know which of two states of one person came first.
        unsure = unsure or self.history.second.meant
        if unsure or "sync: take a batch apart" in seat.memory.names or seat.memory.hidden(place):
            return
        if {WHOLE_ROW, "asset_number"} & {*conflict.groups} or "classify" in self.history.features:
            return
        if conflict.base is None or place in self.posted_twice() or _is_open(seat.memory.conflict(*place), conflict):
            return
        names = {name for body in (conflict.mine, conflict.theirs) for name in body or {}}
        contested = {name for name in names if group_of(conflict.kind, name) in conflict.groups}
        # Whose customer a record is comes with the thing another entered too; it is typed as no value of its own.
        beside = contested - {name for fields in GROUPS[conflict.kind].values() for name in fields}
        if any(conflict.base.get(name) != (conflict.theirs or {}).get(name) for name in beside):
            return
        if self.history.provenance.had_seen(place, conflict.mine, conflict.theirs, contested):
            raise Violation("doubled", f"seat {seat.name} is asked about {place} although it had seen all of it")

    def moved(self, seat: Seat, before: BaseRow | None, after: BaseRow) -> None:
        """A seat knows of another state of the remote: never of one that was replaced."""
        if before is not None and after.token in before.seen:
            raise Violation("doubled", f"seat {seat.name} goes back to a state of {after.place} that was replaced")
        self.met(seat, after)

    def met(self, seat: Seat, base: BaseRow | None) -> None:
        """A deletion of what the remote is known to hold as deleted is that deletion: it tells nobody anything new.

        Two people who delete one row have done one thing, and so has one who withdraws a row and then throws it away; who
        keeps the row in sight of one deletion decides against both.
        """
        if base is not None and base.merged and base.token in self.tombstones and base.place in seat.deletions:
            self.history.provenance.seen[self.tombstones[base.token]].add(seat.deletions[base.place])

    def leaves(self, seat: Seat, content: bytes, address: str) -> None:
        """Bytes leave a seat: none of them may be confidential there, or for another remote alone."""
        memory = seat.memory
        self.history.second.reaches(seat, content)
        secret = [(place, row) for place, row in memory.tables.rows.items() if memory.hidden(place)]
        if not secret:
            return
        text = content.decode() + address
        for place, row in secret:
            names = [] if place in memory.tables.tombstones else [place[1]]
            if "sha256" in row:
                names.append(row["sha256"])
            if row.get("confidential"):
                names += [row[n] for n in ("asset_number", "number", "name", "technical", "rating", "note") if n in row]
            for name in names:
                if name in text and not memory.is_ordinary(name):
                    raise Violation("leaked", f"{name} of {place} left seat {seat.name}")

    def applied(self, place: Place, held: Held) -> None:
        """A change took effect at the service."""
        self._applied(place, held, self.feed, self.history.service)

    def applied_there(self, place: Place, held: Held) -> None:
        """A change took effect at the other remote."""
        self._applied(place, held, self.other_feed, self.history.services[-1])

    def _applied(self, place: Place, held: Held, feed: list[tuple[Place, Held]], service: Service) -> None:
        before = next((h for p, h in reversed(feed) if p == place), None)
        if before is not None and not held.recovered and before.token == held.parent and before.body == held.body:
            raise Violation("doubled", f"a change of {place} that changes nothing took effect")
        if held.body is not None and torn(place[0], held.body):
            raise Violation("silent", f"{torn(place[0], held.body)} of {place} is half of one edit and half of another")
        if place in self.facts and held.body != self.history.second.part(service, self.facts[place]):
            if held.body not in self.told_otherwise.get(place, ()):
                raise Violation("lost", f"the posting {place} arrived as {held.body}")
            # Reversed at several seats: the one that was sent first is the fact.
            self.told_otherwise[place].append(self.facts[place])
            self.facts[place] = dict(held.body or {})
        if before is not None and before.body is None and held.body is not None and before.device_id == held.device_id is not None:
            # Who gives a withdrawal up that was under way brings the row back; another's deletion of the same is as settled.
            self.history.provenance.settled(place, held.body, self.history.provenance.deletions.get(place, ()))
        sender = next((seat for seat in self.history.sides if seat.device_id == held.device_id), None)
        if held.body is None and sender is not None and place in sender.deletions:
            self.tombstones[held.token] = sender.deletions[place]
        feed.append((place, held))
        self.history.note("applied", None, place, held.action, held.token, held.body)

    def forget(self, before: set[int]) -> None:
        """After a restore: what a machine held ``before`` and none holds any more, in no form and behind nothing, is lost with the machine."""
        # A decision for no value looks like any older row that has none: whether a machine still holds it cannot be seen.
        facts: set[Place] = set()
        self.lost_with_a_machine |= (before - self.alive(facts)) | self.history.provenance.without
        self.lost_facts |= set(self.facts) - facts

    def alive(self, facts: set[Place]) -> set[int]:
        """What some machine holds, with all that was seen when it was typed; the places go into ``facts``."""
        held: set[int] = set()
        typed = self.history.provenance

        def see(place: Place, body: Any) -> None:
            held.update(typed.whole(place, body))
            facts.add(place)

        for seat in self.history.sides:
            tables, gate = seat.memory.tables, Gate(seat.memory.markers())
            for place, row in tables.rows.items():
                see(place, row)
            for place in tables.tombstones:
                see(place, None)
            # Who left a row that took another key deleted has no tombstone of it: that it is gone is all there is of that.
            held.update(n for place, n in seat.deletions.items() if place in typed.ended and place in tables.gone and place not in tables.rows)
            for place, base in tables.bases.items():
                # A seat that never had the row, or may not name it, has nothing to say against what comes back.
                held_here = place in tables.gone if base.body is None else base.merged or not seat.memory.withheld(place)
                # Nor has one whose gate finds something confidential in a row that never came into its ledger.
                if held_here and (base.merged or gate.lets(told(base))):
                    see(place, base.body)
            for place, conflict in tables.open.items():
                see(place, conflict.mine)
                see(place, conflict.theirs)
                for one in conflict.further:
                    see(place, one.body)
        for service in self.history.services:
            for place, entity in service.held.entities.items():
                see(place, entity.body)
        return typed.behind(held)

    def posted(self, place: Place, body: dict[str, Any]) -> None:
        """A person posted, or took back what another took back as well."""
        if place in self.facts:
            self.told_otherwise.setdefault(place, []).append(body)
            self.history.counts["reversed at two seats"] += 1
        else:
            self.facts[place] = body

    def posted_twice(self) -> set[Place]:
        """Records that two seats posted, each without the other's posting."""
        times = Counter(fact["record_id"] for fact in self.facts.values() if not fact["reverses"])
        return {("service_record", key) for key, n in times.items() if n > 1}
