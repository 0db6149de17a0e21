"""Two payouts of the same money at two seats: ours gives way to the one that was sent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.ledger.problem import Refused
from desktop.rules import payout_facts
from desktop.store import payout_marks, payout_rivals
from desktop.store import payouts as rows
from desktop.store.database import Connection, Operation, quick
from desktop.store.payouts import RUNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.actions.sync_storage import LedgerStep
    from desktop.sync.ports import Conflict

_TOLD = ("id", "number", "to_on", "state", "basis", "income_fen", "cost_fen", "pool_fen", "prepared_at", "reverses")


def is_rival(found: Conflict) -> bool:
    """Whether a conflict is between a run of ours and another one, not between two states of one."""
    return found.kind == "payout_run" and found.theirs is not None and found.theirs.get("id") != found.id


def disputed(step: LedgerStep, connection: Connection) -> Sequence[Conflict]:
    """Our runs that cannot stand beside one that came, or beside one that we know by its marks alone."""
    from desktop.sync.canonical import decode
    from desktop.sync.merge import WHOLE_ROW
    from desktop.sync.ports import Conflict

    run = quick(connection)
    came = {key: (decode(body), device, at) for key, body, device, at in payout_rivals.waiting(run)}
    pairs = [(ours, key) for key, (body, *_) in came.items() if (ours := payout_rivals.against(run, key, dict(body))) is not None]
    marked = payout_rivals.marked_away(run)
    numbers = {theirs: number for _, theirs, number in marked}
    found: dict[str, Conflict] = {}
    for ours, theirs in [*pairs, *((ours, theirs) for ours, theirs, _ in marked)]:
        body, device, at = came.get(theirs, ({"id": theirs, "number": numbers.get(theirs, "")}, "", ""))
        own = step.own_body("payout_run", ours)
        if ours not in found and own is not None:
            sides = [{name: side.get(name) for name in _TOLD if name in side} for side in (own, body)]
            found[ours] = Conflict("payout_run", ours, (WHOLE_ROW,), None, sides[0], sides[1], device, at)
    return list(found.values())


def give_way(operation: Operation, found: Conflict, sides: set[str]) -> None:
    """Take our run out of force, so that what it held is settled by theirs alone; one that only has the same number gets another.

    Theirs comes in with the next sync. Raises Refused when ours was chosen, and when a later run has taken back what ours had paid.
    """
    connection = operation.connection
    theirs = dict(found.theirs or {})
    own = RUNS.get(connection, found.id)
    if own is None:
        raise AssertionError(f"run {found.id} is gone")
    same = payout_rivals.overlaps(quick(connection), own.id, str(theirs["id"]))
    twin = own.reverses is not None and own.reverses == theirs.get("reverses")
    if sides != {"theirs"}:
        code = "sync.reversed_first" if twin else "sync.settled_first" if same else "sync.numbered_first"
        raise Refused(code, run=str(theirs.get("number") or ""))
    if twin:
        # What it reverses is out of force already when it was approved here; theirs says so at every seat.
        operation.executemany("UPDATE payout_run SET state = 'withdrawn' WHERE id = ?", [(own.id,)])
    if same:
        later = rows.later_lines(connection, own.id)
        told = payout_facts.taken_back(rows.facts_of(connection, own), later)
        if told:
            raise Refused(told[0].code, findings=told[1:], **dict(told[0].params))
        state = "withdrawn" if own.state == "prepared" else "reversed"
        operation.executemany("UPDATE payout_run SET state = ? WHERE id = ?", [(state, own.id)])
        operation.executemany("UPDATE payout_run SET state = 'withdrawn' WHERE reverses = ? AND state = 'prepared'", [(own.id,)])
        payout_marks.release(connection, own.id)
    if theirs.get("number") == own.number:
        number = _another(connection, own.number)
        operation.executemany("UPDATE payout_run SET number = ? WHERE id = ?", [(number, own.id)])
        operation.executemany("UPDATE payout_mark SET run_number = ? WHERE run_id = ?", [(number, own.id)])


def _another(connection: Connection, number: str) -> str:
    serial = 2
    while RUNS.one(connection, "number = ?", (f"{number}-{serial}",)):
        serial += 1
    return f"{number}-{serial}"
