"""Pilot bases and equipment (中试基地、中试设备) entered and corrected, their partners, their open states, and which records they served.

All of it undo takes back. Nothing is deleted but a partner or a mark that was wrong: what ends gets its last day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from desktop.actions.instruments import named as instrument_named
from desktop.actions.workspace import Workspace, now, today
from desktop.ledger.changes import Changes
from desktop.ledger.finding import Finding, finding
from desktop.ledger.keys import new_key
from desktop.ledger.pilot import PilotBase, PilotEquipment, PilotOpenness, PilotPartner, PilotService, open_on
from desktop.ledger.problem import Refused
from desktop.rules import pilot_checks
from desktop.store import pilot as rows
from desktop.store.database import Connection, Operation
from desktop.store.facts import RECORDS
from desktop.store.pilot import BASES, EQUIPMENT, OPENNESS, PARTNERS, SERVICES

_MOMENT = timedelta(milliseconds=1)
_BASE_TEXTS = ("number", "name", "fields", "process", "capacity", "services", "site", "market_how", "contact", "phone")
_EQUIPMENT_TEXTS = ("number", "name", "model", "process", "capacity", "services")


@dataclass(frozen=True, slots=True)
class Entered:
    """What is doubtful about what was kept, and what it wrote."""

    findings: tuple[Finding, ...] = ()
    changes: Changes = field(default_factory=Changes)


def add_base(workspace: Workspace, base: PilotBase) -> Entered:
    """Enter a base. Raises Refused, with nothing written, for a taken number or what ``rules.pilot_checks`` forbids."""
    kept = replace(_tidy_base(base), id=new_key())
    told = _or_refused(pilot_checks.base(kept, today()))
    with workspace.write("pilot base add", params={"number": kept.number}) as operation:
        _free(operation.connection, kept)
        BASES.insert(operation.connection, [kept])
    return Entered(told, operation.changes)


def change_base(workspace: Workspace, number: str, base: PilotBase) -> Entered:
    """Correct a base, or give it its last day. Raises Refused as ``add_base`` does, and for an unknown one."""
    tidy = _tidy_base(base)
    told = _or_refused(pilot_checks.base(tidy, today()))
    with workspace.write("pilot base change", params={"number": tidy.number}) as operation:
        before = base_named(operation.connection, number)
        kept = replace(tidy, id=before.id, imported=before.imported)
        if kept.number != before.number:
            _free(operation.connection, kept)
        BASES.update(operation.connection, [kept])
    return Entered(told, operation.changes)


def add_equipment(workspace: Workspace, equipment: PilotEquipment, base: str = "", asset_number: str = "") -> Entered:
    """Enter equipment, of a base where one is named; ``asset_number`` links it to a set of the register.

    Raises Refused, with nothing written, for a taken number, an unknown base or set, a set that is linked already, or what the checks forbid.
    """
    with workspace.read() as connection:
        secret = _would_hide(connection, equipment, asset_number)
    with workspace.write("pilot equipment add", params={"number": "" if secret else equipment.number.strip()}) as operation:
        kept, told = _equipment(operation, equipment, base, asset_number)
        kept = replace(kept, id=new_key(confidential=_would_hide(operation.connection, equipment, asset_number)))
        _free(operation.connection, kept)
        EQUIPMENT.insert(operation.connection, [kept])
    return Entered(told, operation.changes)


def change_equipment(workspace: Workspace, number: str, equipment: PilotEquipment, base: str = "", asset_number: str = "") -> Entered:
    """Correct equipment, move it to a base or out of one, or give it its last day.

    Raises Refused as ``add_equipment`` does, and for what is confidential and would be so no more, or another set while records were
    served on it.
    """
    with workspace.read() as connection:
        secret = _is_hidden(connection, equipment_named(connection, number).id) or _would_hide(connection, equipment, asset_number)
    with workspace.write("pilot equipment change", params={"number": "" if secret else equipment.number.strip()}) as operation:
        connection = operation.connection
        before = equipment_named(connection, number)
        # One person alone declassifies nothing: a set is reclassified by two, and its equipment with it.
        if _is_hidden(connection, before.id) and not _would_hide(connection, equipment, asset_number):
            raise Refused("pilot.declassify", number=before.number)
        # What remotes hold of a set is asked back with its reclassification, which equipment outside the register does not have.
        if rows.is_sent(connection, before.id) and not _is_hidden(connection, before.id) and not asset_number.strip() and equipment.confidential is not False:
            raise Refused("pilot.sent" if equipment.confidential else "pilot.sent_unsaid", number=before.number)
        kept, told = _equipment(operation, equipment, base, asset_number)
        kept = replace(kept, id=before.id, imported=before.imported)
        if kept.instrument_id != before.instrument_id and SERVICES.find(connection, "equipment_id = ?", (before.id,)):
            raise Refused("pilot.served_on", number=before.number)
        if kept.number != before.number:
            _free(operation.connection, kept)
        EQUIPMENT.update(operation.connection, [kept])
    return Entered(told, operation.changes)


def add_partner(workspace: Workspace, base: str, partner: PilotPartner) -> Entered:
    """Enter a partner of a base, or correct the one of that name. Raises Refused for an unknown base, no name or another kind."""
    kept = replace(partner, name=partner.name.strip(), part=partner.part.strip(), document=partner.document.strip())
    told = _or_refused(pilot_checks.partner(kept))
    with workspace.write("pilot partner add", params={"number": base.strip(), "name": kept.name}) as operation:
        owner = base_named(operation.connection, base)
        before = PARTNERS.one(operation.connection, "base_id = ? AND name = ?", (owner.id, kept.name))
        row = replace(kept, id=before.id if before else new_key(), base_id=owner.id)
        (PARTNERS.update if before else PARTNERS.insert)(operation.connection, [row])
    return Entered(told, operation.changes)


def remove_partner(workspace: Workspace, base: str, name: str) -> Changes:
    """Take a partner off a base; undo brings it back. Raises Refused when there is none of that name."""
    with workspace.write("pilot partner remove", params={"number": base.strip(), "name": name.strip()}) as operation:
        owner = base_named(operation.connection, base)
        there = PARTNERS.one(operation.connection, "base_id = ? AND name = ?", (owner.id, name.strip()))
        if there is None:
            raise Refused("pilot.unknown_partner", number=base.strip(), name=name.strip())
        PARTNERS.delete(operation.connection, [there.id])
    return operation.changes


def say_open(workspace: Workspace, number: str, state: str, reason: str, from_on: date | None = None) -> Entered:
    """Say how open a base or a piece of equipment is from a day on (today when not given); the history keeps every state with its reason.

    ``number`` is that of a base, else of equipment. Raises Refused for an unknown number or state, no reason, or what holds already.
    """
    day = from_on or today()
    params = {"number": number.strip(), "state": f"pilot.state.{state}"}
    with workspace.write("pilot open", reason=reason.strip(), params=params) as operation:
        connection = operation.connection
        of_base, of_equipment = subject(connection, number)
        said = history(connection, of_base, of_equipment)
        holds = open_on(said, day)
        checked = pilot_checks.openness(state, day, reason, today(), holds.state if holds else None, holds.from_on if holds else None)
        told = _or_refused(checked)
        # Whoever says a state has seen those before it: it comes after them also where the clock of another seat goes before.
        at = max([now(), *(one.said_at + _MOMENT for one in said)])
        row = PilotOpenness(
            new_key(confidential=_is_hidden(connection, of_equipment)), of_base, of_equipment, state, day, reason.strip(), workspace.who, at  # type: ignore[arg-type]  # checked above
        )  # fmt: skip
        OPENNESS.insert(connection, [row])
    return Entered(told, operation.changes)


def serve(workspace: Workspace, records: list[str], base: str, equipment: str = "", what: str = "") -> Entered:
    """Say that service records were served by a base, on a piece of its equipment where it is named; a record that was said otherwise is corrected.

    Without equipment that of the record's own set is taken. Raises Refused with nothing written: an unknown record, base or
    equipment, equipment of another base or another set, a confidential record.
    """
    params = {"number": base.strip(), "n": str(len(records))}
    with workspace.write("pilot serve", params=params) as operation:
        connection = operation.connection
        owner = base_named(connection, base)
        named = equipment_named(connection, equipment) if equipment.strip() else None
        if named is not None and named.base_id != owner.id:
            raise Refused("pilot.other_base", equipment=named.number, number=owner.number)
        own = {one.instrument_id: one for one in EQUIPMENT.find(connection, "base_id = ? AND instrument_id IS NOT NULL", (owner.id,))}
        told = []
        for number in dict.fromkeys(one.strip() for one in records):
            record = RECORDS.one(connection, "number = ?", (number,))
            if record is None:
                raise Refused("pilot.unknown_record", record=number)
            if record.confidential or _is_secret_set(connection, record.instrument_id):
                raise Refused("pilot.confidential_record", record=number)
            piece = named or own.get(record.instrument_id)
            if piece is not None and piece.instrument_id not in (None, record.instrument_id):
                raise Refused("pilot.other_set", record=number, equipment=piece.number)
            before = SERVICES.one(connection, "record_id = ?", (record.id,))
            if piece is None and before is not None and before.base_id == owner.id and before.equipment_id is not None:
                piece = EQUIPMENT.get(connection, before.equipment_id)  # only the words are corrected
            if before is not None and before.base_id != owner.id:
                left = BASES.get(connection, before.base_id)
                told.append(
                    finding("pilot.served_elsewhere", "warning", kind="service_record", key=record.id, record=number, number=owner.number,
                            before=left.number if left else before.base_id)
                )  # fmt: skip
            if piece is None:
                told.append(finding("pilot.no_equipment_of_record", "warning", kind="service_record", key=record.id, record=number, number=owner.number))
            key = before.id if before else new_key(confidential=piece is not None and _is_hidden(connection, piece.id))
            row = PilotService(key, record.id, owner.id, piece.id if piece else None, what.strip())
            (SERVICES.update if before else SERVICES.insert)(connection, [row])
    return Entered(tuple(told), operation.changes)


def serve_not(workspace: Workspace, record: str) -> Changes:
    """Take back that a record was a pilot service. Raises Refused when it was not said to be one."""
    with workspace.write("pilot serve not", params={"record": record.strip()}) as operation:
        found = RECORDS.one(operation.connection, "number = ?", (record.strip(),))
        said = SERVICES.one(operation.connection, "record_id = ?", (found.id,)) if found else None
        if said is None:
            raise Refused("pilot.not_served", record=record.strip())
        SERVICES.delete(operation.connection, [said.id])
    return operation.changes


def base_named(connection: Connection, number: str) -> PilotBase:
    """The base of a number. Raises Refused when there is none."""
    found = BASES.one(connection, "number = ?", (number.strip(),))
    if found is None:
        raise Refused("pilot.unknown_base", number=number.strip())
    return found


def equipment_named(connection: Connection, number: str) -> PilotEquipment:
    """The equipment of a number. Raises Refused when there is none."""
    found = EQUIPMENT.one(connection, "number = ?", (number.strip(),))
    if found is None:
        raise Refused("pilot.unknown_equipment", number=number.strip())
    return found


def subject(connection: Connection, number: str) -> tuple[str | None, str | None]:
    """The key of the base of a number, else of the equipment; the other is None. Raises Refused when neither is there."""
    base = BASES.one(connection, "number = ?", (number.strip(),))
    if base is not None:
        return base.id, None
    piece = EQUIPMENT.one(connection, "number = ?", (number.strip(),))
    if piece is None:
        raise Refused("pilot.unknown_subject", number=number.strip())
    return None, piece.id


def history(connection: Connection, base_id: str | None, equipment_id: str | None) -> list[PilotOpenness]:
    """What was said of one, in the order it was said, at whatever seat."""
    found = OPENNESS.find(connection, "base_id IS ? AND equipment_id IS ?", (base_id, equipment_id))
    return sorted(found, key=lambda one: (one.said_at, one.id))


def _equipment(operation: Operation, typed: PilotEquipment, base: str, asset_number: str) -> tuple[PilotEquipment, tuple[Finding, ...]]:
    connection = operation.connection
    texts = {name: str(getattr(typed, name)).strip() for name in _EQUIPMENT_TEXTS}
    owner = base_named(connection, base) if base.strip() else None
    of_set = instrument_named(connection, asset_number.strip()) if asset_number.strip() else None
    kept = replace(typed, base_id=owner.id if owner else None, instrument_id=of_set.id if of_set else None, **texts)  # type: ignore[arg-type]  # texts all
    return kept, _or_refused(pilot_checks.equipment(kept, today()))


def _free(connection: Connection, one: PilotBase | PilotEquipment) -> None:
    """Refused when a base or equipment has the number: both are named by it where an open state is said."""
    taken = BASES.one(connection, "number = ?", (one.number,)) or EQUIPMENT.one(connection, "number = ?", (one.number,))
    if taken is not None:
        raise Refused("pilot.taken", number=one.number, name=taken.name)


def _tidy_base(base: PilotBase) -> PilotBase:
    return replace(base, **{name: str(getattr(base, name)).strip() for name in _BASE_TEXTS})  # type: ignore[arg-type]  # texts all


def _is_hidden(connection: Connection, equipment_id: str | None) -> bool:
    return equipment_id is not None and any(one.confidential for one in rows.equipped(connection, "id = ?", (equipment_id,)))


def _would_hide(connection: Connection, typed: PilotEquipment, asset_number: str) -> bool:
    """Whether equipment as it is typed would be confidential: of a set the register decides, else what is stated."""
    if not asset_number.strip():
        return bool(typed.confidential)
    return bool(connection.exec_driver_sql("SELECT confidential FROM instrument WHERE asset_number = ?", (asset_number.strip(),)).scalar())


def _is_secret_set(connection: Connection, instrument_id: str) -> bool:
    return bool(connection.exec_driver_sql("SELECT confidential FROM instrument WHERE id = ?", (instrument_id,)).scalar())


def _or_refused(told: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is only doubtful, when nothing forbids it."""
    wrong = tuple(one for one in told if one.severity == "error")
    if wrong:
        raise Refused(wrong[0].code, findings=told, **dict(wrong[0].params))
    return told
