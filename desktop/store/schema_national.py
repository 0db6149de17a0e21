"""Messages to the national platform: what was kept to be sent, and what became of it; what is stated for it of services and of sets.

Local whole: messages leave as themselves, and what is stated leaves in them.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint

from desktop.ledger.national_audit import AUDITS
from desktop.ledger.national_closed import CLOSED_REASONS
from desktop.ledger.national_message import MESSAGE_KINDS, STEPS
from desktop.store.columns import blob, flag, integer, key, maybe_integer, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


national_message = table(
    "national_message",
    key(reach="local"),
    text("number", default=None, unique=True),
    *(text(name, default=None) for name in ("kind", "unit", "address", "period")),
    integer("n_rows"),
    integer("n_bytes"),
    text("sha256", default=None),
    flag("personal"),
    text("written_at", default=None),
    text("written_by"),
    CheckConstraint(_listed("kind", MESSAGE_KINDS), name="kind"),
    CheckConstraint("n_rows > 0", name="n_rows"),
    CheckConstraint("length(sha256) = 64 AND NOT sha256 GLOB '*[^0-9a-f]*'", name="sha256"),
    manner="facts",
)

national_event = table(
    "national_event",
    key(reach="local"),
    refers("message_id", "national_message", "local"),
    text("step", default=None),
    text("at", default=None),
    maybe_integer("status"),
    text("code"),
    text("raw"),
    flag("fault"),
    text("problem"),
    text("reason"),
    text("by"),
    CheckConstraint(_listed("step", STEPS), name="step"),
    manner="facts",
)
Index("ix_national_event_message", national_event.c.message_id)

# Rows that a person took off the platform by hand: undo takes the saying back.
national_removal = table(
    "national_removal",
    key(reach="local"),
    refers("message_id", "national_message", "local"),
    *(text(name, default=None) for name in ("row_key", "at", "reason", "by")),
    CheckConstraint("row_key <> ''", name="row_key"),
    CheckConstraint("reason <> ''", name="reason"),
)
Index("ux_national_removal_row", national_removal.c.message_id, national_removal.c.row_key, unique=True)

# What the platform says of a row it took, each time it was looked at: undo takes a saying back.
national_audit = table(
    "national_audit",
    key(reach="local"),
    refers("message_id", "national_message", "local"),
    *(text(name, default=None) for name in ("row_key", "state", "seen_on")),
    text("reason"),
    text("raw"),
    text("at", default=None),
    text("by"),
    CheckConstraint("row_key <> ''", name="row_key"),
    CheckConstraint(_listed("state", tuple(AUDITS.values())), name="state"),
)
Index("ix_national_audit_row", national_audit.c.message_id, national_audit.c.row_key)

# The exact bytes, deflated, and what each row of them was: named by the digest that is journalled.
national_content = table(
    "national_content",
    Column("message_id", Text, primary_key=True, nullable=False, info={"reach": "local"}),
    blob("content"),
    manner="bookkeeping",
)

national_row = table(
    "national_row",
    *(Column(name, Text, primary_key=True, nullable=False, info={"reach": "local"}) for name in ("message_id", "row_key")),
    text("sha256", default=None),
    manner="bookkeeping",
    without_rowid=True,
)

# What the platform asks of a service and no record holds; and why a set is not open.
national_service = table(
    "national_service",
    key(reach="local"),
    refers("record_id", "service_record", "local"),
    *(text(name) for name in ("project", "income", "area", "content", "email", "moved_to", "customs_notice", "duty_paid", "handler", "noted_by")),
    UniqueConstraint("record_id"),
)

national_closed = table(
    "national_closed",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    text("reason", default=None),
    text("note"),
    text("noted_on", default=None),
    text("noted_by"),
    UniqueConstraint("instrument_id"),
    CheckConstraint(_listed("reason", CLOSED_REASONS), name="reason"),
)
