"""The service record (服务记录), the price fixed on it when it is posted (记账), and the money received for it (到账)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """``started_at``/``ended_at`` are wall-clock moments in Asia/Shanghai, without zone, to the minute.

    ``minutes`` is the billed time (end − start, or derived from the machine hours when ``derived``);
    ``claimed_hours`` the file's 机时; ``quantity`` 样品数; ``customer_id``/``operator_id`` None while the name is unknown;
    ``agreed_price_fen`` the entered price per unit of a banded line; ``consumables_fen`` None: not entered;
    ``urgent_said`` the file's word for 是否加急 when it says neither yes nor no ("" once answered): nobody knows the price until then;
    ``answers`` the problems a person has accepted, each ``code=reason``;
    ``imported`` the digest of the row it came from, so that the same file again changes nothing; ``state`` draft, posted or reversed.
    """

    id: str
    number: str
    instrument_id: str
    customer_id: str | None
    customer_name: str
    started_at: datetime
    ended_at: datetime
    minutes: int
    item: str = ""
    derived: bool = False
    claimed_hours: Decimal | None = None
    quantity: Decimal | None = None
    second_quantity: Decimal | None = None
    operator_id: str | None = None
    operator_name: str = ""
    contact: str = ""
    way: str = ""
    direction: str = ""
    contract: str = ""
    urgent: bool = False
    urgent_said: str = ""
    rating: str = ""
    note: str = ""
    agreed_price_fen: int | None = None
    consumables_fen: int | None = None
    long_reason: str = ""
    state: str = "draft"
    confidential: bool = False
    replaces: str | None = None
    answers: tuple[str, ...] = ()
    imported: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """A money fact: what one record costs, for ever. A reversal is a posting with negative amount and ``reverses`` set.

    ``service_month`` (``2025-07``) and ``service_year`` come from the end of the service; ``posted_on`` is the day of posting.
    ``quantity`` is the billed quantity in ``unit``; ``unit_price_fen`` None when a line mixes prices (first hour, tiers).
    ``late`` (补记): its month was closed when it was posted; it rides in a later settlement, marked with its month.
    """

    id: str
    record_id: str
    record_number: str
    instrument_id: str
    technician_id: str | None
    customer_id: str
    schedule_id: str
    line_id: str
    customer_class: str
    external: bool
    confidential: bool
    quantity: Decimal
    unit: str
    unit_price_fen: int | None
    amount_fen: int
    minutes: int
    rule_text: str
    ended_on: date
    service_month: str
    posted_on: date
    reverses: str | None = None
    reason: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money received for a posting: a fact with date, amount and invoice number; a mistake is reversed, never edited."""

    id: str
    posting_id: str
    received_on: date
    fen: int
    invoice_number: str
    reverses: str | None = None


TOLD_OF_REVERSAL = {"posting": ("posted_on", "reason", "late"), "receipt": ("received_on",)}
"""What the one who reverses says of it: the rest of a reversal mirrors what it takes back. Kind -> columns."""
