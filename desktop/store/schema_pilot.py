"""The tables of pilot bases and equipment. Bases, sets and open states are reported; which records are pilot services the seats share."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from desktop.ledger.pilot import OPENNESS, PARTNER_KINDS
from desktop.store.columns import key, maybe, maybe_flag, maybe_integer, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


pilot_base = table(
    "pilot_base",
    key(),
    text("number", "network", default=None, unique=True),
    text("name", "network", default=None),
    *(text(name, "network") for name in ("fields", "process", "capacity", "services", "site")),
    maybe("started_on", "network"),
    maybe_flag("market", "network"),
    *(text(name, "network") for name in ("market_how", "contact", "phone")),
    maybe("retired_on", "network"),
    text("imported"),
    CheckConstraint("number <> '' AND name <> ''", name="named"),
)

pilot_partner = table(
    "pilot_partner",
    key(),
    refers("base_id", "pilot_base"),
    text("name", "network", default=None),
    text("kind", "network", default=None),
    text("part", "network"),
    text("document", "institution"),
    UniqueConstraint("base_id", "name"),
    CheckConstraint("name <> ''", name="named"),
    CheckConstraint(_listed("kind", PARTNER_KINDS), name="kind"),
)

# What the register says of a set is not said twice: value, day, model and confidentiality of a linked set stand there.
pilot_equipment = table(
    "pilot_equipment",
    key(),
    text("number", "network", default=None, unique=True),
    text("name", "network", default=None),
    refers("base_id", "pilot_base", nullable=True),
    refers("instrument_id", "instrument", nullable=True),
    text("model", "network"),
    maybe_integer("value_fen", "network"),
    maybe("accepted_on", "network"),
    *(text(name, "network") for name in ("process", "capacity", "services")),
    maybe_flag("confidential", "network"),
    maybe("retired_on", "network"),
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
    key(),
    refers("base_id", "pilot_base", nullable=True),
    refers("equipment_id", "pilot_equipment", nullable=True),
    text("state", "network", default=None),
    text("from_on", "network", default=None),
    text("reason", "network", default=None),
    text("said_by", "institution"),
    text("said_at", "network", default=None),
    CheckConstraint("(base_id IS NULL) <> (equipment_id IS NULL)", name="one"),
    CheckConstraint(_listed("state", OPENNESS), name="state"),
    CheckConstraint("reason <> ''", name="reason"),
)
Index("ix_pilot_openness_base", pilot_openness.c.base_id)
Index("ix_pilot_openness_equipment", pilot_openness.c.equipment_id)

# The money of a pilot service is that of its record: it is told of once, whatever counts it.
pilot_service = table(
    "pilot_service",
    key(reach="institution"),
    refers("record_id", "service_record", "institution"),
    refers("base_id", "pilot_base", "institution"),
    refers("equipment_id", "pilot_equipment", "institution", nullable=True),
    text("what", "institution"),
    UniqueConstraint("record_id"),
)
Index("ix_pilot_service_base", pilot_service.c.base_id)
