"""Customers: the name is the key; drafts that named one before it was known are linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop.actions.import_register import Register
from desktop.actions.import_weighing import Options, Weighed, content, digest, present_fields, stated
from desktop.formats import customers
from desktop.formats.cell_codes import same_name
from desktop.formats.customers import CustomerRow
from desktop.formats.reading import Sheet
from desktop.ledger.customer import Customer
from desktop.ledger.keys import new_key
from desktop.store import records
from desktop.store.database import Connection, Operation
from desktop.store.facts import CUSTOMERS


class _Customers(Register):
    """New customers are inserted; known ones are corrected in the columns the file has."""

    facts = CUSTOMERS
    read_rows = staticmethod(customers.read_rows)

    def weigh(self, connection: Connection, sheet: Sheet[CustomerRow], options: Options) -> Weighed:
        weighed = Weighed()
        present = present_fields(sheet, CustomerRow, ("internal",))
        there = CUSTOMERS.find(connection)
        known = {same_name(c.name): c for c in there} | {c.name: c for c in there}
        codes = {c.uscc: c for c in there if c.uscc}
        for row in sheet.rows:
            values = content(row, present)
            seen = digest(values)
            old, owner = known.get(row.name), codes.get(row.uscc)
            if owner is not None and owner is not old:
                weighed.refuse(sheet, row.row, "uscc", "ledger_import.uscc_taken", code=row.uscc, name=owner.name)
                continue
            if old is None:
                weighed.settle(None, Customer(id=new_key(), imported=seen, **values))
            elif old.imported == seen:
                weighed.unchanged += 1
            else:
                # A name entered by hand stays as it was written there.
                weighed.settle(old, replace(old, imported=seen, **stated(sheet, row.row, values) | {"name": old.name}))
        return weighed

    def concerned(self, operation: Operation, weighed: Weighed) -> Sequence[str]:
        operation.executemany(
            "UPDATE service_record SET customer_id = ? WHERE customer_id IS NULL AND customer_name = ? AND state = 'draft'",
            [(c.id, c.name) for c in weighed.new],
        )
        return records.draft_keys(operation.connection, "customer_name", [c.name for c in (*weighed.new, *weighed.changed)])


CUSTOMERS_IMPORT = _Customers()
