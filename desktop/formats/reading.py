"""Turns the rows of a table into typed rows with findings: required, readable, not repeated. Knows the file, not the ledger.

A row with an error is rejected and kept with its reasons; warnings and notes ride on the accepted row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from desktop.formats import table as tables
from desktop.formats.cell_times import since_1904
from desktop.formats.cells import NOTHING, Noted, Parser, Unreadable, clean, fold, shown
from desktop.formats.fields import Field
from desktop.formats.spreadsheet import Value
from desktop.formats.table import Table
from desktop.formats.table_checks import Cut, short_numbers
from desktop.formats.teller import Teller
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Cancelled, Problem

_CACHE = 20_000


class Row(Protocol):
    """What every row of a file has: its 1-based place and what was remarked on it (no errors: those rows are rejected)."""

    @property
    def row(self) -> int: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not stored, with at least one error. ``key`` is its key as far as it could be read."""

    row: int
    key: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[R]):
    """A file that was read: good rows in file order, rejected rows, and the table they stand in (``table.cells(row)``).

    ``unread`` names, by row, the fields of good rows whose cells could not be read: they hold the blank value and say nothing.
    """

    table: Table
    rows: tuple[R, ...]
    rejected: tuple[Rejected, ...]
    unread: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """Data rows of the file: good and rejected."""
        return len(self.rows) + len(self.rejected)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found, by row; findings of the whole file first."""
        by_row: list[Finding] = [*self.table.findings]
        told = [(row.row, row.findings) for row in self.rows if row.findings]
        told += [(row.row, row.findings) for row in self.rejected]
        for _, found in sorted(told, key=lambda item: item[0]):
            by_row.extend(found)
        return tuple(by_row)


Check = Callable[[dict[str, Any], Teller], None]
Key = Callable[[dict[str, Any]], str]


def read(
    table: Table,
    fields: Sequence[Field],
    make: Callable[..., R],
    *,
    key: Key,
    key_field: str,
    check: Check | None = None,
    same: Key | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Sheet[R]:
    """Read all rows of a complete table.

    ``make(row=, findings=, **values)`` builds an accepted row; ``key`` is the text that may stand once in the file ("" is not
    compared), reported on ``key_field``; ``same`` is the form it is compared in, where that is another; ``check`` looks at a whole row.
    Raises Problem ``import.columns`` when the table is not complete, ``import.no_rows`` when it has no data row; Cancelled.
    """
    tables.complete(table)
    readers = [_Reader(column.field, column.unit, table.grid.base_1904) for column in table.columns]
    plan = [(r.name, column.index, r.cache, r) for r, column in zip(readers, table.columns, strict=True)]
    absent = {field.name: field.kind.blank for field in fields}
    teller = Teller(table)
    good: list[R] = []
    rejected: list[Rejected] = []
    seen: dict[str, int] = {}
    unread: dict[int, tuple[str, ...]] = {}
    cut = Cut(table) if table.grid.delimiter else None
    for n, (number, row) in enumerate(table.lines()):
        if cancelled is not None and not n % 500 and cancelled():
            raise Cancelled
        teller.start(number)
        values = absent.copy()
        for name, index, cache, reader in plan:
            got = cache.get(row[index], reader)
            values[name] = got if got is not reader else reader.read(row[index], teller)
        if check is not None:
            check(values, teller)
        if cut is not None:
            cut.check(number, teller)
        own = key(values)
        if own:
            earlier = seen.setdefault(own if same is None else same(values), number)
            if earlier != number:
                teller.tell(key_field, "import.repeated", shown=own, row=earlier)
        if teller.rejected:
            rejected.append(Rejected(number, own, tuple(teller.findings)))
        else:
            good.append(make(row=number, findings=tuple(teller.findings), **values))
            if teller.left_out:
                unread[number] = teller.taken()
    if not good and not rejected:
        raise Problem("import.no_rows", sheet=table.sheet)
    findings = (*table.findings, *short_numbers(table), *teller.tallied())
    return Sheet(replace(table, findings=findings), tuple(good), tuple(rejected), unread)


class _Reader:
    """Reads one column; equal cells are parsed once."""

    __slots__ = ("_blank", "_field", "_parse", "cache", "name")

    def __init__(self, field: Field, unit: str, base_1904: bool = False) -> None:
        self.name = field.name
        self._field = field
        parse = field.kind.parser(unit)
        self._parse: Parser = since_1904(parse) if base_1904 and field.kind.dated else parse
        self._blank = field.kind.blank
        # Whole numbers are not kept: True equals 1, and a cell that holds True is no number.
        self.cache: dict[Value, Any] = {None: self._blank} if field.blank == "ok" else {}

    def read(self, value: Value, teller: Teller) -> Any:
        if value is None or (isinstance(value, str) and (not value.strip() or self._only_looks_filled(value, teller))):
            return self._nothing(teller)
        try:
            got = self._parse(value)
        except Unreadable as fault:
            teller.tell(self.name, fault.code, self._field.fault, **fault.params)
            if self._field.fault != "error":
                teller.left_out.append(self.name)
            return self._blank
        if type(got) is Noted:
            told = {"shown": shown(value), **dict(got.params)}
            if got.often:
                teller.tally(self.name, got.code, **told)
            else:
                teller.tell(self.name, got.code, "note", **told)
            return self._nothing(teller) if got.value == self._blank else got.value
        if got == self._blank:
            return self._nothing(teller)
        if isinstance(value, str) and not value.isprintable() and clean(value)[1]:
            teller.tell(self.name, "import.invisible_removed", "note", shown=shown(value))
            return got
        if not isinstance(value, int) and len(self.cache) < _CACHE:
            self.cache[value] = got
        return got

    def _only_looks_filled(self, value: str, teller: Teller) -> bool:
        """Whether there is nothing but invisible characters, or the mark people put where there is nothing to fill in."""
        bare = clean(value)[0]
        if not bare:
            teller.tell(self.name, "import.invisible_removed", "note", shown=shown(value))
            return True
        if self._field.kind.marked and fold(bare).lower() in NOTHING:
            teller.tally(self.name, "import.taken_as_blank", shown=bare)
            return True
        return False

    def _nothing(self, teller: Teller) -> Any:
        if self._field.blank != "ok":
            teller.tell(self.name, "import.blank", self._field.blank, column=self._field.header)
        return self._blank
