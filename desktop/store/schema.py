"""The tables of the ledger: registers and fees.

Money facts are in ``schema_money``, attachments in ``schema_evidence``, journal and sync in ``schema_system``.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, literal_column

from desktop.ledger.instrument import SECRECY_LEVELS
from desktop.ledger.people import ELSEWHERE
from desktop.store.columns import flag, integer, key, maybe, maybe_flag, maybe_integer, read_as_other, refers, table, text


def _read_as_others(number: Column[str]) -> Index:
    # There are few or none, and they are asked for at every row of another seat's.
    return Index(f"ix_{number.table.name}_read_as_other", number, sqlite_where=literal_column(read_as_other(number.name)))


institution = table(
    "institution", key(), text("name", "network"), text("uscc", "network"), text("kind", "network"), text("region", "network")
)

person = table(
    "person",
    key(reach="institution"),
    text("name", "institution", unique=True),
    text("role", "institution"),
    text("pin_hash", default=ELSEWHERE),
    flag("active", "institution", default="1"),
)

parameter = table(
    "parameter",
    key(),
    text("name", "network", default=None),
    text("from_on", "network", default=None),
    text("value", "network", default=None),
    text("unit", "network"),
    text("document", "network", default=None),
    text("clause", "network"),
    text("certainty", "network", default=None),
    UniqueConstraint("name", "from_on"),
)

calendar_day = table(
    "calendar_day",
    key(),
    text("day", default=None, unique=True),
    text("kind", default=None),
    text("document", default=None),
)

instrument = table(
    "instrument",
    key(),
    text("asset_number", "network", default=None, unique=True),
    text("name", "network"),
    maybe_integer("value_fen", "network"),
    maybe_flag("fiscal", "network"),
    maybe_flag("confidential", "network"),
    *(maybe(name, "network") for name in ("accepted_on", "booked_on")),
    text("network_number", "network"),
    maybe("joined_on", "network"),
    text("filing_number"),
    maybe("filed_on"),
    text("secrecy_level"),
    *(
        text(name, "network")
        for name in (
            "english_name", "carrier_type", "carrier_number", "department", "class_code", "source",
        )
    ),
    maybe_flag("customs_supervised", "network"),
    *(
        text(name, "network")
        for name in (
            "country", "manufacturer", "category", "model", "technical", "functions", "subjects", "funds", "service_content", "image",
        )
    ),
    maybe("yearly_hours", "network"),
    *(text(name, "network") for name in ("user_notes", "fee_text", "booking_url", "province", "city", "county", "street")),
    maybe("external_hours", "network"),
    *(text(name, "network") for name in ("contact", "phone", "email", "address", "postcode", "declaration_number", "declaration_item")),
    maybe("released_on", "network"),
    text("declared_name", "network"),
    maybe("retired_on", "network"),
    text("imported"),
    CheckConstraint("value_fen >= 0", name="value"),
    CheckConstraint(f"secrecy_level IN ('', {', '.join(repr(level) for level in SECRECY_LEVELS)})", name="secrecy_level"),
    CheckConstraint("asset_number <> ''", name="asset_number"),
)  # fmt: skip

# What is confidential, or may be, is looked for at every row that may leave.
Index("ix_instrument_secret", instrument.c.id, sqlite_where=literal_column("confidential IS NOT 0"))

# Local whole: what it is about is confidential, or was.
reclassification = table(
    "reclassification",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    flag("to_confidential"),
    text("state", default="prepared"),
    text("reason", default=None),
    text("document"),
    refers("prepared_by", "person", "local"),
    text("prepared_at", default=None),
    refers("decided_by", "person", "local", nullable=True),
    maybe("decided_at"),
    text("note"),
    CheckConstraint("state IN ('prepared', 'approved', 'declined', 'withdrawn')", name="state"),
    CheckConstraint("reason <> ''", name="reason"),
    CheckConstraint("(state = 'prepared') = (decided_by IS NULL)", name="decided"),
    CheckConstraint("state NOT IN ('approved', 'declined') OR decided_by <> prepared_by", name="two_people"),
    CheckConstraint("state <> 'withdrawn' OR to_confidential = 0", name="withdrawn"),
)
Index(
    "ux_reclassification_waiting",
    reclassification.c.instrument_id,
    unique=True,
    sqlite_where=reclassification.c.state == "prepared",
)
Index("ix_reclassification_instrument", reclassification.c.instrument_id)

# What remotes hold of a set that is confidential by now is asked to be deleted there; over when the set is ordinary again.
take_back = table(
    "take_back",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    text("reason", default=None),
    refers("asked_by", "person", "local"),
    text("asked_at", default=None),
    maybe("given_up_at"),
    CheckConstraint("reason <> ''", name="reason"),
)
Index("ix_take_back_instrument", take_back.c.instrument_id)

customer = table(
    "customer",
    key(),
    text("name", "network", default=None, unique=True),
    flag("internal", "institution"),
    text("uscc", "network"),
    text("nature", "institution"),
    text("city", "institution"),
    text("industry", "institution"),
    maybe_integer("n_staff", "institution"),
    maybe("revenue_wan", "institution"),
    text("size_class", "network"),
    maybe("size_on", "network"),
    text("contact", "institution"),
    text("phone", "institution"),
    text("department", "institution"),
    text("imported"),
    CheckConstraint("name <> ''", name="name"),
)

technician = table(
    "technician",
    key(reach="institution"),
    text("staff_number", "institution", default=None, unique=True),
    text("name", "institution"),
    text("department", "institution"),
    text("post", "institution"),
    text("coefficient", "institution", default="1"),
    text("instruments", "institution", default="[]"),
    flag("active", "institution", default="1"),
    text("imported"),
    CheckConstraint("staff_number <> ''", name="staff_number"),
)

fee_schedule = table(
    "fee_schedule",
    key(),
    refers("instrument_id", "instrument"),
    text("from_on", "network", default=None),
    maybe("to_on", "network"),
    text("state", "network", default="draft"),
    text("title", "network"),
    text("document", "network"),
    refers("prepared_by", "person", "local", nullable=True),
    refers("approved_by", "person", "local", nullable=True),
    text("note"),
    CheckConstraint("state IN ('draft', 'approved', 'published')", name="state"),
    CheckConstraint("to_on IS NULL OR to_on > from_on", name="span"),
    CheckConstraint("approved_by IS NULL OR prepared_by IS NULL OR approved_by <> prepared_by", name="four_eyes"),
)
Index("ix_fee_schedule_instrument", fee_schedule.c.instrument_id, fee_schedule.c.from_on)

fee_line = table(
    "fee_line",
    key(),
    refers("schedule_id", "fee_schedule"),
    integer("position", "network"),
    text("item", "network"),
    text("terms", "network", default="{}"),
    text("source_text", "network"),
    flag("to_confirm", "network"),
    text("note", "network"),
    UniqueConstraint("schedule_id", "item"),
)

cost_component = table(
    "cost_component",
    key(reach="institution"),
    refers("schedule_id", "fee_schedule", "institution"),
    text("kind", "institution", default=None),
    maybe_integer("amount_fen", "institution"),
    maybe("rate", "institution"),
    text("evidence", "institution"),
    UniqueConstraint("schedule_id", "kind"),
    CheckConstraint("(amount_fen IS NULL) <> (rate IS NULL)", name="one"),
)

service_record = table(
    "service_record",
    key(),
    text("number", "network", default=None, unique=True),
    refers("instrument_id", "instrument"),
    refers("customer_id", "customer", nullable=True),
    text("customer_name", "network"),
    text("started_at", "network", default=None),
    text("ended_at", "network", default=None),
    integer("minutes", "network"),
    text("item", "network"),
    flag("derived", "network"),
    maybe("claimed_hours", "network"),
    maybe("quantity", "network"),
    maybe("second_quantity", "network"),
    refers("operator_id", "technician", "institution", nullable=True),
    text("operator_name", "institution"),
    text("contact", "institution"),
    text("way", "network"),
    text("direction", "network"),
    text("contract", "institution"),
    flag("urgent", "network"),
    text("urgent_said", "institution"),
    text("rating", "network"),
    text("note", "institution"),
    maybe_integer("agreed_price_fen", "network"),
    maybe_integer("consumables_fen", "network"),
    text("long_reason", "network"),
    text("state", "network", default="draft"),
    flag("confidential"),
    maybe("replaces", "network"),
    text("answers", "institution", default="[]"),
    text("imported"),
    CheckConstraint("state IN ('draft', 'posted', 'reversed')", name="state"),
    CheckConstraint("ended_at > started_at", name="span"),
    CheckConstraint("minutes > 0 AND (consumables_fen IS NULL OR consumables_fen >= 0)", name="amounts"),
    CheckConstraint("number <> ''", name="number"),
)
Index("ix_service_record_instrument", service_record.c.instrument_id, service_record.c.started_at)
Index("ix_service_record_ended", service_record.c.ended_at)
Index("ix_service_record_customer", service_record.c.customer_name)

_read_as_others(instrument.c.asset_number)
_read_as_others(technician.c.staff_number)
_read_as_others(service_record.c.number)

Index("ix_service_record_secret", service_record.c.confidential, sqlite_where=service_record.c.confidential == 1)
Index("ix_service_record_replaces", service_record.c.replaces, sqlite_where=service_record.c.replaces.is_not(None))

record_problem = table(
    "record_problem",
    key(reach="local"),
    refers("record_id", "service_record", "local"),
    text("code", default=None),
    text("severity", default=None),
    text("params", default="[]"),
    text("field"),
    UniqueConstraint("record_id", "code", "params"),
)
Index("ix_record_problem_severity", record_problem.c.severity, record_problem.c.code)
