"""The codecs of the ledger's facts: ``INSTRUMENTS.find(connection, "asset_number = ?", ("A1",))``.

One subject's own questions (joins, sums) live in a module of its own beside this one.
"""

from __future__ import annotations

from desktop.ledger.attachment import Attachment
from desktop.ledger.customer import Customer
from desktop.ledger.institution import Institution
from desktop.ledger.instrument import Instrument
from desktop.ledger.people import Person, Technician
from desktop.ledger.service_record import Posting, Receipt, ServiceRecord
from desktop.store import schema, schema_evidence, schema_money
from desktop.store.rows import Codec

INSTITUTIONS = Codec(Institution, schema.institution)
PEOPLE = Codec(Person, schema.person)
INSTRUMENTS = Codec(Instrument, schema.instrument)
CUSTOMERS = Codec(Customer, schema.customer)
TECHNICIANS = Codec(Technician, schema.technician)
RECORDS = Codec(ServiceRecord, schema.service_record)
POSTINGS = Codec(Posting, schema_money.posting)
RECEIPTS = Codec(Receipt, schema_money.receipt)
ATTACHMENTS = Codec(Attachment, schema_evidence.attachment)
