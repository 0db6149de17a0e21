"""Seeded bugs of the service, of what leaves, and of what its receipts say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.sync import absorb, carried, egress, seal, waiting
from desktop.sync import round as rounds
from desktop.sync.messages import Receipt, RecoveredItem, Result
from desktop.sync.ports import BaseRow
from tests.simulation import service
from tests.simulation.breaking import MUTANTS, mutant
from tests.sync import memory

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


@mutant("sealed anew under the old key", (rounds, "seal_pending"), (waiting, "seal_pending"), (carried, "seal_pending"))
def _old_key(step: Any, remote: Any, new_id: Any, answered: Any) -> Any:
    keys = iter(f"{n:08x}-0000-4000-8000-000000000000" for n in range(1000))
    return _seal_pending(step, remote, lambda: next(keys), answered)


_seal_pending = waiting.seal_pending


MUTANTS["a batch above lowered limits is sent for ever"] = ((seal, "within", lambda _batch, _limits: True),)


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


@mutant("a row in conflict is sent", (waiting, "_pending"))
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
def _all_in(step: Any, change: Any, result: Result, settled: Any) -> bool:
    token = result.token or f"1.{change.op_id}"
    return _settle_one(step, change, Result(change.op_id, "applied", token), settled)


@mutant("a refused change is dropped", (absorb, "_settle_one"))
def _refused_is_done(step: Any, change: Any, result: Result, settled: Any) -> bool:
    if result.status == "refused":
        base = step.standing(change.kind, change.id).base
        if change.body is not None and base is not None and base.body is not None:
            step.put_local(change.kind, change.id, base.body)
        elif change.body is not None:
            step.delete_local(change.kind, change.id)
        return False
    return _settle_one(step, change, result, settled)


@mutant("an acknowledgement is the row", (absorb, "_settle_one"))
def _no_parent_check(step: Any, change: Any, result: Result, settled: Any) -> bool:
    place = change.kind, change.id
    if result.token is not None and result.status in ("applied", "duplicate"):
        step.put_base(BaseRow(*place, result.token, change.parent, change.action, change.op_id, change.body))
        step.unpark(*place)
        settled.arrived.add(place)
        return result.status == "applied"
    return _settle_one(step, change, result, settled)


@mutant("the row of now is acknowledged", (absorb, "_settle_one"))
def _newer_is_in(step: Any, change: Any, result: Result, settled: Any) -> bool:
    local = step.standing(change.kind, change.id).local
    body = dict(local) if local is not None and change.body is not None else change.body
    return _settle_one(step, _with_body(change, body), result, settled)


def _with_body(change: Any, body: Any) -> Any:
    return type(change)(change.op_id, change.kind, change.id, change.action, change.parent, body, change.recorded_at)


MUTANTS["what waits is never woken"] = ((absorb, "wake", lambda _step, _arrived: None),)
MUTANTS["what could not be taken in is forgotten"] = (
    (absorb, "remerge", lambda _step: None),
    (waiting, "remerge", lambda _step: None),
    (absorb, "wake", lambda _step, _arrived: None),
)


@mutant("a stale row is taken for sent", (absorb, "_settle_one"))
def _stale_is_sent(step: Any, change: Any, result: Result, settled: Any) -> bool:
    status = "duplicate" if result.status == "stale" and result.token else result.status
    return _settle_one(step, change, Result(result.op_id, status, result.token, result.problem), settled)
