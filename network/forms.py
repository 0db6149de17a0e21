"""How values are written: the endings of names bind (``_fen`` integer, ``_on`` day, ``_at`` moment, ``_id`` key, ``_sha256`` file).

Values are texts, integers, true, false and null; a quantity with a fraction is written as text.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from network.canonical import Scalar

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?")

MAX_INTEGER = 2**53 - 1
MAX_TEXT = 20_000
MAX_LONG_TEXT = 1_000_000


def is_scalar(value: object, longest: int = MAX_TEXT) -> bool:
    """Whether the wire carries this value."""
    if isinstance(value, str):
        return len(value) <= longest and "\0" not in value
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= MAX_INTEGER)


def is_key(value: Scalar) -> bool:
    """Whether this is a UUID in lower case."""
    return isinstance(value, str) and UUID.fullmatch(value) is not None


@lru_cache(4096)
def form_of(name: str) -> str:
    """What a field's name demands of its value: ``fen``, ``id``, ``sha256``, ``on``, ``at``, or "" for nothing."""
    ending = name.rpartition("_")[2]
    if ending in ("fen", "id", "sha256"):
        return ending
    return ending if ending in ("on", "at") and "_" in name else ""


def names_blob(name: str) -> bool:
    """Whether a field of this name refers to a file."""
    return form_of(name) == "sha256"


def matches_form(name: str, value: Scalar) -> bool:
    """Whether a value that is not empty has the form its field's name demands."""
    form = form_of(name)
    if not form:
        return True
    if form == "fen":
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if form == "on":
        return _DAY.fullmatch(value) is not None and _parses(date, value)
    if form == "at":
        return _MOMENT.fullmatch(value) is not None and _parses(datetime, value)
    return (UUID if form == "id" else SHA256).fullmatch(value) is not None


def _parses(kind: type[date], value: str) -> bool:
    try:
        kind.fromisoformat(value)
    except ValueError:
        return False
    return True
