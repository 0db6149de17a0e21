"""The national platform's results on purchases, after they were imported: where each purchase stands with them, and taking a wrong one out."""

from __future__ import annotations

from desktop.actions import people, rules_in_force
from desktop.actions.workspace import Workspace
from desktop.ledger.changes import Changes
from desktop.ledger.document_number import picked
from desktop.ledger.problem import Refused
from desktop.ledger.purchase import NationalResult
from desktop.rules import approval
from desktop.rules import purchase_national as rules
from desktop.store.purchases import NATIONAL, PROPOSALS, national


def standing(workspace: Workspace) -> dict[str, str]:
    """Key of each purchase -> where it stands with the national platform, one of ``rules.purchase_national.NEEDS``."""
    known = rules_in_force.of(workspace)
    with workspace.read() as connection:
        told: dict[str, list[NationalResult]] = {}
        for one in NATIONAL.find(connection):
            told.setdefault(one.proposal_id, []).append(one)
        return {one.id: str(rules.needs(one, told.get(one.id, ()), known).value) for one in PROPOSALS.find(connection)}


def withdraw(workspace: Workspace, number: str, document: str, reason: str, person: str, pin: str = "") -> Changes:
    """Take out a result that does not belong to a purchase; the journal keeps it with the reason, and undo brings it back.

    Raises Refused, with nothing written: role, PIN, no reason, an unknown purchase, or no result of this document on it.
    """
    acting = people.acting(workspace, person, pin, approval.ROLES_FOR["propose_purchase"])
    if not reason.strip():
        raise Refused("purchase.no_withdraw_reason")
    params = {"number": number.strip(), "document": document.strip()}
    with workspace.write("purchase withdraw_result", who=acting.name, reason=reason.strip(), params=params) as operation:
        proposal = PROPOSALS.one(operation.connection, "number = ?", (number.strip(),))
        if proposal is None:
            raise Refused("purchase.unknown", number=number)
        found = picked(national(operation.connection, proposal.id), document, lambda one: one.document)
        if found is None:
            raise Refused("purchase.national_no_document", number=proposal.number, document=document.strip())
        NATIONAL.delete(operation.connection, [found.id])
    return operation.changes
