"""What the national platform would get of the sets (N4, N5), reckoned a second time: what a row may not lack, and how long a text may be.

From the tables N4 and N5 of the public descriptions, without any table a user imports.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from tests.recompute.plain import ROOT, Plain, nearest

Told = dict[Any, Any]
_LONGEST = {
    "name": 100, "english_name": 100, "asset_number": 100, "department": 100, "manufacturer": 50, "country": 50, "model": 100, "technical": 500,
    "functions": 300, "service_content": 200, "user_notes": 500, "fee_text": 500, "booking_url": 100, "province": 100, "city": 100, "county": 100,
    "street": 100, "contact": 20, "phone": 20, "email": 50, "address": 100, "carrier_number": 100, "declared_name": 30,
}  # fmt: skip
_NEVER_BLANK = ("name", "asset_number", "department", "country", "value_fen", "booked_on", "class_code", "source", "category", "subjects", "funds")
_LEFT_BLANK = ("postcode", "image")
_AS_NOTHING = frozenset(_LONGEST) - {"name", "asset_number", "department", "country", "carrier_number", "declared_name"}
_SUPERVISED = ("declaration_number", "declaration_item", "declared_name", "released_on")
_FORMS = {"postcode": "[0-9]{6}", "image": r"(?i).+\.jpe?g", "declaration_number": "[0-9A-Z]{18}", "declaration_item": "[0-9]{2}"}
_HOURS = ("yearly_hours", "external_hours")
_YEAR = 366 * 24


def sets(plain: Plain, on: date) -> Told:
    """Asset number of a set in service that is no secret -> whether its row may be written, its value there in fen, what is told; how many stand so."""
    day = on.isoformat()
    rule = plain.rule("national.customs_years", on)
    years = None if rule is None else int(rule)
    told: Told = {}
    counted = Counter[str]()
    for one in plain.rows("SELECT * FROM instrument"):
        if one["confidential"] or (one["retired_on"] or "9999") <= day:
            counted["withheld" if one["confidential"] else "retired"] += 1
            continue
        faults = frozenset({*_faults(one, day), *_supervised(one, day, years)})
        sound = all(severity != "error" for severity, _, _ in faults)
        counted["sound" if sound else "wrong"] += 1
        told[one["asset_number"]] = (sound, _kept(one["value_fen"]), faults)
    return told | {f"n {state}": counted[state] for state in ("sound", "wrong", "withheld", "retired")}


def _faults(one: Any, day: str) -> Iterator[tuple[str, str, str]]:
    for name in _NEVER_BLANK:
        if one[name] is None or one[name] == "":
            yield "error", name, "blank"
    yield from (("note", name, "sent_as_nothing") for name in _AS_NOTHING if not one[name])
    yield from (("warning", name, "left_blank") for name in _LEFT_BLANK if not one[name])
    yield from (("error", name, "too_long") for name, most in _LONGEST.items() if len(one[name]) > most)
    for name, form in _FORMS.items():
        if one[name] and not re.fullmatch(form, one[name]):
            yield "error", name, {"image": "not_jpg", "declaration_number": "declaration"}.get(name, name)
    for name in ("source", "category"):
        if one[name] and one[name] not in _listed()[name]["words"]:
            yield "error", name, "not_in_list"
    if any(part not in {"1", "2", "3", "4", *_words("funds")} for part in _parts(one["funds"])):
        yield "error", "funds", "not_in_list"
    if len(set(_parts(one["subjects"]))) > 4:
        yield "error", "subjects", "too_many"
    if one["confidential"] is None:
        yield "error", "confidential", "secrecy_unknown"
    if (one["booked_on"] or "") > day:
        yield "error", "booked_on", "date_ahead"
    yield from _value(one["value_fen"])
    yield from _class(one["class_code"])
    yield from _carrier(one["carrier_type"] or "无", one["carrier_number"] or "无")
    yield from _used(*(None if one[name] is None else Decimal(one[name]) for name in _HOURS))


def _value(fen: int | None) -> Iterator[tuple[str, str, str]]:
    kept = _kept(fen)
    if kept == 0:
        yield "error", "value_fen", "value_zero"
    elif kept != fen:
        yield "note", "value_fen", "value_rounded"


def _kept(fen: int | None) -> int | None:
    return None if fen is None else nearest(Fraction(fen, 10_000)) * 10_000


def _class(code: str) -> Iterator[tuple[str, str, str]]:
    known = tomllib.loads((ROOT / "resources" / "codes" / "instrument-classes.toml").read_text("utf-8"))
    if code and not re.fullmatch("[0-9]{6}", code):
        yield "error", "class_code", "class.not_six_digits"
    elif code and f"{code[:2]}0000" not in known["large"]:
        yield "error", "class_code", "class.unknown_large"
    elif code and code not in known["large"] and code not in known["fine"]:
        yield "note", "class_code", "class.fine_unchecked"


def _carrier(kind: str, number: str) -> Iterator[tuple[str, str, str]]:
    if kind != "无" and kind not in {*_listed()["carrier"], *_words("carrier")}:
        yield "error", "carrier_type", "not_in_list"
    elif (kind == "无") != (number == "无"):
        yield ("error", "carrier_type", "carrier_of_no_kind") if kind == "无" else ("warning", "carrier_number", "carrier_unnamed")


def _used(yearly: Decimal | None, outside: Decimal | None) -> Iterator[tuple[str, str, str]]:
    for name, hours in zip(_HOURS, (yearly, outside), strict=True):
        if hours is None:
            yield "warning", name, "hours_blank"
        elif hours < 0 or hours > _YEAR:
            yield "error", name, "hours_beyond_year"
    if yearly is not None and outside is not None and outside > yearly:
        yield "error", "external_hours", "more_outside"


def _supervised(one: Any, day: str, years: int | None) -> Iterator[tuple[str, str, str]]:
    if one["customs_supervised"] is None:
        yield "error", "customs_supervised", "blank"
    if one["customs_supervised"]:
        yield from (("error", name, "customs_blank") for name in _SUPERVISED if not one[name])
    released = one["released_on"]
    if released and released > day:
        yield "error", "released_on", "date_ahead"
    elif released and one["customs_supervised"] and years is not None:
        last = f"{int(released[:4]) + years}{released[4:]}"
        last = last if last[5:] != "02-29" or int(last[:4]) % 4 == 0 else f"{last[:4]}-02-28"
        if last < day:
            yield "warning", "customs_supervised", "supervision_over"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split("[、，,;；/]", text) if part.strip()]


@cache
def _listed() -> dict[str, Any]:
    return tomllib.loads((ROOT / "resources" / "codes" / "national.toml").read_text("utf-8"))


def _words(name: str) -> set[str]:
    return {word for words in _listed()[name].values() for word in words}
