"""The facts of yearly evaluations: counts of a set's year, and what users said. All local: no remote asks for them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint

from desktop.ledger.evaluation import ITEMS, RATINGS
from desktop.store.columns import integer, key, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


evaluation_fact = table(
    "evaluation_fact",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    text("year", default=None),
    text("item", default=None),
    integer("count"),
    text("ground", default=None),
    text("noted_on", default=None),
    text("noted_by"),
    UniqueConstraint("instrument_id", "year", "item"),
    CheckConstraint(_listed("item", ITEMS), name="item"),
    CheckConstraint("count >= 0 AND ground <> '' AND year <> ''", name="told"),
)

user_rating = table(
    "user_rating",
    key(reach="local"),
    refers("record_id", "service_record", "local"),
    text("word", default=None),
    text("given_on", default=None),
    text("comment"),
    text("noted_by"),
    UniqueConstraint("record_id"),
    CheckConstraint(_listed("word", RATINGS), name="word"),
)
