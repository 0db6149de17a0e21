"""Seeded bugs: each breaks the engine, the ledger or the service in one place, as a person might. The simulator must catch
every one of them, which is the test of the test.

``MUTANTS`` maps a name to the replacements it makes. A replacement is (owner, attribute, new value); where the attribute was
imported elsewhere by name, that place is replaced too. ``python -m tests.simulation.mutants`` counts from the first history how
long each lives, and writes ``caught.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from desktop.sync import absorb, carried, egress, merge, recovery, seal
from desktop.sync import round as rounds
from desktop.sync.canonical import Body
from desktop.sync.merge import WHOLE_ROW, Decision, same
from desktop.sync.messages import Receipt, Recovered, RecoveredItem, Result
from desktop.sync.ports import BaseRow, Parked, RemoteState, Standing
from tests.simulation import service
from tests.simulation.__main__ import play
from tests.sync import memory

N_HISTORIES = 5000
TABLE = Path(__file__).with_name("caught.toml")

Replacement = tuple[Any, str, Any]
MUTANTS: dict[str, tuple[Replacement, ...]] = {}


@contextmanager
def broken(name: str) -> Iterator[None]:
    """The program with this bug."""
    with ExitStack() as stack:
        for owner, attribute, value in MUTANTS[name]:
            stack.enter_context(patch.object(owner, attribute, value))
        yield


def first_caught(name: str, likely: int | None = None) -> tuple[int | None, str]:
    """The first history in which a bug breaks a promise, looking at a likely one first; and what was told of it."""
    with broken(name):
        for seed in [*([] if likely is None else [likely]), *range(N_HISTORIES)]:
            _, told = play(seed)
            if told:
                return seed, told
    return None, ""


def caught() -> dict[str, int]:
    """At which history each bug was caught when they were counted last."""
    return tomllib.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}


def mutant(name: str, *places: tuple[Any, str]) -> Callable[[Any], Any]:
    """The decorated function replaces what stands at these places."""

    def keep(function: Any) -> Any:
        MUTANTS[name] = tuple((owner, attribute, function) for owner, attribute in places)
        return function

    return keep


# The service.

_judge, _take_back, _append = service.Service.judge, service.Service._take_back, service.Service._append
_fault = service.Service._fault
MUTANTS["no dedupe"] = (
    (service.Service, "known", lambda _self, _key: None),
    (service.Service, "operation", lambda _self, _op_id: None),
)
MUTANTS["no compare-and-set"] = ((service.Service, "current", lambda _self, held, parent: held is not None or parent is None),)
MUTANTS["integer revision"] = ((service.Service, "token", lambda _self, revision, _op_id: str(revision)),)


@mutant("reused sequence", (service.Service, "_append"))
def _same_position(self: Any, change: Any, *rest: Any, **more: Any) -> str:
    token = _append(self, change, *rest, **more)
    if change["kind"] == "service_record":
        self.held.head -= 1
    return token


@mutant("a fact is updated", (service.Service, "_append"))
def _rounded(self: Any, change: Any, *rest: Any, **more: Any) -> str:
    if change["kind"] == "posting" and change["body"]:
        change = change | {"body": change["body"] | {"amount_fen": round(change["body"]["amount_fen"], -3)}}
    return _append(self, change, *rest, **more)


@mutant("the greater revision is taken back", (service.Service, "_take_back"))
def _greater(self: Any, item: Any) -> RecoveredItem:
    held = self.held.entities.get((item["kind"], item["id"]))
    if held is not None and held.revision < int(item["token"].partition(".")[0]):
        item = item | {"seen": [held.token]}
    return _take_back(self, item)


@mutant("one bad change refuses the batch", (service.Service, "send"))
def _all_or_nothing(self: Any, device_id: str, content: bytes) -> Receipt:
    before = self.held.copy()
    receipt = _send(self, device_id, content)
    if any(result.status == "refused" for result in receipt.results):
        self.held = before
        raise service.Refused("body.malformed", "stop")
    return receipt


_send = service.Service.send


# Sending.


@mutant("retry with a new key", (rounds.Run, "_push"))
def _sealed_anew(self: Any, remote: Any) -> Any:
    with self.storage.transaction("mutant") as step:
        for batch in step.sealed():
            step.drop_sealed(batch.key)
    return _push(self, remote)


_push = rounds.Run._push


@mutant("sealed anew under the old key", (rounds, "seal_pending"), (carried, "seal_pending"))
def _old_key(step: Any, remote: Any, new_id: Any, answered: Any) -> Any:
    keys = iter(f"{n:08x}-0000-4000-8000-000000000000" for n in range(1000))
    return _seal_pending(step, remote, lambda: next(keys), answered)


_seal_pending = rounds.seal_pending


@mutant("sent before it is stored", (rounds.Run, "_deliver"))
def _unkept(self: Any, batch: Any) -> Any:
    with self.storage.transaction("mutant") as step:
        step.drop_sealed(batch.key)
    receipt = self.network.send(batch.content)
    with self.storage.transaction("mutant") as step:
        step.put_sealed(batch)
        return absorb.settle(step, batch, receipt)


@mutant("the gate after sending", (rounds.Run, "_deliver"), (egress.Gate, "check"))
def _no_gate(self: Any, content: Any, address: str = "") -> Any:
    if isinstance(self, egress.Gate):
        return None
    with self.storage.transaction("mutant") as step:
        step.put_sealed(replace(content, attempted=True))
    receipt = self.network.send(content.content)
    with self.storage.transaction("mutant") as step:
        return absorb.settle(step, content, receipt)


@mutant("confidential rows offered, no gate", (memory.Memory, "standing"), (egress.Gate, "check"))
def _leaky(self: Any, kind: str, key: str = "") -> Any:
    if isinstance(self, egress.Gate):
        return None
    here = _standing(self, kind, key)
    row = self.tables.rows.get((kind, key))
    return replace(here, local=self._wire(row, here.base), withheld=False) if here.withheld else here


_standing = memory.Memory.standing


@mutant("a parked row is never sent again", (seal, "pending"))
def _parked_for_good(rows: Any, parked: Any, held_back: Any, kinds: Any) -> Any:
    waiting = {(row.kind, row.id) for row in parked}
    return _pending(rows, (), {*held_back, *waiting}, kinds)


_pending = seal.pending


@mutant("deletion by absence", (memory.Memory, "standing"), (memory.Memory, "differing"))
def _absent_is_deleted(self: Any, kind: Any = None, key: str = "") -> Any:
    if not key:
        all_of_it = [self.standing(*place) for place in {**self.tables.rows, **self.tables.bases, **self.tables.tombstones}]
        return sorted((row for row in all_of_it if kind is None or seal.order(row) > kind), key=seal.order)
    here = _standing(self, kind, key)
    return replace(here, withheld=False, deleted=True) if here.withheld and here.base is not None else here


@mutant("a row in conflict is sent", (rounds, "_pending"))
def _in_conflict_too(step: Any, kinds: Any, answered: Any, after: Any = None) -> Any:
    return seal.pending(step.differing(after), step.parked(), set(answered), kinds)


@mutant("what is not merged is sent", (memory.Memory, "unmerged"), (seal, "pending"))
def _unmerged_too(rows: Any, parked: Any = (), held_back: Any = (), kinds: Any = ()) -> Any:
    if isinstance(rows, memory.Memory):
        return []
    merged = [replace(row, base=replace(row.base, merged=True)) if row.base is not None else row for row in rows]
    return _pending(merged, parked, held_back, kinds)


# Receipts.

_settle_one = absorb._settle_one


@mutant("acknowledge everything", (absorb, "_settle_one"))
def _all_in(step: Any, change: Any, result: Result, settled: Any) -> None:
    token = result.token or f"1.{change.op_id}"
    _settle_one(step, change, Result(change.op_id, "applied", token), settled)


@mutant("a refused change is dropped", (absorb, "_settle_one"))
def _refused_is_done(step: Any, change: Any, result: Result, settled: Any) -> None:
    if result.status == "refused":
        base = step.standing(change.kind, change.id).base
        if change.body is not None and base is not None and base.body is not None:
            step.put_local(change.kind, change.id, base.body)
        elif change.body is not None:
            step.delete_local(change.kind, change.id)
        return
    _settle_one(step, change, result, settled)


@mutant("an acknowledgement is the row", (absorb, "_settle_one"))
def _no_parent_check(step: Any, change: Any, result: Result, settled: Any) -> None:
    place = change.kind, change.id
    if result.token is not None and result.status in ("applied", "duplicate"):
        step.put_base(BaseRow(*place, result.token, change.parent, change.action, change.op_id, change.body))
        step.unpark(*place)
        settled.arrived.add(place)
        return
    _settle_one(step, change, result, settled)


@mutant("the row of now is acknowledged", (absorb, "_settle_one"))
def _newer_is_in(step: Any, change: Any, result: Result, settled: Any) -> None:
    local = step.standing(change.kind, change.id).local
    body = dict(local) if local is not None and change.body is not None else change.body
    _settle_one(step, _with_body(change, body), result, settled)


def _with_body(change: Any, body: Any) -> Any:
    return type(change)(change.op_id, change.kind, change.id, change.action, change.parent, body, change.recorded_at)


MUTANTS["what waits is never woken"] = ((absorb, "wake", lambda _step, _arrived: None),)
MUTANTS["what could not be taken in is forgotten"] = (
    (absorb, "remerge", lambda _step: None),
    (rounds, "remerge", lambda _step: None),
    (absorb, "wake", lambda _step, _arrived: None),
)


@mutant("a stale row is taken for sent", (absorb, "_settle_one"))
def _stale_is_sent(step: Any, change: Any, result: Result, settled: Any) -> None:
    status = "duplicate" if result.status == "stale" and result.token else result.status
    _settle_one(step, change, Result(result.op_id, status, result.token, result.problem), settled)


# Pages.

_take_page = absorb.take_page


@mutant("cursor saved first", (rounds.Run, "_pull"))
def _cursor_first(self: Any) -> None:
    while True:
        with self.storage.transaction("mutant") as step:
            state = absorb.known(step)
        page = self.network.changes(state.cursor)
        with self.storage.transaction("sync: cursor") as step:
            step.put_state(RemoteState(state.server_id, state.epoch, page.cursor))
        with self.storage.transaction("sync: page") as step:
            _take_page(step, page)
        if not page.more:
            return


@mutant("a page in pieces", (rounds.Run, "_pull"))
def _in_pieces(self: Any) -> None:
    while True:
        with self.storage.transaction("mutant") as step:
            state = absorb.known(step)
        page = self.network.changes(state.cursor)
        for item in page.items:
            with self.storage.transaction("sync: piece") as step:
                step.put_state(RemoteState(state.server_id, state.epoch, page.cursor))
                absorb.absorb(step, item)
        with self.storage.transaction("sync: page") as step:
            _take_page(step, page)
        if not page.more:
            return


_absorb = absorb.absorb


@mutant("a tombstone is ignored", (absorb, "absorb"), (rounds, "absorb"))
def _no_tombstones(step: Any, item: Any) -> bool:
    return False if item.body is None else _absorb(step, item)


@mutant("a confidential row takes in silently", (absorb, "absorb"), (rounds, "absorb"))
def _base_goes_on(step: Any, item: Any) -> bool:
    here = step.standing(item.kind, item.id)
    new = _absorb(step, item)
    if new and here.withheld:
        step.put_base(replace(step.standing(item.kind, item.id).base, merged=True, common=None))
    return new


@mutant("a withdrawal deletes what nobody saw", (absorb, "absorb"), (rounds, "absorb"))
def _withdraws_all(step: Any, item: Any) -> bool:
    new = _absorb(step, item)
    for row in step.parked():
        if row.code == "here.changed_since":
            step.unpark(row.kind, row.id)
    return new


MUTANTS["what the ledger cannot take in is not asked"] = ((absorb, "contest", lambda _step: None),)
MUTANTS["a conflict is silent"] = ((memory.Memory, "put_conflict", lambda _self, _conflict: None),)


@mutant("a refused row is not shown", (memory.Memory, "park"))
def _unseen(self: Any, row: Parked) -> None:
    if not row.code.startswith("here."):
        _park(self, replace(row, waiting_for=None))


_park = memory.Memory.park


# Merging.

_decide = merge.decide


@mutant("last writer wins", (absorb, "decide"))
def _mine_wins(_kind: str, base: Body | None, mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(theirs if same(mine, base) else mine)


@mutant("the remote wins", (absorb, "decide"))
def _theirs_wins(_kind: str, _base: Body | None, _mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(theirs)


@mutant("broken field groups", (merge, "grouped"))
def _by_field(_kind: str, names: Any) -> dict[str, list[str]]:
    return {name: [name] for name in sorted(names)}


@mutant("a deletion wins", (absorb, "decide"))
def _deletion_wins(kind: str, base: Body | None, mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(None) if mine is None or theirs is None else _decide(kind, base, mine, theirs)


@mutant("without a base nothing is deleted", (absorb, "decide"))
def _nothing_shared(kind: str, base: Body | None, mine: Body | None, theirs: Body | None) -> Decision:
    return Decision(mine) if base is None and theirs is None else _decide(kind, base, mine, theirs)


MUTANTS["a posted record in parts"] = ((merge, "is_whole", lambda _kind, _body: False),)


@mutant("a conflict asks the base what it showed", (absorb, "_sides"))
def _asks_the_base(here: Standing, base: BaseRow, conflict: Any) -> tuple[Body | None, Body | None]:
    shown = base.shared
    mine = None if here.deleted else here.local
    if mine is None and not here.deleted:
        mine = shown
    if conflict is None:
        return shown, mine
    mine = merge.carry(here.kind, conflict.groups, conflict.mine, shown, here.local)
    return merge.carry(here.kind, conflict.groups, conflict.base, shown, shown), mine


@mutant("an open conflict is forgotten", (absorb, "_sides"))
def _forgets(here: Standing, base: BaseRow, _conflict: Any) -> tuple[Body | None, Body | None]:
    return _sides(here, base, None)


_sides = absorb._sides


@mutant("a row that met a deletion leaves the view", (absorb, "_bring"))
def _off_view(step: Any, here: Standing, base: BaseRow) -> bool:
    done = _bring(step, here, base)
    conflict = step.conflict(*here.place)
    if done and conflict is not None and conflict.theirs is None and WHOLE_ROW in conflict.groups:
        step.delete_local(*here.place)
    return done


_bring = absorb._bring


# Restores.

MUTANTS["the tail is not handed back"] = ((recovery, "tail", lambda _step, _limits: []),)
MUTANTS["what diverged stays the base"] = ((recovery, "fold", lambda _step, answer: len(answer.items)),)
MUTANTS["what is withheld stays known over a restore"] = ((memory.Memory, "drop_withheld_bases", lambda _self: None),)


@mutant("a new epoch is nothing new", (rounds.Run, "_recover"))
def _only_renamed(self: Any, remote: Any) -> None:
    with self.storage.transaction("mutant") as step:
        state = absorb.known(step)
        step.put_state(RemoteState(state.server_id, remote.epoch, state.cursor.replace(f"{state.epoch}.", f"{remote.epoch}.")))


@mutant("the cursor lives on over a restore", (recovery, "begin"))
def _old_cursor(step: Any, server_id: str, epoch: str) -> None:
    state = absorb.known(step)
    step.drop_withheld_bases()
    step.put_state(RemoteState(server_id, epoch, state.cursor.replace(f"{state.epoch}.", f"{epoch}.")))


@mutant("the epoch is new before the tail is back", (rounds.Run, "_recover"))
def _too_early(self: Any, remote: Any) -> None:
    with self.storage.transaction("mutant") as step:
        tails = recovery.tail(step, remote.limits)
        recovery.begin(step, remote.server_id, remote.epoch)
    for content in tails:
        answer: Recovered = self.network.recover(content)
        with self.storage.transaction("mutant") as step:
            recovery.fold(step, answer)


# Packages, upgrades, digests.


@mutant("an answer that was overtaken is taken in", (carried, "take_in"))
def _any_answer(storage: Any, answer: Any) -> Any:
    with storage.transaction("mutant") as step:
        state = absorb.known(step)
        kept = {batch.key: batch for batch in step.sealed()}
        for receipt in answer.receipts:
            if receipt.key in kept:
                absorb.settle(step, kept[receipt.key], receipt)
        if answer.epoch == state.epoch:
            for page in answer.pages:
                _take_page(step, page)
    return carried.Taken()


@mutant("an answer is only receipts' keys", (carried, "take_in"))
def _unread(storage: Any, answer: Any) -> Any:
    with storage.transaction("mutant") as step:
        for batch in step.sealed():
            if batch.key in {receipt.key for receipt in answer.receipts}:
                step.drop_sealed(batch.key)
        state = absorb.known(step)
        if answer.pages and answer.epoch == state.epoch:
            step.put_state(RemoteState(state.server_id, state.epoch, answer.pages[-1].cursor))
    return carried.Taken()


@mutant("an older program drops what it does not know", (memory.Memory, "_wire"))
def _only_known(self: Any, row: Any, _base: Any) -> Body:
    return {name: value for name, value in row.items() if name not in memory.LOCAL_ONLY and name not in self.unknown}


@mutant("an upgrade begins with empty columns", (memory.Memory, "upgrade"))
def _empty_columns(self: Any) -> None:
    self.unknown = frozenset()


@mutant("the digest is believed", (rounds, "ledger_digest"))
class _Agrees:
    def __init__(self, _lines: Any) -> None:
        pass

    def __eq__(self, _other: object) -> bool:
        return True

    __hash__ = object.__hash__


def _count() -> None:
    lines = []
    for name in MUTANTS:
        seed, told = first_caught(name)
        print(f"{name:52} {seed if seed is not None else 'NOT CAUGHT':>10}  {told.partition(': ')[2].partition(':')[0]}", flush=True)
        if seed is not None:
            lines.append(f'"{name}" = {seed}\n')
    TABLE.write_text("# Seeded bug = the first history that catches it; written by python -m tests.simulation.mutants.\n" + "".join(lines), "utf-8")


if __name__ == "__main__":
    _count()
