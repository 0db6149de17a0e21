"""Services the national platform took that the ledger has otherwise now: reversed, replaced, or confidential."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from desktop.store.database import Connection


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A record that does not stand as it was told. ``reversed_on`` (Asia/Shanghai) None: it stands, and became confidential.

    ``successor`` is the number of the record that replaces it, "" for none.
    """

    id: str
    number: str
    asset_number: str
    instrument: str
    confidential: bool
    reversed_on: date | None
    successor: str


_OTHERWISE = """
SELECT r.id, r.number, i.asset_number, i.name, r.confidential OR coalesce(i.confidential, 0),
       (SELECT max(b.posted_on) FROM posting b JOIN posting p ON p.id = b.reverses WHERE p.record_id = r.id),
       coalesce((SELECT n.number FROM service_record n WHERE n.replaces = r.id), ''), r.state
FROM service_record r JOIN instrument i ON i.id = r.instrument_id
WHERE r.id IN (SELECT value FROM json_each(?)) AND (r.state = 'reversed' OR r.confidential = 1 OR i.confidential = 1)
ORDER BY r.ended_at, r.number
"""


def otherwise(connection: Connection, keys: Collection[str]) -> list[Otherwise]:
    """Those of these records that were reversed or are confidential, by their end."""
    found = connection.exec_driver_sql(_OTHERWISE, (json.dumps(sorted(keys)),)).all()
    return [Otherwise(r[0], r[1], r[2], r[3], bool(r[4]), date.fromisoformat(r[5]) if r[7] == "reversed" else None, r[6]) for r in found]


def numbers(connection: Connection, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """Key -> number and set of records, whatever they are."""
    asked = "SELECT r.id, r.number, i.name FROM service_record r JOIN instrument i ON i.id = r.instrument_id WHERE r.id IN (SELECT value FROM json_each(?))"
    return {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql(asked, (json.dumps(sorted(keys)),))}
