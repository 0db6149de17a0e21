"""Service records: the record number is the key; what the ledger does not know becomes a problem, not a silent zero."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from desktop.actions import judging
from desktop.actions.import_weighing import Options, Weighed, content, digest, present_fields
from desktop.formats import service_records
from desktop.formats.reading import Sheet
from desktop.formats.service_records import ServiceRecordRow
from desktop.ledger.keys import new_key
from desktop.ledger.service_record import ServiceRecord
from desktop.store import records
from desktop.store.database import Connection, Operation
from desktop.store.facts import RECORDS

_LONG = 24 * 60
_ALWAYS = ("minutes", "derived", "ended_at")


class _Records:
    """New records become drafts; known drafts are corrected; a posted record never changes."""

    read_rows = staticmethod(service_records.read_rows)

    def options(self, sheet: Sheet[ServiceRecordRow], options: Options) -> Options:
        return options

    def weigh(self, connection: Connection, sheet: Sheet[ServiceRecordRow], options: Options) -> Weighed:
        weighed = Weighed()
        asked = ("urgent_said",) if sheet.table.column("urgent") else ()
        present = present_fields(sheet, ServiceRecordRow, (*_ALWAYS, *asked))
        instruments = {row[0]: (row[1], bool(row[2])) for row in connection.exec_driver_sql("SELECT asset_number, id, confidential FROM instrument")}
        customers = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT name, id FROM customer")}
        operators = _operators(connection)
        known = {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql("SELECT number, imported, state FROM service_record")}
        drafts: dict[str, dict[str, Any]] = {}
        for row in sheet.rows:
            values: dict[str, Any] = content(row, present)
            seen = digest(values)
            found = instruments.get(row.asset_number)
            if found is None:
                weighed.refuse(sheet, row.row, "asset_number", "ledger_import.unknown_instrument", number=row.asset_number)
                continue
            imported, state = known.get(row.number, ("", ""))
            if imported == seen:
                weighed.unchanged += 1
                continue
            if state in ("posted", "reversed"):
                weighed.refuse(sheet, row.row, "number", "ledger_import.posted", number=row.number)
                continue
            for name in ("asset_number", "instrument_name"):
                values.pop(name, None)
            if "urgent" in values:
                values["urgent"] = bool(row.urgent)
            if row.minutes > _LONG and row.note:
                values["long_reason"] = row.note
            values |= {
                "instrument_id": found[0],
                "confidential": found[1],
                "customer_id": customers.get(row.customer_name),
                "operator_id": operators.get(row.operator_name),
                "imported": seen,
            }
            if state:
                drafts[row.number] = values
            else:
                weighed.new.append(ServiceRecord(id=new_key(confidential=found[1]), **values))
            weighed.n_accepted += 1
        weighed.changed = [replace(old, **drafts[number]) for number, old in records.by_numbers(connection, drafts).items()]
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        connection = operation.connection
        before = judging.neighbours(connection, [r.id for r in weighed.changed]) if weighed.changed else []
        RECORDS.insert(connection, weighed.new)
        RECORDS.update(connection, weighed.changed)
        stored = [*weighed.new, *weighed.changed]
        around = judging.neighbours(connection, [r.id for r in stored]) if len(stored) < 2_000 else None
        judging.recheck(operation, None if around is None else sorted({*before, *around}), stored)


def _operators(connection: Connection) -> dict[str, str]:
    """Name or staff number -> technician; a name that two carry decides nothing."""
    rows = connection.exec_driver_sql("SELECT staff_number, name, id FROM technician WHERE active = 1").all()
    names = Counter(row[1] for row in rows)
    found = {row[1]: row[2] for row in rows if names[row[1]] == 1}
    return found | {row[0]: row[2] for row in rows}


RECORDS_IMPORT = _Records()
