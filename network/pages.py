"""Where a page ends: by count, and by bytes, so that whoever reads can take it in whole however long the rows are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Row, Select

N_BYTES = 8 * 1_048_576
AROUND = 512
"""What an item is reckoned to need around its body."""


@contextmanager
def rows(connection: Connection, query: Select[Any]) -> Iterator[Iterator[Row[Any]]]:
    """The rows of a query one after the other: those behind the end of a page are not all fetched, a thousand of them may be a gigabyte."""
    with closing(connection.execute(query, execution_options={"stream_results": True})) as found:
        yield iter(found)


def page(connection: Connection, query: Select[Any], limit: int, size: Callable[[Row[Any]], int]) -> tuple[list[Row[Any]], bool]:
    """Up to ``limit`` rows of about ``N_BYTES`` together, one at least if there is any, and whether there are more."""
    shown: list[Row[Any]] = []
    n_bytes = 0
    with rows(connection, query.limit(limit + 1)) as found:
        for row in found:
            n_bytes += size(row) + AROUND
            if shown and (len(shown) >= limit or n_bytes > N_BYTES):
                return shown, True
            shown.append(row)
    return shown, False
