"""Whatever bears a name that somebody may look for: technicians, people, customers, runs; by a part of the name or number."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from desktop.store.record_views import like


class Named(NamedTuple):
    """``kind``: technician, person, customer or payout_run; ``key`` finds it again; ``number``, ``more``: what tells it from others."""

    kind: str
    key: str
    name: str
    number: str
    more: str


_QUESTIONS = (
    "SELECT 'technician', id, name, staff_number, department FROM technician WHERE name LIKE ?1 ESCAPE '\\' "
    "OR staff_number LIKE ?1 ESCAPE '\\' ORDER BY name, staff_number LIMIT ?2",
    "SELECT 'customer', id, name, uscc, CASE internal WHEN 1 THEN 'internal' ELSE 'external' END FROM customer "
    "WHERE name LIKE ?1 ESCAPE '\\' OR uscc LIKE ?1 ESCAPE '\\' ORDER BY name LIMIT ?2",
    "SELECT 'person', id, name, '', role FROM person WHERE name LIKE ?1 ESCAPE '\\' ORDER BY name LIMIT ?2",
    "SELECT 'payout_run', number, number, to_on, state FROM payout_run WHERE number LIKE ?1 ESCAPE '\\' ORDER BY number DESC LIMIT ?2",
)


def named(connection: Connection, text: str, limit: int) -> list[Named]:
    """At most ``limit`` of each kind whose name or number has the text in it."""
    pattern = like(text)
    return [
        Named(*(str(value or "") for value in row))
        for question in _QUESTIONS
        for row in connection.exec_driver_sql(question, (pattern, limit))
    ]


def name_of(connection: Connection, kind: str, key: str) -> str:
    """The name behind a key of ``instrument``, ``customer`` or ``technician``; empty for none. Raises KeyError for another kind."""
    question = {
        "instrument": "SELECT asset_number || ' ' || name FROM instrument WHERE id = ?",
        "customer": "SELECT name FROM customer WHERE id = ?",
        "technician": "SELECT name FROM technician WHERE id = ?",
    }[kind]
    return str(connection.exec_driver_sql(question, (key,)).scalar() or "")
