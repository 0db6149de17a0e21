"""What the page of service records asks: candidates while typing, counts behind chips, what was done to one record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.store.database import Connection

if TYPE_CHECKING:
    from desktop.ledger.service_record import ServiceRecord

_CHUNK = 500
_STANDS = "state <> 'reversed'"


def like(text: str) -> str:
    """A LIKE pattern that finds the text anywhere, with ``\\`` as its escape."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def instruments_like(connection: Connection, text: str, limit: int) -> list[tuple[str, str, str]]:
    """Key, asset number and name of instruments in use; number or name that begins with the text first."""
    sql = (
        "SELECT id, asset_number, name FROM instrument WHERE retired_on IS NULL AND (asset_number LIKE ?1 ESCAPE '\\' "
        "OR name LIKE ?1 ESCAPE '\\') ORDER BY NOT (asset_number LIKE ?2 ESCAPE '\\' OR name LIKE ?2 ESCAPE '\\'), asset_number LIMIT ?3"
    )
    return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(sql, (like(text), like(text)[1:], limit))]


def customers_like(connection: Connection, text: str, limit: int) -> list[tuple[str, bool]]:
    """Name and whether internal; names that begin with the text first."""
    sql = (
        "SELECT name, internal FROM customer WHERE name LIKE ?1 ESCAPE '\\' ORDER BY NOT name LIKE ?2 ESCAPE '\\', name LIMIT ?3"
    )
    return [(row[0], bool(row[1])) for row in connection.exec_driver_sql(sql, (like(text), like(text)[1:], limit))]


def operators_like(connection: Connection, text: str, limit: int) -> list[tuple[str, str]]:
    """Staff number and name of technicians in service."""
    sql = (
        "SELECT staff_number, name FROM technician WHERE active = 1 AND (name LIKE ?1 ESCAPE '\\' OR staff_number LIKE ?1 ESCAPE '\\') "
        "ORDER BY NOT name LIKE ?2 ESCAPE '\\', name, staff_number LIMIT ?3"
    )
    return [(row[0], row[1]) for row in connection.exec_driver_sql(sql, (like(text), like(text)[1:], limit))]


def last_number(connection: Connection) -> str:
    """The number to count on from: of the record entered last by hand here, else by hand at another seat, else the highest among
    the usual ones of the latest imports.

    What came by sync does not break the row of numbers that a seat counts on.
    Usual: as long as most; one odd number at the end of a file does not start a row of its own. "" in an empty ledger.
    """
    own = (
        "SELECT r.number FROM operation o CROSS JOIN journal j ON j.operation = o.seq "
        "CROSS JOIN service_record r ON r.id = j.key AND r.replaces IS NULL "
        "WHERE o.name = 'record add' AND j.kind = 'service_record' AND j.verb = 'insert' ORDER BY o.seq DESC, j.seq DESC LIMIT 1"
    )
    by_hand = "SELECT number FROM service_record WHERE imported = '' AND replaces IS NULL ORDER BY rowid DESC LIMIT 1"
    usual = (
        "SELECT max(number) FROM (SELECT number FROM service_record ORDER BY rowid DESC LIMIT 2000) "
        "GROUP BY length(number) ORDER BY count(*) DESC LIMIT 1"
    )
    found = (connection.exec_driver_sql(sql).scalar() for sql in (own, by_hand, usual))
    return str(next((number for number in found if number), ""))


def is_taken(connection: Connection, number: str) -> bool:
    """Whether a record has this number."""
    return connection.exec_driver_sql("SELECT 1 FROM service_record WHERE number = ?", (number,)).first() is not None


def taken(connection: Connection, numbers: Sequence[str]) -> set[str]:
    """Which of these numbers records have."""
    found: set[str] = set()
    for start in range(0, len(numbers), _CHUNK):
        part = tuple(numbers[start : start + _CHUNK])
        sql = f"SELECT number FROM service_record WHERE number IN ({','.join('?' * len(part))})"
        found |= {row[0] for row in connection.exec_driver_sql(sql, part)}
    return found


def overlapping(
    connection: Connection, instrument_id: str, start: datetime, end: datetime, but: str = ""
) -> list[tuple[str, str, str]]:
    """Number, start and end (ISO text) of records that use an instrument within a span; reversed ones do not count."""
    sql = (
        f"SELECT number, started_at, ended_at FROM service_record WHERE instrument_id = ? AND {_STANDS} "
        "AND started_at < ? AND ended_at > ? AND id <> ? ORDER BY started_at"
    )
    params = (instrument_id, end.isoformat(timespec="minutes"), start.isoformat(timespec="minutes"), but)
    return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(sql, params)]


def counts(connection: Connection, start: str, end: str) -> dict[str, int]:
    """How many records of a span of days are draft, posted, reversed, confidential, and have a blocking problem."""
    span = "ended_at >= ? AND ended_at < ?"
    found = {"draft": 0, "posted": 0, "reversed": 0, "confidential": 0}
    sql = f"SELECT state, count(*), sum(confidential) FROM service_record WHERE {span} GROUP BY state"
    for state, n, secret in connection.exec_driver_sql(sql, (start, end)):
        found[state] = n
        found["confidential"] += secret
    sql = f"SELECT count(*) FROM service_record WHERE {span} AND id IN (SELECT record_id FROM record_problem WHERE severity = 'error')"
    found["problem"] = int(connection.exec_driver_sql(sql, (start, end)).scalar_one())
    return found


def rowids_of(connection: Connection, keys: Iterable[str]) -> list[int]:
    """List keys of records named by key, by number, by the key of a posting or of a receipt; what is not there is left out."""
    wanted = list(keys)
    found: list[int] = []
    for start in range(0, len(wanted), _CHUNK // 4):
        part = tuple(wanted[start : start + _CHUNK // 4])
        marks = ",".join("?" * len(part))
        sql = (
            f"SELECT rowid FROM service_record WHERE id IN ({marks}) OR number IN ({marks}) "
            f"OR id IN (SELECT record_id FROM posting WHERE id IN ({marks})) "
            f"OR id IN (SELECT p.record_id FROM receipt r JOIN posting p ON p.id = r.posting_id WHERE r.id IN ({marks}))"
        )
        found += [row[0] for row in connection.exec_driver_sql(sql, part * 4)]
    return list(dict.fromkeys(found))


def operations_on(connection: Connection, record_id: str) -> list[int]:
    """The operations that touched a record, its postings or its receipts, newest first."""
    sql = (
        "SELECT DISTINCT operation FROM journal_after WHERE (kind = 'service_record' AND key = ?1) "
        "OR (kind = 'posting' AND key IN (SELECT id FROM posting WHERE record_id = ?1)) "
        "OR (kind = 'receipt' AND key IN (SELECT r.id FROM receipt r JOIN posting p ON p.id = r.posting_id WHERE p.record_id = ?1)) "
        "ORDER BY operation DESC LIMIT 100"
    )
    return [row[0] for row in connection.exec_driver_sql(sql, (record_id,))]


def relatives(connection: Connection, record: ServiceRecord) -> tuple[str, str]:
    """The number of the record this one replaces, and of the one that replaces it; "" for none."""
    before = connection.exec_driver_sql("SELECT number FROM service_record WHERE id = ?", (record.replaces,)).scalar()
    after = connection.exec_driver_sql("SELECT number FROM service_record WHERE replaces = ?", (record.id,)).scalar()
    return str(before or ""), str(after or "")
