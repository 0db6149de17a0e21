"""What must not leave this machine: the keys, numbers and telling texts of confidential rows. Plain values only.

Texts are taken from every column that can hold words; a new column is searched from the day it is made.
"""

from __future__ import annotations

import json
from functools import cache

from sqlalchemy import Text

from desktop.store.database import Connection
from desktop.store.reach import HIDDEN_ATTACHMENT, HIDDEN_INSTRUMENT, HIDDEN_RECORD, HIDDEN_SCHEDULE
from desktop.store.tables import tables

N_LEAST = 6
"""A shorter text tells nothing by itself."""

_SECRET = {
    "instrument": "confidential = 1",
    "service_record": f"(confidential = 1 OR instrument_id IN {HIDDEN_INSTRUMENT})",
    "fee_schedule": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "fee_line": f"schedule_id IN {HIDDEN_SCHEDULE}",
    "posting": "confidential = 1",
    "attachment": HIDDEN_ATTACHMENT,
}
# Days, moments, quantities and choices from a list are nobody's secret, and every other row has them too.
_NOT_TELLING = frozenset(
    {
        "id", "state", "imported", "answers", "terms", "class_code", "source", "country", "category", "subjects", "funds", "carrier_type", "province",
        "city", "county", "postcode", "yearly_hours", "external_hours", "way", "direction", "rating", "claimed_hours", "quantity", "second_quantity",
        "unit", "customer_class", "service_month", "service_type", "image", "of_kind", "sha256", "media_type", "added_by",
    }
)  # fmt: skip
_WHOLE = (
    "SELECT id FROM instrument WHERE confidential = 1 UNION SELECT asset_number FROM instrument WHERE confidential = 1 "
    "UNION SELECT filing_number FROM instrument WHERE confidential = 1 UNION SELECT network_number FROM instrument WHERE confidential = 1 "
    f"UNION SELECT id FROM service_record WHERE id IN {HIDDEN_RECORD} UNION SELECT number FROM service_record WHERE id IN {HIDDEN_RECORD} "
    f"UNION SELECT id FROM posting WHERE confidential = 1 UNION SELECT id FROM fee_schedule WHERE id IN {HIDDEN_SCHEDULE} "
    f"UNION SELECT id FROM fee_line WHERE schedule_id IN {HIDDEN_SCHEDULE} "
    # Whoever has a file can tell by its digest that it is here.
    f"UNION SELECT id FROM attachment WHERE {HIDDEN_ATTACHMENT} UNION SELECT sha256 FROM attachment WHERE {HIDDEN_ATTACHMENT}"
)


@cache
def telling(kind: str) -> tuple[str, ...]:
    """The columns of a kind that can hold words."""
    return tuple(
        column.name
        for column in tables()[kind].columns
        if isinstance(column.type, Text)
        and not column.foreign_keys
        and column.name not in _NOT_TELLING
        and not column.name.endswith(("_id", "_on", "_at"))
    )


def numbers(connection: Connection) -> list[str]:
    """Keys and numbers of confidential rows."""
    return [row[0] for row in connection.exec_driver_sql(_WHOLE) if row[0]]


def texts(connection: Connection) -> set[str]:
    """Every telling text of confidential rows, also where an ordinary row says the same."""
    found: set[str] = set()
    for kind, secret in _SECRET.items():
        for row in connection.exec_driver_sql(f"SELECT {', '.join(telling(kind))} FROM {kind} WHERE {secret}"):
            found.update(text for text in row if text and len(text) >= N_LEAST)
    return found


def texts_of_no_other(connection: Connection) -> list[str]:
    """The telling texts of confidential rows that no ordinary row says too."""
    secret = texts(connection)
    if not secret:
        return []
    wanted = json.dumps(sorted(secret), ensure_ascii=False)
    ordinary: set[str] = set()
    for kind, hidden in _SECRET.items():
        names = telling(kind)
        among = " OR ".join(f"{name} IN (SELECT value FROM wanted)" for name in names)
        sql = f"WITH wanted AS MATERIALIZED (SELECT value FROM json_each(?)) SELECT {', '.join(names)} FROM {kind} WHERE NOT {hidden} AND ({among})"
        for row in connection.exec_driver_sql(sql, (wanted,)):
            ordinary.update(row)
    return sorted(secret - ordinary)
