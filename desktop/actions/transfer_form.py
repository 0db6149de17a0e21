"""The handover form of one transfer, out of the ledger."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from desktop.actions import transfers
from desktop.actions.workspace import SHANGHAI, Workspace
from desktop.ledger.problem import Refused
from desktop.reports import handover
from desktop.reports.content import Content, Letterhead
from desktop.reports.handover import HandoverFacts
from desktop.rules import figure_json
from desktop.rules.figure import Figure
from desktop.store.facts import INSTRUMENTS


def gather(workspace: Workspace, number: str, head: Letterhead) -> Content:
    """The form. Raises Refused for an unknown number, and for a set made confidential since: nothing of it is printed for others."""
    listed = transfers.show(workspace, number)
    one = listed.transfer
    with workspace.read() as connection:
        instrument = INSTRUMENTS.get(connection, one.instrument_id)
    if instrument is None or instrument.confidential:
        raise Refused("transfer.confidential", asset_number=listed.asset_number)
    tree = figure_json.from_json(one.figure) if one.figure else None
    facts = HandoverFacts(
        one.number, one.kind, one.state, listed.asset_number, listed.instrument, instrument.model, instrument.manufacturer, instrument.category,
        instrument.value_fen, instrument.booked_on, instrument.network_number, one.from_department, one.to_department, one.keeper, one.receiver,
        one.receiver_uscc, one.document, one.reason, listed.prepared_by, one.prepared_at.astimezone(SHANGHAI).date(), listed.decided_by,
        one.decided_at.astimezone(SHANGHAI).date() if one.decided_at else None, one.note, one.handed_on, one.gave, one.took, one.parts,
        tree is not None, str(tree.value) if tree else "", _rate(tree, "performance.utilisation"), _rate(tree, "performance.sharing_rate"),
        tuple((part.code.rpartition(".")[2], str(part.value)) for part in tree.walk() if part.code.startswith("transfer.test.")) if tree else (),
    )  # fmt: skip
    return replace(handover.form(facts, head), figures=(tree,) if tree is not None else ())


def _rate(tree: Figure | None, code: str) -> Decimal | None:
    found = next((part.value for part in tree.walk() if part.code == code), None) if tree else None
    return Decimal(found) if isinstance(found, int | Decimal) else None
