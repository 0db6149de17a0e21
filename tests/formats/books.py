"""Makes the files that people hand in: workbooks of every kind, ugly ones, and hostile ones."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.formats.spreadsheet import Grid, Value, Workbook

Rows = Sequence[Sequence[Any]]


def workbook(rows: Rows, *, name: str = "表", merged: Sequence[tuple[int, int, int, int]] = ()) -> Workbook:
    """A workbook that was read already."""
    return Workbook("在内存.xlsx", "xlsx", (grid(rows, name=name, merged=merged),))


def grid(rows: Rows, *, name: str = "表", merged: Sequence[tuple[int, int, int, int]] = ()) -> Grid:
    plain: list[list[Value]] = [[None if cell == "" else cell for cell in row] for row in rows]
    return Grid(name, tuple(plain), tuple(merged))


def xlsx(path: Path, sheets: dict[str, Rows], *, merged: Sequence[str] = ()) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([str(cell) if isinstance(cell, Decimal) else cell for cell in row])
        for area in merged:
            sheet.merge_cells(area)
    book.save(path)
    return path


def xls(path: Path, rows: Rows) -> Path:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    moment = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write(r, c, cell, moment)
            elif isinstance(cell, date):
                sheet.write(r, c, cell, day)
            elif cell is not None:
                sheet.write(r, c, cell)
    book.save(str(path))
    return path


def ods(path: Path, rows: Rows) -> Path:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet = Table(name="表")
    for row in rows:
        line = TableRow()
        for cell in row:
            if isinstance(cell, (datetime, date)):
                made = TableCell(valuetype="date", datevalue=cell.isoformat())
            elif isinstance(cell, (int, float)):
                made = TableCell(valuetype="float", value=str(cell))
            elif cell is None:
                made = TableCell()
            else:
                made = TableCell(valuetype="string")
                made.addElement(P(text=str(cell)))
            line.addElement(made)
        sheet.addElement(line)
    # What office programs write below every table.
    sheet.addElement(TableRow(numberrowsrepeated=1_000_000))
    book.spreadsheet.addElement(sheet)
    book.save(str(path))
    return path


def csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    lines = [delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def ole(path: Path, *streams: str) -> Path:
    """A compound file with these names in its directory: as much of one as telling its kind needs."""
    sector = bytearray(512)
    sector[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    directory = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 64 for name in ("Root Entry", *streams))
    path.write_bytes(bytes(sector) + directory)
    return path


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def bomb(path: Path) -> Path:
    """A small workbook whose sheet unpacks to a hundred million blanks."""
    return zipped(path, {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", "xl/s.xml": b" " * 100_000_000})


def sparse(path: Path) -> Path:
    """A tiny workbook with two cells, in opposite corners: a careless reader asks for 500 GB."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "仪器编号"
    book.active.cell(1_048_576, 16_384).value = 1
    book.save(path)
    return path
