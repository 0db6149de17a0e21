"""The columns of a file before it is read: what the file has, which field each is taken for, what is missing or not used."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

from desktop.actions.importing import KINDS
from desktop.actions.progress import UNWATCHED, Progress
from desktop.formats import fees
from desktop.formats import table as table_in
from desktop.formats.cells import shown
from desktop.formats.fields import Field
from desktop.formats.headers import letters, normal
from desktop.formats.spreadsheet import Grid, Value, Workbook
from desktop.formats.table import Table
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Problem, Refused

__all__ = [
    "FileColumn",
    "FileColumns",
    "ImportField",
    "Workbook",
    "headers_of",
    "look",
    "open_file",
    "other_kinds",
    "pasted",
    "remembered",
]

_FORMATS = {kind: kind for kind in KINDS} | {"records": "service_records", "national_services": "national_stated", "national_audits": "national_audit"}
_SAMPLES = 3
_SAMPLE_ROWS = 50


@dataclass(frozen=True, slots=True)
class ImportField:
    """A column the program can use: its name in mappings, how we write it, whether the file cannot be read without it, and the field
    that may stand ``instead`` of it (机时 for the end)."""

    name: str
    header: str
    required: bool
    instead: str = ""


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: its letters as a spreadsheet shows them, its header, and what its first rows say."""

    letters: str
    header: str
    sample: str


@dataclass(frozen=True, slots=True)
class FileColumns:
    """``matched`` field name -> letters, ``by_name`` the same without a mapping; ``header_row`` 1-based; ``findings`` tell
    missing, double and unused columns.

    ``encoding`` and ``delimiter`` are empty for workbooks; ``from_on`` is the first day a price list states itself.
    """

    kind: str
    sheet: str
    header_row: int
    encoding: str
    delimiter: str
    fields: tuple[ImportField, ...]
    columns: tuple[FileColumn, ...]
    matched: Mapping[str, str]
    by_name: Mapping[str, str]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    findings: tuple[Finding, ...]
    from_on: date | None = None

    @property
    def complete(self) -> bool:
        """Whether every required field has its column, and none that must not be guessed has two."""
        if any(one.code == "import.column_twice" for one in self.findings):
            return False
        return all(field.name in self.matched or field.instead in self.matched for field in self.fields if field.required)


def _format(kind: str) -> ModuleType:
    if kind not in _FORMATS:
        raise Refused("ledger_import.kind", kind=kind, kinds="|".join(KINDS))
    return importlib.import_module(f"desktop.formats.{_FORMATS[kind]}")


def open_file(path: Path, progress: Progress = UNWATCHED) -> Workbook:
    """Open a file once for all that follows. Raises Problem ``file.*`` and Cancelled."""
    from desktop.formats import spreadsheet

    progress.report(0, 0, "work.reading")
    return spreadsheet.read(path, cancelled=progress.cancelled)


def pasted(text: str, name: str) -> Workbook:
    """Cells copied from a spreadsheet (tabs between them, quotes around what has breaks) as a workbook of one sheet.

    Raises Problem ``file.empty`` when there is nothing in it.
    """
    lines = [[cell.strip() or None for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
    if not any(any(row) for row in lines):
        raise Problem("file.empty", name=name)
    rows: tuple[list[Value], ...] = tuple(list(row) for row in lines)
    return Workbook(name, "csv", (Grid(name, rows),))


def look(kind: str, workbook: Workbook, mapping: Mapping[str, str] | None = None) -> FileColumns:
    """Which columns a file has and what they are taken for. ``mapping`` as in ``importing.read``; what does not fit is left away.

    Raises Problem ``file.no_header`` when no row looks like a header of this kind.
    """
    module = _format(kind)
    fields: tuple[Field, ...] = getattr(module, "READ", module.FIELDS)
    instead: Mapping[str, str] = getattr(module, "INSTEAD", {})
    table = _table(workbook, fields, dict(mapping or {}))
    wanted = tuple(ImportField(field.name, field.header, field.required, instead.get(field.name, "")) for field in fields)
    start = fees.effective_on(table) if kind == "fees" else None
    return FileColumns(
        kind,
        table.sheet,
        table.last_row,
        workbook.encoding,
        workbook.delimiter,
        wanted,
        _columns(table),
        _matched(table),
        _matched(_table(workbook, fields, {})) if mapping else _matched(table),
        tuple(field.header for field in table.missing),
        table.extra,
        table.findings,
        start,
    )


def _matched(table: Table) -> dict[str, str]:
    return {column.field.name: letters(column.index) for column in table.columns}


def _table(workbook: Workbook, fields: tuple[Field, ...], mapping: dict[str, str]) -> Table:
    """The table found with as much of the mapping as fits this file: a remembered one may name columns it does not have."""
    while True:
        try:
            return table_in.find(workbook, fields, mapping)
        except Problem as problem:
            asked = problem.params.get("asked") if problem.code == "import.map_column" else None
            lost = [name for name, column in mapping.items() if column == asked]
            if not lost:
                raise
            for name in lost:
                del mapping[name]


def _columns(table: Table) -> tuple[FileColumn, ...]:
    samples: list[list[str]] = [[] for _ in table.headers]
    for n, (_, cells) in enumerate(table.lines()):
        if n >= _SAMPLE_ROWS:
            break
        for index, value in enumerate(cells[: len(samples)]):
            text = "" if value is None else shown(value)
            if text and len(samples[index]) < _SAMPLES and text not in samples[index]:
                samples[index].append(text)
    told = enumerate(zip(table.headers, samples, strict=True))
    return tuple(FileColumn(letters(n), header, " · ".join(said)) for n, (header, said) in told)


def headers_of(columns: FileColumns, mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping by letters as one by header, where the header stands once: still right when the columns have moved."""
    forms = [normal(column.header) for column in columns.columns]
    once = {form for form in forms if form and forms.count(form) == 1}
    names = {column.letters: column.header for column in columns.columns if normal(column.header) in once}
    return {name: names.get(at, at) for name, at in mapping.items()}


def remembered(columns: FileColumns, before: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """What to remember for files of this kind: ``chosen`` (by letters, what differs from the names) over what was kept before.

    A kept choice that this file could follow and that was taken back is forgotten; one about a column it does not have stays.
    """
    headers = {column.header for column in columns.columns}
    kept = {name: at for name, at in before.items() if at and at not in headers}
    return {**kept, **headers_of(columns, chosen)}


def other_kinds(workbook: Workbook, but: str) -> tuple[str, ...]:
    """Kinds of import whose required columns the file has, best first: what to offer when it is not the kind asked for."""
    found: list[tuple[int, str]] = []
    for kind in KINDS:
        if kind == but:
            continue
        try:
            columns = look(kind, workbook)
        except Problem:
            continue
        if columns.complete:
            found.append((-len(columns.matched), kind))
    return tuple(kind for _, kind in sorted(found))
