"""Looking for instruments in the catalogue a remote gave: one pass over its rows, by words, place and price. Plain values."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from desktop.store.database import Connection

N_FOUND = 200
ORDERS = ("name", "near", "price")

_BY = {"name": "name", "near": "how_near(coalesce(json_extract(body, '$.province'), ''), place), name", "price": "fee_fen IS NULL, fee_fen, name"}

Near = Callable[[str, str], int]
"""How far a place is, by the province and the place of a row as they are written: the less the nearer."""


def found(
    connection: Connection, remote: str, words: Sequence[Sequence[str]], near: Near, order: str = "name", limit: int = N_FOUND
) -> tuple[int, list[dict[str, Any]]]:
    """How many instruments have each word (as ``searched`` is written) somewhere, and the first of them by name, nearness or price.

    A word is given in each of its writings; one of them is enough.
    """
    places = iter(range(3, 3 + sum(map(len, words))))
    where = "".join(f" AND ({' OR '.join(f'instr(searched, ?{next(places)}) > 0' for _ in several)})" for several in words)
    _measure(connection, near)
    return _answer(connection, f"remote = ?1{where}", _BY[order], (remote, limit, *(word for several in words for word in several)))


def resembling(
    connection: Connection, remote: str, pieces: Sequence[tuple[Sequence[Sequence[str]], int]], limit: int = N_FOUND
) -> list[dict[str, Any]]:
    """Instruments that have of each word so many of its parts, each in one of its writings; those with most parts first.
    Each has ``searched`` beside what is public."""
    params: list[object] = [remote, limit]
    wanted, weights = [], []
    for parts, least in pieces:
        places = iter(range(1 + len(params), 1 + len(params) + sum(map(len, parts))))
        has = " + ".join(f"({' OR '.join(f'instr(searched, ?{next(places)}) > 0' for _ in several)})" for several in parts)
        params += [writing for several in parts for writing in several]
        wanted.append(f"({has}) >= {int(least)}")
        weights.append(has)
    where = " AND ".join(["remote = ?1", *wanted])
    return _answer(connection, where, f"{' + '.join(weights)} DESC, name", tuple(params))[1]


def of_keys(connection: Connection, remote: str, keys: Sequence[str], near: Near, order: str, limit: int = N_FOUND) -> list[dict[str, Any]]:
    """The first of the named instruments by nearness or price."""
    _measure(connection, near)
    return _answer(connection, "remote = ?1 AND id IN (SELECT value FROM json_each(?3))", _BY[order], (remote, limit, json.dumps(list(keys))))[1]


def _measure(connection: Connection, near: Near) -> None:
    driver: Any = connection.connection.driver_connection
    driver.create_function("how_near", 2, near, deterministic=True)


def _answer(connection: Connection, where: str, order: str, params: tuple[object, ...]) -> tuple[int, list[dict[str, Any]]]:
    # One pass: the rows are wide and lie encrypted, to count them apart would read them twice.
    sql = (
        f"SELECT count(*) OVER (), id, institution_name, name, place, searched, body FROM catalogue_entry "
        f"WHERE {where} ORDER BY {order}, institution_name, id LIMIT ?2"
    )
    rows = connection.exec_driver_sql(sql, params).all()
    told = [
        {**json.loads(row[6]), "id": row[1], "institution_name": row[2], "name": row[3], "place": row[4], "searched": row[5]}
        for row in rows
    ]
    return (rows[0][0] if rows else 0), told
