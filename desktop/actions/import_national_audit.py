"""What the national platform's audit says of sets and service records, from files: one row a sighting; each is kept, none is overwritten."""

from __future__ import annotations

from dataclasses import replace

from desktop.actions.import_register import Unasked
from desktop.actions.import_weighing import Options, Weighed
from desktop.actions.national_audit import Board, Seen
from desktop.actions.workspace import today
from desktop.formats import national_audit as files
from desktop.formats import national_soap
from desktop.formats.national_audit import NationalAuditRow
from desktop.formats.reading import Sheet
from desktop.ledger.finding import Cell
from desktop.store.database import Connection, Operation
from desktop.store.national_messages import AUDITS

_FIELDS = {"national_audit.ahead": "seen_on", "national_audit.before": "seen_on", "national_audit.no_reason": "reason", "national_audit.too_long": "reason"}


class _NationalAudits(Unasked):
    """See the module's head."""

    read_rows = staticmethod(files.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[NationalAuditRow], options: Options) -> Weighed:
        weighed, board, day = Weighed(), Board(connection), today()
        for row in sheet.rows:
            of = "record_number" if row.record_number else "asset_number"
            owner = board.set_of(row.record_number) if row.record_number else None
            if row.asset_number and owner not in (None, row.asset_number):
                weighed.refuse(sheet, row.row, "asset_number", "national_audit.other_set", number=row.record_number, shown=row.asset_number, owner=owner)
                continue
            kind = national_soap.SERVICE if row.record_number else national_soap.INSTRUMENT
            made, fault = board.judge(Seen(kind, getattr(row, of), row.state, row.seen_on, row.reason), day)
            if fault is not None:
                column = sheet.table.column(_FIELDS.get(fault.code, of))
                weighed.refused.add(row.row)
                weighed.findings.append(replace(fault, cell=Cell(sheet.table.sheet, row.row, column.header if column else "")))
            elif made is None:
                weighed.unchanged += 1
            else:
                weighed.new.append(made)
                weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        AUDITS.insert(operation.connection, [replace(one, by=operation.who) for one in weighed.new])


NATIONAL_AUDITS_IMPORT = _NationalAudits()
