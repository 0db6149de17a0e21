"""The rows the national platform has from here, each with what its audit said of it last: counted and listed where they lie, read by the page.

``accepted`` are the messages it took, the oldest first; a row counts as the last of them has it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from desktop.ledger.national_audit import AUDITED_KINDS, NationalAudit
from desktop.rules import national_audit as rules
from desktop.store.database import Connection, driver_rows
from desktop.store.national_messages import AUDITS
from desktop.store.record_views import like

UNSEEN = "unseen"


def kind_of(row: int) -> str:
    """The kind of the row of an ``id``, which tells it by its last bit."""
    return AUDITED_KINDS[row & 1]


class Accepted(NamedTuple):
    """A message the platform took on a day (Asia/Shanghai)."""

    id: str
    kind: str
    number: str
    day: date


class Listed(NamedTuple):
    """A row of the platform's; ``id`` is one number for it as long as the ledger is open, ``ended_on`` the day from which it no longer stands."""

    id: int
    kind: str
    key: str
    name: str
    what: str
    message: str
    taken_on: date
    ended_on: date | None
    audit: NationalAudit | None


_AUDIT = ", ".join(f"u.{name}" for name in AUDITS.names)
_SHOWN = f"l.id, l.kind, l.key, l.name, l.what, l.message, l.taken_on, l.ended_on, {_AUDIT} FROM listed l LEFT JOIN national_audit u ON u.rowid = l.audit"
# A removal is told at a moment (UTC) and counts by its day in Shanghai.
_LISTED = """
WITH accepted AS MATERIALIZED (
    SELECT key AS place, json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS kind, json_extract(value, '$[2]') AS number,
           json_extract(value, '$[3]') AS day FROM json_each(:accepted)
), last AS MATERIALIZED (
    SELECT a.kind, n.row_key, max(a.place) AS place, a.id AS message_id, a.number AS message, a.day AS taken_on
    FROM accepted a CROSS JOIN national_row n ON n.message_id = a.id {keys}
    GROUP BY a.kind, n.row_key HAVING sum(a.day <= :day) > 0
), there AS (
    SELECT i.rowid * 2 AS id, t.*, i.asset_number AS key, i.asset_number AS name, i.name AS what, coalesce(i.confidential, 0) AS hidden,
           i.retired_on AS ended_on
    FROM last t JOIN instrument i ON i.asset_number = t.row_key WHERE t.kind = '4'
    UNION ALL
    SELECT r.rowid * 2 + 1, t.*, r.id, r.number, i.name, r.confidential OR coalesce(i.confidential, 0),
           CASE WHEN r.state = 'reversed' THEN
               (SELECT max(b.posted_on) FROM posting b JOIN posting p ON p.id = b.reverses WHERE p.record_id = r.id) END
    FROM last t JOIN service_record r ON r.id = t.row_key JOIN instrument i ON i.id = r.instrument_id WHERE t.kind = '6'
), listed AS (
    SELECT t.*, u.rowid AS audit, coalesce(u.state, 'unseen') AS state, coalesce(u.seen_on, '') AS seen_on, coalesce(u.reason, '') AS reason,
           (t.ended_on IS NULL OR t.ended_on > :day) AND u.state IN ({to_do}) IS TRUE AS to_do,
           CASE coalesce(u.state, 'unseen') {ranks} END AS rank
    FROM there t LEFT JOIN national_audit u ON u.rowid = (
        SELECT s.rowid FROM national_audit s WHERE s.message_id = t.message_id AND s.row_key = t.key AND s.seen_on <= :day
        ORDER BY s.seen_on DESC, s.rowid DESC LIMIT 1
    )
    WHERE NOT EXISTS (
        SELECT 1 FROM national_removal g WHERE g.message_id = t.message_id AND g.row_key = t.key AND date(g.at, '+8 hours') <= :day
    )
)
"""
_TO_DO = ", ".join(f"'{state}'" for state in sorted(rules.TO_DO))
_RANKS = " ".join(f"WHEN '{state or UNSEEN}' THEN {rank}" for rank, state in enumerate(rules.ORDER))
_FIRST = "to_do DESC, rank, kind, name"
_SORTS = {
    "kind": "kind {}", "name": "name {}", "what": "what {}", "state": "rank {}", "message": "message {}", "taken_on": "taken_on {}",
    "seen_on": "seen_on = '', seen_on {}", "reason": "reason = '', reason {}",
}  # fmt: skip
_FILTERS = {"state": "state = :state", "kind": "kind = :kind", "text": "(name LIKE :text ESCAPE '\\' OR what LIKE :text ESCAPE '\\')"}


def _listed(keys: str = "") -> str:
    return _LISTED.format(keys=keys, to_do=_TO_DO, ranks=_RANKS)


def _asked(accepted: Sequence[Accepted], on: date, **more: str) -> dict[str, Any]:
    told = [(one.id, one.kind, one.number, one.day.isoformat()) for one in accepted]
    return {"accepted": json.dumps(told), "day": on.isoformat(), **more}


def ids(connection: Connection, accepted: Sequence[Accepted], on: date, filters: dict[str, str], sort: str = "", *, down: bool = False) -> array[int]:
    """The rows that meet every filter (``state``, ``kind``, ``text``), those to be seen to first or by a column; what is blank stands last.

    Raises KeyError for a filter or column there is not.
    """
    wanted = {name: like(value) if name == "text" else value for name, value in filters.items()}
    where = " AND ".join(["NOT hidden", *(_FILTERS[name] for name in wanted)])
    order = f"{_SORTS[sort].format('DESC' if down else 'ASC')}, {_FIRST}" if sort else _FIRST
    sql = f"{_listed()} SELECT id FROM listed WHERE {where} ORDER BY {order}"
    return array("q", chain.from_iterable(driver_rows(connection, sql, _asked(accepted, on, **wanted))))


def of_ids(connection: Connection, accepted: Sequence[Accepted], on: date, wanted: Collection[int]) -> list[Listed]:
    """These rows, as far as they are still there."""
    told = {0: [one >> 1 for one in wanted if not one & 1], 1: [one >> 1 for one in wanted if one & 1]}
    keys = [
        row[0]
        for place, sql in enumerate(("SELECT asset_number FROM instrument", "SELECT id FROM service_record"))
        for row in driver_rows(connection, f"{sql} WHERE rowid IN (SELECT value FROM json_each(?))", (json.dumps(told[place]),))
    ]
    sql = _listed("AND n.row_key IN (SELECT value FROM json_each(:keys))")
    found = _found(connection, f"{sql} SELECT {_SHOWN} WHERE NOT l.hidden",
                   _asked(accepted, on, keys=json.dumps(keys)))  # fmt: skip
    sought = set(wanted)
    return [one for one in found if one.id in sought]


def every(connection: Connection, accepted: Sequence[Accepted], on: date, states: Collection[str] = ()) -> Iterator[Listed]:
    """The rows one by one, those to be seen to first; ``states``: only these (``unseen``: nobody looked)."""
    which = "AND l.state IN (SELECT value FROM json_each(:states))" if states else ""
    sql = f"{_listed()} SELECT {_SHOWN} WHERE NOT l.hidden {which} ORDER BY {_FIRST}"
    more = {"states": json.dumps(sorted(states))} if states else {}
    return _found(connection, sql, _asked(accepted, on, **more))


def counts(connection: Connection, accepted: Sequence[Accepted], on: date) -> dict[tuple[str, str], int]:
    """Message number and state -> how many rows; a message of which no row counts any more is not in it."""
    sql = f"{_listed()} SELECT message, state, count(*) FROM listed WHERE NOT hidden GROUP BY message, state"
    return {(message, state): n for message, state, n in driver_rows(connection, sql, _asked(accepted, on))}


def hidden(connection: Connection, accepted: Sequence[Accepted]) -> int:
    """How many rows of what is confidential now the platform has, whenever it took them."""
    sql = f"{_listed()} SELECT count(*) FROM listed WHERE hidden"
    return int(connection.exec_driver_sql(sql, _asked(accepted, date.max)).scalar_one())


def _found(connection: Connection, sql: str, params: dict[str, Any]) -> Iterator[Listed]:
    for row, kind, key, name, what, message, taken_on, ended_on, *audit in driver_rows(connection, sql, params):
        ended = date.fromisoformat(ended_on) if ended_on else None
        yield Listed(row, kind, key, name, what, message, date.fromisoformat(taken_on), ended, AUDITS.fact(audit) if audit[0] is not None else None)
