"""Long lists: the keys first, in the order and filter asked for, then the rows of the keys in sight.

Keys are rowids (integers) packed in an array: eight bytes a row, so a million rows cost eight megabytes.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from desktop.store.database import Connection, driver_rows

_JOINED = re.compile(r"\bJOIN (\w+)")


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of list. ``columns`` name -> SQL; ``joins`` are used only where a sort, a filter or a page needs them.

    ``filters`` name -> SQL condition, with one ``?`` when it takes a value; ``search`` -> SQL condition with ``:like`` marks.
    """

    table: str
    columns: Mapping[str, str]
    joins: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    search: tuple[str, ...] = ()
    order: str = "rowid"

    def ids(
        self,
        connection: Connection,
        *,
        sort: str = "",
        descending: bool = False,
        where: Mapping[str, str | None] | None = None,
        text: str = "",
    ) -> array[int]:
        """The rowids of all rows that meet every filter, sorted."""
        conditions, params = [], []
        for name, value in (where or {}).items():
            conditions.append(f"({self.filters[name]})")
            if value is not None:
                params += [value] * self.filters[name].count("?")
        if text:
            like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            conditions.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in self.search) + ")")
            params += [like] * len(self.search)
        # Equal rows follow the same way: then an index that ends with the rowid gives the order, whichever way it is read.
        way = "DESC" if descending else "ASC"
        by = f"{self.columns[sort]} {way}, {self.table}.rowid {way}" if sort else f"{self.table}.{self.order}"
        needs = any(f"{joined}." in part for joined in _JOINED.findall(self.joins) for part in (by, *conditions))
        sql = f"SELECT {self.table}.rowid FROM {self.table} {self.joins if needs else ''}"
        sql += (f" WHERE {' AND '.join(conditions)}" if conditions else "") + f" ORDER BY {by}"
        return array("q", chain.from_iterable(driver_rows(connection, sql, tuple(params))))

    def rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, tuple[object, ...]]:
        """The columns of these rows, by rowid, in the order of ``columns``."""
        if not ids:
            return {}
        marks = ",".join("?" * len(ids))
        sql = f"SELECT {self.table}.rowid, {', '.join(self.columns.values())} FROM {self.table} {self.joins} WHERE {self.table}.rowid IN ({marks})"
        return {row[0]: tuple(row[1:]) for row in connection.exec_driver_sql(sql, tuple(ids))}
