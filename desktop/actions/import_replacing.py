"""Rows of a file whose record was reversed: the number stays as history, a corrected row becomes the record's linked replacement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from desktop.actions.import_weighing import Weighed
from desktop.formats.reading import Sheet
from desktop.formats.service_records import ServiceRecordRow
from desktop.ledger.keys import new_key
from desktop.ledger.service_record import ServiceRecord
from desktop.store import records
from desktop.store.database import Connection

REPLACING = "replacing"
"""In ``Weighed.extra``: the row of the file and the new record it becomes, for each row that replaces a reversed record."""
# What a link or the way of keeping a row changes is no other content.
_NOT_SAID = frozenset({"customer_id", "operator_id", "confidential", "long_reason", "imported"})


@dataclass(frozen=True, slots=True)
class ReversedRow:
    """A row under the number of a reversed record: ``values`` as a record keeps them."""

    row: ServiceRecordRow
    values: Mapping[str, Any]

    def says(self, record: ServiceRecord) -> bool:
        """Whether a record came from this very row, or says the same."""
        if record.imported == self.values["imported"]:
            return True
        return all(getattr(record, name) == value for name, value in self.values.items() if name not in {*_NOT_SAID, "number"})


def weigh(connection: Connection, sheet: Sheet[ServiceRecordRow], rows: Sequence[ReversedRow], weighed: Weighed) -> None:
    """Decide about each such row; what it becomes is told as a note, what it cannot become refuses it."""
    chains = records.chains(connection, [one.row.number for one in rows])
    in_file = {row.number for row in sheet.rows}
    given = set(in_file)
    for one in rows:
        row, number = one.row.row, one.row.number
        chain = chains[number]
        last = chain[-1]
        alike = next((record for record in reversed(chain) if one.says(record)), None)
        if alike is not None:
            weighed.unchanged += 1
            if last.state == "reversed":
                weighed.remark(sheet, row, "number", "ledger_import.reversed_same", "note", number=last.number)
        elif last.number != number and last.number in in_file:
            weighed.refuse(sheet, row, "number", "ledger_import.replacement_here", number=number, by=last.number)
        elif last.state == "posted":
            weighed.refuse(sheet, row, "number", "ledger_import.replacement_posted", number=number, by=last.number)
        elif last.state == "draft":
            weighed.changed.append(replace(last, **{**one.values, "number": last.number}))
            weighed.n_accepted += 1
            weighed.remark(sheet, row, "number", "ledger_import.replacement_changed", "note", number=number, by=last.number)
        else:
            free = records.successor_number(connection, last.number, given)
            given.add(free)
            key = new_key(confidential=one.values["confidential"])
            # What the file has no column for is what the record said.
            new = replace(last, **{**one.values, "id": key, "number": free, "state": "draft", "replaces": last.id})
            weighed.new.append(new)
            weighed.extra.setdefault(REPLACING, []).append((row, new))
            weighed.n_accepted += 1
            weighed.remark(sheet, row, "number", "ledger_import.replaces", "note", number=last.number, by=free)
