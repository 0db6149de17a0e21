"""A third answer to a conflict: neither side is right, a person writes what is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from desktop.actions import sync_words
from desktop.formats import cell_times
from desktop.formats.cells import Noted, Unreadable
from desktop.ledger import money
from desktop.ledger.problem import Refused
from desktop.store import sync_rows
from desktop.store.rows import plain

Scalar = None | bool | int | str

_KEYS = ("replaces", "settles")
"""Names of columns that hold a key and do not end as those of keys do."""


def can_enter(kind: str, field: str) -> bool:
    """Whether people can write this field; keys of other rows, files, yes or no, terms, lists, and the moment at which something was said or
    done by the clock of a seat are chosen: one of the two sides has them."""
    if (kind, field) in sync_words.WRITTEN or field in _KEYS or field.endswith(("_id", "sha256")):
        return False
    if sync_rows.forms(kind).get(field, ("key", False))[0] in ("key", "flag"):
        return False
    held = _read_as(kind, field)
    return held in (str, int, date, Decimal) or get_origin(held) is Literal or (held is datetime and field in sync_words.WALL)


def shown(field: str, value: Scalar) -> str:
    """A value as a person would write it: yuan for ``_fen`` fields; "" for unknown."""
    if value is None:
        return ""
    return money.plain(int(value)) if field.endswith("_fen") else str(value)


def read(kind: str, field: str, text: str) -> Scalar:
    """What a person wrote, as it is stored: a day or a moment (Asia/Shanghai) in any way files may have it, a number, a code or its word.

    Raises Refused when it is not a value of this field, or one of a field that is not written (``can_enter``).
    """
    if not can_enter(kind, field):
        raise _refused(field, text)
    form, may_lack = sync_rows.forms(kind)[field]
    held = _read_as(kind, field)
    written = text.strip()
    if not written and (may_lack or (form == "text" and held is str)):
        return None if may_lack else ""
    try:
        if form == "fen":
            return money.from_yuan(money.number(written))
        if form == "integer":
            return int(written)
        return _as_stored(kind, field, held, written)
    except (ValueError, Unreadable) as error:
        raise _refused(field, text) from error


def _as_stored(kind: str, field: str, held: Any, written: str) -> str:
    """The text the ledger keeps of it. Raises ValueError, Unreadable."""
    if held is str:
        return written
    if held is Decimal:
        number = money.number(written)
        if number < 0:
            raise ValueError(f"below nothing: {written!r}")
        return str(plain(number))
    if held in (date, datetime):
        found = (cell_times.day if held is date else cell_times.moment)(written)
        if isinstance(found, Noted):
            raise ValueError(f"read with a remark, which nobody would be told: {written!r}")
        return str(plain(found))
    codes = get_args(held)
    words = {sync_words.coded(field, code, kind): code for code in codes}
    found = written if written in codes else words.get(written)
    if found is None:
        raise ValueError(f"no code: {written!r}")
    return str(found)


def _read_as(kind: str, field: str) -> Any:
    from desktop.store.read_as import read_as  # brings every table of rows: only where somebody writes

    return read_as(kind)[field]


def _refused(field: str, text: str) -> Refused:
    return Refused("sync.bad_entry", field=f"wire.{field}", text=text)
