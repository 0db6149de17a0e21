"""What is stated of sets for the universities' sharing system. All local: no remote asks for it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint

from desktop.ledger.cers import CERS_STATES, SHARE_LEVELS
from desktop.store.columns import key, refers, table, text


def _listed(name: str, values: tuple[str, ...]) -> str:
    return f"{name} IN ('', {', '.join(repr(value) for value in values)})"


cers_set = table(
    "cers_set",
    key(reach="local"),
    refers("instrument_id", "instrument", "local"),
    text("inner_id"),
    text("assets_code"),
    text("classification_code"),
    text("alias"),
    text("application_area"),
    text("maker_certification"),
    text("country_code"),
    text("image_url"),
    text("group_id"),
    text("share_level"),
    text("open_calendar"),
    text("service_charge"),
    text("state"),
    text("page_url"),
    text("noted_by"),
    UniqueConstraint("instrument_id"),
    CheckConstraint(_listed("share_level", SHARE_LEVELS), name="share_level"),
    CheckConstraint(_listed("state", CERS_STATES), name="state"),
)
