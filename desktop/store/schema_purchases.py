"""Purchases that are proposed, the opinions of their duplicate reviews and the national platform's results: local to the machine, whole."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from desktop.store.columns import integer, key, maybe_integer, refers, table, text

purchase_proposal = table(
    "purchase_proposal",
    key(reach="local"),
    text("number", default=None, unique=True),
    text("proposed_on", default=None),
    text("name", default=None),
    integer("price_fen"),
    maybe_integer("provincial_fen"),
    maybe_integer("central_fen"),
    *(text(name) for name in ("model", "class_code", "functions", "department", "reason")),
    text("state", default="draft"),
    refers("prepared_by", "person", "local"),
    text("prepared_at", default=None),
    CheckConstraint("state IN ('draft', 'reviewed', 'withdrawn')", name="state"),
    CheckConstraint("number <> '' AND name <> ''", name="named"),
    CheckConstraint("price_fen > 0 AND (provincial_fen IS NULL OR provincial_fen BETWEEN 0 AND price_fen)", name="amounts"),
    CheckConstraint("central_fen IS NULL OR (central_fen >= 0 AND central_fen + coalesce(provincial_fen, 0) <= price_fen)", name="central"),
)

# What an opinion was given on stays as it was, whatever the ledger says later: a fact with the tree of its day.
purchase_review = table(
    "purchase_review",
    key(reach="local"),
    refers("proposal_id", "purchase_proposal", "local"),
    text("opinion", default=None),
    text("text", default=None),
    refers("reviewed_by", "person", "local"),
    text("reviewed_on", default=None),
    text("reviewed_at", default=None),
    text("figure", default=None),
    integer("n_withheld", default="0"),
    CheckConstraint("opinion IN ('agree', 'share', 'revise')", name="opinion"),
    CheckConstraint("text <> '' AND n_withheld >= 0", name="said"),
    manner="facts",
)
Index("ix_purchase_review_proposal", purchase_review.c.proposal_id)

# What the platform's papers say: known by their number, corrected when a file says otherwise.
purchase_national = table(
    "purchase_national",
    key(reach="local"),
    refers("proposal_id", "purchase_proposal", "local"),
    text("document", default=None),
    text("outcome", default=None),
    text("decided_on", default=None),
    text("noted_on", default=None),
    *(text(name) for name in ("text", "similar", "noted_by")),
    UniqueConstraint("proposal_id", "document"),
    CheckConstraint("outcome IN ('agree', 'refuse', 'revise')", name="outcome"),
    CheckConstraint("document <> ''", name="document"),
)
