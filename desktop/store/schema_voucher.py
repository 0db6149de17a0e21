"""The tables of innovation vouchers. All local: what reaches the network of them, the contract does not say yet."""

from __future__ import annotations

from typing import get_args

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from desktop.ledger.voucher import EVIDENCE, ClaimVerb
from desktop.store.columns import integer, key, maybe, maybe_flag, maybe_integer, refers, table, text

_USE = "use_kind IN ('service_record', 'outside_use')"

voucher_enterprise = table(
    "voucher_enterprise",
    key(reach="local"),
    refers("customer_id", "customer", "local"),
    text("place"),
    maybe("assets_wan"),
    UniqueConstraint("customer_id"),
)

voucher_group = table(
    "voucher_group",
    key(reach="local"),
    refers("customer_id", "customer", "local"),
    text("name", default=None),
    text("from_on", default=None),
    maybe("to_on"),
    text("document"),
    UniqueConstraint("customer_id", "from_on"),
    CheckConstraint("to_on IS NULL OR to_on > from_on", name="span"),
    CheckConstraint("name <> ''", name="name"),
)

voucher_mark = table(
    "voucher_mark",
    key(reach="local"),
    refers("record_id", "service_record", "local"),
    maybe_flag("through_network"),
    text("order_number"),
    maybe_integer("invoiced_fen"),
    integer("excluded_fen", default="0"),
    text("excluded_why"),
    UniqueConstraint("record_id"),
    CheckConstraint("excluded_fen >= 0", name="excluded"),
)

province_search = table(
    "province_search",
    key(reach="local"),
    text("searched_on", default=None),
    text("asked"),
    maybe("catalogue_on"),
    text("hits", default="[]"),
    text("reason"),
    text("person"),
)

outside_use = table(
    "outside_use",
    key(reach="local"),
    text("number", default=None, unique=True),
    refers("customer_id", "customer", "local"),
    text("instrument_name", default=None),
    text("institution", default=None),
    text("province", default=None),
    text("started_on", default=None),
    text("ended_at", default=None),
    maybe_integer("fee_fen"),
    maybe_integer("invoiced_fen"),
    integer("excluded_fen", default="0"),
    text("excluded_why"),
    maybe_flag("through_network"),
    text("order_number"),
    text("contract"),
    refers("search_id", "province_search", "local", nullable=True),
    CheckConstraint("number <> ''", name="number"),
    CheckConstraint("excluded_fen >= 0", name="excluded"),
    CheckConstraint("started_on <= substr(ended_at, 1, 10)", name="span"),
)
Index("ix_outside_use_customer", outside_use.c.customer_id)

voucher_claim = table(
    "voucher_claim",
    key(reach="local"),
    text("number", default=None, unique=True),
    refers("customer_id", "customer", "local"),
    integer("year"),
    text("note"),
    CheckConstraint("number <> ''", name="number"),
)

voucher_claim_line = table(
    "voucher_claim_line",
    key(reach="local"),
    refers("claim_id", "voucher_claim", "local"),
    integer("position"),
    text("use_kind", default=None),
    text("use_id", default=None),
    integer("granted_fen", default="0"),
    integer("top_up_fen", default="0"),
    text("figure", default="{}"),
    UniqueConstraint("claim_id", "use_kind", "use_id"),
    CheckConstraint(_USE, name="use"),
    CheckConstraint("granted_fen >= 0 AND top_up_fen >= 0", name="fen"),
)
Index("ix_voucher_claim_line_use", voucher_claim_line.c.use_id)

voucher_claim_step = table(
    "voucher_claim_step",
    key(reach="local"),
    refers("claim_id", "voucher_claim", "local"),
    integer("position"),
    text("verb", default=None),
    text("on_day", default=None),
    text("at", default=None),
    text("person"),
    maybe_integer("fen"),
    text("document"),
    text("reason"),
    UniqueConstraint("claim_id", "position"),
    CheckConstraint(f"verb IN ({', '.join(repr(verb) for verb in get_args(ClaimVerb))})", name="verb"),
    manner="facts",
)

voucher_paper = table(
    "voucher_paper",
    key(reach="local"),
    text("use_kind", default=None),
    text("use_id", default=None),
    text("item", default=None),
    refers("attachment_id", "attachment", "local", nullable=True),
    text("number"),
    text("waived_why"),
    UniqueConstraint("use_kind", "use_id", "item"),
    CheckConstraint(_USE, name="use"),
    CheckConstraint(f"item IN ({', '.join(repr(item) for item in EVIDENCE)})", name="item"),
)
