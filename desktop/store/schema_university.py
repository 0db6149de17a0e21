"""What a university reports each year beside the register: stated facts of a set, counts of its academic years. All local: they leave as files."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint

from desktop.ledger.university import ITEMS, STATES, USES
from desktop.store.columns import integer, key, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


university_set = table(
    "university_set",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    *(text(name) for name in ("number", "class_code", "use", "department_code", "state", "name", "specification", "noted_by")),
    UniqueConstraint("instrument_id"),
    CheckConstraint(_listed("use", ("", *USES)), name="use"),
    CheckConstraint(_listed("state", ("", *STATES)), name="state"),
)

university_count = table(
    "university_count",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    text("year", default=None),
    text("item", default=None),
    integer("amount"),
    text("ground"),
    text("noted_on", default=None),
    text("noted_by"),
    UniqueConstraint("instrument_id", "year", "item"),
    CheckConstraint(_listed("item", ITEMS), name="item"),
    CheckConstraint("amount >= 0 AND year <> ''", name="told"),
)
