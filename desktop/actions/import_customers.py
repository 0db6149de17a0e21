"""Customers: the name is the key; drafts that named one before it was known are linked."""

from __future__ import annotations

from dataclasses import replace

from desktop.actions import judging
from desktop.actions.import_weighing import Options, Weighed, content, digest, present_fields
from desktop.formats import customers
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
        known = {c.name: c for c in CUSTOMERS.find(connection)}
        codes = {c.uscc: c.name for c in known.values() if c.uscc}
        for row in sheet.rows:
            values = content(row, present)
            seen = digest(values)
            owner = codes.get(row.uscc)
            if row.uscc and owner is not None and owner != row.name:
                weighed.refuse(sheet, row.row, "uscc", "ledger_import.uscc_taken", code=row.uscc, name=owner)
                continue
            old = known.get(row.name)
            if old is None:
                weighed.new.append(Customer(id=new_key(), imported=seen, **values))
            else:
                new = replace(old, imported=seen, **values)
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
