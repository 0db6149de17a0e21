"""What every kind of import shares: options, what was weighed, the digest by which a row is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, Protocol

from desktop.formats.reading import Sheet
from desktop.ledger.finding import Cell, Finding, Severity
from desktop.store.database import Connection, Operation


@dataclass(frozen=True, slots=True)
class Options:
    """``from_on``: the first day of a price list."""

    from_on: date | None = None


@dataclass(slots=True)
class Weighed:
    """A file held against the ledger: facts to insert and to replace, rows unchanged, rows refused, remarks.

    ``n_accepted`` counts rows of the file, which may differ from the number of facts.
    """

    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    extra: dict[str, list[Any]] = field(default_factory=dict)
    n_accepted: int = 0
    unchanged: int = 0
    refused: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def settle(self, old: Any, new: Any) -> None:
        """As ``take``, of facts that keep the text they were imported with: that alone is no difference."""
        self.take(None if old is None else replace(old, imported=new.imported), new)

    def take(self, old: Any, new: Any) -> None:
        """Take a fact that is new (``old`` None) or differs from what is known; one that is there already is counted as unchanged."""
        if new == old:
            self.unchanged += 1
            return
        (self.new if old is None else self.changed).append(new)
        self.n_accepted += 1

    def refuse(self, sheet: Sheet[Any], row: int, name: str, code: str, /, **params: object) -> None:
        """Reject a row for what the ledger says."""
        self.refused.add(row)
        self.remark(sheet, row, name, code, "error", **params)

    def remark(self, sheet: Sheet[Any], row: int, name: str, code: str, severity: Severity = "warning", /, **params: object) -> None:
        """A finding on a field of a row."""
        column = sheet.table.column(name)
        place = Cell(sheet.table.sheet, row, column.header if column else "")
        self.findings.append(Finding(code, severity, tuple((k, str(v)) for k, v in params.items()), place))


class Adapter(Protocol):
    """One kind of import."""

    @property
    def read_rows(self) -> Callable[..., Sheet[Any]]:
        """The reader of the file kind."""

    def options(self, sheet: Sheet[Any], options: Options) -> Options:
        """The options completed from the file. Raises Refused when one is missing."""

    def weigh(self, connection: Connection, sheet: Sheet[Any], options: Options) -> Weighed:
        """Hold the rows against the ledger; writes nothing."""

    def apply(self, operation: Operation, weighed: Weighed) -> None:
        """Write what was weighed and what follows from it."""


class Assets:
    """The ledger's instruments by asset number: key and whether it is confidential."""

    def __init__(self, connection: Connection) -> None:
        sql = "SELECT asset_number, id, confidential FROM instrument"
        self._known = {row[0]: (row[1], bool(row[2])) for row in connection.exec_driver_sql(sql)}
        self._bare: dict[str, str] | None = None

    def key(self, number: str) -> str | None:
        """The key of an instrument; None when the ledger does not know it."""
        found = self._known.get(number)
        return found[0] if found else None

    def secret(self, number: str) -> bool:
        """Whether a known instrument is confidential."""
        return self._known[number][1]

    def refuse(self, weighed: Weighed, sheet: Sheet[Any], row: int, number: str) -> None:
        """Reject a row for an instrument the ledger does not know, and say when only zeros at the front are missing."""
        if self._bare is None:
            self._bare = {known.lstrip("0"): known for known in self._known if known.startswith("0")}
        if number in self._bare:
            weighed.refuse(sheet, row, "asset_number", "ledger_import.zeros_lost", number=number, known=self._bare[number])
        else:
            weighed.refuse(sheet, row, "asset_number", "ledger_import.unknown_instrument", number=number)


_NOT_CONTENT = ("row", "findings")


@cache
def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names)


def content(row: Any, present: tuple[str, ...] | None = None) -> dict[str, Any]:
    """The values of a row by field; ``present``: only these fields."""
    names = present or tuple(name for name in type(row).__annotations__ if name not in _NOT_CONTENT)
    return dict(zip(names, _getter(names)(row), strict=True))


def stated(sheet: Sheet[Any], row: int, values: dict[str, Any]) -> dict[str, Any]:
    """Of the values of a row those that correct a fact that is there: a cell that could not be read says nothing, a blank one does."""
    unread = sheet.unread.get(row)
    return {name: value for name, value in values.items() if name not in unread} if unread else values


def present_fields(sheet: Sheet[Any], row_type: type[Any], always: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The fields of a row that the file has columns for: a missing column never blanks what the ledger knows."""
    columns = {column.field.name for column in sheet.table.columns}
    return tuple(name for name in row_type.__annotations__ if name not in _NOT_CONTENT and (name in columns or name in always))


def digest(values: Mapping[str, Any]) -> str:
    """By this a row is known again: 32 hex digits over its values and their names. Text stands as it is, all else apart from it."""
    told = [value if type(value) is str else (str(value),) for value in values.values()]
    return hashlib.sha256(f"{_head(tuple(values))}{told!r})".encode()).hexdigest()[:32]


@cache
def _head(names: tuple[str, ...]) -> str:
    # What stands before the values is the same for each row of a file: ``('number', 'item', `` of ``('number', 'item', [...])``.
    return repr((*names, 0))[:-2]
