"""Taking in what the remote says: receipts of our batches and entities of its feed. Always inside one open storage
transaction."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from desktop.sync.canonical import body_sha256
from desktop.sync.merge import carry, decide, same
from desktop.sync.messages import Batch, Change, Item, Receipt, Result
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import BaseRow, Conflict, Parked, Place, Sealed, Step


@dataclass(slots=True)
class Settled:
    """What a receipt said. ``answered`` are all its places; ``stale`` maps a place to the token the service has there."""

    n_applied: int = 0
    n_duplicate: int = 0
    n_refused: int = 0
    stale: dict[Place, str] = field(default_factory=dict)
    arrived: set[Place] = field(default_factory=set)
    answered: set[Place] = field(default_factory=set)


def settle(step: Step, sealed: Sealed, receipt: Receipt) -> Settled:
    """Fold a receipt into the bases, park what was refused, forget the batch. Raises RemoteProblem for a receipt that is
    not its own."""
    batch = msgspec.json.decode(sealed.content, type=Batch)
    answers = [result.op_id for result in receipt.results]
    if (receipt.key, receipt.digest) != (sealed.key, sealed.digest) or answers != [change.op_id for change in batch.changes]:
        raise RemoteProblem("sync.not_service", "stop")
    settled = Settled()
    for change, result in zip(batch.changes, receipt.results, strict=True):
        settled.answered.add((change.kind, change.id))
        _settle_one(step, change, result, settled)
    wake(step, settled.arrived)
    step.drop_sealed(sealed.key)
    return settled


def _settle_one(step: Step, change: Change, result: Result, settled: Settled) -> None:
    place = change.kind, change.id
    base = step.standing(*place).base
    current = (base.token if base is not None else None) == change.parent
    if result.status in ("applied", "duplicate") and result.token is not None:
        # An acknowledgement says that the change is in, not what the row is now: only on its own parent may it become the
        # base.
        if current:
            step.put_base(BaseRow(change.kind, change.id, result.token, change.parent, change.action, change.op_id, change.body))
        step.unpark(*place)
        settled.arrived.add(place)
        settled.n_applied += result.status == "applied"
        settled.n_duplicate += result.status == "duplicate"
    elif result.status == "stale":
        if result.token is not None:
            settled.stale[place] = result.token
        elif current:
            step.drop_base(*place)
    elif result.status == "refused" and result.problem is not None:
        problem = result.problem
        target = (problem.target_kind, problem.target_id)
        waiting = (target[0], target[1]) if target[0] is not None and target[1] is not None else None
        sha256 = "" if change.body is None else body_sha256(change.body)
        step.park(Parked(change.kind, change.id, problem.code, problem.field or "", sha256, waiting))
        settled.n_refused += 1
    else:
        raise RemoteProblem("sync.not_service", "stop")


def wake(step: Step, arrived: set[Place]) -> None:
    """Rows that were parked because another was missing are pending again when it is there."""
    if arrived:
        for row in step.parked():
            if row.waiting_for in arrived:
                step.unpark(row.kind, row.id)


def absorb(step: Step, item: Item) -> bool:
    """Take in one entity; whether it brought something new. An edit here is merged, never overwritten."""
    here = step.standing(item.kind, item.id)
    if here.base is not None and here.base.token == item.token:
        return False
    theirs = BaseRow(item.kind, item.id, item.token, item.parent, item.action, item.op_id, item.body)
    if not here.withheld:
        _merge(step, item)
    step.put_base(theirs)
    step.unpark(item.kind, item.id)
    return True


def _merge(step: Step, item: Item) -> None:
    here = step.standing(item.kind, item.id)
    mine = None if here.deleted else here.local
    base = here.base.body if here.base is not None else None
    if mine is None and base is not None and not here.deleted:
        # No row, no tombstone: it was never written here, so nothing of ours can stand against theirs.
        mine = base
    open_conflict = step.conflict(item.kind, item.id)
    if open_conflict is not None:
        groups, shown = open_conflict.groups, base
        mine, base = (
            carry(item.kind, groups, open_conflict.mine, shown, here.local),
            carry(item.kind, groups, open_conflict.base, shown, shown),
        )
    decision = decide(item.kind, base, mine, item.body)
    if decision.view is None:
        if here.local is not None or here.deleted:
            step.delete_local(item.kind, item.id)
    elif here.deleted or not same(decision.view, here.local):
        step.put_local(item.kind, item.id, decision.view)
    if decision.conflicts:
        step.put_conflict(
            Conflict(item.kind, item.id, decision.conflicts, base, mine, item.body, item.device_id or "", item.received_at or "")
        )
    elif open_conflict is not None:
        step.drop_conflict(item.kind, item.id)
