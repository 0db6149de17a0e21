"""Pilot bases (中试基地) and pilot equipment (中试设备): who builds them, what they can do, whether they are open, what they have served."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Openness = Literal["open", "limited", "paused", "closed"]
OPENNESS: tuple[Openness, ...] = ("open", "limited", "paused", "closed")

PartnerKind = Literal["park", "college", "institute", "company", "other"]
PARTNER_KINDS: tuple[PartnerKind, ...] = ("park", "college", "institute", "company", "other")


@dataclass(frozen=True, slots=True)
class PilotBase:
    """One base. ``fields`` are the industries it serves, ``process`` what it can do (工艺), ``capacity`` how much (中试能力).

    ``started_on`` is the day it began to operate; ``market`` whether it is built by way of the market (市场化方式), None: not stated,
    with ``market_how`` in words. ``retired_on`` is the first day it is no longer a base; it stays in the ledger.
    """

    id: str
    number: str
    name: str
    fields: str = ""
    process: str = ""
    capacity: str = ""
    services: str = ""
    site: str = ""
    started_on: date | None = None
    market: bool | None = None
    market_how: str = ""
    contact: str = ""
    phone: str = ""
    retired_on: date | None = None
    imported: str = ""


@dataclass(frozen=True, slots=True)
class PilotPartner:
    """One who builds a base with the institution (共建方): ``part`` is what they bring, ``document`` the paper it stands on."""

    id: str
    base_id: str
    name: str
    kind: PartnerKind
    part: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class PilotEquipment:
    """One piece or line. A set of the register (``instrument_id``) has its value, day and confidentiality there; else they stand here.

    ``value_fen`` is the original value, None: unknown; ``confidential`` None: not stated. ``base_id`` None: it belongs to no base.
    ``retired_on`` is the first day it is no longer in service.
    """

    id: str
    number: str
    name: str
    base_id: str | None = None
    instrument_id: str | None = None
    model: str = ""
    value_fen: int | None = None
    accepted_on: date | None = None
    process: str = ""
    capacity: str = ""
    services: str = ""
    confidential: bool | None = None
    retired_on: date | None = None
    imported: str = ""


@dataclass(frozen=True, slots=True)
class PilotOpenness:
    """From ``from_on`` on, a base or a piece of equipment (one of the two keys) is so open, for a reason; ``said_at`` is UTC without zone."""

    id: str
    base_id: str | None
    equipment_id: str | None
    state: Openness
    from_on: date
    reason: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class PilotService:
    """A service record that was served by a base, on one piece of equipment where it is stated; ``what`` is the pilot service in words."""

    id: str
    record_id: str
    base_id: str
    equipment_id: str | None = None
    what: str = ""


def open_on(history: Iterable[PilotOpenness], day: date) -> PilotOpenness | None:
    """What holds on a day; None: nothing was said for it. Of several from one day what was said last holds, at every seat the same."""
    return max((one for one in history if one.from_on <= day), key=_place, default=None)


def contradicted(history: Iterable[PilotOpenness], holds: PilotOpenness | None) -> PilotOpenness | None:
    """What another person said for the very day, of another state, just before what holds; None: nobody did. Who says the state that holds
    once more has settled it."""
    of_day = [] if holds is None else sorted((one for one in history if one.from_on == holds.from_on), key=_place)
    before = of_day[of_day.index(holds) - 1] if holds in of_day[1:] else None
    return before if before is not None and holds is not None and before.state != holds.state and before.said_by != holds.said_by else None


def _place(one: PilotOpenness) -> tuple[date, datetime, str]:
    return one.from_on, one.said_at, one.id
