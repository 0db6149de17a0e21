"""A purchase as a form holds it: judged while it is typed, made into the fact, and who may enter or judge one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from desktop.actions import people
from desktop.actions.workspace import Workspace, today
from desktop.ledger.finding import Finding, finding
from desktop.ledger.people import Person
from desktop.ledger.purchase import Proposal
from desktop.rules import approval
from desktop.rules import purchase_review as rules

TYPED = ("number", "name", "model", "class_code", "department", "functions", "reason")
FIELDS = (*TYPED, "proposed_on", "price_fen", "provincial_fen", "central_fen")


def draft_of(proposal: Proposal) -> dict[str, Any]:
    """A purchase as a form shows it, by field."""
    return {name: getattr(proposal, name) for name in FIELDS}


def proposal_of(draft: Mapping[str, Any]) -> Proposal:
    """The purchase a form holds; what is empty is empty, a price that is not stated 0, and the day today."""
    typed = {name: str(draft.get(name) or "") for name in TYPED}
    day = draft.get("proposed_on")
    return Proposal(
        id="", proposed_on=day if isinstance(day, date) else today(), price_fen=draft.get("price_fen") or 0,
        provincial_fen=draft.get("provincial_fen"), central_fen=draft.get("central_fen"), **typed,  # type: ignore[arg-type]  # texts all
    )  # fmt: skip


def check(draft: Mapping[str, Any]) -> list[Finding]:
    """What is doubtful about a purchase while it is typed, each with its field. That something required is empty the form says itself."""
    told = []
    proposal = proposal_of(draft)
    unstated = draft.get("price_fen") is None
    for one in rules.faults(proposal):
        if one.code == "purchase.empty" or (unstated and one.field in ("price_fen", "provincial_fen", "central_fen")):
            continue
        told.append(replace(one, field="class_code") if one.code.startswith("class.") else one)
    if proposal.proposed_on > today():
        told.append(finding("purchase.to_come", field="proposed_on", day=proposal.proposed_on.isoformat()))
    return told


def allowed(workspace: Workspace, step: str) -> list[Person]:
    """The people in service whose role may ``propose`` a purchase or ``review`` it."""
    roles = approval.ROLES_FOR[f"{step}_purchase"]
    return [one for one in people.everyone(workspace) if one.active and one.role in roles]
