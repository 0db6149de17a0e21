"""Taking in what the remote says: receipts of our batches and entities of its feed. Always inside one open storage
transaction."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from desktop.sync.canonical import Body, body_sha256
from desktop.sync.groups import grouped
from desktop.sync.merge import WHOLE_ROW, carry, decide, same
from desktop.sync.messages import Batch, Change, Item, Receipt, Result
from desktop.sync.outcome import RemoteProblem
from desktop.sync.ports import HERE, BaseRow, Conflict, Parked, Place, Sealed, Standing, Step, Unplaced


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
    """Rows that were parked because another was missing are pending again when it is there, or placed if they came from the remote."""
    while arrived:
        placed: set[Place] = set()
        for row in step.parked():
            if row.waiting_for in arrived:
                step.unpark(row.kind, row.id)
                if row.code.startswith(HERE) and _place(step, row.kind, row.id):
                    placed.add((row.kind, row.id))
        arrived = placed


def place_again(step: Step) -> set[Place]:
    """Try once more what this ledger could not take; gives the rows that are still missing for it."""
    for row in step.parked():
        if row.code.startswith(HERE):
            step.unpark(row.kind, row.id)
            if _place(step, row.kind, row.id):
                wake(step, {(row.kind, row.id)})
    return {row.waiting_for for row in step.parked() if row.code.startswith(HERE) and row.waiting_for is not None}


def _place(step: Step, kind: str, key: str) -> bool:
    here = step.standing(kind, key)
    if here.base is None or here.base.body is None or here.local is not None or here.deleted or here.withheld:
        return False
    try:
        step.put_local(kind, key, here.base.body)
    except Unplaced as refused:
        _park(step, kind, key, refused)
        return False
    return True


def _park(step: Step, kind: str, key: str, refused: Unplaced) -> None:
    step.park(Parked(kind, key, refused.code, refused.field, "", refused.waiting_for))


def absorb(step: Step, item: Item) -> bool:
    """Take in one entity; whether it brought something new. An edit here is merged, never overwritten."""
    here = step.standing(item.kind, item.id)
    if here.base is not None and here.base.token == item.token:
        return False
    theirs = BaseRow(item.kind, item.id, item.token, item.parent, item.action, item.op_id, item.body)
    step.unpark(item.kind, item.id)
    if not here.withheld:
        _merge(step, item)
    step.put_base(theirs)
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
    try:
        if decision.view is None:
            if here.local is not None or here.deleted:
                step.delete_local(item.kind, item.id)
        elif here.deleted or not same(decision.view, here.local):
            step.put_local(item.kind, item.id, decision.view)
    except Unplaced as refused:
        _keep_ours(step, item, here, base, refused)
        return
    if decision.conflicts:
        step.put_conflict(
            Conflict(item.kind, item.id, decision.conflicts, base, mine, item.body, item.device_id or "", item.received_at or "")
        )
    elif open_conflict is not None:
        step.drop_conflict(item.kind, item.id)


def _keep_ours(step: Step, item: Item, here: Standing, base: Body | None, refused: Unplaced) -> None:
    """This ledger's own rules forbid what the remote holds: our row stays, is not sent, and a person decides."""
    if here.local is None and not here.deleted:
        _park(step, item.kind, item.id, refused)
        return
    mine, theirs = here.local or {}, item.body or {}
    differ = [name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)]
    groups = (WHOLE_ROW,) if here.local is None or item.body is None else tuple(grouped(item.kind, differ))
    step.put_conflict(Conflict(item.kind, item.id, groups, base, here.local, item.body, item.device_id or "", item.received_at or ""))
