"""The sync engine's memory of one remote, kept in the ledger: what it asks for in ``sync.ports``, answered by the store."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from desktop.actions import sync_fees, sync_payouts, sync_same
from desktop.actions.sync_books import RemoteBooks, body_of, text_of
from desktop.actions.sync_marks import Marks
from desktop.actions.workspace import Workspace
from desktop.ledger.service_record import TOLD_OF_REVERSAL
from desktop.store import asked_back, fee_rivals, payout_rivals, reach, same_rows, sync_rows
from desktop.store.database import Connection, Operation, next_seq
from desktop.store.reach import NETWORK
from desktop.store.sync_rows import Refusal
from desktop.sync.canonical import Body, decode, sha256
from desktop.sync.groups import grouped, is_whole
from desktop.sync.merge import same
from desktop.sync.ports import (
    NOT_YET,
    RIVAL,
    SETTLED,
    TOLD_OTHERWISE,
    BaseRow,
    Conflict,
    Marker,
    Order,
    Parked,
    Place,
    Standing,
    Unplaced,
)
from desktop.sync.seal import by_kind, order


@lru_cache(64)
def _moment(at: str | None) -> datetime | None:
    # Rows of one operation were written at one moment.
    return None if at is None else datetime.fromisoformat(at)


def _whole(kind: str, body: sync_rows.Body, base: BaseRow | None, remote: str) -> sync_rows.Body:
    """Our row, with the fields of the remote's that this version does not know: they are kept, not taken back."""
    if base is None or base.body is None:
        return body
    known = set(reach.columns(kind, remote))
    return {**{name: value for name, value in base.body.items() if name not in known}, **body}


def _unplaced(refusal: Refusal) -> Unplaced:
    """A row of the remote that the database refuses; a refused statement leaves nothing behind."""
    return Unplaced(f"here.{refusal.what}", refusal.field)


class LedgerStep(RemoteBooks):
    """One open transaction over the ledger, for one remote. ``operation`` is the open write; without it no row takes another key."""

    def __init__(self, connection: Connection, remote: str, marks: Marks | None = None, operation: Operation | None = None) -> None:
        super().__init__(connection, remote)
        self._kinds = reach.kinds(remote)
        self._marks = marks or Marks()
        self._operation = operation
        self._n_same = 0
        # No run of this remote opens or ends a conflict of another one.
        self._elsewhere: frozenset[Place] | None = None
        self._there: set[Place] = set()
        # What `tokens` saw: places without a base, and of these the ones that never had a row here either.
        self._baseless: set[Place] = set()
        self._strange: set[Place] = set()
        self._has_hub: bool | None = None
        self._has_others: bool | None = None
        self._names = sync_same.Names()
        # Whether a payout run is withheld; forgotten with every row that may change it.
        self._runs: dict[str, bool] = {}
        self._n_written = 0

    def differing(self, after: Order | None = None) -> Iterable[Standing]:
        for kind in sorted(self._kinds, key=by_kind):
            first = (False, by_kind(kind), False, "")
            if after is None or after < (False, by_kind(kind) + 1, False, ""):
                _, _, reversal, key = max(after or first, first)
                yield from self._differing(kind, (reversal, key))
        gone = [Standing(kind, key, None, deleted=True) for kind, key in sync_rows.deleted_here(self._connection, self._remote)]
        asked = asked_back.open_places(self._connection, self._remote)
        gone += [Standing(kind, key, None, deleted=True, withheld=True) for kind, key in asked if self._secret(kind, key)]
        for row in sorted(gone, key=order):
            if after is None or order(row) > after:
                # Of what is taken back its key alone is told.
                at = None if row.withheld else sync_rows.recorded_at(self._run, *row.place)
                yield replace(row, base=self.base(*row.place), recorded_at=_moment(at))

    def _differing(self, kind: str, after: tuple[bool, str]) -> Iterator[Standing]:
        for key, body, known, at in sync_rows.differing(self._connection, kind, self._remote, after):
            base = self.base(kind, key) if known else None
            ours = _whole(kind, body, base, self._remote)
            if base is None or base.body is None or dict(base.body) != ours:
                yield Standing(kind, key, ours, base=base, recorded_at=_moment(at))

    def standing(self, kind: str, key: str) -> Standing:
        if (kind, key) in self._strange:
            return Standing(kind, key, None)
        base = self.base(kind, key)
        if kind not in self._kinds:
            return Standing(kind, key, None, withheld=True, base=base)
        body, withheld = sync_rows.one(self._run, kind, key, self._remote, self._runs)
        if withheld:
            gone = asked_back.is_asked(self._run, self._remote, kind, key)
        else:
            # A deletion that the remote has too does not stand against a row that comes again.
            stands = base is None or base.shared is not None
            gone = body is None and stands and sync_rows.is_deleted_here(self._run, kind, key)
        ours = None if body is None else _whole(kind, body, base, self._remote)
        return Standing(kind, key, ours, deleted=gone, withheld=withheld, base=base)

    def base(self, kind: str, key: str) -> BaseRow | None:
        if (kind, key) in self._baseless:
            return None
        return next(iter(self._bases("AND kind = ? AND key = ?", kind, key)), None)

    def tokens(self, places: Sequence[Place]) -> Mapping[Place, str]:
        sql = "SELECT kind, key, token FROM sync_base WHERE remote = ? AND kind = ? AND key IN (SELECT value FROM json_each(?))"
        found: dict[Place, str] = {}
        for kind in sorted({kind for kind, _ in places}):
            keys = json.dumps([key for other, key in places if other == kind])
            found.update(((row[0], row[1]), row[2]) for row in self._all(sql, self._remote, kind, keys))
            if kind in self._kinds:
                self._strange.update((kind, key) for key in sync_rows.unheard_of(self._run, kind, keys) if (kind, key) not in found)
        self._baseless.update(place for place in places if place not in found)
        return found

    def _bases(self, where: str = "", *params: object) -> list[BaseRow]:
        sql = (
            "SELECT kind, key, token, parent, action, op_id, body, merged, common, device_id, received_at, seen "
            f"FROM sync_base WHERE remote = ? {where}"
        )
        return [
            BaseRow(r[0], r[1], r[2], r[3], r[4], r[5], body_of(r[6]), bool(r[7]), body_of(r[8]), r[9], r[10], tuple(r[11].split()))
            for r in self._all(sql, self._remote, *params)
        ]

    def unmerged(self) -> Sequence[Place]:
        rows = self._all("SELECT kind, key FROM sync_base WHERE remote = ? AND merged = 0", self._remote)
        held = self._held_by_ours() | self._nothing_there() if rows else set()
        return [(kind, key) for kind, key in rows if kind in self._kinds and (kind, key) not in held and not self._secret(kind, key)]

    def _nothing_there(self) -> set[Place]:
        """Postings that gave way to the one here after the network had them: taken back there too, and the hub never brings them."""
        sql = (
            "SELECT b.key, a.key FROM sync_base b JOIN sync_base a ON a.remote = b.remote AND a.kind = b.kind AND a.merged = 0 AND a.body IS NOT NULL "
            "AND a.key = json_extract(b.body, '$.reverses') WHERE b.remote = ? AND b.kind = 'posting' AND b.merged = 0 AND b.body IS NOT NULL "
            "AND EXISTS (SELECT 1 FROM posting p WHERE p.record_id = json_extract(b.body, '$.record_id')) "
            "AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.id IN (a.key, b.key))"
        )
        if self._remote != NETWORK or not self._hub():
            return set()
        return {("posting", str(key)) for pair in self._all(sql, self._remote) for key in pair}

    def _held_by_ours(self) -> set[Place]:
        """What came and cannot stand beside a row of ours, with all that hangs on it: it waits for the decision on that conflict."""
        versions = {
            key
            for key, body, *_ in fee_rivals.waiting(self._run, self._remote)
            if self._rival(key, dict(decode(body))) is not None
        }
        fees = fee_rivals.parts_waiting(self._run, versions, self._remote)
        if self._remote != reach.HUB:
            return fees
        came = payout_rivals.waiting(self._run)
        keys = {key for key, body, *_ in came if payout_rivals.against(self._run, key, dict(decode(body))) is not None}
        return fees | payout_rivals.parts_waiting(self._run, keys)

    def _rival(self, key: str, body: sync_rows.Body) -> str | None:
        """Our fee version that cannot stand beside this one, and is not the same."""
        ours = fee_rivals.against(self._run, key, body, self._remote)
        return None if ours is None or sync_same.is_same_version(self._run, ours, key, body, self._remote) else ours

    def own_body(self, kind: str, key: str) -> Body | None:
        """Our row as it is, whatever keeps it here; None when there is none."""
        return sync_rows.here(self._run, kind, key, self._remote)

    def disputed(self) -> Sequence[Conflict]:
        fees = sync_fees.disputed(self, self._connection, self._remote)
        return (*fees, *(sync_payouts.disputed(self, self._connection) if self._remote == reach.HUB else ()))

    def elsewhere(self) -> list[LedgerStep]:
        return [LedgerStep(self._connection, str(role)) for (role,) in self._all("SELECT role FROM remote WHERE role <> ?", self._remote)]

    def asked_elsewhere(self) -> Collection[Place]:
        if self._elsewhere is None:
            # Two rows against each other are a matter of each remote: one of them is not there yet.
            sql = (
                "SELECT kind, key FROM sync_conflict WHERE remote <> ? AND coalesce(json_extract(mine, '$.id'), key) = key "
                "AND coalesce(json_extract(theirs, '$.id'), key) = key"
            )
            self._elsewhere = frozenset((str(kind), str(key)) for kind, key in self._all(sql, self._remote) if kind in self._kinds)
        return self._elsewhere

    def has_been(self, place: Place, names: Collection[str], body: Body, since: Body | None) -> bool:
        return self._others() and sync_rows.has_been(self._run, *place, body, since, [name for name in names if name in reach.columns(place[0], self._remote)])

    def put_base(self, row: BaseRow) -> None:
        self._met(row.kind, row.id)
        body = text_of(row.body)
        digest = "" if body is None else sha256(body.encode())
        self._do(
            "INSERT OR REPLACE INTO sync_base "
            "(remote, kind, key, token, parent, action, op_id, body, digest, merged, common, device_id, received_at, seen) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            self._remote, row.kind, row.id, row.token, row.parent, row.action, row.op_id, body, digest,
            int(row.merged), text_of(row.common), row.device_id, row.received_at, " ".join(row.seen),
        )  # fmt: skip

    def _met(self, kind: str, key: str) -> None:
        self._base_changed(kind)
        self._baseless.discard((kind, key))
        self._strange.discard((kind, key))

    def _base_changed(self, kind: str) -> None:
        # A run goes when the hub has its marks, and one out of force when it has its postings.
        if kind in ("payout_run", "payout_mark", "posting"):
            self._runs.clear()

    def drop_base(self, kind: str, key: str) -> None:
        self._base_changed(kind)
        self._do("DELETE FROM sync_base WHERE remote = ? AND kind = ? AND key = ?", self._remote, kind, key)

    def drop_withheld_bases(self) -> None:
        for kind, key in self._all("SELECT kind, key FROM sync_base WHERE remote = ?", self._remote):
            if self._secret(kind, key):
                self.drop_base(kind, key)

    def put_local(self, kind: str, key: str, body: Body) -> None:
        if kind in self._kinds:
            self._written()
            new = (kind, key) in self._strange or not sync_rows.exists(self._run, kind, key)
            kept: Body = {}
            if new and self._remote == NETWORK and kind in reach.kinds(reach.HUB) and self._hub():
                # The network knows only a part of its columns; the hub would take the defaults of the others for what a person wrote. A person
                # may bring a row back that was here: the others are as they were. What was posted never changes: the part could not be made
                # whole any more.
                kept = {} if self._operation is not None or is_whole(kind, body) else sync_rows.last(self._run, kind, key)
                if not kept:
                    raise Unplaced(NOT_YET)
            never = new and self._operation is not None and self._others() and ((kind, key) in self._strange or sync_rows.is_unheard_of(self._run, kind, key))
            if not new and self._has_gone_on(kind, key, body):
                raise Unplaced(NOT_YET)
            for name, target, wanted in sync_rows.links_of(kind, dict(body), self._remote):
                if not self._is_there((target, wanted)):
                    raise Unplaced("here.link", name, (target, wanted))
            if kind == "fee_schedule" and fee_rivals.against(self._run, key, dict(body), self._remote) is not None:
                raise Unplaced(SETTLED, "from_on")
            if kind == "payout_run" and payout_rivals.against(self._run, key, dict(body)) is not None:
                raise Unplaced(SETTLED, "number")
            try:
                sync_rows.put(self._run, kind, key, dict(body), self._remote, new=new, kept=kept)
            except Refusal as refusal:
                refused = _unplaced(refusal)
                if refused.code == "here.fixed" and body.get("reverses") and kind in TOLD_OF_REVERSAL:
                    raise Unplaced(TOLD_OTHERWISE) from refusal
                own = sync_rows.standing_posting(self._run, str(body.get("record_id"))) if refused.code == RIVAL else None
                raise Unplaced(refused.code, refused.field, None if own is None else (kind, own)) from refusal
            if never:
                # Another remote's deletion of it was nothing to us until now, and is not undone by what this one still has.
                sync_rows.reopen_deletion(self._run, kind, key, self._remote)
            self._strange.discard((kind, key))
            self._there.add((kind, key))

    def _has_gone_on(self, kind: str, key: str, body: Body) -> bool:
        """Whether the network brings back a state from which this row has gone on, with the hub, and nobody has touched it since.

        The remotes may have taken two changes in different order. Taken from both, and told to both, they would change places for ever.
        """
        # What a person decides is written without a run.
        if self._operation is None or self._remote != NETWORK or not self._hub():
            return False
        here = self.standing(kind, key)
        shared = here.base.shared if here.base is not None else None
        if here.local is None or shared is None or same(here.local, body):
            return False
        names = reach.columns(kind, NETWORK)
        if not sync_rows.is_level(self._run, kind, key, reach.HUB, names):
            return False
        # Group by group: of several changes taken in different order no row was ever as a whole what the network has now.
        moved = [part for part in grouped(kind, names).values() if not sync_rows.agree(here.local, body, part)]
        if not moved or not all(sync_rows.agree(here.local, shared, part) for part in moved):
            return False
        return all(sync_rows.has_been(self._run, kind, key, body, None, part) for part in moved)

    def adopt(self, kind: str, key: str, body: Body) -> Body | None:
        if self._operation is None or kind not in self._kinds:
            return None
        if not sync_same.adopt(self._run, kind, key, dict(body), self._remote, self._names):
            return None
        # In the journal it is told apart from what a sync brings.
        self._n_same += 1
        self._operation.name = same_rows.RENAMED
        self._operation.params = {**self._operation.params, "n": str(self._n_same)}
        self._strange.discard((kind, key))
        self._there.clear()
        self._written()
        self._parked = self._contested = None
        return self.own_body(kind, key)

    def _hub(self) -> bool:
        if self._has_hub is None:
            self._has_hub = bool(self._all("SELECT 1 FROM remote WHERE role = ?", reach.HUB))
        return self._has_hub

    def _others(self) -> bool:
        if self._has_others is None:
            self._has_others = bool(self._all("SELECT 1 FROM remote WHERE role <> ?", self._remote))
        return self._has_others

    def _is_there(self, place: Place) -> bool:
        # Thousands of rows refer to the same few.
        if place not in self._there and sync_rows.exists(self._run, *place):
            self._there.add(place)
        return place in self._there

    def delete_local(self, kind: str, key: str, *, attached: bool = False) -> None:
        self._there.discard((kind, key))
        self._written()
        if kind in self._kinds:
            try:
                sync_rows.delete(self._run, kind, key, attached=attached)
            except Refusal as refusal:
                raise _unplaced(refusal) from refusal

    def parked(self) -> Sequence[Parked]:
        found = self._all_parked()
        if not any((row.kind, row.code) == ("posting", NOT_YET) for row in found):
            return found
        over = self._nothing_there()
        return [row for row in found if row.code != NOT_YET or (row.kind, row.id) not in over]

    def base_lines(self) -> Iterable[tuple[str, str, str, str]]:
        sql = "SELECT kind, key, token, digest FROM sync_base WHERE remote = ? AND body IS NOT NULL ORDER BY kind, key"
        yield from ((r[0], r[1], r[2], r[3]) for r in self._run(sql, (self._remote,)))

    def bases(self, kind: str = "") -> Iterable[BaseRow]:
        return [row for row in (self._bases("AND kind = ?", kind) if kind else self._bases()) if not self._secret(row.kind, row.id)]

    def _secret(self, kind: str, key: str) -> bool:
        return kind in self._kinds and sync_rows.one(self._run, kind, key, self._remote, self._runs)[1]

    def markers(self) -> Iterable[Marker]:
        return self._marks.of(self._connection)

    def mark(self) -> tuple[int, int]:
        # What this transaction wrote gets its number when it ends.
        return next_seq(self._connection), self._n_written

    def _written(self) -> None:
        self._runs.clear()
        self._n_written += 1

    def n_withheld(self) -> int:
        return sync_rows.n_secret(self._connection, self._remote)


class LedgerStorage:
    """The ledger's memory of one remote; every transaction is one operation of the journal."""

    def __init__(self, workspace: Workspace, remote: str = NETWORK) -> None:
        self._workspace = workspace
        self._remote = remote
        self._marks = Marks()

    @contextmanager
    def transaction(self, name: str) -> Iterator[LedgerStep]:
        """One write transaction, named in the journal only when it changed facts."""
        with self._workspace.write("sync", undoable=False, params={"step": name}) as operation:
            yield LedgerStep(operation.connection, self._remote, self._marks, operation)
