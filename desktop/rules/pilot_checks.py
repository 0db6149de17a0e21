"""What is wrong or doubtful about what is entered of pilot bases and equipment. Pure checks; errors forbid, the rest is told."""

from __future__ import annotations

from datetime import date

from desktop.ledger.finding import Finding, finding
from desktop.ledger.pilot import OPENNESS, PARTNER_KINDS, PilotBase, PilotEquipment, PilotPartner


def base(one: PilotBase, today: date) -> tuple[Finding, ...]:
    """A base as it is typed; days in Asia/Shanghai."""
    told = _named(one.number, one.name)
    if one.started_on is None:
        told.append(finding("pilot.no_start", "note", field="started_on"))
    elif one.started_on > today:
        told.append(finding("pilot.start_ahead", field="started_on", day=one.started_on))
    if one.retired_on is not None and one.started_on is not None and one.retired_on < one.started_on:
        told.append(finding("pilot.ends_before", field="retired_on", day=one.retired_on))
    if one.market and not one.market_how.strip():
        told.append(finding("pilot.no_market_how", "warning", field="market_how"))
    told += [finding("pilot.not_described", "note", field=name) for name in ("process", "capacity", "services") if not getattr(one, name).strip()]
    return tuple(told)


def equipment(one: PilotEquipment, today: date) -> tuple[Finding, ...]:
    """Equipment as it is typed. What the register says of a linked set is not entered again."""
    told = _named(one.number, one.name)
    if one.instrument_id is None:
        if one.value_fen is None:
            told.append(finding("pilot.no_value", "warning", field="value_fen"))
        elif one.value_fen < 0:
            told.append(finding("pilot.negative", field="value_fen"))
        if one.accepted_on is not None and one.accepted_on > today:
            told.append(finding("pilot.accepted_ahead", "warning", field="accepted_on", day=one.accepted_on))
        if one.confidential is None:
            told.append(finding("pilot.secrecy_not_stated", "warning", field="confidential"))
    elif one.value_fen is not None or one.accepted_on is not None or one.confidential is not None or one.model:
        told.append(finding("pilot.said_by_register", field="instrument"))
    if one.retired_on is not None and one.accepted_on is not None and one.retired_on < one.accepted_on:
        told.append(finding("pilot.ends_before", field="retired_on", day=one.retired_on))
    return tuple(told)


def partner(one: PilotPartner) -> tuple[Finding, ...]:
    """A partner of a base: a name, one of the kinds, and what they bring."""
    told = []
    if not one.name.strip():
        told.append(finding("pilot.no_partner", field="name"))
    if one.kind not in PARTNER_KINDS:
        told.append(finding("pilot.partner_kind", field="kind", given=one.kind, kinds="|".join(PARTNER_KINDS)))
    if not one.document.strip():
        told.append(finding("pilot.no_document_of_partner", "warning", field="document"))
    return tuple(told)


def openness(state: str, from_on: date, reason: str, today: date, holds: str | None, holds_from: date | None = None) -> tuple[Finding, ...]:
    """An open state that is said; ``holds`` is what holds on ``from_on`` by now, said for ``holds_from``."""
    told = []
    if state not in OPENNESS:
        told.append(finding("pilot.openness_unknown", field="state", state=state, states="|".join(OPENNESS)))
    if not reason.strip():
        told.append(finding("pilot.no_reason", field="reason"))
    if from_on > today:
        told.append(finding("pilot.openness_ahead", "note", field="from_on", day=from_on))
    if state == holds and from_on != holds_from:
        told.append(finding("pilot.openness_same", field="state", state=f"pilot.state.{state}"))
    return tuple(told)


def _named(number: str, name: str) -> list[Finding]:
    told = []
    if not number.strip():
        told.append(finding("pilot.no_number", field="number"))
    if not name.strip():
        told.append(finding("pilot.no_name", field="name"))
    return told
