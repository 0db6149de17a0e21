"""The tables of pilot bases and equipment. All local: the contract with the remotes does not know them yet."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from desktop.ledger.pilot import OPENNESS, PARTNER_KINDS
from desktop.store.columns import key, maybe, maybe_flag, maybe_integer, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


pilot_base = table(
    "pilot_base",
    key(reach="local"),
    text("number", default=None, unique=True),
    text("name", default=None),
    *(text(name) for name in ("fields", "process", "capacity", "services", "site")),
    maybe("started_on"),
    maybe_flag("market"),
    *(text(name) for name in ("market_how", "contact", "phone")),
    maybe("retired_on"),
    text("imported"),
    CheckConstraint("number <> '' AND name <> ''", name="named"),
)

pilot_partner = table(
    "pilot_partner",
    key(reach="local"),
    refers("base_id", "pilot_base", "local"),
    text("name", default=None),
    text("kind", default=None),
    *(text(name) for name in ("part", "document")),
    UniqueConstraint("base_id", "name"),
    CheckConstraint("name <> ''", name="named"),
    CheckConstraint(_listed("kind", PARTNER_KINDS), name="kind"),
)

# What the register says of a set is not said twice: value, day, model and confidentiality of a linked set stand there.
pilot_equipment = table(
    "pilot_equipment",
    key(reach="local"),
    text("number", default=None, unique=True),
    text("name", default=None),
    refers("base_id", "pilot_base", "local", nullable=True),
    refers("instrument_id", "instrument", "local", nullable=True),
    text("model"),
    maybe_integer("value_fen"),
    maybe("accepted_on"),
    *(text(name) for name in ("process", "capacity", "services")),
    maybe_flag("confidential"),
    maybe("retired_on"),
    text("imported"),
    UniqueConstraint("instrument_id"),
    CheckConstraint("number <> '' AND name <> ''", name="named"),
    CheckConstraint("value_fen >= 0", name="value"),
    CheckConstraint(
        "instrument_id IS NULL OR (value_fen IS NULL AND accepted_on IS NULL AND confidential IS NULL AND model = '')", name="register"
    ),
)
Index("ix_pilot_equipment_base", pilot_equipment.c.base_id)

pilot_openness = table(
    "pilot_openness",
    key(reach="local"),
    refers("base_id", "pilot_base", "local", nullable=True),
    refers("equipment_id", "pilot_equipment", "local", nullable=True),
    text("state", default=None),
    text("from_on", default=None),
    text("reason", default=None),
    text("said_by"),
    text("said_at", default=None),
    CheckConstraint("(base_id IS NULL) <> (equipment_id IS NULL)", name="one"),
    CheckConstraint(_listed("state", OPENNESS), name="state"),
    CheckConstraint("reason <> ''", name="reason"),
)
Index("ix_pilot_openness_base", pilot_openness.c.base_id)
Index("ix_pilot_openness_equipment", pilot_openness.c.equipment_id)

# The money of a pilot service is that of its record: it is told of once, whatever counts it.
pilot_service = table(
    "pilot_service",
    key(reach="local"),
    refers("record_id", "service_record", "local"),
    refers("base_id", "pilot_base", "local"),
    refers("equipment_id", "pilot_equipment", "local", nullable=True),
    text("what"),
    UniqueConstraint("record_id"),
)
Index("ix_pilot_service_base", pilot_service.c.base_id)
