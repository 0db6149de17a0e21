"""Pilot bases and equipment as forms hold them: judged while they are typed, made into the facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desktop.actions.workspace import today
from desktop.ledger.finding import Finding
from desktop.ledger.pilot import PilotBase, PilotEquipment
from desktop.rules import pilot_checks

BASE_TEXTS = ("number", "name", "fields", "process", "capacity", "services", "site", "market_how", "contact", "phone")
EQUIPMENT_TEXTS = ("number", "name", "model", "process", "capacity", "services")
SAID: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
"""How a form holds what may be yes, no or not stated."""


def said(value: bool | None) -> str:
    """The key of SAID for a value."""
    return next(key for key, each in SAID.items() if each is value)


def base_draft(base: PilotBase) -> dict[str, Any]:
    """A base as a form shows it, by field."""
    return {name: getattr(base, name) for name in (*BASE_TEXTS, "started_on", "retired_on")} | {"market": said(base.market)}


def base_of(draft: Mapping[str, Any]) -> PilotBase:
    """The base a form holds; what is empty is empty."""
    texts = {name: str(draft.get(name) or "") for name in BASE_TEXTS}
    return PilotBase(
        "", started_on=_day(draft.get("started_on")), market=SAID.get(str(draft.get("market"))), retired_on=_day(draft.get("retired_on")), **texts
    )


def check_base(draft: Mapping[str, Any]) -> list[Finding]:
    """What is doubtful about a base while it is typed; that something required is empty the form says itself."""
    return [one for one in pilot_checks.base(base_of(draft), today()) if one.code not in ("pilot.no_number", "pilot.no_name", "pilot.not_described")]


def equipment_draft(equipment: PilotEquipment, base: str, asset_number: str) -> dict[str, Any]:
    """Equipment as a form shows it, by field."""
    names = (*EQUIPMENT_TEXTS, "value_fen", "accepted_on", "retired_on")
    told = {name: getattr(equipment, name) for name in names}
    return told | {"base": base or None, "asset": asset_number, "confidential": said(equipment.confidential)}


def equipment_of(draft: Mapping[str, Any]) -> PilotEquipment:
    """The equipment a form holds, without base and set, which it names by number."""
    texts = {name: str(draft.get(name) or "") for name in EQUIPMENT_TEXTS}
    return PilotEquipment(
        "", instrument_id="register" if str(draft.get("asset") or "").strip() else None, value_fen=draft.get("value_fen"),
        accepted_on=_day(draft.get("accepted_on")), retired_on=_day(draft.get("retired_on")),
        confidential=SAID.get(str(draft.get("confidential"))), **texts,
    )  # fmt: skip


def check_equipment(draft: Mapping[str, Any]) -> list[Finding]:
    """What is doubtful about equipment while it is typed."""
    return [one for one in pilot_checks.equipment(equipment_of(draft), today()) if one.code not in ("pilot.no_number", "pilot.no_name")]


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
