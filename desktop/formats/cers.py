"""Instruments for the universities' sharing system (CERS): the file ``InstrusAndGroups``, ``Root/Instrus/Instru``, one element a set.

Units: ``PriceRMB`` is **yuan** with two decimals (the national platform has 万元), ``ServiceDate`` a day, ``UpdateDate`` a moment whose time of day
is 00:00:00. Widths count characters. Nothing is cut and no code is guessed. Built from public descriptions, which leave elements out at three
places and the groups (机组) whole: those are not invented, only what is named is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from desktop import resource
from desktop.formats.national import Teller, yuan
from desktop.formats.xml_text import escaped
from desktop.ledger.cers import CERS_STATES, SHARE_LEVELS, CersSet
from desktop.ledger.finding import Finding, Severity
from desktop.ledger.instrument import Instrument

CONTACT = ("Location", "ZIPCode", "ContactPerson", "Telephone", "Email")
"""These five stand together or not at all."""

ELEMENTS = (
    "SchoolCode", "InnerID", "AssetsCode", "ClassificationCode", "CHNName", "ENGName", "Alias", "Model", "TechParameter", "ApplicationArea",
    "Manufacturer", "ManuCertification", "ManuCountryCode", "PriceRMB", "ServiceDate", "ImageURL", "Organization", "GroupID", *CONTACT,
    "ShareLevel", "OpenCalendar", "ServiceCharge", "State", "URL", "UpdateDate",
)  # fmt: skip
"""The elements of a set, in the order of the system's schema."""

OPTIONAL = frozenset({"ENGName", "Alias", "State", *CONTACT})

LIMITS: Mapping[str, int] = {"InnerID": 15, "AssetsCode": 6, "ClassificationCode": 6, "TechParameter": 200, "ApplicationArea": 400}
"""The widths that are described: beyond them the set is not written."""

_KEPT: Mapping[str, int] = {
    "CHNName": 100, "ENGName": 150, "Alias": 100, "Model": 100, "Manufacturer": 100, "ManuCertification": 200, "ImageURL": 200, "Organization": 100,
    "GroupID": 15, "Location": 100, "Telephone": 20, "Email": 50, "OpenCalendar": 800, "ServiceCharge": 200,
}  # fmt: skip
# What other programs keep of each when they report there. No text says it is the limit, so more is written as it stands, and told.

_SCHOOL = re.compile(r"[0-9]{5}")
_COUNTRY = re.compile(r"[A-Z][0-9]{3}")
_URL = re.compile(r"https?://[^\s/]\S*")

# Element -> field of the register, or of what the school states.
_REGISTER = {
    "CHNName": "name", "ENGName": "english_name", "Model": "model", "TechParameter": "technical", "Manufacturer": "manufacturer",
    "ManuCountryCode": "country", "PriceRMB": "value_fen", "ServiceDate": "accepted_on", "Organization": "department", "Location": "street",
    "ZIPCode": "postcode", "ContactPerson": "contact", "Telephone": "phone", "Email": "email",
}  # fmt: skip
_STATED = {
    "InnerID": "inner_id", "AssetsCode": "assets_code", "ClassificationCode": "classification_code", "Alias": "alias",
    "ApplicationArea": "application_area", "ManuCertification": "maker_certification", "ImageURL": "image_url", "GroupID": "group_id",
    "ShareLevel": "share_level", "OpenCalendar": "open_calendar", "ServiceCharge": "service_charge", "State": "state", "URL": "page_url",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CersRow:
    """A set's elements with their text, in their order (one that is optional and blank is not among them), and what is wrong. ``key`` the set's."""

    key: str
    asset_number: str
    cells: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether it may be written: no error among its findings."""
        return not any(one.severity == "error" for one in self.findings)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows of the sets that are reported there. ``withheld`` confidential ones never are; of ``unstated`` ones nobody stated anything."""

    rows: tuple[CersRow, ...]
    withheld: int
    unstated: int


def origin(name: str, stated: CersSet) -> str:
    """Where an element comes from: ``register``, ``stated`` by the school, ``table`` (looked up), ``school`` or ``file``."""
    if name in ("SchoolCode", "UpdateDate"):
        return "school" if name == "SchoolCode" else "file"
    if name == "ManuCountryCode":
        return "stated" if stated.country_code else "table"
    if name in _STATED and (getattr(stated, _STATED[name]) or name not in ("InnerID", "ImageURL", "ServiceCharge", "URL")):
        return "stated"
    return "register"


def said(name: str) -> str:
    """The code of the words of an element."""
    others = {"SchoolCode": "cers.field.school", "UpdateDate": "cers.field.updated_on"}
    return others.get(name) or (f"cers.field.{_STATED[name]}" if name in _STATED else f"instrument_field.{_REGISTER[name]}")


@cache
def _countries() -> Mapping[str, str]:
    with resource.path("codes", "cers.toml").open("rb") as stream:
        return {name: code for code, names in tomllib.load(stream)["country"].items() for name in names}


def entry_fault(name: str, text: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The code and parameters of why the system takes no such value of one of ``ledger.cers.STATED``; None when it may, or it is blank."""
    column = ("column", f"cers.field.{name}")
    limit = LIMITS.get(next((element for element, stated in _STATED.items() if stated == name), ""))
    if not text:
        return None
    if limit is not None and len(text) > limit:
        return "cers.entry_too_long", (column, ("n", str(len(text))), ("limit", str(limit)))
    known = {"share_level": SHARE_LEVELS, "state": CERS_STATES}.get(name)
    if known is not None and text not in known:
        return "cers.entry_not_in_range", (column, ("shown", text), ("first", known[0]), ("last", known[-1]))
    if name == "country_code" and not _COUNTRY.fullmatch(text):
        return "cers.entry_country", (column, ("shown", text))
    if name in ("image_url", "page_url") and not _URL.fullmatch(text):
        return "cers.entry_not_address", (column, ("shown", text))
    return None


def gather(sets: Iterable[Instrument], stated: Mapping[str, CersSet], school: str, updated_on: date) -> Gathered:
    """The sets that have something stated (by key of the instrument), in the order given; two with one InnerID are both wrong."""
    rows, withheld, unstated = [], 0, 0
    for one in sets:
        if one.confidential:
            withheld += 1
        elif one.id not in stated:
            unstated += 1
        else:
            rows.append(instru(one, stated[one.id], school, updated_on))
    holders: dict[str, list[CersRow]] = {}
    for row in rows:
        holders.setdefault(row.cells.get("InnerID", ""), []).append(row)
    return Gathered(tuple(_alone(row, holders[row.cells.get("InnerID", "")]) for row in rows), withheld, unstated)


def _alone(row: CersRow, holders: Sequence[CersRow]) -> CersRow:
    other = next((one.asset_number for one in holders if one is not row), None)
    if other is None:
        return row
    told = Teller("instrument", row.key, row.asset_number)
    _tell(told, "InnerID", "cers.same_inner_id", shown=row.cells["InnerID"], other=other)
    return replace(row, findings=(*row.findings, *told.findings))


def instru(one: Instrument, stated: CersSet, school: str, updated_on: date) -> CersRow:
    """A set as the system holds it. ``updated_on`` is the day of the file, in Asia/Shanghai. A confidential set is not for this function."""
    told = Teller("instrument", one.id, one.asset_number)
    if not _SCHOOL.fullmatch(school):
        told.tell("asset_number", "moe.school_code", shown=school or "—")
    if one.confidential is None:
        told.tell("confidential", "cers.secrecy_unknown")
    given = {
        "SchoolCode": school,
        "InnerID": stated.inner_id or one.asset_number,
        "AssetsCode": stated.assets_code,
        "ClassificationCode": stated.classification_code,
        "CHNName": one.name,
        "ENGName": one.english_name,
        "Alias": stated.alias,
        "Model": one.model,
        "TechParameter": one.technical,
        "ApplicationArea": stated.application_area,
        "Manufacturer": one.manufacturer,
        "ManuCertification": stated.maker_certification,
        "ManuCountryCode": _country(one, stated, told),
        "PriceRMB": "" if one.value_fen is None else yuan(one.value_fen),
        "ServiceDate": _service_date(one, updated_on, told),
        "ImageURL": _url("ImageURL", stated.image_url or one.image, told),
        "Organization": one.department,
        "GroupID": stated.group_id,
        **_contact(one, told),
        "ShareLevel": _digit("ShareLevel", stated.share_level, SHARE_LEVELS, told),
        "OpenCalendar": stated.open_calendar,
        "ServiceCharge": stated.service_charge or one.fee_text,
        "State": _state(one, stated, updated_on, told),
        "URL": _url("URL", stated.page_url or one.booking_url, told),
        "UpdateDate": f"{updated_on.isoformat()}T00:00:00",
    }
    cells = {}
    for name in ELEMENTS:
        text = " ".join(given[name].split())
        if text or name not in OPTIONAL:
            cells[name] = _fitted(name, text, told)
    return CersRow(one.id, one.asset_number, cells, tuple(told.findings))


def _tell(told: Teller, name: str, fault: str, severity: Severity = "error", **params: object) -> None:
    if name in _STATED:
        told.tell(_STATED[name], fault, severity, column=f"cers.field.{_STATED[name]}", **params)
    else:
        told.tell(_REGISTER[name], fault, severity, **params)


def _fitted(name: str, text: str, told: Teller) -> str:
    if not text:
        # The country is told where it is sought, the school with its form.
        if name not in ("SchoolCode", "ManuCountryCode"):
            _tell(told, name, "cers.blank")
    elif (limit := LIMITS.get(name)) is not None and len(text) > limit:
        _tell(told, name, "cers.too_long", n=len(text), limit=limit)
    elif (kept := _KEPT.get(name)) is not None and len(text) > kept:
        _tell(told, name, "cers.longer_than_kept", "warning", n=len(text), limit=kept)
    return text


def _country(one: Instrument, stated: CersSet, told: Teller) -> str:
    if stated.country_code:
        if not _COUNTRY.fullmatch(stated.country_code):
            told.tell("country_code", "cers.country_form", column="cers.field.country_code", shown=stated.country_code)
        return stated.country_code
    name = one.country.strip()
    code = _countries().get(name, "")
    if not name:
        told.tell("country", "cers.blank")
    elif not code:
        told.tell("country", "cers.country_unknown", shown=name)
    return code


def _service_date(one: Instrument, updated_on: date, told: Teller) -> str:
    # The day of acceptance, not the one of booking: a set is in service when it was accepted, and a day nobody entered is not guessed.
    if one.accepted_on is None:
        return ""
    if one.accepted_on > updated_on:
        told.tell("accepted_on", "cers.date_ahead", day=one.accepted_on.isoformat())
    return one.accepted_on.isoformat()


def _url(name: str, text: str, told: Teller) -> str:
    address = text.strip()
    if address and not _URL.fullmatch(address):
        _tell(told, name, "cers.not_address", shown=address)
    return address


def _digit(name: str, text: str, known: Sequence[str], told: Teller) -> str:
    if text and text not in known:
        _tell(told, name, "cers.not_in_range", shown=text, first=known[0], last=known[-1])
    return text


def _state(one: Instrument, stated: CersSet, updated_on: date, told: Teller) -> str:
    # What 0, 1 and 2 mean is not described; of a set that is gone, leaving it out would report it as if it were there.
    if one.retired_on is not None and one.retired_on <= updated_on and not stated.state:
        _tell(told, "State", "cers.state_unknown")
    return _digit("State", stated.state, CERS_STATES, told)


def _contact(one: Instrument, told: Teller) -> dict[str, str]:
    where = "".join(dict.fromkeys((one.province, one.city, one.county, one.street)))
    found = dict(zip(CONTACT, (where if one.street.strip() else "", one.postcode, one.contact, one.phone, one.email), strict=True))
    missing = [name for name, text in found.items() if not text.strip()]
    if not missing:
        return found
    blank = "|".join(f"instrument_field.{_REGISTER[name]}" for name in missing)
    told.tell(_REGISTER[missing[0]], "cers.contact_left_out", "warning", blank=blank)
    return dict.fromkeys(CONTACT, "")


def instrus_xml(rows: Sequence[CersRow]) -> bytes:
    """The file of rows that are sound, UTF-8; the same rows give the same bytes."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Root>", "<Instrus>"]
    for row in rows:
        told = "".join(f"<{name}>{escaped(text)}</{name}>" for name, text in row.cells.items())
        lines.append(f"<Instru>{told}</Instru>")
    return "\n".join([*lines, "</Instrus>", "</Root>", ""]).encode()
