"""What the national platform asks of services, from files: one row a record; an empty cell leaves what is stated as it is, 无 takes it away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.actions import national_stated
from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Options, Weighed
from desktop.formats import national_stated as files
from desktop.formats.national_stated import NationalServiceRow
from desktop.formats.reading import Sheet
from desktop.ledger.keys import new_key
from desktop.ledger.national_service import NationalService
from desktop.store import national_stated as rows
from desktop.store.database import Connection, Operation
from desktop.store.facts import RECORDS


class _NationalServices(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[NationalServiceRow], options: Options) -> Weighed:
        weighed = Weighed()
        records = {one.number: one for one in RECORDS.find(connection)}
        known = rows.of_records(connection, (records[row.number].id for row in sheet.rows if row.number in records))
        for row in sheet.rows:
            record = records.get(row.number)
            if record is None:
                weighed.refuse(sheet, row.row, "number", "record.unknown", number=row.number)
                continue
            fault = national_stated.refusal(connection, record)
            if fault is not None:
                weighed.refuse(sheet, row.row, "number", fault, number=record.number)
                continue
            wrong = national_stated.entry_refusal(row.given)
            if wrong is not None:
                weighed.refuse(sheet, row.row, _field(wrong[1]), wrong[0], **wrong[1])
                continue
            old = known.get(record.id)
            before = old or NationalService("", record.id)
            made = replace(before, **row.given)
            if made == before:
                weighed.unchanged += 1
                continue
            if old is not None and old.record_id == record.id:
                weighed.changed.append(made)
            else:
                weighed.new.append(replace(made, id=new_key(), record_id=record.id))
            weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        rows.SERVICES.insert(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.new])
        rows.SERVICES.update(operation.connection, [replace(one, noted_by=operation.who) for one in weighed.changed])


def _field(params: dict[str, Any]) -> str:
    return str(params["column"]).rpartition(".")[2]


NATIONAL_SERVICES_IMPORT = _NationalServices()
