"""One ledger in memory with two remotes, the hub and the network: the rows are the same, what is known of each remote is its own.

The network gets a part: no draft of a record, and of a row no field that is the institution's own. A row that is new here is written by the
hub alone, which knows the whole of it (decision 0025).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from desktop.sync.canonical import Body
from desktop.sync.groups import grouped, is_whole
from desktop.sync.merge import same
from desktop.sync.ports import NOT_YET, Place, Unplaced
from tests.simulation.seat import Seat
from tests.sync.memory import Memory
from tests.sync.memory_tables import LOCAL_ONLY, Tables

INSTITUTION_ONLY = frozenset({"rating", "technician_id"})


class Side(Memory):
    """The ledger's memory of the hub. ``other`` is that of the network, and the other way round."""

    other: Side

    def write(self, kind: str, key: str, **fields: Any) -> None:
        before = self.tables.rows.get((kind, key))
        super().write(kind, key, **fields)
        self._went_on((kind, key), before)

    def put_local(self, kind: str, key: str, body: Body) -> None:
        place, before = (kind, key), self.tables.rows.get((kind, key))
        never = before is None and place not in self.tables.gone and place not in self.tables.tombstones and place not in self.tables.past
        super().put_local(kind, key, body)
        self._went_on(place, before)
        if never and self._undo is not None:
            self._reopen_deletion(place)

    def _reopen_deletion(self, place: Place) -> None:
        """The other remote's deletion of a row that was never here stands against the row that is here now."""
        there = self.other.tables.bases.get(place)
        if there is not None and there.body is None and there.merged:
            self._put(self.other.tables.bases, place, replace(there, merged=False, common=None))

    def delete(self, kind: str, key: str) -> None:
        before = self.tables.rows[kind, key]
        super().delete(kind, key)
        self._went_on((kind, key), before)

    def delete_local(self, kind: str, key: str) -> None:
        before = self.tables.rows.get((kind, key))
        super().delete_local(kind, key)
        self._went_on((kind, key), before)

    def _went_on(self, place: Place, before: dict[str, Any] | None) -> None:
        if before is not None:
            self._put(self.tables.past, place, (*self.tables.past.get(place, ()), before))

    def elsewhere(self) -> list[Memory]:
        return [self.other]

    def asked_elsewhere(self) -> Collection[Place]:
        return self.other.tables.open.keys()

    def has_been(self, place: Place, names: Collection[str], body: Body, since: Body | None) -> bool:
        for was in reversed(self.tables.past.get(place, ())):
            if since is not None and _agree(was, since, names):
                return False
            if _agree(was, body, names):
                return True
        return False


class NetworkSide(Side):
    """The ledger's memory of the network."""

    local_only = LOCAL_ONLY | INSTITUTION_ONLY

    def withheld(self, place: Place) -> bool:
        return self.is_draft(place) or self.hidden(place)

    def is_draft(self, place: Place) -> bool:
        """Whether a record is not settled yet."""
        return place[0] == "service_record" and self.tables.rows.get(place, {}).get("state") == "draft"

    def put_local(self, kind: str, key: str, body: Body) -> None:
        place = kind, key
        if place not in self.tables.rows:
            past = self.tables.past.get(place)
            if self._undo is not None or not past or is_whole(kind, body):
                raise Unplaced(NOT_YET)
            # A person brings it back, with what the network does not know of it; what was posted never changes, and comes whole.
            body = {name: value for name, value in past[-1].items() if name in INSTITUTION_ONLY} | dict(body)
            Side.put_local(self.other, kind, key, body)
            return
        # What a person decides is written outside a run.
        if self._undo is not None and self.has_gone_on(kind, key, body):
            raise Unplaced(NOT_YET)
        super().put_local(kind, key, body)

    def has_gone_on(self, kind: str, key: str, body: Body) -> bool:
        """Whether the row has gone on from this state, with the hub, and nobody has touched it since."""
        here, hub = self.standing(kind, key), self.other.standing(kind, key)
        shared = here.base.shared if here.base is not None else None
        if here.local is None or shared is None or same(here.local, body):
            return False
        if hub.base is None or not hub.base.merged or not same(self._part(hub.base.body), here.local):
            return False
        # Group by group: the remotes may have taken several changes in different order, and no row was ever as a whole what the network has now.
        parts = grouped(kind, {*here.local, *body}).values()
        moved = [names for names in parts if not _agree(here.local, body, names)]
        past = self.tables.past.get((kind, key), ())
        return bool(moved) and all(_agree(here.local, shared, names) and any(_agree(row, body, names) for row in past) for names in moved)

    def _part(self, body: Body | None) -> Body | None:
        return None if body is None else {name: value for name, value in body.items() if name not in self.local_only}


def _agree(one: Mapping[str, Any], other: Mapping[str, Any], names: Collection[str]) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def share(hub: Memory, network: Memory, known: Tables | None = None) -> None:
    """The two hold the same rows from now on; ``known``: what is known of the network."""
    rows = hub.tables
    network.tables = replace(known or Tables(), rows=rows.rows, tombstones=rows.tombstones, gone=rows.gone, past=rows.past)


class OtherSide(Seat):
    """A seat with its other remote: the same people, the same ledger, one run at a time."""

    def __init__(self, first: Seat, device_id: str, memory: Memory, service: Any) -> None:
        self.first, self.device_id, self.memory, self.service = first, device_id, memory, service
        self.name, self.sides = first.name, first.sides
        self.sides.append(self)

    @property
    def called(self) -> str:
        return f"{self.name} (network)"

    @property
    def running(self) -> bool:  # type: ignore[override]
        return self.first.running

    @running.setter
    def running(self, running: bool) -> None:
        self.first.running = running

    @property
    def notes(self) -> dict[Place, str]:  # type: ignore[override]
        return self.first.notes

    @notes.setter
    def notes(self, notes: dict[Place, str]) -> None:
        self.first.notes = notes

    @property
    def deletions(self) -> dict[Place, int]:  # type: ignore[override]
        return self.first.deletions

    @deletions.setter
    def deletions(self, deletions: dict[Place, int]) -> None:
        self.first.deletions = deletions
