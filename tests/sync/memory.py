"""The storage port in memory, with the promises the ledger's database gives: all or nothing, nothing in between, and a
refusal of what the ledger cannot hold.

A transaction keeps what it replaces instead of a copy of everything, so that simulated histories are cheap. Rows are
never changed in place: a write puts a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from desktop.ledger.service_record import TOLD_OF_REVERSAL
from desktop.sync.canonical import Body, body_sha256
from desktop.sync.ports import BaseRow, Conflict, Marker, Order, Parked, Place, RemoteState, Sealed, Standing, Unplaced
from desktop.sync.seal import order
from tests.sync.memory_tables import LINKS, LOCAL_ONLY, SAME, TEXTS, UNIQUE, Killed, Tables

_NOTHING = object()


class Memory:
    """A ledger in memory.

    ``leaky`` forgets to leave confidential rows out, as a faulty storage would. ``unknown`` are fields that this version
    of the program does not know: they stay with the base. ``strict`` refuses what the ledger's database would refuse.
    ``dies`` is asked at each transaction (its name, ``before`` or ``after`` the commit) whether the process ends there;
    ``files`` are the bytes that rows refer to, by digest. ``contested`` is told of every conflict, ``moved`` of every base and the one before it,
    ``adopted`` of every row that has taken another key (the old place and the new one).
    """

    local_only = LOCAL_ONLY

    def __init__(self, *, leaky: bool = False, unknown: frozenset[str] = frozenset(), strict: bool = True) -> None:
        self.tables = Tables()
        self.files: dict[str, bytes] = {}
        self._bytes: dict[str, bytes] = {}
        self.leaky = leaky
        self.unknown = unknown
        self.strict = strict
        self.n_decided = 0
        self.names: list[str] = []
        self.devices: dict[str, str] = {}
        # When a person wrote or deleted a row last, by this machine's clock.
        self.clock: Callable[[], datetime] | None = None
        self.recorded: dict[Place, datetime] = {}
        self.die_in: str | None = None
        self.dies: Callable[[str, str], bool] | None = None
        self.contested: Callable[[Conflict], None] | None = None
        self.moved: Callable[[BaseRow | None, BaseRow], None] | None = None
        self.adopted: Callable[[Place, Place], None] | None = None
        self.went: Callable[[Place], None] | None = None
        self._renamed: list[tuple[Place, Place]] = []
        self._undo: list[Callable[[], None]] | None = None

    def transaction(self, name: str) -> _Transaction:
        return _Transaction(self, name)

    # What a person does at this seat.

    def write(self, kind: str, key: str, **fields: Any) -> None:
        place = kind, key
        if place not in self.tables.rows:
            self.tables.tombstones.pop(place, None)
        row = self.tables.rows.get(place, {"id": key}) | fields
        if row.get("confidential") is False:
            del row["confidential"]
        self.tables.rows[place] = row
        self._record(place)

    def _record(self, place: Place) -> None:
        if self.clock is not None:
            self.recorded[place] = self.clock()

    def delete(self, kind: str, key: str) -> None:
        del self.tables.rows[kind, key]
        self.tables.tombstones[kind, key] = None
        self._record((kind, key))
        self.forget_files()

    def forget_files(self) -> None:
        """A file goes with the last row that names it; its bytes are there a while yet, for an upload under way."""
        named = {row.get("sha256") for row in self.tables.rows.values()}
        self._bytes |= self.files
        self.files = {sha256: content for sha256, content in self.files.items() if sha256 in named}

    def withdraw(self, kind: str, key: str) -> None:
        """Ask for the withdrawal of what was sent of a row that is confidential now."""
        self.tables.tombstones[kind, key] = None

    def keep(self, kind: str, key: str) -> None:
        """Give a deletion or a withdrawal up."""
        self.tables.tombstones.pop((kind, key), None)

    def row(self, kind: str, key: str) -> dict[str, Any] | None:
        return self.tables.rows.get((kind, key))

    def upgrade(self) -> None:
        """The program is replaced by one that knows all fields: its new columns begin with what the remote holds."""
        for place, row in self.tables.rows.items():
            base = self.tables.bases.get(place)
            if base is not None and base.body is not None:
                new = {name: base.body[name] for name in self.unknown if name in base.body}
                self.tables.rows[place] = row | new
        self.unknown = frozenset()

    def whole(self, place: Place) -> Body:
        """A row with the fields that this version of the program does not know."""
        return self._wire(self.tables.rows[place], self.tables.bases.get(place))

    def hidden(self, place: Place) -> bool:
        """Whether a row is confidential, or hangs on one that is."""
        row = self.tables.rows.get(place)
        if row is None:
            return False
        if row.get("confidential"):
            return True
        links = LINKS.get(place[0], {}).items()
        return any(self.hidden((target, str(row[name]))) for name, target in links if row.get(name))

    def withheld(self, place: Place) -> bool:
        """Whether a row does not reach this remote."""
        return self.hidden(place)

    def held(self, place: Place) -> bool:
        """Whether another row refers to it."""
        kind, key = place
        links = {other: [n for n, target in names.items() if target == kind] for other, names in LINKS.items()}
        return any(row.get(n) == key for (other, _), row in self.tables.rows.items() for n in links.get(other, ()))

    def posted(self, place: Place) -> bool:
        """Whether a record is posted, or was: then it does not change any more."""
        return self.tables.rows.get(place, {}).get("state") in ("posted", "reversed")

    def posting_of(self, record_id: str) -> str | None:
        """The posting of a record here, if there is one."""
        postings = (row for (kind, _), row in self.tables.rows.items() if kind == "posting")
        return next((row["id"] for row in postings if row["record_id"] == record_id and not row["reverses"]), None)

    # The port.

    def state(self) -> RemoteState | None:
        return self.tables.remote

    def put_state(self, state: RemoteState) -> None:
        before = self.tables.remote
        self._later(lambda: setattr(self.tables, "remote", before))
        self.tables.remote = state

    def differing(self, after: Order | None = None) -> list[Standing]:
        found = []
        bases = self.tables.bases
        for place in {**self.tables.rows, **self.tables.tombstones, **self.tables.gone}:
            row, base = self.tables.rows.get(place), bases.get(place)
            if row is None and place not in self.tables.tombstones and (base is None or base.body is None or not self.is_gone(place)):
                continue
            if row is not None and base is not None and base.body == row and place not in self.tables.tombstones:
                continue
            here = self.standing(*place)
            if (not here.withheld or here.deleted) and (after is None or order(here) > after):
                found.append(here)
        return sorted(found, key=order)

    def is_gone(self, place: Place) -> bool:
        """Whether a row was here and is not, whoever deleted it: a remote that did not is told."""
        return place in self.tables.gone and place not in self.tables.rows

    def standing(self, kind: str, key: str) -> Standing:
        place = kind, key
        row = self.tables.rows.get(place)
        base = self.tables.bases.get(place)
        withheld = row is not None and not self.leaky and self.withheld(place)
        local = None if row is None or withheld else self._wire(row, base)
        # A deletion that the remote has too does not stand against a row that comes again; a withdrawal does.
        stands = row is None and (base is None or base.shared is not None)
        deleted = place in self.tables.tombstones and (withheld or stands)
        deleted = deleted or (stands and self.is_gone(place))
        return Standing(kind, key, local, deleted, withheld, base, None if withheld else self.recorded.get(place))

    def _wire(self, row: dict[str, Any], base: BaseRow | None) -> Body:
        body = {name: value for name, value in row.items() if name not in self.local_only}
        if self.unknown and base is not None and base.body is not None:
            body |= {name: base.body[name] for name in self.unknown if name in base.body}
        return body

    def base(self, kind: str, key: str) -> BaseRow | None:
        return self.tables.bases.get((kind, key))

    def tokens(self, places: Sequence[Place]) -> dict[Place, str]:
        return {place: self.tables.bases[place].token for place in places if place in self.tables.bases}

    def unmerged(self) -> list[Place]:
        return [place for place, base in self.tables.bases.items() if not base.merged and not self.withheld(place)]

    def put_base(self, row: BaseRow) -> None:
        if self.moved is not None:
            self.moved(self.tables.bases.get(row.place), row)
        self._put(self.tables.bases, row.place, row)

    def drop_base(self, kind: str, key: str) -> None:
        self._put(self.tables.bases, (kind, key), _NOTHING)

    def drop_withheld_bases(self) -> None:
        for place in [place for place in self.tables.bases if self.withheld(place)]:
            self._put(self.tables.bases, place, _NOTHING)

    def put_local(self, kind: str, key: str, body: Body) -> None:
        place = kind, key
        before = self.tables.rows.get(place, {})
        kept = {name: before[name] for name in self.local_only if name in before}
        row = kept | {name: value for name, value in body.items() if name not in self.unknown}
        if self.strict:
            self._check(place, before, row)
        self._put(self.tables.rows, place, row)
        self._put(self.tables.tombstones, place, _NOTHING)
        self._put(self.tables.gone, place, _NOTHING)

    def adopt(self, kind: str, key: str, body: Body) -> Body | None:
        ours = self.twin(kind, key, body)
        if ours is None:
            return None
        if self.is_fixed(ours):
            raise Unplaced("here.in_use", UNIQUE[kind])
        self._rename(ours, (kind, key))
        return self.whole((kind, key))

    def twin(self, kind: str, key: str, body: Body) -> Place | None:
        """Our row that no remote knows of and that is the same thing as this one, and is free to take its key."""
        names = SAME.get(kind)
        if names is None or any(body.get(n) and (target, str(body[n])) not in self.tables.rows for n, target in LINKS.get(kind, {}).items()):
            return None
        for place, row in self.tables.rows.items():
            if place[0] != kind or place[1] == key or place in self.tables.bases or self.hidden(place):
                continue
            if all(row.get(name) == body.get(name) for name in names):
                return None if self._is_under_way(place[1]) or self._is_asked(place) else place
        return None

    def _is_asked(self, place: Place) -> bool:
        """Whether two states of a row wait for a decision."""
        return place in self.tables.open

    def _is_under_way(self, key: str) -> bool:
        return any(batch.attempted and key.encode() in batch.content for batch in self.tables.batches.values())

    def is_fixed(self, place: Place) -> bool:
        """Whether something that never changes refers to a row."""
        return any(
            (kind == "posting" or row.get("state") in ("posted", "reversed")) and place[1] in (row.get(name) for name in LINKS.get(kind, ()))
            for (kind, _), row in self.tables.rows.items()
        )

    def _rename(self, old: Place, new: Place) -> None:
        """Our row takes another key, with all that refers to it and what the books say of it."""
        self._put(self.tables.rows, new, self.tables.rows[old] | {"id": new[1]})
        self._put(self.tables.rows, old, _NOTHING)
        # It ends under its old key: who brings that one finds it gone.
        self._put(self.tables.gone, old, None)
        for place, row in list(self.tables.rows.items()):
            named = [n for n, target in LINKS.get(place[0], {}).items() if target == old[0] and row.get(n) == old[1]]
            if named:
                self._put(self.tables.rows, place, row | dict.fromkeys(named, new[1]))
        for place, parked in list(self.tables.refused.items()):
            if old in (place, parked.waiting_for):
                self._put(self.tables.refused, place, _NOTHING)
        self._put(self.tables.open, old, _NOTHING)
        for place, asked in list(self.tables.open.items()):
            sides = [_called(body, old[1], new[1]) for body in (asked.base, asked.mine)]
            self._put(self.tables.open, place, replace(asked, base=sides[0], mine=sides[1]))
        for batch in [batch for batch in self.tables.batches.values() if old[1].encode() in batch.content]:
            self.drop_sealed(batch.key)
        self._renamed.append((old, new))

    def refuses(self, place: Place, body: Body) -> str:
        """Why the ledger would not hold such a row; "" when it would."""
        try:
            self._check(place, self.tables.rows.get(place, {}), body)
        except Unplaced as refused:
            return refused.code
        return ""

    def delete_local(self, kind: str, key: str) -> None:
        place = kind, key
        if self.strict and place in self.tables.rows:
            if kind == "posting" or self.tables.rows[place].get("state") in ("posted", "reversed"):
                raise Unplaced("here.fixed")
            if self.held(place):
                raise Unplaced("here.held")
        self._put(self.tables.rows, place, _NOTHING)
        self._put(self.tables.tombstones, place, _NOTHING)
        self._put(self.tables.gone, place, None)
        if self.went is not None:
            self.went(place)
        if kind == "attachment":
            before = self.files
            self._later(lambda: setattr(self, "files", before))
            self.forget_files()

    def _check(self, place: Place, before: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        kind, key = place
        if kind == "posting" and before and any(row.get(name) != before.get(name) for name in row) and not self._gives_way(place, before, row):
            raise Unplaced("here.fixed")
        if kind == "service_record" and before.get("state") in ("posted", "reversed"):
            changed = {name for name in {*before, *row} if before.get(name) != row.get(name)}
            if changed - {"state"} or (changed and (before["state"], row.get("state")) != ("posted", "reversed")):
                raise Unplaced("here.fixed")
        for name, target in LINKS.get(kind, {}).items():
            wanted = row.get(name)
            if wanted is not None and (target, wanted) not in self.tables.rows:
                raise Unplaced("here.link", name, (target, str(wanted)))
        number = UNIQUE.get(kind)
        for (other_kind, other), held in self.tables.rows.items():
            if other_kind != kind or other == key:
                continue
            if number is not None and row.get(number) and held.get(number) == row.get(number):
                raise Unplaced("here.twice", number)
            if kind == "posting" and held["record_id"] == row["record_id"] and not held["reverses"] and not row["reverses"]:
                raise Unplaced("here.twice", "record_id")

    def _gives_way(self, place: Place, before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
        """Whether a reversal becomes what the remote holds of it."""
        base = self.tables.bases.get(place)
        held = None if base is None else base.body
        told = {name: row[name] for name in TOLD_OF_REVERSAL["posting"] if name in row}
        return bool(before.get("reverses")) and {**before, **told} == row and held is not None and all(row.get(n) == held[n] for n in held)

    def sealed(self) -> list[Sealed]:
        return list(self.tables.batches.values())

    def put_sealed(self, batch: Sealed) -> None:
        self._keep_batches()
        self.tables.batches[batch.key] = batch

    def drop_sealed(self, key: str) -> None:
        self._keep_batches()
        del self.tables.batches[key]

    def conflict(self, kind: str, key: str) -> Conflict | None:
        return self.tables.open.get((kind, key))

    def put_conflict(self, conflict: Conflict) -> None:
        if self.contested is not None:
            self.contested(conflict)
        self._put(self.tables.open, conflict.place, conflict)

    def drop_conflict(self, kind: str, key: str) -> None:
        # What a person decides is an operation of the ledger, also when no row changes by it.
        self.n_decided += self._undo is None
        self._put(self.tables.open, (kind, key), _NOTHING)

    def conflicts(self) -> list[Conflict]:
        return list(self.tables.open.values())

    def disputed(self) -> list[Conflict]:
        return []

    def elsewhere(self) -> list[Memory]:
        return []

    def asked_elsewhere(self) -> Collection[Place]:
        return frozenset()

    def has_been(self, _place: Place, _names: Collection[str], _body: Body, _since: Body | None) -> bool:
        return False

    def parked(self) -> list[Parked]:
        return list(self.tables.refused.values())

    def park(self, row: Parked) -> None:
        self._put(self.tables.refused, (row.kind, row.id), row)

    def unpark(self, kind: str, key: str) -> None:
        self._put(self.tables.refused, (kind, key), _NOTHING)

    def base_lines(self) -> list[tuple[str, str, str, str]]:
        rows = self.tables.bases.values()
        return sorted((row.kind, row.id, row.token, body_sha256(row.body)) for row in rows if row.body is not None)

    def bases(self, kind: str = "") -> list[BaseRow]:
        return [row for row in self.tables.bases.values() if kind in ("", row.kind) and not self.withheld(row.place)]

    def markers(self) -> list[Marker]:
        found = []
        for place, row in self.tables.rows.items():
            if not self.hidden(place):
                continue
            key = place[1]
            number = row.get("asset_number") or row.get("number") or ""
            found.append(Marker(str(number), whole=True))
            if "sha256" in row and not self.is_ordinary(row["sha256"]):
                found.append(Marker(row["sha256"], whole=True))
            # The key of a row whose withdrawal was asked for is the one thing that must leave.
            found.append(Marker(key, whole=True, leaves_in=place[0] if place in self.tables.tombstones else ""))
            if not row.get("confidential"):
                continue
            texts = [value for name, value in row.items() if name in TEXTS and len(value) >= 6]
            found += [Marker(value) for value in texts if not self.is_ordinary(value)]
        return found

    def is_ordinary(self, text: str) -> bool:
        """Whether a text stands in a row that is not confidential."""
        return any(text in row.values() and not self.hidden(place) for place, row in self.tables.rows.items())

    def name_devices(self, names: Mapping[str, str]) -> None:
        self.devices |= names

    def mark(self) -> object:
        return dict(self.tables.rows), dict(self.tables.tombstones), self.n_decided

    def n_withheld(self) -> int:
        return sum(map(self.hidden, self.tables.rows))

    def file_bytes(self, sha256: str) -> int | None:
        return len(self.files[sha256]) if sha256 in self.files else None

    def file_piece(self, sha256: str, start: int, n_bytes: int) -> bytes:
        return (self.files.get(sha256) or self._bytes[sha256])[start : start + n_bytes]

    def owed_files(self) -> list[str]:
        return list(self.tables.owed)

    def owe_files(self, files: Sequence[str]) -> None:
        for sha256 in [*self.tables.owed, *files]:
            self._put(self.tables.owed, sha256, None if sha256 in files else _NOTHING)

    # Keeping what is replaced.

    def _put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        before = table.get(key, _NOTHING)
        if before is _NOTHING and value is _NOTHING:
            return
        if self._undo is not None:
            self._undo.append(lambda: _set(table, key, before))
        _set(table, key, value)

    def _keep_batches(self) -> None:
        before = dict(self.tables.batches)
        self._later(lambda: setattr(self.tables, "batches", before))
        self.tables.batches = dict(before)

    def _later(self, act: Callable[[], None]) -> None:
        if self._undo is not None:
            self._undo.append(act)


class _Transaction:
    """All or nothing; an exception, or an end of the process before the commit, gives back what was."""

    __slots__ = ("_memory", "_name")

    def __init__(self, memory: Memory, name: str) -> None:
        self._memory, self._name = memory, name

    def __enter__(self) -> Memory:
        memory = self._memory
        if memory._undo is not None:
            raise AssertionError("a transaction inside a transaction")
        memory.names.append(self._name)
        memory._undo, memory._renamed = [], []
        return memory

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        memory = self._memory
        undo, memory._undo = memory._undo, None
        dies = memory.dies
        ended = memory.die_in == self._name or (dies is not None and dies(self._name, "before"))
        if kind is not None or ended:
            for act in reversed(undo or []):
                act()
            if kind is None:
                raise Killed(self._name)
            return
        for old, new in memory._renamed if memory.adopted is not None else ():
            memory.adopted(old, new)
        if dies is not None and dies(self._name, "after"):
            raise Killed(self._name)


def _called(body: Body | None, old: str, new: str) -> Body | None:
    return None if body is None else {name: new if value == old else value for name, value in body.items()}


def _set(table: dict[Any, Any], key: Any, value: Any) -> None:
    if value is _NOTHING:
        table.pop(key, None)
    else:
        table[key] = value
