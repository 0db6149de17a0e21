"""Technicians: the staff number is the key; drafts that named one before they were known are linked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from desktop.actions.import_register import Register
from desktop.actions.import_weighing import Assets, Options, Weighed, content, digest, present_fields, stated
from desktop.formats import technicians
from desktop.formats.cell_codes import same_name
from desktop.formats.reading import Sheet
from desktop.formats.technicians import TechnicianRow
from desktop.ledger.keys import new_key
from desktop.ledger.people import Technician
from desktop.store import records
from desktop.store.database import Connection, Operation
from desktop.store.facts import TECHNICIANS


class _Technicians(Register):
    """New technicians are inserted; known ones are corrected in the columns the file has."""

    facts = TECHNICIANS
    read_rows = staticmethod(technicians.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[TechnicianRow], options: Options) -> Weighed:
        weighed = Weighed()
        present = present_fields(sheet, TechnicianRow)
        known = {t.staff_number: t for t in TECHNICIANS.find(connection)}
        assets = Assets(connection)
        for row in sheet.rows:
            values: dict[str, Any] = content(row, present)
            seen = digest(values)
            old = known.get(row.staff_number)
            if old is not None:
                values = stated(sheet, row.row, values)
            numbers = values.pop("asset_numbers", None)
            if numbers is not None:
                values["instruments"] = tuple(key for number in numbers if (key := assets.key(number)) is not None)
                missing = [number for number in numbers if assets.key(number) is None]
                if missing:
                    weighed.remark(sheet, row.row, "asset_numbers", "ledger_import.technician_instruments", numbers="、".join(missing))
            if "coefficient" in values and values["coefficient"] is None:
                values["coefficient"] = Decimal(1)
            if old is None:
                weighed.settle(None, Technician(id=new_key(), imported=seen, **values))
            elif same_name(old.name) != row.name:
                weighed.refuse(sheet, row.row, "staff_number", "ledger_import.staff_number_taken", number=row.staff_number, name=old.name)
            else:
                weighed.settle(old, replace(old, imported=seen, **values))
        return weighed

    def concerned(self, operation: Operation, weighed: Weighed) -> Sequence[str]:
        connection = operation.connection
        names = Counter(row[0] for row in connection.exec_driver_sql("SELECT name FROM technician"))
        # By name where only one carries it, and by staff number, which wins: a name can look like a number.
        called = {t.name: t.id for t in weighed.new if names[t.name] == 1} | {t.staff_number: t.id for t in weighed.new}
        keys = records.unlinked(connection, called)
        operation.executemany("UPDATE service_record SET operator_id = ? WHERE id = ?", [(called[name], key) for key, name in keys.items()])
        return list(keys)


TECHNICIANS_IMPORT = _Technicians()
