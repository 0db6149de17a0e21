"""What is stated for the national platform of services and of sets, as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop.ledger.national_closed import NationalClosed
from desktop.ledger.national_service import NationalService
from desktop.store import schema_national
from desktop.store.database import Connection
from desktop.store.rows import Codec

SERVICES = Codec(NationalService, schema_national.national_service)
CLOSED = Codec(NationalClosed, schema_national.national_closed)

# A record that replaces another is of the same project until somebody states something of itself.
_STATED = """
WITH RECURSIVE line (record, at) AS (
  SELECT value, value FROM json_each(?)
  UNION ALL SELECT line.record, r.replaces FROM line JOIN service_record r ON r.id = line.at
  WHERE r.replaces IS NOT NULL AND NOT EXISTS (SELECT 1 FROM national_service s WHERE s.record_id = line.at)
) SELECT line.record, s.id FROM line JOIN national_service s ON s.record_id = line.at
"""


def of_records(connection: Connection, record_ids: Iterable[str]) -> dict[str, NationalService]:
    """Record -> what is stated of it, else of the record it replaces; records of which nothing is stated are not in it."""
    if connection.exec_driver_sql("SELECT 1 FROM national_service LIMIT 1").first() is None:
        return {}
    found = {row[0]: row[1] for row in connection.exec_driver_sql(_STATED, (json.dumps(list(record_ids)),))}
    wanted = json.dumps(list(found.values()))
    known = {one.id: one for one in SERVICES.find(connection, "id IN (SELECT value FROM json_each(?))", (wanted,))}
    return {record: known[key] for record, key in found.items()}


def closed(connection: Connection) -> dict[str, NationalClosed]:
    """Set -> why it is not open."""
    return {one.instrument_id: one for one in CLOSED.find(connection)}
