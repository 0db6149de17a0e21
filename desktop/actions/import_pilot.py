"""Pilot bases and equipment from files: the number is the key; what ``rules.pilot_checks`` forbids by hand is refused here too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from desktop.actions.day import today
from desktop.actions.import_register import Register
from desktop.actions.import_weighing import Assets, Options, Weighed, content, digest, present_fields, stated
from desktop.formats import pilot_bases, pilot_equipment
from desktop.formats.pilot_bases import BaseRow
from desktop.formats.pilot_equipment import PieceRow
from desktop.formats.reading import Sheet
from desktop.ledger.finding import Finding
from desktop.ledger.keys import new_key
from desktop.ledger.pilot import PilotBase, PilotEquipment
from desktop.rules import pilot_checks
from desktop.store.database import Connection, Operation
from desktop.store.pilot import BASES, EQUIPMENT, is_sent


class _Bases(Register):
    """New bases are inserted; known ones are corrected in the columns the file has."""

    facts = BASES
    read_rows = staticmethod(pilot_bases.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[BaseRow], options: Options) -> Weighed:
        weighed = Weighed()
        present = present_fields(sheet, BaseRow)
        known = {one.number: one for one in BASES.find(connection)}
        others = {one.number for one in EQUIPMENT.find(connection)}
        for row in sheet.rows:
            values = content(row, present)
            seen = digest(values)
            old = known.get(row.number)
            if row.number in others:
                weighed.refuse(sheet, row.row, "number", "ledger_import.pilot_taken", number=row.number)
                continue
            if old is not None and old.imported == seen:
                weighed.unchanged += 1
                continue
            new = replace(old, imported=seen, **stated(sheet, row.row, values)) if old else PilotBase(id=new_key(), imported=seen, **values)
            if _allowed(weighed, sheet, row.row, pilot_checks.base(new, today())):
                weighed.settle(old, new)
        return weighed

    def concerned(self, operation: Operation, weighed: Weighed) -> Sequence[str]:
        return ()


class _Equipment(Register):
    """New equipment is inserted; what is known is corrected in the columns the file has. Base and set must be known already."""

    facts = EQUIPMENT
    read_rows = staticmethod(pilot_equipment.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[PieceRow], options: Options) -> Weighed:
        weighed = Weighed()
        present = present_fields(sheet, PieceRow, ("confidential",) if sheet.table.column(pilot_equipment.LEVEL) else ())
        known = {one.number: one for one in EQUIPMENT.find(connection)}
        linked = {one.instrument_id: one.number for one in known.values() if one.instrument_id}
        bases = {one.number: one.id for one in BASES.find(connection)}
        assets = Assets(connection)
        hidden = {row[0] for row in connection.exec_driver_sql("SELECT id FROM instrument WHERE confidential = 1")}
        served = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT equipment_id FROM pilot_service")}

        def secret_now(one: PilotEquipment) -> bool:
            return one.instrument_id in hidden if one.instrument_id else bool(one.confidential)

        for row in sheet.rows:
            values: dict[str, Any] = content(row, present)
            seen = digest(values)
            old = known.get(row.number)
            base, asset = values.pop("base", None), values.pop("asset_number", None)
            if old is not None and old.imported == seen:
                weighed.unchanged += 1
                continue
            if row.number in bases:
                weighed.refuse(sheet, row.row, "number", "ledger_import.pilot_taken", number=row.number)
                continue
            if base and base not in bases:
                weighed.refuse(sheet, row.row, "base", "ledger_import.pilot_base_unknown", number=base)
                continue
            if base is not None and "base" not in sheet.unread.get(row.row, ()):
                values["base_id"] = bases.get(base)
            if asset:
                key = assets.key(asset)
                if key is None:
                    assets.refuse(weighed, sheet, row.row, asset)
                    continue
                if linked.get(key, row.number) != row.number:
                    weighed.refuse(sheet, row.row, "asset_number", "ledger_import.pilot_linked", asset_number=asset, number=linked[key])
                    continue
                values["instrument_id"] = key
            elif asset is not None:
                values["instrument_id"] = None
            new = replace(old, imported=seen, **stated(sheet, row.row, values)) if old else PilotEquipment(id="", imported=seen, **values)
            if old is not None and secret_now(old) and not secret_now(new):
                weighed.refuse(sheet, row.row, "confidential", "ledger_import.declassify", asset_number=row.number)
                continue
            if old is not None and new.instrument_id is None and new.confidential is not False and not secret_now(old) and is_sent(connection, old.id):
                weighed.refuse(sheet, row.row, "confidential", "pilot.sent" if new.confidential else "pilot.sent_unsaid", number=row.number)
                continue
            if old is not None and old.instrument_id != new.instrument_id and old.id in served:
                weighed.refuse(sheet, row.row, "asset_number", "pilot.served_on", number=row.number)
                continue
            if old is None:
                new = replace(new, id=new_key(confidential=secret_now(new)))
            if _allowed(weighed, sheet, row.row, pilot_checks.equipment(new, today())):
                if new.instrument_id:
                    linked[new.instrument_id] = row.number
                weighed.settle(old, new)
        return weighed

    def concerned(self, operation: Operation, weighed: Weighed) -> Sequence[str]:
        return ()


def _allowed(weighed: Weighed, sheet: Sheet[Any], row: int, told: tuple[Finding, ...]) -> bool:
    """Whether nothing forbids a row; what is doubtful about it is remarked."""
    for one in told:
        if one.severity == "error":
            weighed.refuse(sheet, row, one.field, one.code, **dict(one.params))
            return False
    for one in told:
        if one.severity == "warning":
            weighed.remark(sheet, row, one.field, one.code, "warning", **dict(one.params))
    return True


PILOT_BASES_IMPORT = _Bases()
PILOT_EQUIPMENT_IMPORT = _Equipment()
