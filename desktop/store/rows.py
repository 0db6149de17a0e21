"""Rows to facts and back: one codec per frozen dataclass, made once from its field types.

Days are ISO text, moments ISO text to the minute, decimals plain text, yes/no 0/1, tuples of text JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import Connection, Row, Table

F = TypeVar("F")


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _texts(value: str) -> tuple[str, ...]:
    return () if value == "[]" else tuple(json.loads(value))


_READ: dict[Any, Callable[[Any], Any]] = {date: _day, datetime: _moment, Decimal: Decimal, bool: bool, tuple: _texts}
_AS_IT_IS = frozenset((str, int))


def _decimal(value: Decimal) -> str:
    text = str(value)
    return format(value, "f") if "E" in text else text


def _minute(value: datetime) -> str:
    return value.isoformat(timespec="minutes") if value.tzinfo else value.isoformat()[:16]


def _same(value: Any) -> Any:
    return value


_WRITE: dict[type, Callable[[Any], Any]] = {
    NoneType: _same,
    str: _same,
    bytes: _same,
    int: _same,
    bool: int,
    Decimal: _decimal,
    datetime: _minute,
    date: date.isoformat,
    tuple: lambda value: json.dumps(value, ensure_ascii=False) if value else "[]",
}


def plain(value: Any) -> Any:
    """A fact's value as the database keeps it."""
    write = _WRITE.get(type(value)) or next((_WRITE[kind] for kind in type(value).__mro__ if kind in _WRITE), None)
    if write is None:
        raise TypeError(f"not a value of a fact: {value!r}")
    return write(value)


def _plainly(column: Sequence[Any]) -> Sequence[Any]:
    """``plain`` of each; a column of one kind is not asked value by value."""
    kinds = set(map(type, column))
    write = _WRITE.get(kinds.pop(), plain) if len(kinds) == 1 else plain
    return column if write is _same else list(map(write, column))


class Codec(Generic[F]):
    """Reads and writes one kind of fact. The dataclass has exactly the table's columns as fields."""

    def __init__(self, kind: type[F], table: Table, **special: tuple[Callable[[Any], Any], Callable[[Any], Any]]) -> None:
        """``special``: field -> (from the row's value, to the row's value), for values that are more than one plain value."""
        self.kind = kind
        self.table = table
        self.names = tuple(f.name for f in fields(kind))  # type: ignore[arg-type]  # F is always a dataclass
        missing = set(self.names) ^ {c.name for c in table.columns}
        if missing:
            raise ValueError(f"{kind.__name__} and {table.name} differ in {sorted(missing)}")
        hints = get_type_hints(kind)
        self._readers = tuple(special[name][0] if name in special else _READ.get(_plain_hint(hints[name])) for name in self.names)
        self._special = tuple((place, special[name][1]) for place, name in enumerate(self.names) if name in special)
        self._written = tuple(
            place for place, name in enumerate(self.names) if name not in special and _plain_hint(hints[name]) not in _AS_IT_IS
        )
        self._of = attrgetter(*self.names)
        columns = ", ".join(self.names)
        self.select = f"SELECT {', '.join(f'{table.name}.{name}' for name in self.names)} FROM {table.name}"
        self.insert_sql = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(self.names))})"
        sets = ", ".join(f"{name} = ?" for name in self.names[1:])
        self.update_sql = f"UPDATE {table.name} SET {sets} WHERE {self.names[0]} = ?"

    def fact(self, row: Row[Any] | Sequence[Any]) -> F:
        """The fact of one row selected with ``select``."""
        return self.kind(
            *[value if read is None or value is None else read(value) for read, value in zip(self._readers, row, strict=True)]
        )

    def values(self, fact: F) -> tuple[Any, ...]:
        """The row of a fact, in column order."""
        (row,) = self._rows([fact])
        return row

    def _rows(self, facts: Iterable[F]) -> list[tuple[Any, ...]]:
        # Column by column: most are text and stay as they are, and of the others many are empty.
        columns: list[Sequence[Any]] = list(zip(*map(self._of, facts), strict=True))
        if columns:
            for place, write in self._special:
                columns[place] = list(map(write, columns[place]))
            for place in self._written:
                columns[place] = _plainly(columns[place])
        return list(zip(*columns, strict=True))

    def find(
        self, connection: Connection, where: str = "", params: tuple[Any, ...] | Mapping[str, Any] = (), order: str = ""
    ) -> list[F]:
        """The facts that meet a condition written in SQL with ``?`` marks."""
        sql = self.select + (f" WHERE {where}" if where else "") + (f" ORDER BY {order}" if order else "")
        return [self.fact(row) for row in connection.exec_driver_sql(sql, params)]

    def one(self, connection: Connection, where: str, params: tuple[Any, ...]) -> F | None:
        """The only fact that meets a condition, or None."""
        found = self.find(connection, where, params)
        if len(found) > 1:
            raise ValueError(f"{self.table.name}: more than one row for {where}")
        return found[0] if found else None

    def get(self, connection: Connection, key: str) -> F | None:
        """The fact with this key, or None."""
        return self.one(connection, f"{self.names[0]} = ?", (key,))

    def insert(self, connection: Connection, facts: Iterable[F]) -> None:
        """Insert facts in bulk."""
        rows = self._rows(facts)
        if rows:
            connection.exec_driver_sql(self.insert_sql, rows)

    def update(self, connection: Connection, facts: Iterable[F]) -> None:
        """Replace the rows of these facts' keys."""
        rows = [(*values[1:], values[0]) for values in self._rows(facts)]
        if rows:
            connection.exec_driver_sql(self.update_sql, rows)

    def delete(self, connection: Connection, keys: Iterable[str]) -> None:
        """Delete rows by key; refused by the database when anything refers to them."""
        rows = [(key,) for key in keys]
        if rows:
            connection.exec_driver_sql(f"DELETE FROM {self.table.name} WHERE {self.names[0]} = ?", rows)


def known_as(hint: Any) -> Any:
    """What a field holds when it is known: ``tuple`` of ``tuple[str, ...]``, ``date`` of ``date | None``; a ``Literal`` stays with its codes."""
    if isinstance(hint, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    return hint if get_origin(hint) is Literal else getattr(hint, "__origin__", hint)


def _plain_hint(hint: Any) -> Any:
    """``known_as``; ``Literal`` of any."""
    known = known_as(hint)
    return getattr(known, "__origin__", known)
