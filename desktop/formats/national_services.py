"""Service records (N6) in the shape of the national exchange.

Units: ``amounts`` is **yuan** (instrument values are 万元), ``serviceAmount`` hours or pieces with one decimal, moments are hours of the day in
Asia/Shanghai. Two traps are the protocol's own: ``adressType`` is spelt so, and in ``signAgreement`` 0 means yes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from desktop.formats import national
from desktop.formats.cells import NOTHING as MARKS
from desktop.formats.cells import fold
from desktop.formats.national import NO_TABLES, NOTHING, Tables, Teller
from desktop.ledger.customer import Customer
from desktop.ledger.finding import Finding
from desktop.ledger.instrument import Instrument
from desktop.ledger.money import half_up
from desktop.ledger.national_service import NationalService
from desktop.ledger.service_record import Posting, ServiceRecord

_INTERNAL, _EXTERNAL = "120", "130"
_YES, _NO = "0", "1"
_INSIDE_THE_UNIT, _OUTSIDE = "0", "1"
_CONTENT = 200
# The platform published a limit for emails and for the service's content; the others are ours, so that nothing is cut there.
LIMITS = {"project": 100, "income": 100, "area": 100, "content": _CONTENT, "email": 50, "moved_to": 100, "customs_notice": 100, "duty_paid": 100,
          "handler": 50}  # fmt: skip
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Units of price lists that are time: 小时, 30分钟, 机时, 天.
_TIME = re.compile(r"时|分钟|天|日")


@dataclass(frozen=True, slots=True)
class Service:
    """A posted record that stands, with what it refers to, and what is stated of it for the platform (None: nothing)."""

    record: ServiceRecord
    posting: Posting
    instrument: Instrument
    customer: Customer
    stated: NationalService | None = None


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """The JSON object of one record (all values text) and what is wrong with it."""

    number: str
    values: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether it may be written: no error among its findings."""
        return not any(one.severity == "error" for one in self.findings)


def stated_text(name: str, text: str) -> str:
    """What a person wrote for a value of STATED in one line: 无, — or / is nothing (""). 无 is a word of the platform's for the funding alone."""
    line = " ".join(text.split())
    if name == "income" and line == NOTHING:
        return line
    return "" if fold(line).lower() in MARKS else line


def entry_fault(name: str, text: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The code and parameters of why no such value of ``ledger.national_service.STATED`` can be kept; None when it can, or it is blank."""
    column = ("column", f"national_service.field.{name}")
    if not text:
        return None
    if len(text) > LIMITS[name]:
        return "national_service.too_long", (column, ("n", str(len(text))), ("limit", str(LIMITS[name])))
    if name == "income" and text not in national.words("income"):
        return "national_service.income", (column, ("shown", text), ("known", "、".join(national.words("income"))))
    if name == "email" and not _EMAIL.fullmatch(text):
        return "national_service.email", (column, ("shown", text))
    return None


def n6(one: Service, unit_code: str, tables: Tables = NO_TABLES, *, personal: bool = False) -> ServiceForm:
    """A service record as the exchange holds it. ``personal``: name, telephone and email of the applicant go with it; else 无 stands for them.

    A discipline that is in no imported list of them goes as it was stated, and is told: the exchange names no list for it.
    ``recordInnerId`` is the record's key, which no renumbering changes: the same record sent twice is one record there.
    """
    record, posting = one.record, one.posting
    told = Teller("service_record", record.id, record.number)
    stated = one.stated or NationalService("", record.id)
    if one.instrument.confidential is None:
        told.tell("instrument_id", "national.set_secrecy_unknown", shown=one.instrument.asset_number)
    if one.instrument.customs_supervised and not stated.customs_notice:
        told.tell("instrument_id", "national.customs_notice", "warning", shown=one.instrument.asset_number)
    if posting.external and not record.contract:
        told.tell("contract", "national.no_agreement", "warning")
    for part in national.several(stated.area):
        if tables.subjects is not None and part not in tables.subjects and part not in tables.subjects.values():
            told.tell("area", "national_service.unlisted_area", "warning", shown=part)
    values = {
        "recordInnerId": record.id,
        "insCode": unit_code,
        "innerId": one.instrument.asset_number,
        "amounts": national.yuan(posting.amount_fen),
        "serviceTime": _hour(record.started_at),
        "endTime": _hour(record.ended_at),
        "serviceAmount": _amount(posting, told),
        "serviceContent": told.text("item", record.item, _CONTENT),
        "serviceWay": _ways(record, told),
        "serviceType": _EXTERNAL if posting.external else _INTERNAL,
        "serviceDirection": _direction(record, told),
        "subjectName": stated.project or NOTHING,
        "subjectIncome": stated.income or NOTHING,
        "subjectArea": stated.area or NOTHING,
        "subjectContent": stated.content or NOTHING,
        "applicant": (record.contact if personal else "") or NOTHING,
        "applicantPhone": (one.customer.phone if personal else "") or NOTHING,
        "applicantEmail": (stated.email if personal else "") or NOTHING,
        "applicantUnit": one.customer.name,
        "comment": _rating(record, told),
        "adressType": _OUTSIDE if stated.moved_to else _INSIDE_THE_UNIT,
        "moveAddress": stated.moved_to or NOTHING,
        "serviceCode": stated.customs_notice or NOTHING,
        "record": stated.duty_paid or NOTHING,
        "signAgreement": _YES if record.contract else _NO,
    }
    return ServiceForm(record.number, values, tuple(told.findings))


def _hour(moment: datetime) -> str:
    """The hour a moment lies in: the exchange keeps no minutes, and an hour rounded up could fall into another year."""
    return f"{moment:%Y-%m-%d %H}"


def _amount(posting: Posting, told: Teller) -> str:
    """Machine hours of what is charged by time, else the charged quantity; one decimal, rounded half up once."""
    by_time = _TIME.search(posting.unit) is not None
    exact = Decimal(posting.minutes) / 60 if by_time else posting.quantity
    tenths = half_up(exact * 10)
    if not tenths:
        told.tell("minutes" if by_time else "quantity", "national.amount_vanishes", "warning")
    return f"{tenths // 10}.{tenths % 10}"


def _ways(record: ServiceRecord, told: Teller) -> str:
    parts = national.several(record.way)
    if not parts:
        told.tell("way", "national.blank")
    for part in parts:
        if part not in national.words("way"):
            told.tell("way", "national.not_in_list", shown=part, known="、".join(national.words("way")))
    return ",".join(parts)


def _direction(record: ServiceRecord, told: Teller) -> str:
    word = told.word("direction", record.direction, "direction")
    return national.code("direction", word)


def _rating(record: ServiceRecord, told: Teller) -> str:
    if record.rating and record.rating not in national.words("rating"):
        told.tell("rating", "national.not_in_list", shown=record.rating, known="、".join(national.words("rating")))
    return record.rating or NOTHING
