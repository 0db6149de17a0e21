"""What the ledger has of the rows the national platform audits: sets and service records by what people call them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from desktop.store.database import Connection

SET = "4"


@dataclass(frozen=True, slots=True)
class Audited:
    """A row of the exchange: ``key`` there, ``name`` the asset or record number, ``what`` the set.

    ``ended_on``: the day from which it no longer stands (retired; reversed), None: it stands.
    """

    key: str
    name: str
    what: str
    asset_number: str
    confidential: bool
    ended_on: date | None

    def stands(self, on: date) -> bool:
        """Whether what was told of it is still so on a day."""
        return self.ended_on is None or self.ended_on > on


_SETS = """
SELECT asset_number, asset_number, name, asset_number, coalesce(confidential, 0), retired_on FROM instrument
WHERE asset_number IN (SELECT value FROM json_each(?)) ORDER BY asset_number
"""
_RECORDS = """
SELECT r.id, r.number, i.name, i.asset_number, r.confidential OR coalesce(i.confidential, 0),
       (SELECT max(b.posted_on) FROM posting b JOIN posting p ON p.id = b.reverses WHERE p.record_id = r.id AND r.state = 'reversed')
FROM service_record r JOIN instrument i ON i.id = r.instrument_id
WHERE r.id IN (SELECT value FROM json_each(?)) ORDER BY r.number
"""


def audited(connection: Connection, kind: str, keys: Collection[str]) -> list[Audited]:
    """What the ledger has of these rows of a kind; a row whose set or record is in the ledger no more is not among them."""
    found = connection.exec_driver_sql(_SETS if kind == SET else _RECORDS, (json.dumps(sorted(keys)),)).all()
    return [Audited(row[0], row[1], row[2], row[3], bool(row[4]), date.fromisoformat(row[5]) if row[5] else None) for row in found]


def confidential(connection: Connection, kind: str, name: str) -> bool | None:
    """Whether the set or record of a number is confidential; None when there is none."""
    asked = (
        "SELECT coalesce(confidential, 0) FROM instrument WHERE asset_number = ?1"
        if kind == SET
        else "SELECT r.confidential OR coalesce(i.confidential, 0) FROM service_record r JOIN instrument i ON i.id = r.instrument_id "
        "WHERE r.number = ?1 OR r.id = ?1"
    )
    row = connection.exec_driver_sql(asked, (name,)).first()
    return None if row is None else bool(row[0])
