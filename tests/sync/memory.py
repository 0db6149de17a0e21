"""The storage port in memory, with the promises the ledger's database gives: all or nothing, nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from desktop.sync.canonical import Body, body_sha256
from desktop.sync.ports import BaseRow, Conflict, Marker, Parked, Place, RemoteState, Sealed, Standing

LOCAL_ONLY = frozenset({"contact", "note"})


@dataclass
class Tables:
    """Everything that one transaction keeps or gives back. ``rows`` hold more than the wire: LOCAL_ONLY fields stay here."""

    rows: dict[Place, dict[str, Any]] = field(default_factory=dict)
    tombstones: set[Place] = field(default_factory=set)
    remote: RemoteState | None = None
    bases: dict[Place, BaseRow] = field(default_factory=dict)
    batches: dict[str, Sealed] = field(default_factory=dict)
    open: dict[Place, Conflict] = field(default_factory=dict)
    refused: dict[Place, Parked] = field(default_factory=dict)

    def copy(self) -> Tables:
        """The same content, independent of this one; what the dicts hold is frozen, but for the rows."""
        return Tables(
            {place: dict(row) for place, row in self.rows.items()},
            set(self.tombstones),
            self.remote,
            dict(self.bases),
            dict(self.batches),
            dict(self.open),
            dict(self.refused),
        )


class Memory:
    """A ledger in memory. ``leaky`` forgets to leave confidential rows out, as a faulty storage would."""

    def __init__(self, *, leaky: bool = False) -> None:
        self.tables = Tables()
        self.leaky = leaky
        self.names: list[str] = []
        self.die_in: str | None = None

    @contextmanager
    def transaction(self, name: str) -> Iterator[Memory]:
        before = self.tables.copy()
        self.names.append(name)
        try:
            yield self
            if name == self.die_in:
                raise Killed(name)
        except BaseException:
            self.tables = before
            raise

    # What a person does at this seat.

    def write(self, kind: str, key: str, **fields: Any) -> None:
        row = self.tables.rows.setdefault((kind, key), {"id": key})
        row.update(fields)
        self.tables.tombstones.discard((kind, key))

    def delete(self, kind: str, key: str) -> None:
        del self.tables.rows[kind, key]
        self.tables.tombstones.add((kind, key))

    def row(self, kind: str, key: str) -> dict[str, Any] | None:
        return self.tables.rows.get((kind, key))

    # The port.

    def state(self) -> RemoteState | None:
        return self.tables.remote

    def put_state(self, state: RemoteState) -> None:
        self.tables.remote = state

    def differing(self) -> list[Standing]:
        places = {*self.tables.rows, *self.tables.tombstones}
        return [row for row in (self.standing(*place) for place in sorted(places)) if not row.withheld]

    def standing(self, kind: str, key: str) -> Standing:
        row = self.tables.rows.get((kind, key))
        withheld = row is not None and bool(row.get("confidential")) and not self.leaky
        local = None
        if row is not None and not withheld:
            local = {name: value for name, value in row.items() if name not in LOCAL_ONLY and name != "confidential"}
        deleted = (kind, key) in self.tables.tombstones
        return Standing(kind, key, local, deleted, withheld, self.tables.bases.get((kind, key)))

    def put_base(self, row: BaseRow) -> None:
        self.tables.bases[row.place] = row

    def drop_base(self, kind: str, key: str) -> None:
        self.tables.bases.pop((kind, key), None)

    def put_local(self, kind: str, key: str, body: Body) -> None:
        kept = {name: value for name, value in self.tables.rows.get((kind, key), {}).items() if name in LOCAL_ONLY}
        self.tables.rows[kind, key] = kept | dict(body)
        self.tables.tombstones.discard((kind, key))

    def delete_local(self, kind: str, key: str) -> None:
        self.tables.rows.pop((kind, key), None)
        self.tables.tombstones.discard((kind, key))

    def sealed(self) -> list[Sealed]:
        return list(self.tables.batches.values())

    def put_sealed(self, batch: Sealed) -> None:
        self.tables.batches[batch.key] = batch

    def drop_sealed(self, key: str) -> None:
        del self.tables.batches[key]

    def conflict(self, kind: str, key: str) -> Conflict | None:
        return self.tables.open.get((kind, key))

    def put_conflict(self, conflict: Conflict) -> None:
        self.tables.open[conflict.place] = conflict

    def drop_conflict(self, kind: str, key: str) -> None:
        self.tables.open.pop((kind, key), None)

    def conflicts(self) -> list[Conflict]:
        return list(self.tables.open.values())

    def parked(self) -> list[Parked]:
        return list(self.tables.refused.values())

    def park(self, row: Parked) -> None:
        self.tables.refused[row.kind, row.id] = row

    def unpark(self, kind: str, key: str) -> None:
        self.tables.refused.pop((kind, key), None)

    def base_lines(self) -> list[tuple[str, str, str, str]]:
        rows = self.tables.bases.values()
        return [(row.kind, row.id, row.token, body_sha256(row.body)) for row in rows if row.body is not None]

    def bases(self) -> list[BaseRow]:
        return [row for row in self.tables.bases.values() if not self._confidential(row.place)]

    def markers(self) -> list[Marker]:
        found = []
        for (_, key), row in self.tables.rows.items():
            if row.get("confidential"):
                found += [Marker(key, whole=True), Marker(str(row.get("asset_number", "")), whole=True)]
                found += [Marker(value) for value in row.values() if isinstance(value, str) and len(value) >= 6]
        return found

    def n_withheld(self) -> int:
        return sum(self._confidential(place) for place in self.tables.rows)

    def _confidential(self, place: Place) -> bool:
        return bool(self.tables.rows.get(place, {}).get("confidential"))


class Killed(BaseException):
    """The process ended here."""
