"""A third answer to a conflict: neither side is right, a person writes what is."""

from __future__ import annotations

from desktop.actions import sync_words
from desktop.ledger import money
from desktop.ledger.problem import Refused
from desktop.store import sync_rows

Scalar = None | bool | int | str


def can_enter(kind: str, field: str) -> bool:
    """Whether people can write this field; keys of other rows, yes or no, and terms are chosen: one of the two sides has them."""
    return (kind, field) not in sync_words.WRITTEN and sync_rows.forms(kind).get(field, ("key", False))[0] not in ("key", "flag")


def shown(field: str, value: Scalar) -> str:
    """A value as a person would write it: yuan for ``_fen`` fields; "" for unknown."""
    if value is None:
        return ""
    return money.plain(int(value)) if field.endswith("_fen") else str(value)


def read(kind: str, field: str, text: str) -> Scalar:
    """What a person wrote, as it is stored. Raises Refused when it is not a value of this field."""
    if (kind, field) in sync_words.WRITTEN:
        raise Refused("sync.bad_entry", field=f"wire.{field}", text=text)
    form, may_lack = sync_rows.forms(kind).get(field, ("key", False))
    written = text.strip()
    if not written and (may_lack or form == "text"):
        return None if may_lack else ""
    try:
        if form == "fen":
            return money.from_yuan(money.number(written))
        if form == "integer":
            return int(written)
    except ValueError as error:
        raise Refused("sync.bad_entry", field=f"wire.{field}", text=text) from error
    if form in ("key", "flag"):
        raise Refused("sync.bad_entry", field=f"wire.{field}", text=text)
    return written
