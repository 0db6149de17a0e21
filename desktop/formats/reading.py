"""Turns the rows of a table into typed rows with findings: required, readable, not repeated. Knows the file, not the ledger.

A row with an error is rejected and kept with its reasons; warnings and notes ride on the accepted row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from desktop.formats import table as tables
from desktop.formats.cell_times import since_1904
from desktop.formats.cells import Noted, Parser, Unreadable, shown
from desktop.formats.fields import CODE, Field
from desktop.formats.spreadsheet import Value
from desktop.formats.table import Table
from desktop.ledger.finding import Cell, Finding, Severity, finding
from desktop.ledger.problem import Cancelled, Problem

_CACHE = 20_000
# Shorter codes are counted up from 1, and differ in length by nature.
_FEW_DIGITS = 4


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
    """A file that was read: good rows in file order, rejected rows, and the table they stand in (``table.cells(row)``)."""

    table: Table
    rows: tuple[R, ...]
    rejected: tuple[Rejected, ...]

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


class Teller:
    """Collects the findings of the row being read."""

    __slots__ = ("_headers", "_sheet", "findings", "rejected", "row")

    def __init__(self, table: Table) -> None:
        self._sheet = table.sheet
        self._headers = {column.field.name: column.header for column in table.columns}
        self._headers |= {field.name: field.header for field in table.missing}
        self.row = 0
        self.findings: list[Finding] = []
        self.rejected = False

    def start(self, row: int) -> None:
        """Begin a row."""
        self.row = row
        self.rejected = False
        if self.findings:
            self.findings = []

    def header(self, name: str) -> str:
        """What the column of a field is called."""
        return self._headers.get(name, name)

    def refused(self, *names: str) -> bool:
        """Whether this row is rejected for one of these fields."""
        headers = {self.header(name) for name in names}
        return self.rejected and any(f.severity == "error" and f.cell and f.cell.column in headers for f in self.findings)

    def tell(self, name: str, code: str, severity: Severity = "error", /, **params: object) -> None:
        """A finding on a field of this row; an error rejects the row."""
        place = Cell(self._sheet, self.row, self._headers.get(name, name))
        self.findings.append(Finding(code, severity, tuple((k, str(v)) for k, v in params.items()), place))
        self.rejected = self.rejected or severity == "error"


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
    cancelled: Callable[[], bool] | None = None,
) -> Sheet[R]:
    """Read all rows of a complete table.

    ``make(row=, findings=, **values)`` builds an accepted row; ``key`` is the text that may stand once in the file ("" is not
    compared), reported on ``key_field``; ``check`` looks at a whole row.
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
    cut = _Cut(table) if table.grid.delimiter else None
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
            earlier = seen.setdefault(own, number)
            if earlier != number:
                teller.tell(key_field, "import.repeated", shown=own, row=earlier)
        if teller.rejected:
            rejected.append(Rejected(number, own, tuple(teller.findings)))
        else:
            good.append(make(row=number, findings=tuple(teller.findings), **values))
    if not good and not rejected:
        raise Problem("import.no_rows", sheet=table.sheet)
    return Sheet(replace(table, findings=(*table.findings, *_short_numbers(table))), tuple(good), tuple(rejected))


class _Cut:
    """Rows of a text table that were cut in the wrong places: by a comma that is no separator, by a quote that swallowed lines."""

    def __init__(self, table: Table) -> None:
        self._rows = table.grid.rows
        self._delimiter = table.grid.delimiter
        lengths = Counter(map(len, self._rows[table.last_row :]))
        self._usual = max(len(table.headers), lengths.most_common(1)[0][0] if lengths else 0)

    def check(self, number: int, teller: Teller) -> None:
        row = self._rows[number - 1]
        if len(row) > self._usual:
            teller.tell("", "import.cells_shifted", found=len(row), usual=self._usual)
        for cell in row:
            if isinstance(cell, str) and "\n" in cell and cell.count(self._delimiter) >= self._usual - 1 > 0:
                teller.tell("", "import.lines_swallowed", shown=shown(cell))


def _short_numbers(table: Table) -> list[Finding]:
    """Codes kept in number cells that are shorter than most of their column: the sheet may have dropped zeros at their front."""
    told = []
    for column in table.columns:
        at = column.index
        numeric = any(type(row[at]) is int for row in table.grid.rows[table.last_row :] if len(row) > at)
        if column.field.kind is not CODE or column.field.blank != "error" or not numeric:
            continue
        cells = [(number, row[at]) for number, row in table.lines()]
        whole = [(number, cell) for number, cell in cells if type(cell) is int and cell >= 0]
        lengths = Counter(len(str(cell)) for _, cell in cells if type(cell) is int or (isinstance(cell, str) and cell.isdecimal()))
        usual = max(lengths, key=lambda length: (lengths[length], length), default=0)
        short = [(number, cell) for number, cell in whole if len(str(cell)) < usual]
        if short and usual >= _FEW_DIGITS:
            place = Cell(table.sheet, short[0][0], column.header)
            told.append(finding("import.zeros_perhaps_lost", "warning", cell=place, n=len(short), shown=short[0][1], usual=usual))
    return told


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
        if value is None or (isinstance(value, str) and not value.strip()):
            return self._nothing(teller)
        try:
            got = self._parse(value)
        except Unreadable as fault:
            teller.tell(self.name, fault.code, self._field.fault, **fault.params)
            return self._blank
        if type(got) is Noted:
            teller.tell(self.name, got.code, "note", **{"shown": shown(value), **dict(got.params)})
            return self._nothing(teller) if got.value == self._blank else got.value
        if got == self._blank:
            return self._nothing(teller)
        if not isinstance(value, int) and len(self.cache) < _CACHE:
            self.cache[value] = got
        return got

    def _nothing(self, teller: Teller) -> Any:
        if self._field.blank != "ok":
            teller.tell(self.name, "import.blank", self._field.blank, column=self._field.header)
        return self._blank
