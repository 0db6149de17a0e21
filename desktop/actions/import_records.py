"""Service records: the record number is the key; what the ledger does not know becomes a problem, not a silent zero."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from desktop.actions import import_replacing, judging
from desktop.actions.import_register import Unasked
from desktop.actions.import_replacing import ReversedRow
from desktop.actions.import_weighing import Assets, Options, Weighed, content, digest, present_fields, stated
from desktop.formats import service_records
from desktop.formats.cell_codes import same_name
from desktop.formats.reading import Sheet
from desktop.formats.service_records import ServiceRecordRow
from desktop.ledger.keys import new_key
from desktop.ledger.service_record import ServiceRecord
from desktop.store import records
from desktop.store.database import Connection, Operation
from desktop.store.facts import RECORDS

_LONG = 24 * 60
_ALWAYS = ("minutes", "derived", "ended_at")


class _Records(Unasked):
    """New records become drafts; known drafts are corrected; a posted record never changes, a reversed one gets a replacement."""

    read_rows = staticmethod(service_records.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[ServiceRecordRow], options: Options) -> Weighed:
        weighed = Weighed()
        asked = ("urgent_said",) if sheet.table.column("urgent") else ()
        present = present_fields(sheet, ServiceRecordRow, (*_ALWAYS, *asked))
        assets = Assets(connection)
        customers = _customers(connection)
        operators = _operators(connection)
        known = {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql("SELECT number, imported, state FROM service_record")}
        drafts: dict[str, dict[str, Any]] = {}
        reversed_rows: list[ReversedRow] = []
        for row in sheet.rows:
            values: dict[str, Any] = content(row, present)
            seen = digest(values)
            instrument_id = assets.key(row.asset_number)
            if instrument_id is None:
                assets.refuse(weighed, sheet, row.row, row.asset_number)
                continue
            imported, state = known.get(row.number, ("", ""))
            if imported == seen and state != "reversed":
                weighed.unchanged += 1
                continue
            if state == "posted":
                weighed.refuse(sheet, row.row, "number", "ledger_import.posted", number=row.number)
                continue
            for name in ("asset_number", "instrument_name"):
                values.pop(name, None)
            if "urgent" in values:
                values["urgent"] = bool(row.urgent)
            if row.minutes > _LONG and row.note:
                values["long_reason"] = row.note
            customer_id, values["customer_name"] = customers.get(row.customer_name, (None, row.customer_name))
            values |= {
                "instrument_id": instrument_id,
                "confidential": assets.secret(row.asset_number),
                "customer_id": customer_id,
                "operator_id": operators.get(row.operator_name),
                "imported": seen,
            }
            if state == "reversed":
                reversed_rows.append(ReversedRow(row, values))
                continue
            if state:
                unread = sheet.unread.get(row.row, ())
                values = stated(sheet, row.row, values)
                for name, key in (("customer_name", "customer_id"), ("operator_name", "operator_id")):
                    if name in unread:
                        del values[key]
                drafts[row.number] = values
            else:
                weighed.new.append(ServiceRecord(id=new_key(confidential=values["confidential"]), **values))
            weighed.n_accepted += 1
        weighed.changed = [replace(old, **drafts[number]) for number, old in records.by_numbers(connection, drafts).items()]
        import_replacing.weigh(connection, sheet, reversed_rows, weighed)
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        connection = operation.connection
        before = judging.neighbours(connection, [r.id for r in weighed.changed]) if weighed.changed else []
        RECORDS.insert(connection, weighed.new)
        RECORDS.update(connection, weighed.changed)
        stored = [*weighed.new, *weighed.changed]
        around = judging.neighbours(connection, [r.id for r in stored]) if len(stored) < 2_000 else None
        judging.recheck(operation, None if around is None else sorted({*before, *around}), stored)


def _customers(connection: Connection) -> dict[str, tuple[str, str]]:
    """Name in the form of files -> key and the ledger's own writing of it, which wins where both are some customer's."""
    rows = connection.exec_driver_sql("SELECT name, id FROM customer").all()
    return {same_name(name): (key, name) for name, key in rows} | {name: (key, name) for name, key in rows}


def _operators(connection: Connection) -> dict[str, str]:
    """Name or staff number -> technician; a name that two carry decides nothing."""
    sql = "SELECT staff_number, name, id FROM technician WHERE active = 1"
    rows = [(same_name(number), same_name(name), key) for number, name, key in connection.exec_driver_sql(sql)]
    names = Counter(row[1] for row in rows)
    found = {row[1]: row[2] for row in rows if names[row[1]] == 1}
    return found | {row[0]: row[2] for row in rows}


RECORDS_IMPORT = _Records()
