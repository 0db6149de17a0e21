"""The declared cost statement: rows by kind, instrument or whole unit, period, amount, document. Zero is declared too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.actions.workspace import Workspace
from desktop.ledger.allocation import COST_KINDS, CostRow
from desktop.ledger.changes import Changes
from desktop.ledger.keys import new_key
from desktop.ledger.problem import Refused
from desktop.rules import settlement_checks
from desktop.store import attachments
from desktop.store.facts import INSTRUMENTS
from desktop.store.payouts import COST_ROWS, cost_uses
from desktop.words import say_in

__all__ = ["CostRow", "cost_add", "cost_remove", "costs", "kind_code"]


def kind_code(text: str) -> str:
    """The code of a cost kind given as code or as its Chinese or English word; unknown text is kept, to be refused in words."""
    plain = text.strip()
    for kind in COST_KINDS:
        code = f"payout.cost_kinds.{kind}"
        if plain.lower() in (kind, say_in("en", code).lower()) or plain in (
            say_in("zh", code),
            say_in("zh", code) + say_in("zh", "payout.cost_suffix"),
        ):
            return kind
    return plain


def cost_add(
    workspace: Workspace, kind: str, asset_number: str | None, period_from: date, period_to: date, fen: int, document: str
) -> Changes:
    """Declare one row; ``asset_number`` None: the whole unit. Raises Refused for an unknown kind or instrument, a wrong amount or period."""
    with workspace.write("cost add", params={"document": document.strip()}) as operation:
        instrument_id, secret = None, False
        if asset_number:
            found = INSTRUMENTS.one(operation.connection, "asset_number = ?", (asset_number.strip(),))
            if found is None:
                raise Refused("instrument.unknown", asset_number=asset_number)
            instrument_id, secret = found.id, bool(found.confidential)
        code = kind_code(kind)
        row = CostRow(
            new_key(confidential=secret),
            "none" if fen == 0 and code not in COST_KINDS else code,
            instrument_id,
            period_from,
            period_to,
            fen,
            document.strip(),
        )
        errors = [f for f in settlement_checks.cost_faults(row) if f.severity == "error"]
        if errors:
            raise Refused(errors[0].code, findings=tuple(errors[1:]), **dict(errors[0].params))
        COST_ROWS.insert(operation.connection, [row])
    return operation.changes


def cost_remove(workspace: Workspace, key: str) -> Changes:
    """Take a row back that no standing run has deducted; undo brings it back, its attachments too. Raises Refused when one has, or when there is no such row.

    A row that a withdrawn or reversed run names stays as its evidence, marked; no later run deducts it.
    """
    with workspace.write("cost remove") as operation:
        uses = cost_uses(operation.connection).get(key, ())
        if any(use.counts for use in uses):
            raise Refused("payout.cost_used")
        row = COST_ROWS.get(operation.connection, key)
        if row is None:
            raise Refused("payout.unknown_cost", key=key)
        if uses:
            COST_ROWS.update(operation.connection, [replace(row, withdrawn=True)])
        else:
            attachments.drop_of(operation.connection, "cost_row", [key])
            COST_ROWS.delete(operation.connection, [key])
    return operation.changes


def costs(workspace: Workspace) -> list[CostRow]:
    """All declared rows that are not taken back, by period."""
    with workspace.read() as connection:
        return COST_ROWS.find(connection, "NOT withdrawn", (), "period_from, kind")
