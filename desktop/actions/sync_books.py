"""What is kept of one remote beside the rows: who it is, sealed batches, open conflicts, what waits, the files that are owed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from desktop.actions import device_names
from desktop.store import attachments
from desktop.store.database import Connection, quick
from desktop.sync.canonical import Body, decode, encode
from desktop.sync.ports import Conflict, Further, Parked, Place, RemoteState, Sealed


def body_of(text: str | None) -> Body | None:
    """A body from its canonical text; None for none."""
    return None if text is None else decode(text)


def text_of(body: Body | None) -> str | None:
    """The canonical text of a body; None for none."""
    return None if body is None else encode(body).decode()


def _further_text(further: Sequence[Further]) -> str:
    told = [[None if one.body is None else dict(one.body), one.device_id, one.received_at] for one in further]
    return encode(told).decode() if told else ""


def _further(text: str) -> tuple[Further, ...]:
    return tuple(Further(*one) for one in json.loads(text)) if text else ()


class RemoteBooks:
    """The books of one remote inside an open transaction."""

    def __init__(self, connection: Connection, remote: str) -> None:
        self._connection = connection
        self._remote = remote
        self._run = quick(connection)
        self._parked: set[Place] | None = None
        self._contested: set[Place] | None = None

    def _all(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._run(sql, params).fetchall()
        return rows

    def _do(self, sql: str, *params: object) -> None:
        self._run(sql, params)

    def state(self) -> RemoteState | None:
        rows = self._all("SELECT server_id, epoch, cursor FROM remote WHERE role = ?", self._remote)
        return RemoteState(*rows[0]) if rows and rows[0][0] else None

    def put_state(self, state: RemoteState) -> None:
        self._do(
            "UPDATE remote SET server_id = ?, epoch = ?, cursor = ? WHERE role = ?",
            state.server_id,
            state.epoch,
            state.cursor,
            self._remote,
        )

    def sealed(self) -> Sequence[Sealed]:
        rows = self._all("SELECT id, digest, content, attempted FROM sync_batch WHERE remote = ? ORDER BY rowid", self._remote)
        return [Sealed(r[0], r[1], bytes(r[2]), bool(r[3])) for r in rows]

    def put_sealed(self, batch: Sealed) -> None:
        self._do(
            "INSERT INTO sync_batch (id, remote, digest, content, attempted) VALUES (?,?,?,?,?) "
            "ON CONFLICT (id) DO UPDATE SET attempted = excluded.attempted",
            batch.key, self._remote, batch.digest, batch.content, int(batch.attempted),
        )  # fmt: skip

    def drop_sealed(self, key: str) -> None:
        self._do("DELETE FROM sync_batch WHERE remote = ? AND id = ?", self._remote, key)

    def conflict(self, kind: str, key: str) -> Conflict | None:
        if self._contested is None:
            self._contested = {one.place for one in self.conflicts()}
        if (kind, key) not in self._contested:
            return None
        return next(iter(self._conflicts("AND kind = ? AND key = ?", kind, key)), None)

    def put_conflict(self, conflict: Conflict) -> None:
        self.drop_conflict(conflict.kind, conflict.id)
        if self._contested is not None:
            self._contested.add(conflict.place)
        self._do(
            "INSERT INTO sync_conflict (remote, kind, key, fields, base, mine, theirs, device_id, received_at, further) VALUES (?,?,?,?,?,?,?,?,?,?)",
            self._remote, conflict.kind, conflict.id, json.dumps(conflict.groups), text_of(conflict.base), text_of(conflict.mine),
            text_of(conflict.theirs), conflict.device_id, conflict.received_at, _further_text(conflict.further),
        )  # fmt: skip

    def name_devices(self, names: Mapping[str, str]) -> None:
        device_names.keep(self._run, self._remote, names)

    def drop_conflict(self, kind: str, key: str) -> None:
        if self._contested is not None:
            self._contested.discard((kind, key))
        self._do("DELETE FROM sync_conflict WHERE remote = ? AND kind = ? AND key = ?", self._remote, kind, key)

    def conflicts(self) -> Sequence[Conflict]:
        return self._conflicts("ORDER BY kind, key")

    def _conflicts(self, which: str, *params: object) -> list[Conflict]:
        sql = f"SELECT kind, key, fields, base, mine, theirs, device_id, received_at, further FROM sync_conflict WHERE remote = ? {which}"
        return [
            Conflict(r[0], r[1], tuple(json.loads(r[2])), body_of(r[3]), body_of(r[4]), body_of(r[5]), r[6], r[7], _further(r[8]))
            for r in self._all(sql, self._remote, *params)
        ]

    def _all_parked(self) -> list[Parked]:
        sql = "SELECT kind, key, code, field, body_sha256, waiting_kind, waiting_key FROM sync_parked WHERE remote = ? ORDER BY kind, key"
        return [Parked(r[0], r[1], r[2], r[3], r[4], (r[5], r[6]) if r[5] else None) for r in self._all(sql, self._remote)]

    def park(self, row: Parked) -> None:
        self.unpark(row.kind, row.id)
        if self._parked is not None:
            # Not read anew for each: a refused payout parks tens of thousands of rows.
            self._parked.add((row.kind, row.id))
        waiting = row.waiting_for or ("", "")
        self._do(
            "INSERT INTO sync_parked (remote, kind, key, code, field, body_sha256, waiting_kind, waiting_key) VALUES (?,?,?,?,?,?,?,?)",
            self._remote, row.kind, row.id, row.code, row.field, row.body_sha256, *waiting,
        )  # fmt: skip

    def unpark(self, kind: str, key: str) -> None:
        if self._parked is None:
            self._parked = {(row.kind, row.id) for row in self._all_parked()}
        if (kind, key) not in self._parked:
            return
        self._parked.discard((kind, key))
        self._do("DELETE FROM sync_parked WHERE remote = ? AND kind = ? AND key = ?", self._remote, kind, key)

    def file_bytes(self, sha256: str) -> int | None:
        return attachments.n_bytes(self._connection, sha256)

    def file_piece(self, sha256: str, start: int, n_bytes: int) -> bytes:
        return attachments.piece(self._connection, sha256, start, n_bytes)

    def owed_files(self) -> list[str]:
        return attachments.owed(self._connection, self._remote)

    def owe_files(self, files: Sequence[str]) -> None:
        attachments.owe(self._connection, self._remote, files)
