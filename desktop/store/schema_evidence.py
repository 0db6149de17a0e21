"""Attachments and the bytes they name. The bytes lie in the ledger's own encrypted file, so whatever copies it copies them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Text

from desktop.ledger.attachment import EVERY_SUBJECT, MOST_BYTES
from desktop.store.columns import blob, flag, key, maybe, maybe_integer, table, text

attachment = table(
    "attachment",
    key(),
    text("of_kind", "network", default=None),
    text("of_id", "network", default=None),
    text("name", "network", default=None),
    text("sha256", "network", default=None),
    maybe_integer("n_bytes", "network"),
    text("media_type", "network"),
    text("note", "institution"),
    text("added_by", "institution"),
    maybe("added_at", "institution"),
    flag("kept"),
    text("papers", default="[]"),
    CheckConstraint(f"of_kind IN ({', '.join(repr(kind) for kind in EVERY_SUBJECT)})", name="of_kind"),
    CheckConstraint("length(sha256) = 64 AND NOT sha256 GLOB '*[^0-9a-f]*'", name="sha256"),
    CheckConstraint(f"n_bytes BETWEEN 1 AND {MOST_BYTES}", name="n_bytes"),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("papers = '[]' OR of_kind = 'outside_use'", name="papers"),
)
Index("ix_attachment_subject", attachment.c.of_kind, attachment.c.of_id)
Index("ix_attachment_sha256", attachment.c.sha256)

# The same bytes are kept once, whatever refers to them. Not journalled: the name of the bytes is, and the verifier reads them.
evidence_part = table(
    "evidence_part",
    Column("sha256", Text, primary_key=True, nullable=False, info={"reach": "local"}),
    Column("number", Integer, primary_key=True, nullable=False, info={"reach": "local"}),
    blob("content"),
    manner="bookkeeping",
)
