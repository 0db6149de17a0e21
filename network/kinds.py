"""What the ledger reports and what is accepted of it: fields, numbers that are unique, rows that must exist, sane values.

Fields no rule names are kept as they came, as long as their name's ending holds: ``_fen`` integer, ``_on`` day, ``_at`` moment,
``_id`` key. Values are texts, integers, true, false and null: a quantity with a fraction is written as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from network.canonical import Scalar

Role = Literal["network", "hub"]
ROLES: tuple[Role, ...] = ("network", "hub")
Body = dict[str, Scalar]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
USCC = re.compile(r"[0-9ABCDEFGHJKLMNPQRTUWXY]{18}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

MAX_INTEGER = 2**53 - 1
MAX_TEXT = 20_000
MAX_FIELDS = 200
MAX_VALUE_FEN = 10**13
MAX_AMOUNT_FEN = 10**12
MAX_MINUTES = 366 * 24 * 60


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a body is refused: a problem code and the field."""

    code: str
    field: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entity. ``ranges`` are inclusive; ``links`` name the kind a field refers to; ``beyond_network`` must not come.

    ``only_on_network``, when set, is the whole list of fields the network takes (a hub takes all).
    """

    required: tuple[str, ...]
    unique: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    immutable: bool = False
    beyond_network: frozenset[str] = frozenset()
    only_on_network: frozenset[str] = frozenset()
    also: Callable[[Body], Iterator[Fault]] = lambda _body: iter(())


def _instrument(body: Body) -> Iterator[Fault]:
    code = body.get("class_code")
    if code and not re.fullmatch(r"\d{6}", str(code)):
        yield Fault("field.invalid", "class_code")


def _customer(body: Body) -> Iterator[Fault]:
    code = body.get("uscc")
    if code and not valid_uscc(str(code)):
        yield Fault("field.invalid", "uscc")


def _service_record(body: Body) -> Iterator[Fault]:
    start, end = body.get("started_at"), body.get("ended_at")
    if not (isinstance(start, str) and isinstance(end, str) and _form("started_at", start) and _form("ended_at", end)):
        return
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    if (first.tzinfo is None) != (last.tzinfo is None):
        yield Fault("field.invalid", "ended_at")
    elif last <= first:
        yield Fault("field.range", "ended_at")


def _schedule(body: Body) -> Iterator[Fault]:
    for start, end in (("starts_on", "ends_on"), ("from_on", "to_on"), ("valid_from_on", "valid_to_on")):
        first, last = body.get(start), body.get(end)
        if isinstance(first, str) and isinstance(last, str) and first and last and last <= first:
            yield Fault("field.range", end)


_AMOUNT = (-MAX_AMOUNT_FEN, MAX_AMOUNT_FEN)

KINDS: dict[str, Kind] = {
    "instrument": Kind(
        required=("asset_number", "name"),
        unique=("asset_number",),
        ranges={"value_fen": (0, MAX_VALUE_FEN)},
        also=_instrument,
    ),
    "fee_schedule": Kind(required=("instrument_id",), links={"instrument_id": "instrument"}, also=_schedule),
    "fee_line": Kind(required=("schedule_id",), links={"schedule_id": "fee_schedule"}),
    "customer": Kind(
        required=("name",),
        only_on_network=frozenset({"id", "name", "uscc", "size_class", "size_on"}),
        also=_customer,
    ),
    "service_record": Kind(
        required=("number", "instrument_id", "started_at", "ended_at"),
        unique=("number",),
        links={"instrument_id": "instrument", "customer_id": "customer"},
        ranges={"minutes": (0, MAX_MINUTES), "amount_fen": _AMOUNT, "consumables_fen": (0, MAX_AMOUNT_FEN)},
        beyond_network=frozenset({"operator_id", "operator_name", "contact", "phone"}),
        also=_service_record,
    ),
    "posting": Kind(
        required=("record_id", "amount_fen", "posted_on"),
        unique=("reverses",),
        links={"record_id": "service_record", "reverses": "posting"},
        ranges={"amount_fen": _AMOUNT, "minutes": (-MAX_MINUTES, MAX_MINUTES)},
        immutable=True,
        beyond_network=frozenset({"technician_id", "operator_id", "operator_name"}),
    ),
    "transaction_statement": Kind(
        required=("year", "amount_fen"),
        unique=("year",),
        ranges={"year": (2000, 2200), "amount_fen": _AMOUNT, "n_records": (0, MAX_INTEGER)},
    ),
}


def valid_uscc(code: str) -> bool:
    """The check character of a unified social credit code (GB 32100-2015)."""
    if not USCC.fullmatch(code):
        return False
    total = sum(_USCC_ALPHABET.index(sign) * weight for sign, weight in zip(code, _USCC_WEIGHTS, strict=False))
    return _USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def is_confidential(body: dict[str, object]) -> bool:
    """Whether a row says it is confidential. Everything but a clear no counts as yes."""
    return body.get("confidential") not in (None, False, 0, "", "false", "0", "否")


def faults(kind: Kind, key: str, body: dict[str, object], role: Role) -> Iterator[Fault]:
    """What one body is refused for, in the order a person would mend it. Reads nothing but the body."""
    if body.get("id") != key:
        yield Fault("field.invalid", "id")
    if len(body) > MAX_FIELDS:
        yield Fault("change.malformed", "body")
        return
    plain: Body = {}
    for name, value in body.items():
        if not NAME.fullmatch(name) or not _scalar(value):
            yield Fault("field.invalid", name[:40])
        else:
            plain[name] = value  # type: ignore[assignment]  # _scalar has just checked it
    for name in kind.required:
        if plain.get(name) in (None, ""):
            yield Fault("field.missing", name)
    for name, value in plain.items():
        empty = value is None or (value == "" and name not in kind.links)
        if not empty and not (_form(name, value) and (name not in kind.links or _key(value))):
            yield Fault("field.invalid", name)
    for name, (low, high) in kind.ranges.items():
        value = plain.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault("field.invalid", name)
        elif not low <= value <= high:
            yield Fault("field.range", name)
    if role == "network":
        for name in sorted(plain):
            if name in kind.beyond_network or (kind.only_on_network and name not in kind.only_on_network):
                yield Fault("field.beyond_reach", name)
    yield from kind.also(plain)


def _scalar(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and "\0" not in value
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= MAX_INTEGER)


def _form(name: str, value: Scalar) -> bool:
    ending = name.rpartition("_")[2]
    if ending == "fen":
        return isinstance(value, int) and not isinstance(value, bool)
    if ending == "id" or name == "id":
        return _key(value)
    if ending == "on" and "_" in name:
        return isinstance(value, str) and _DAY.fullmatch(value) is not None and _parses(date, value)
    if ending == "at" and "_" in name:
        return isinstance(value, str) and _MOMENT.fullmatch(value) is not None and _parses(datetime, value)
    return True


def _key(value: Scalar) -> bool:
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def _parses(kind: type[date], value: str) -> bool:
    try:
        kind.fromisoformat(value)
    except ValueError:
        return False
    return True
