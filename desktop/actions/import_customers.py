"""Customers: the name is the key; drafts that named one before it was known are linked."""

from __future__ import annotations

from dataclasses import replace

from desktop.actions import judging
from desktop.actions.import_weighing import Options, Weighed, content, digest, present_fields
from desktop.formats import customers
from desktop.formats.cell_codes import same_name
from desktop.formats.customers import CustomerRow
from desktop.formats.reading import Sheet
from desktop.ledger.customer import Customer
from desktop.ledger.keys import new_key
from desktop.store import records
from desktop.store.database import Connection, Operation
from desktop.store.facts import CUSTOMERS


class _Customers:
    """New customers are inserted; known ones are corrected in the columns the file has."""

    read_rows = staticmethod(customers.read_rows)

    def options(self, sheet: Sheet[CustomerRow], options: Options) -> Options:
        return options

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
                weighed.new.append(Customer(id=new_key(), imported=seen, **values))
            else:
                # A name entered by hand stays as it was written there.
                new = replace(old, imported=seen, **values | {"name": old.name})
                if old.imported == seen or replace(new, imported=old.imported) == old:
                    weighed.unchanged += 1
                    continue
                weighed.changed.append(new)
            weighed.n_accepted += 1
        return weighed

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        CUSTOMERS.insert(operation.connection, weighed.new)
        CUSTOMERS.update(operation.connection, weighed.changed)
        operation.executemany(
            "UPDATE service_record SET customer_id = ? WHERE customer_id IS NULL AND customer_name = ? AND state = 'draft'",
            [(c.id, c.name) for c in weighed.new],
        )
        keys = records.draft_keys(operation.connection, "customer_name", [c.name for c in (*weighed.new, *weighed.changed)])
        if keys:
            judging.recheck(operation, keys)


CUSTOMERS_IMPORT = _Customers()
