"""What a remote gives beside the ledger's own entities: receipts for its head, books, notices, the catalogue, its word on the own instruments.

Only answers to notices are sent back.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Text

from desktop.store.columns import integer, key, maybe, table, text

# Receipts stay whatever becomes of the enrolment: each is a witness by itself, with the key it was found to be signed with.
anchor = table(
    "anchor",
    Column("text_sha256", Text, primary_key=True, nullable=False, info={"reach": "local"}),
    text("remote", default=None),
    text("head", default=None),
    integer("n_operations"),
    text("received_at", default=None),
    text("public_key", default=None),
    text("receipt", default=None),
    manner="bookkeeping",
)
Index("ix_anchor_remote", anchor.c.remote, anchor.c.n_operations)

codebook = table(
    "codebook",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "name")),
    text("version", default=None),
    text("content", default=None),
    text("read_at", default=None),
    manner="bookkeeping",
    without_rowid=True,
)

notice = table(
    "notice",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "id")),
    text("kind", default=None),
    text("title"),
    text("text"),
    text("issued_on"),
    maybe("due_on"),
    text("received_at", default=None),
    maybe("read_at"),
    text("read_by"),
    manner="bookkeeping",
    without_rowid=True,
)

# Of a notice of one remote, for that remote; who wrote it is this seat's own matter.
notice_answer = table(
    "notice_answer",
    key(),
    text("notice_id", "network", default=None),
    text("text", "network", default=None),
    text("answered_on", "network", default=None),
    text("answered_by"),
    CheckConstraint("text <> ''", name="text"),
)
Index("ix_notice_answer_notice", notice_answer.c.notice_id, notice_answer.c.answered_on)

catalogue_entry = table(
    "catalogue_entry",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "id", "institution_name")),
    text("name", default=None),
    text("place"),
    text("searched", default=None),
    text("body", default=None),
    # What its fee names first, in fen, to put entries in order.
    Column("fee_fen", Integer, info={"reach": "local"}),
    Column("round", Integer, nullable=False, info={"reach": "local"}),
    manner="bookkeeping",
    without_rowid=True,
)

# The network's word on an instrument of the institution's own, under the instrument's key; it may have one that is not here.
publication = table(
    "publication",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "id")),
    text("network_number"),
    text("state", default=None),
    maybe("since_on"),
    text("reason"),
    text("read_at", default=None),
    manner="bookkeeping",
    without_rowid=True,
)

network_evaluation = table(
    "network_evaluation",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("remote", "id")),
    Column("year", Integer, primary_key=True, nullable=False, info={"reach": "local"}),
    text("grade", default=None),
    maybe("score"),
    maybe("evaluated_on"),
    manner="bookkeeping",
    without_rowid=True,
)
