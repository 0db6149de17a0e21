"""Single instruments (N4) and their customs data (N5) in the shape of the national exchange, and the 40-column workbook.

``form`` gives an instrument as the exchange holds it, with what is wrong; the sheet's rows and the JSON objects are made of that.
Units: ``worth`` and 原值 are 万元 with two decimals, hours are hours, days ISO.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.formats import national
from desktop.formats.cells import plain_number
from desktop.formats.instruments import FIELDS, SHEET
from desktop.formats.national import NO_TABLES, NOTHING, Tables, Teller
from desktop.formats.write import OutSheet, sheet_of
from desktop.ledger import money
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.rules import classes, customs

COLUMNS = FIELDS[:40]
"""The 40 columns of the national sheet, in its order; what our duties need besides is not among them."""

PICTURE_BYTES = 1 << 20
"""The largest picture the platform takes."""
_HOURS_OF_A_YEAR = 8_784
_MOST = 4
_POSTCODE = re.compile(r"[0-9]{6}")
_PICTURE = re.compile(r".+\.jpe?g", re.IGNORECASE)
# Attribute, limit in characters. Blank ones are sent as 无.
_TEXTS = (
    ("english_name", 100), ("manufacturer", 50), ("model", 100), ("technical", 500), ("functions", 300), ("service_content", 200),
    ("user_notes", 500), ("fee_text", 500), ("booking_url", 100), ("province", 100), ("city", 100), ("county", 100), ("street", 100),
    ("contact", 20), ("phone", 20), ("email", 50), ("address", 100),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InstrumentForm:
    """``shown`` is the instrument as the exchange holds it: 无 where a text is missing, the value as two decimals of 万元 keep it."""

    shown: Instrument
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether it may be written: no error among its findings."""
        return not any(one.severity == "error" for one in self.findings)


def form(
    one: Instrument,
    tables: Tables = NO_TABLES,
    *,
    today: date,
    customs_years: int | None = None,
    picture_bytes: int | None = None,
) -> InstrumentForm:
    """An instrument as the exchange holds it, with everything that is wrong.

    ``customs_years``: how long a duty-free set stays under supervision (``national.customs_years``); None: no such rule in force.
    ``picture_bytes``: the size of the attached file that 图片 names; None: nobody knows it.
    """
    told = Teller("instrument", one.id, one.asset_number)
    texts: dict[str, Any] = {at: told.text(at, getattr(one, at), limit) for at, limit in _TEXTS}
    texts |= {at: told.text(at, getattr(one, at), 100, blank="error") for at in ("asset_number", "name", "department")}
    texts |= {"source": told.word("source", one.source, "source"), "category": told.word("category", one.category, "category")}
    carrier_type, carrier_number = _carrier(one, told)
    shown = replace(
        one,
        **texts,
        carrier_type=carrier_type,
        carrier_number=carrier_number,
        value_fen=_value(one, told),
        country=_country(one, tables, told),
        subjects=_subjects(one, tables, told),
        funds=_funds(one, told),
    )
    for found in classes.check(one.class_code, tables.classes) if one.class_code else ():
        told.tell("class_code", found.code, "note" if found.severity == "note" else "error", **dict(found.params))
    if not one.class_code:
        told.tell("class_code", "national.blank")
    if one.booked_on is None:
        told.tell("booked_on", "national.blank")
    elif one.booked_on > today:
        told.tell("booked_on", "national.date_ahead", day=one.booked_on)
    if one.confidential is None:
        # What may be confidential leaves no more than what is: nobody can take it back from there.
        told.tell("confidential", "national.secrecy_unknown")
    _hours(one, told)
    _reach(one, told)
    if picture_bytes is not None and picture_bytes > PICTURE_BYTES:
        told.tell("image", "national.picture_too_large", shown=one.image, n=picture_bytes)
    _customs(one, told, today, customs_years)
    return InstrumentForm(shown, tuple(told.findings))


def _value(one: Instrument, told: Teller) -> int | None:
    if one.value_fen is None:
        told.tell("value_fen", "national.blank")
        return None
    kept = national.hundredths(one.value_fen)
    if not kept:
        told.tell("value_fen", "national.value_zero", yuan=money.text(one.value_fen))
    elif kept != one.value_fen:
        told.tell("value_fen", "national.value_rounded", "note", yuan=money.text(one.value_fen), wan=national.wan(one.value_fen))
    return kept


def _carrier(one: Instrument, told: Teller) -> tuple[str, str]:
    kind, number = one.carrier_type.strip() or NOTHING, one.carrier_number.strip() or NOTHING
    if kind != NOTHING and not national.code("carrier", kind):
        told.tell("carrier_type", "national.not_in_list", shown=kind, known="、".join((NOTHING, *national.words("carrier"))))
    elif kind != NOTHING and number == NOTHING:
        told.tell("carrier_number", "national.carrier_unnamed", "warning", shown=kind)
    elif kind == NOTHING and number != NOTHING:
        told.tell("carrier_type", "national.carrier_of_no_kind", shown=number)
    if len(number) > 100:
        told.tell("carrier_number", "national.too_long", n=len(number), limit=100)
    return kind, number


def _country(one: Instrument, tables: Tables, told: Teller) -> str:
    country = told.text("country", one.country, 50, blank="error")
    if country and tables.nations is not None and country not in tables.nations:
        told.tell("country", "national.unknown_country", shown=country)
    return country


def _subjects(one: Instrument, tables: Tables, told: Teller) -> str:
    parts = national.several(one.subjects)
    if not parts:
        told.tell("subjects", "national.blank")
    elif len(parts) > _MOST:
        told.tell("subjects", "national.too_many", n=len(parts), limit=_MOST)
    if tables.subjects is None:
        return ",".join(parts)
    known = {**{name: name for name in tables.subjects.values()}, **tables.subjects}
    for part in parts:
        if part not in known:
            told.tell("subjects", "national.unknown_subject", shown=part)
    return ",".join(known.get(part, part) for part in parts)


def _funds(one: Instrument, told: Teller) -> str:
    parts = national.several(one.funds)
    if not parts:
        told.tell("funds", "national.blank")
    listed = national.words("funds")
    for part in parts:
        if not national.code("funds", part):
            told.tell("funds", "national.not_in_list", shown=part, known="、".join(listed))
    # A code is written as its word: the sheet has words.
    return ",".join(listed[int(part) - 1] if part.isdecimal() and national.code("funds", part) else part for part in parts)


def _hours(one: Instrument, told: Teller) -> None:
    for at, value in (("yearly_hours", one.yearly_hours), ("external_hours", one.external_hours)):
        if value is None:
            told.tell(at, "national.hours_blank", "warning")
        elif not 0 <= value <= _HOURS_OF_A_YEAR:
            told.tell(at, "national.hours_beyond_year", shown=plain_number(value))
    running, external = one.yearly_hours, one.external_hours
    if running is not None and external is not None and external > running:
        told.tell("external_hours", "national.more_outside", shown=plain_number(external), running=plain_number(running))


def _reach(one: Instrument, told: Teller) -> None:
    if not one.postcode:
        told.tell("postcode", "national.left_blank", "warning")
    elif not _POSTCODE.fullmatch(one.postcode):
        told.tell("postcode", "national.postcode", shown=one.postcode)
    if not one.image:
        told.tell("image", "national.left_blank", "warning")
    elif not _PICTURE.fullmatch(one.image):
        told.tell("image", "national.not_jpg", shown=one.image)


def _customs(one: Instrument, told: Teller, today: date, years: int | None) -> None:
    if one.customs_supervised is None:
        told.tell("customs_supervised", "national.blank")
    # Data of a set that is no longer supervised stays in the sheet; what stands there has to be right all the same.
    required = bool(one.customs_supervised)
    for at, fault in (("declaration_number", "declaration"), ("declaration_item", "declaration_item")):
        value = getattr(one, at)
        if customs.odd(at, value):
            told.tell(at, f"national.{fault}", shown=value)
        elif not value and required:
            told.tell(at, "national.customs_blank")
    if one.declared_name:
        told.text("declared_name", one.declared_name, 30)
    elif required:
        told.tell("declared_name", "national.customs_blank")
    if one.released_on is None and required:
        told.tell("released_on", "national.customs_blank")
    elif one.released_on is not None and one.released_on > today:
        told.tell("released_on", "national.date_ahead", day=one.released_on)
    elif required and years is not None and one.released_on is not None and customs.over(one.released_on, years, today):
        told.tell("customs_supervised", "national.supervision_over", "warning", day=one.released_on, years=years)


def sheet(forms: Iterable[InstrumentForm]) -> OutSheet:
    """The 40-column sheet of forms that are sound; it reads back as what they show."""
    return sheet_of(SHEET, COLUMNS, (one.shown for one in forms))


def n4(one: InstrumentForm, unit_code: str, tables: Tables = NO_TABLES) -> dict[str, str]:
    """The JSON object of a sound instrument; all values are text, ``unit_code`` is the managing unit's identifier (insCode)."""
    i = one.shown
    carrier = national.code("carrier", i.carrier_type)
    return {
        "insCode": unit_code,
        "innerId": i.asset_number,
        "cname": i.name,
        "ename": i.english_name,
        "instrBelongsType": carrier or NOTHING,
        "instrBelongsName": i.carrier_type,
        "resourceName": i.carrier_number,
        "insideDepart": i.department,
        "instrCategory": i.class_code,
        "instrSource": i.source,
        "instrSupervise": "是" if i.customs_supervised else "否",
        "worth": national.wan(i.value_fen or 0),
        "nation": i.country,
        "manufacturer": i.manufacturer,
        "beginDate": _iso(i.booked_on),
        "type": i.category,
        "instrVersion": i.model,
        "technical": i.technical,
        "function": i.functions,
        "subject": ",".join(_subject_codes(national.several(i.subjects), tables)),
        "funds": ",".join(national.code("funds", part) for part in national.several(i.funds)),
        "serviceContent": i.service_content,
        "requirement": i.user_notes,
        "fee": i.fee_text,
        "serviceUrl": i.booking_url,
        "runMachine": _number(i.yearly_hours),
        "serviceMachine": _number(i.external_hours),
        "image": i.image,
        "province": i.province,
        "city": i.city,
        "county": i.county,
        "street": i.street,
        "contact": i.contact,
        "phone": i.phone,
        "email": i.email,
        "address": i.address,
        "postalcode": i.postcode,
        "achievement": NOTHING,
    }


def n5(one: InstrumentForm, unit_code: str) -> dict[str, str] | None:
    """The customs data of a sound instrument under supervision, sent after the instrument; None for any other."""
    i = one.shown
    if not i.customs_supervised:
        return None
    return {
        "innerId": i.asset_number,
        "insCode": unit_code,
        "declarationNumber": i.declaration_number,
        "importDate": _iso(i.released_on),
        "itemNumber": i.declaration_item,
        "formname": i.declared_name,
    }


def _subject_codes(parts: Sequence[str], tables: Tables) -> list[str]:
    codes = {name: number for number, name in (tables.subjects or {}).items()}
    return [codes.get(part, part) for part in parts]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain_number(value)
