"""The institution's own rule values as rows: dated, with the document they rest on. What is valid is decided by the rules."""

from __future__ import annotations

from datetime import date

from desktop.ledger.parameter import Parameter
from desktop.rules import parameter_files
from desktop.store.database import Connection

_COLUMNS = "name, from_on, value, unit, document, clause, certainty"


def own(connection: Connection) -> list[Parameter]:
    """Every own value, by key and first day. A stored text that does not fit its unit stays text: the rules refuse it in words."""
    sql = f"SELECT {_COLUMNS} FROM parameter ORDER BY name, from_on"
    return [_parameter(*row) for row in connection.exec_driver_sql(sql)]


def _parameter(key: str, from_on: str, text: str, unit: str, document: str, clause: str, certainty: str) -> Parameter:
    try:
        value = parameter_files.value_from_text(unit, text)
    except ValueError:
        value = text
    return Parameter(key, date.fromisoformat(from_on), value, unit, document, clause, certainty, own=True)


def insert(connection: Connection, key: str, one: Parameter) -> None:
    """Add an own value under a new row key."""
    text = parameter_files.value_text(one.value)
    sql = f"INSERT INTO parameter (id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    connection.exec_driver_sql(
        sql, (key, one.key, one.from_on.isoformat(), text, one.unit, one.source, one.clause, one.certainty)
    )
