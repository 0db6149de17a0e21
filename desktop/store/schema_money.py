"""The tables that carry money: append-only facts, payout runs, costs, closed months."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, literal_column

from desktop.store.columns import flag, integer, key, maybe, maybe_integer, refers, table, text

posting = table(
    "posting",
    key(),
    refers("record_id", "service_record"),
    text("record_number", "network", default=None),
    refers("instrument_id", "instrument"),
    refers("technician_id", "technician", "institution", nullable=True),
    refers("customer_id", "customer"),
    refers("schedule_id", "fee_schedule"),
    refers("line_id", "fee_line"),
    text("customer_class", "network"),
    flag("external", "network"),
    flag("confidential"),
    text("quantity", "network", default=None),
    text("unit", "network"),
    maybe_integer("unit_price_fen", "network"),
    integer("amount_fen", "network"),
    integer("minutes", "network"),
    text("rule_text", "network"),
    text("ended_on", "network", default=None),
    text("service_month", "network", default=None),
    text("posted_on", "network", default=None),
    maybe("reverses", "network", unique=True),
    text("reason", "network"),
    flag("late", "institution"),
    CheckConstraint("(reverses IS NULL) = (amount_fen >= 0 AND minutes >= 0) OR amount_fen = 0", name="sign"),
    manner="facts",
)
# Once only while it stands: a trigger keeps that, for a reversed one may have another beside it that was posted at another seat.
Index("ix_posting_record", posting.c.record_id)
Index(
    "ix_posting_sums",
    posting.c.service_month, posting.c.instrument_id, posting.c.technician_id, posting.c.external, posting.c.amount_fen, posting.c.minutes,
)  # fmt: skip
Index("ix_posting_ended", posting.c.ended_on)
Index("ix_posting_customer", posting.c.customer_id, posting.c.confidential)
Index("ix_posting_secret", posting.c.confidential, sqlite_where=posting.c.confidential == 1)

receipt = table(
    "receipt",
    key(),
    refers("posting_id", "posting"),
    text("received_on", "network", default=None),
    integer("fen", "network"),
    text("invoice_number", "network"),
    maybe("reverses", "network", unique=True),
    manner="facts",
)
Index("ix_receipt_posting", receipt.c.posting_id)

scheme = table(
    "scheme",
    key(reach="institution"),
    text("name", "institution", default=None),
    text("from_on", "institution", default=None),
    text("document", "institution"),
    text("terms", "institution", default=None),
    UniqueConstraint("name", "from_on"),
)

cost_row = table(
    "cost_row",
    key(reach="institution"),
    text("kind", "institution", default=None),
    refers("instrument_id", "instrument", "institution", nullable=True),
    text("period_from", "institution", default=None),
    text("period_to", "institution", default=None),
    integer("fen", "institution"),
    text("document", "institution"),
    flag("withdrawn", "institution"),
    CheckConstraint("fen >= 0", name="fen"),
    CheckConstraint("period_to >= period_from", name="span"),
)

payout_run = table(
    "payout_run",
    key(reach="institution"),
    text("number", "institution", default=None, unique=True),
    text("to_on", "institution", default=None),
    refers("scheme_id", "scheme", "institution"),
    text("state", "institution", default="prepared"),
    text("basis", "institution", default=None),
    integer("income_fen", "institution"),
    integer("cost_fen", "institution"),
    integer("pool_fen", "institution"),
    text("figure", "institution", default="{}"),
    refers("prepared_by", "person", "institution"),
    text("prepared_at", "institution", default=None),
    refers("approved_by", "person", "institution", nullable=True),
    maybe("approved_at", "institution"),
    refers("closed_by", "person", "institution", nullable=True),
    maybe("closed_at", "institution"),
    maybe("reverses", "institution"),
    text("reason", "institution"),
    text("findings", "institution", default="[]"),
    CheckConstraint("state IN ('prepared', 'withdrawn', 'approved', 'closed', 'reversed')", name="state"),
    CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="four_eyes"),
    CheckConstraint("state IN ('prepared', 'withdrawn') OR approved_by IS NOT NULL", name="approved"),
)

# A withdrawn reversal is no reversal: another may be prepared in its place.
Index("ux_payout_run_reverses", payout_run.c.reverses, unique=True, sqlite_where=payout_run.c.state != "withdrawn")
# Asked of each row that is sent: which runs name a posting in what they told. Their texts are long, the index is not.
NAMING = "instr(findings, '\"posting\"') > 0"
Index("ix_payout_run_naming", payout_run.c.id, sqlite_where=literal_column(NAMING))

payout_line = table(
    "payout_line",
    key(reach="institution"),
    refers("run_id", "payout_run", "institution"),
    refers("posting_id", "posting", "institution"),
    refers("receipt_id", "receipt", "institution", nullable=True),
    refers("technician_id", "technician", "institution"),
    integer("amount_fen", "institution"),
    integer("minutes", "institution"),
    integer("fen", "institution"),
    text("service_month", "institution", default=None),
    flag("late", "institution"),
    maybe("reverses", "institution"),
    manner="facts",
)
Index("ix_payout_line_run", payout_line.c.run_id)
Index("ix_payout_line_posting", payout_line.c.posting_id)
Index("ix_payout_line_receipt", payout_line.c.receipt_id)
Index("ix_payout_line_reverses", payout_line.c.reverses, sqlite_where=payout_line.c.reverses.is_not(None))

payout_share = table(
    "payout_share",
    key(reach="institution"),
    refers("run_id", "payout_run", "institution"),
    integer("position", "institution"),
    text("receiver", "institution", default=None),
    refers("technician_id", "technician", "institution", nullable=True),
    text("name", "institution"),
    text("weight", "institution"),
    integer("fen", "institution"),
    flag("remainder", "institution"),
    manner="facts",
)
Index("ix_payout_share_run", payout_share.c.run_id)

payout_cost = table(
    "payout_cost",
    key(reach="institution"),
    refers("run_id", "payout_run", "institution"),
    refers("cost_row_id", "cost_row", "institution"),
    text("from_on", "institution", default=None),
    text("to_on", "institution", default=None),
    integer("fen", "institution"),
    UniqueConstraint("run_id", "cost_row_id", "from_on"),
    CheckConstraint("to_on >= from_on", name="span"),
    manner="facts",
)
Index("ix_payout_cost_row", payout_cost.c.cost_row_id)

# What a run has settled, by itself: it goes to the hub also for a run that stays on its seat for a confidential line in it.
payout_mark = table(
    "payout_mark",
    key(reach="institution"),
    text("run_id", "institution", default=None),
    text("run_number", "institution", default=None),
    text("settles", "institution", default=None),
    refers("posting_id", "posting", "institution", nullable=True),
    refers("receipt_id", "receipt", "institution", nullable=True),
    integer("minutes", "institution", default="0"),
    refers("cost_row_id", "cost_row", "institution", nullable=True),
    maybe("from_on", "institution"),
    maybe("to_on", "institution"),
    flag("released", "institution"),
    CheckConstraint("(posting_id IS NULL) = (cost_row_id IS NOT NULL AND from_on IS NOT NULL AND to_on IS NOT NULL)", name="what"),
)
Index("ix_payout_mark_run", payout_mark.c.run_id)
Index("ix_payout_mark_posting", payout_mark.c.posting_id)
Index("ix_payout_mark_receipt", payout_mark.c.receipt_id)
Index("ix_payout_mark_cost", payout_mark.c.cost_row_id)

month_event = table(
    "month_event",
    key(reach="institution"),
    text("month", "institution", default=None),
    text("verb", "institution", default=None),
    refers("person", "person", "institution"),
    text("reason", "institution"),
    text("at", "institution", default=None),
    refers("prepared_by", "person", "institution", nullable=True),
    CheckConstraint("verb IN ('prepare', 'withdraw', 'close', 'reopen')", name="verb"),
    CheckConstraint("(verb = 'close') = (prepared_by IS NOT NULL)", name="prepared"),
    CheckConstraint("prepared_by IS NULL OR prepared_by <> person", name="four_eyes"),
    manner="facts",
)
Index("ix_month_event_month", month_event.c.month, month_event.c.at)

printed_report = table(
    "printed_report",
    key(reach="local"),
    text("kind", default=None),
    text("period"),
    text("printed_on", default=None),
    text("person"),
    text("format", default=None),
    text("digest", default=None),
    text("parameters_hash"),
    text("ledger_head"),
    text("figures"),
    manner="facts",
)
