"""Transfers of sets. Local whole for now: what a remote is told is the set itself, whose department or end of service changes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index

from desktop.ledger.transfer import TRANSFER_KINDS, TRANSFER_STATES
from desktop.store.columns import key, maybe, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


transfer = table(
    "transfer",
    key(reach="local"),
    text("number", default=None, unique=True),
    refers("instrument_id", "instrument", "local"),
    text("kind", default=None),
    text("state", default="prepared"),
    text("reason", default=None),
    *(text(name) for name in ("from_department", "to_department", "keeper", "receiver", "receiver_uscc", "document", "figure")),
    refers("prepared_by", "person", "local"),
    text("prepared_at", default=None),
    refers("decided_by", "person", "local", nullable=True),
    maybe("decided_at"),
    text("note"),
    maybe("handed_on"),
    *(text(name) for name in ("gave", "took", "parts")),
    CheckConstraint(_listed("kind", TRANSFER_KINDS), name="kind"),
    CheckConstraint(_listed("state", TRANSFER_STATES), name="state"),
    CheckConstraint("reason <> '' AND number <> ''", name="reason"),
    CheckConstraint("CASE kind WHEN 'internal' THEN to_department <> '' AND receiver = '' ELSE receiver <> '' AND to_department = '' END", name="target"),
    CheckConstraint("(state = 'prepared') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
    CheckConstraint("state NOT IN ('approved', 'declined', 'handed_over') OR decided_by <> prepared_by", name="two_hands"),
    CheckConstraint("kind <> 'allocation' OR state NOT IN ('approved', 'handed_over') OR document <> ''", name="document"),
    CheckConstraint("(state = 'handed_over') = (handed_on IS NOT NULL)", name="handed"),
)
Index("ix_transfer_instrument", transfer.c.instrument_id)
# One that is not finished stands alone: two people do not send one set two ways.
Index("ux_transfer_open", transfer.c.instrument_id, unique=True, sqlite_where=transfer.c.state.in_(("prepared", "approved")))
