"""One payout run that went on at two seats in two ways: what it may end as, so that every seat can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.ledger.problem import Refused
from desktop.rules import payout_facts
from desktop.store import payout_marks
from desktop.store import payouts as rows
from desktop.store.database import Operation
from desktop.store.payouts import RUNS

if TYPE_CHECKING:
    from desktop.actions.sync_storage import LedgerStep
    from desktop.sync.ports import Conflict

_ON = {"prepared": ("approved", "closed", "reversed", "withdrawn"), "approved": ("closed", "reversed"), "closed": ("reversed",)}
_OVER = ("withdrawn", "reversed")


def settle(operation: Operation, step: LedgerStep, found: Conflict, sides: set[str]) -> None:
    """Take the run on to the state of the side that was chosen, when the other side can get there too.

    What one seat withdrew while another approved it is reversed at both: it may have been settled anew where it was withdrawn, or paid where
    it was approved. A reversing run that was approved stays so, for what it reverses is out of force by then. Raises Refused when the
    other side has gone past what was chosen, and when a later run has taken back what this one had paid.
    """
    if sides not in ({"mine"}, {"theirs"}):
        raise Refused("sync.no_choice")
    mine, theirs = dict(found.mine or {}), dict(found.theirs or {})
    chosen, other = (mine, theirs) if sides == {"mine"} else (theirs, mine)
    wanted, at = str(chosen.get("state")), str(other.get("state"))
    mirror = chosen.get("reverses") is not None
    body = dict(chosen)
    if wanted == "withdrawn" and at in ("approved", "closed", "reversed") and not mirror:
        body = {**other, "number": chosen.get("number"), "state": "reversed"}
    elif wanted != at and wanted not in _ON.get(at, ()) and not (at == "withdrawn" and (mirror or wanted == "reversed")):
        raise Refused("sync.run_went_on", run=str(other.get("number") or ""), state=f"payout.state.{at}", wanted=f"payout.state.{wanted}")
    elif chosen is mine and wanted == at and chosen.get("approved_by") != other.get("approved_by"):
        raise Refused("sync.run_approved_first", run=str(other.get("number") or ""))
    connection = operation.connection
    own = RUNS.get(connection, found.id)
    if own is None:
        raise AssertionError(f"run {found.id} is gone")
    if body["state"] in _OVER and own.state not in _OVER:
        told = payout_facts.taken_back(rows.facts_of(connection, own), rows.later_lines(connection, own.id))
        if told:
            raise Refused(told[0].code, findings=told[1:], **dict(told[0].params))
        payout_marks.release(connection, own.id)
    step.put_local(found.kind, found.id, body)
