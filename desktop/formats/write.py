"""Writes workbooks and text tables for people: text stays text, nothing can run, the same content gives the same bytes.

A file appears whole or not at all: it is written beside its place and moved there.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from desktop import words
from desktop.formats.cells import plain_number
from desktop.formats.fields import Field, Shown
from desktop.formats.spreadsheet import Fault, Value
from desktop.formats.table import PROBLEM_COLUMN, Table
from desktop.ledger import money
from desktop.ledger.finding import Finding
from desktop.ledger.problem import Problem, reason_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What a spreadsheet program takes for the start of a formula or for a reason to split the cell.
_DANGER = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_LONG_DIGITS = re.compile(r"'*[0-9]{16,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime.combine(date(2000, 1, 1), time())
_CELL_LIMIT = 32_767


@dataclass(frozen=True, slots=True)
class Fen:
    """An amount for a cell: written as yuan with two decimals."""

    fen: int


Out = Shown | Fen | bool


@dataclass(frozen=True, slots=True)
class OutSheet:
    """A sheet to write: the rows are as wide as the header; ``widths`` in characters, by column."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Out]]
    widths: Sequence[int] = ()


def sheet_of(name: str, fields: Sequence[Field], rows: Iterable[Any]) -> OutSheet:
    """The sheet that reads back as these rows: one column a field, values by attribute name (row classes or ledger facts)."""
    shows = [(field.name, field.kind.show) for field in fields]
    return OutSheet(name, [field.header for field in fields], ([show(getattr(row, at)) for at, show in shows] for row in rows))


def write(path: Path, sheets: Sequence[OutSheet]) -> None:
    """Write by the name's ending: ``.xlsx``, or ``.csv`` (one sheet). Raises Problem ``file.ending``, ``file.cannot_write``."""
    ending = path.suffix.lower()
    if ending == ".xlsx":
        write_xlsx(path, sheets)
    elif ending == ".csv" and len(sheets) == 1:
        write_csv(path, sheets[0])
    else:
        raise Problem("file.ending", name=path.name)


def write_xlsx(path: Path, sheets: Sequence[OutSheet]) -> None:
    """Write a workbook. Raises Problem ``file.cannot_write``, ``file.disk_full``."""
    _whole(path, lambda part: _xlsx(part, sheets))


def write_csv(path: Path, sheet: OutSheet) -> None:
    """Write a text table: UTF-8 with byte-order mark, commas, CRLF. Raises Problem ``file.cannot_write``, ``file.disk_full``."""

    def fill(part: Path) -> None:
        text = io.StringIO(newline="")
        out = csv.writer(text, lineterminator="\r\n")
        out.writerow([_csv(cell) for cell in sheet.header])
        out.writerows([_csv(cell) for cell in row] for row in sheet.rows)
        part.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8"))

    _whole(path, fill)


def write_file(path: Path, content: bytes) -> None:
    """Write a file as it is. Raises Problem ``file.cannot_write``, ``file.disk_full``."""

    def fill(part: Path) -> None:
        part.write_bytes(content)

    _whole(path, fill)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is new or empty: all of them are there, or none.

    Raises Problem ``file.folder_used``, ``file.cannot_write``, ``file.disk_full``.
    """
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.part")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise Problem("file.folder_used", name=folder.name)
        try:
            part.mkdir(parents=True)
            for name, content in files.items():
                with (part / name).open("wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
            part.replace(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise _refused(folder, error) from error


def write_rejects(path: Path, table: Table, findings: Iterable[Finding]) -> int:
    """Write the rows that have an error, as they stood, with the reasons in an added column 问题; returns how many.

    The file can be corrected and imported again: the header is the original one and 问题 is not read.
    """
    reasons: dict[int, list[str]] = {}
    for found in findings:
        if found.severity == "error" and found.cell is not None and found.cell.row > table.last_row:
            told = words.say(found.code, **dict(found.params))
            reasons.setdefault(found.cell.row, []).append(f"{found.cell.column}：{told}" if found.cell.column else told)
    # A former rejects file that is imported again brings its own column of reasons: it is replaced, not repeated.
    keep = [index for index, header in enumerate(table.headers) if header != PROBLEM_COLUMN]
    rows: list[list[Out]] = []
    for row in sorted(reasons):
        cells = table.cells(row)
        original = [_original(cells[index]) if index < len(cells) else None for index in keep]
        rows.append([*original, "；".join(dict.fromkeys(reasons[row]))])
    header = [*(table.headers[index] for index in keep), PROBLEM_COLUMN]
    write(path, [OutSheet(table.sheet or PROBLEM_COLUMN, header, rows)])
    return len(rows)


def _original(value: Value) -> Out:
    return value.text if isinstance(value, Fault) else value


def _text(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)[:_CELL_LIMIT]


def _csv(value: Out) -> str:
    if isinstance(value, str):
        text = _text(value)
        # The apostrophe is what spreadsheet programs themselves use for "this is text"; our reader takes it off again.
        return f"'{text}" if _DANGER.match(text) or _LONG_DIGITS.fullmatch(text) else text
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fen):
        return money.plain(value.fen)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if not value.second else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return plain_number(Decimal(value))


def _xlsx(path: Path, sheets: Sequence[OutSheet]) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    plain = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    # Rows wait on disk while the workbook grows: beside it, so that they come to no other place.
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent), **plain})
    book.set_properties({"created": _EPOCH, "author": "", "title": ""})
    styles: dict[str, Format] = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1}),
        "text": book.add_format({"num_format": "@"}),
        # The mark by which the workbook itself says: this text is not a formula, also when the cell is edited.
        "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    try:
        for sheet in sheets:
            _xlsx_sheet(book.add_worksheet(_sheet_name(sheet.name)), sheet, styles)
    except BaseException:
        # Closing lets go of the rows kept on disk meanwhile; what it writes is thrown away with the part.
        with suppress(FileCreateError, OSError):
            book.close()
        raise
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error


def _xlsx_sheet(page: Worksheet, sheet: OutSheet, styles: dict[str, Format]) -> None:
    page.freeze_panes(1, 0)
    for index, header in enumerate(sheet.header):
        width = sheet.widths[index] if index < len(sheet.widths) else min(40, max(10, 2 * len(header) + 2))
        page.set_column(index, index, width)
        page.write_string(0, index, _text(header), styles["head"])
    for number, row in enumerate(sheet.rows, 1):
        for index, value in enumerate(row):
            _xlsx_cell(page, number, index, value, styles)


def _xlsx_cell(page: Worksheet, row: int, column: int, value: Out, styles: dict[str, Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, str):
        text = _text(value)
        page.write_string(row, column, text, styles["quoted" if _DANGER.match(text) else "text"])
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, styles["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime.combine(value, time()), styles["day"])
    else:
        number = Decimal(value.fen).scaleb(-2) if isinstance(value, Fen) else Decimal(value)
        if _comes_back(number):
            page.write_number(row, column, cast("Any", number), styles["money"] if isinstance(value, Fen) else None)
        else:
            page.write_string(row, column, plain_number(number), styles["text"])


def _comes_back(number: Decimal) -> bool:
    # A number cell is a binary fraction written with 16 digits; a number that would be read back as another one is kept as text.
    return Decimal(repr(float(f"{float(number):.16G}"))) == number


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", _text(name)).strip()[:31] or "Sheet1"


def _whole(path: Path, fill: Callable[[Path], None]) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            fill(part)
            with part.open("rb+") as stream:
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> Problem:
    code = "file.disk_full" if error.errno == errno.ENOSPC else "file.cannot_write"
    return Problem(code, name=path.name, reason=reason_of(error))
