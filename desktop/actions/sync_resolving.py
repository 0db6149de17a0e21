"""Settling a conflict as a person decided: field by field, mine, theirs or entered, with the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.actions import judging, sync_entries, sync_fees, sync_payouts, sync_postings, sync_runs, sync_views, sync_words
from desktop.actions.sync_entries import Scalar
from desktop.actions.sync_pending import NETWORK
from desktop.actions.sync_storage import LedgerStep
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Refused
from desktop.store import sync_rows
from desktop.store.database import Connection, Operation

if TYPE_CHECKING:
    from desktop.sync.ports import Conflict


def resolve(
    workspace: Workspace,
    kind: str,
    key: str,
    chosen: Mapping[str, str],
    reason: str,
    entered: Mapping[str, str] | None = None,
    remote: str = NETWORK,
) -> Changes:
    """Settle a conflict: for each contested field ``mine``, ``theirs``, ``entered`` or what the remote also had (``further1`` …); the result
    is pending and goes with the next sync. The decision is in the journal, also when no row changes by it, with the further states, taken or not.

    ``entered``: field -> what a person wrote instead of either side. Fields that the engine merged stay as they are, whatever is chosen for
    them. When one side deleted the row, its fields are chosen together and nothing is entered. Raises Refused without a reason, for a
    conflict that is gone, while a contested field has no side, for an entry that is no value of its field, or when the ledger's own
    rules forbid what was chosen.
    """
    from desktop.sync import further
    from desktop.sync.ports import Unplaced

    if not reason.strip():
        raise Refused("record.no_reason")
    with workspace.write("sync resolve", reason=reason.strip(), undoable=False) as operation:
        step = LedgerStep(operation.connection, remote)
        found = step.conflict(kind, key)
        if found is None:
            raise Refused("sync.no_conflict")
        view = step.standing(kind, key).local
        sides = {name: chosen.get(name, "") for name in sync_views.contested(found, view)}
        if not set(sides.values()) <= {"mine", "theirs", "entered", *further.names(found)}:
            raise Refused("sync.no_choice")
        # Also when no row changes, for the one that was chosen is on view: who decided what, and why, is told nowhere else.
        operation.params = {**operation.params, **_decided(operation.connection, found, sides, remote)}
        operation.lasting = True
        others = set(sides.values()) & {*further.names(found)}
        try:
            if sync_postings.is_rival(found):
                sync_postings.give_way(operation, step, found, set(sides.values()), reason)
            elif sync_fees.is_rival(found):
                sync_fees.give_way(operation.connection, found, set(sides.values()))
            elif sync_payouts.is_rival(found):
                sync_payouts.give_way(operation, found, set(sides.values()))
            elif others and (kind == "payout_run" or further.is_whole(found, view)):
                _settle_further(operation, step, found, set(sides.values()))
            elif not sides or (found.further and found.mine is None and found.theirs is None):
                # What is here counts, in sight of all the rest.
                pass
            elif found.mine is None or found.theirs is None:
                _settle_deletion(step, found, set(sides.values()))
            elif kind == "payout_run":
                sync_runs.settle(operation, step, found, set(sides.values()))
            else:
                step.put_local(kind, key, _settled(step, found, sides, entered or {}))
        except Unplaced as refused:
            raise Refused(f"sync.refused.{refused.code.replace('.', '_')}", field=refused.field, remote=sync_words.side(remote)) from refused
        if kind == "service_record":
            sync_postings.check_state(operation.connection, key)
        further.decided(step, found, sides)
        step.drop_conflict(kind, key)
        judging.recheck(operation)
    return operation.changes


def _settled(step: LedgerStep, found: Conflict, sides: Mapping[str, str], entered: Mapping[str, str]) -> dict[str, Scalar]:
    from desktop.sync import further

    view = step.standing(found.kind, found.id).local
    values = {"mine": dict(further.mine_of(found, view) or {}), "theirs": dict(found.theirs or {})}
    values |= {side: dict(further.body_of(found, side) or {}) for side in further.names(found)}
    body = dict(view or values["theirs"])
    for name, side in sides.items():
        if side != "entered":
            body[name] = values[side].get(name)
        elif name in entered:
            body[name] = sync_entries.read(found.kind, name, entered[name])
        else:
            raise Refused("sync.no_choice")
    return body


def _settle_deletion(step: LedgerStep, found: Conflict, sides: set[str]) -> None:
    if len(sides) > 1 or sides == {"entered"}:
        raise Refused("sync.no_choice")
    wanted = found.mine if sides == {"mine"} else found.theirs
    if wanted is None:
        step.delete_local(found.kind, found.id, attached=True)
    elif step.standing(found.kind, found.id).local is None:
        # Else the row that met a deletion is on view, and counts as it is now: somebody may have gone on with it.
        step.put_local(found.kind, found.id, wanted)


def _settle_further(operation: Operation, step: LedgerStep, found: Conflict, sides: set[str]) -> None:
    """The whole row as the remote had it once."""
    from desktop.sync import further

    if len(sides) > 1:
        raise Refused("sync.no_choice")
    wanted = further.body_of(found, sides.pop())
    if found.kind == "payout_run" and wanted is not None:
        sync_runs.settle(operation, step, replace(found, mine=found.theirs or found.mine, theirs=wanted), {"theirs"})
    elif wanted is not None:
        step.put_local(found.kind, found.id, wanted)
    elif step.standing(found.kind, found.id).local is not None:
        step.delete_local(found.kind, found.id, attached=True)


def _decided(connection: Connection, found: Conflict, sides: Mapping[str, str], remote: str) -> dict[str, str]:
    """What the journal keeps of a decision: the row, what was taken of each field, what else the remote had."""
    from desktop.sync import further

    label = sync_rows.labels(connection, found.kind, [found.id]).get(found.id) or sync_views.called(found)
    taken = sorted({"further" if side in further.names(found) else side for side in sides.values()}) or ["here"]
    told = {
        "kind": f"kind.{found.kind}",
        "name": label,
        "key": found.id,
        "remote": remote,
        "side": "|".join(f"sync.taken.{side}" for side in taken),
        "sides": json.dumps(dict(sides), sort_keys=True),
    }
    return told | ({"further": _further(found)} if found.further else {})


def _further(found: Conflict) -> str:
    told = [{"body": one.body, "device_id": one.device_id, "received_at": one.received_at} for one in found.further]
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
