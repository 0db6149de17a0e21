"""The instrument (大型科研仪器), one set each, with the national register's columns and the facts its duties hang on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SECRECY_LEVELS: tuple[str, ...] = ("confidential", "secret", "top_secret")
"""The levels of what is confidential: 秘密, 机密, 绝密 (保守国家秘密法)."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """``asset_number`` (所在单位仪器编号) is the key people use; ``network_number`` (仪器编号) is given by the network.

    ``value_fen`` is the original value of the set; ``fiscal`` and ``confidential`` None mean not stated;
    ``booked_on`` 建账日期, ``accepted_on`` 安装验收日期, ``joined_on`` 入网, ``filed_on`` 报备, ``released_on`` 海关放行日期.
    ``secrecy_level`` is one of SECRECY_LEVELS of a confidential set, "" where nobody stated it; it leaves this machine never.
    The other texts are the columns of the national 40-column sheet, as they were given.
    """

    id: str
    asset_number: str
    name: str
    value_fen: int | None = None
    fiscal: bool | None = None
    confidential: bool | None = None
    accepted_on: date | None = None
    booked_on: date | None = None
    network_number: str = ""
    joined_on: date | None = None
    filing_number: str = ""
    filed_on: date | None = None
    english_name: str = ""
    carrier_type: str = ""
    carrier_number: str = ""
    department: str = ""
    class_code: str = ""
    source: str = ""
    customs_supervised: bool | None = None
    country: str = ""
    manufacturer: str = ""
    category: str = ""
    model: str = ""
    technical: str = ""
    functions: str = ""
    subjects: str = ""
    funds: str = ""
    service_content: str = ""
    image: str = ""
    yearly_hours: Decimal | None = None
    user_notes: str = ""
    fee_text: str = ""
    booking_url: str = ""
    province: str = ""
    city: str = ""
    county: str = ""
    street: str = ""
    external_hours: Decimal | None = None
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    declaration_number: str = ""
    declaration_item: str = ""
    released_on: date | None = None
    declared_name: str = ""
    retired_on: date | None = None
    secrecy_level: str = ""
    imported: str = ""
