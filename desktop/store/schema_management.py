"""Management documents and agreements on intellectual property. All local: no remote asks for them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint

from desktop.ledger.management import AGREEMENT, MANAGEMENT_KINDS
from desktop.store.columns import key, maybe, table, text

management_document = table(
    "management_document",
    key(reach="local"),
    text("kind", default=None),
    text("number", default=None, unique=True),
    text("title", default=None),
    text("issued_on", default=None),
    text("from_on", default=None),
    maybe("last_on"),
    text("issuer"),
    text("party"),
    text("note"),
    text("noted_by"),
    CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in MANAGEMENT_KINDS)})", name="kind"),
    CheckConstraint("number <> '' AND title <> ''", name="told"),
    CheckConstraint("last_on IS NULL OR last_on >= from_on", name="days"),
    CheckConstraint(f"(kind = '{AGREEMENT}') = (party <> '')", name="party"),
)
