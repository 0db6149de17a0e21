"""The tables of innovation vouchers: a claim reaches the network once it was submitted, with its uses; what it rests on the seats share."""

from __future__ import annotations

from typing import get_args

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from desktop.ledger.voucher import EVIDENCE, ClaimVerb
from desktop.store.columns import integer, key, maybe, maybe_flag, maybe_integer, refers, table, text

_USE = "use_kind IN ('service_record', 'outside_use')"

voucher_enterprise = table(
    "voucher_enterprise",
    key(reach="institution"),
    refers("customer_id", "customer", "institution"),
    text("place", "institution"),
    maybe("assets_wan", "institution"),
    UniqueConstraint("customer_id"),
)

voucher_group = table(
    "voucher_group",
    key(reach="institution"),
    refers("customer_id", "customer", "institution"),
    text("name", "institution", default=None),
    text("from_on", "institution", default=None),
    maybe("to_on", "institution"),
    text("document", "institution"),
    UniqueConstraint("customer_id", "from_on"),
    CheckConstraint("to_on IS NULL OR to_on > from_on", name="span"),
    CheckConstraint("name <> ''", name="name"),
)

voucher_mark = table(
    "voucher_mark",
    key(),
    refers("record_id", "service_record"),
    maybe_flag("through_network", "network"),
    text("order_number", "network"),
    maybe_integer("invoiced_fen", "network"),
    integer("excluded_fen", "network", default="0"),
    text("excluded_why", "institution"),
    UniqueConstraint("record_id"),
    CheckConstraint("excluded_fen >= 0", name="excluded"),
)

province_search = table(
    "province_search",
    key(),
    text("searched_on", "network", default=None),
    text("asked", "network"),
    maybe("catalogue_on", "network"),
    text("hits", "network", default="[]"),
    text("reason", "network"),
    text("person", "institution"),
)

outside_use = table(
    "outside_use",
    key(),
    text("number", "network", default=None, unique=True),
    refers("customer_id", "customer"),
    text("instrument_name", "network", default=None),
    text("institution", "network", default=None),
    text("province", "network", default=None),
    text("started_on", "network", default=None),
    text("ended_at", "network", default=None),
    maybe_integer("fee_fen", "network"),
    maybe_integer("invoiced_fen", "network"),
    integer("excluded_fen", "network", default="0"),
    text("excluded_why", "institution"),
    maybe_flag("through_network", "network"),
    text("order_number", "network"),
    text("contract", "institution"),
    refers("search_id", "province_search", nullable=True),
    CheckConstraint("number <> ''", name="number"),
    CheckConstraint("excluded_fen >= 0", name="excluded"),
    CheckConstraint("started_on <= substr(ended_at, 1, 10)", name="span"),
)
Index("ix_outside_use_customer", outside_use.c.customer_id)
Index("ix_outside_use_search", outside_use.c.search_id)

voucher_claim = table(
    "voucher_claim",
    key(),
    text("number", "network", default=None, unique=True),
    refers("customer_id", "customer"),
    integer("year", "network"),
    text("note", "institution"),
    CheckConstraint("number <> ''", name="number"),
)
Index("ix_voucher_claim_customer", voucher_claim.c.customer_id)

voucher_claim_line = table(
    "voucher_claim_line",
    key(),
    refers("claim_id", "voucher_claim"),
    integer("position", "network"),
    text("use_kind", "network", default=None),
    text("use_id", "network", default=None),
    integer("granted_fen", "network", default="0"),
    maybe_integer("top_up_fen", "network"),
    text("figure", default="{}"),
    UniqueConstraint("claim_id", "use_kind", "use_id"),
    CheckConstraint(_USE, name="use"),
    CheckConstraint("granted_fen >= 0 AND top_up_fen >= 0", name="fen"),
)
Index("ix_voucher_claim_line_use", voucher_claim_line.c.use_id)

voucher_claim_step = table(
    "voucher_claim_step",
    key(),
    refers("claim_id", "voucher_claim"),
    integer("position", "network"),
    text("verb", "network", default=None),
    text("on_day", "network", default=None),
    text("at", "network", default=None),
    text("person", "institution"),
    maybe_integer("fen", "network"),
    text("document", "network"),
    text("reason", "institution"),
    CheckConstraint(f"verb IN ({', '.join(repr(verb) for verb in get_args(ClaimVerb))})", name="verb"),
    manner="facts",
)
# Not unique: two seats may each take a step from the same place before either hears of the other (``rules.voucher_claims`` reads both).
Index("ix_voucher_claim_step_claim", voucher_claim_step.c.claim_id, voucher_claim_step.c.position)

voucher_paper = table(
    "voucher_paper",
    key(reach="institution"),
    text("use_kind", "institution", default=None),
    text("use_id", "institution", default=None),
    text("item", "institution", default=None),
    refers("attachment_id", "attachment", "institution", nullable=True),
    text("number", "institution"),
    text("waived_why", "institution"),
    UniqueConstraint("use_kind", "use_id", "item"),
    CheckConstraint(_USE, name="use"),
    CheckConstraint(f"item IN ({', '.join(repr(item) for item in EVIDENCE)})", name="item"),
)
Index("ix_voucher_paper_use", voucher_paper.c.use_id)
