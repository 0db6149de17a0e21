"""Looking for instruments in the catalogue a remote gave: one pass over its rows, by words, place and price. Plain values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from desktop.store.database import Connection

N_FOUND = 200
ORDERS = ("name", "near", "price")

_PLACES = (
    "CASE WHEN ?1 <> '' AND place = ?1 THEN 0 WHEN ?2 <> '' AND substr(place, 1, length(?2)) = ?2 THEN 1 "
    "WHEN EXISTS (SELECT 1 FROM json_each(?3) WHERE instr(place, value) = 1) THEN 2 ELSE 3 END"
)
_BY = {"name": "name", "near": f"{_PLACES}, name", "price": "fee_fen IS NULL, fee_fen, name"}


class Near(NamedTuple):
    """Where the institution is: by nearness come its county, its city, the other ``cities`` of the province, elsewhere (steps 0 to 3)."""

    city: str
    county: str
    cities: tuple[str, ...]


NOWHERE = Near("", "", ())


def found(
    connection: Connection, remote: str, words: Sequence[Sequence[str]], order: str = "name", near: Near = NOWHERE, limit: int = N_FOUND
) -> tuple[int, list[dict[str, Any]]]:
    """How many instruments have each word (as ``searched`` is written) somewhere, and the first of them by name, nearness or price.

    A word is given in each of its writings; one of them is enough.
    """
    places = iter(range(6, 6 + sum(map(len, words))))
    where = "".join(f" AND ({' OR '.join(f'instr(searched, ?{next(places)}) > 0' for _ in several)})" for several in words)
    return _answer(connection, f"remote = ?4{where}", _BY[order], near, (remote, limit, *(word for several in words for word in several)))


def resembling(
    connection: Connection, remote: str, pieces: Sequence[tuple[Sequence[str], int]], limit: int = N_FOUND, near: Near = NOWHERE
) -> list[dict[str, Any]]:
    """Instruments that have of each word so many of its parts; those with most parts first. Each has ``searched`` and ``step`` beside what is
    public."""
    params: list[object] = [remote, limit]
    wanted, weights = [], []
    for parts, least in pieces:
        at = range(4 + len(params), 4 + len(params) + len(parts))
        has = " + ".join(f"(instr(searched, ?{n}) > 0)" for n in at)
        params += parts
        wanted.append(f"({has}) >= {int(least)}")
        weights.append(has)
    where = " AND ".join(["remote = ?4", *wanted])
    return _answer(connection, where, f"{' + '.join(weights)} DESC, name", near, tuple(params))[1]


def of_keys(connection: Connection, remote: str, keys: Sequence[str], order: str, near: Near, limit: int = N_FOUND) -> list[dict[str, Any]]:
    """The first of the named instruments by nearness or price."""
    return _answer(connection, "remote = ?4 AND id IN (SELECT value FROM json_each(?6))", _BY[order], near, (remote, limit, json.dumps(list(keys))))[1]


def _answer(
    connection: Connection, where: str, order: str, near: Near, params: tuple[object, ...]
) -> tuple[int, list[dict[str, Any]]]:
    # One pass: the rows are wide and lie encrypted, to count them apart would read them twice.
    sql = (
        f"SELECT count(*) OVER (), id, institution_name, name, place, searched, body, {_PLACES} FROM catalogue_entry "
        f"WHERE {where} ORDER BY {order}, institution_name, id LIMIT ?5"
    )
    here = (f"{near.city}{near.county}", near.city, json.dumps(near.cities, ensure_ascii=False))
    rows = connection.exec_driver_sql(sql, (*here, *params)).all()
    told = [
        {**json.loads(row[6]), "id": row[1], "institution_name": row[2], "name": row[3], "place": row[4], "searched": row[5], "step": row[7]}
        for row in rows
    ]
    return (rows[0][0] if rows else 0), told
