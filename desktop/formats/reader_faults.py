"""What the workbook reader does not tell: cells that only look blank, formulas, hidden rows, macros and links to other files.

It runs in the child process beside ``reader.py`` and imports nothing of the program, and little else: each module costs the start.
A fault is ``(row, column, text)``, 0-based, with ``#N/A`` and its like, or ``=`` for a formula that carries no result.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

# The parser has its own guard against swelling entities, and this process its cap of memory and time.
from xml.etree import ElementTree

Fault = tuple[int, int, str]

_WORTH_A_LOOK = re.compile(rb"<(?:\w+:)?f[\s>/]|\st\s*=\s*[\"']e[\"']|\shidden\s*=\s*[\"'](?:1|true)[\"']")
# What it looks for holds one of these: most sheets have none, and to see that must cost little.
_HINTS = (b"<f", b":f", b'"e"', b"'e'", b"hidden")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
# A formula that carries a usable result; no cell is shown so.
_FORMULA = "=…"
_CHAIN_END = 0xFFFFFFFE


class Protected(Exception):
    """The workbook is encrypted."""


class Sheet:
    """What is remarkable about one sheet. ``n_formulas`` carry a result, ``formula_at`` is the first of them (``C68``); ``empty``:
    those of an ``.xls`` whose result is an empty text."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.n_formulas = 0
        self.formula_at = ""
        self.n_hidden = 0
        self.empty: list[Fault] = []

    def formula(self, row: int, column: int) -> None:
        """Count a formula with a result."""
        self.n_formulas += 1
        self.formula_at = self.formula_at or f"{_letters(column)}{row + 1}"


class Book:
    """Sheets by name; ``marks`` are ``macros`` and ``links``; ``base_1904``: days count from 1904."""

    def __init__(self) -> None:
        self.sheets: dict[str, Sheet] = {}
        self.marks: list[str] = []
        self.base_1904 = False

    def sheet(self, name: str) -> Sheet:
        """What is remarkable about a sheet, nothing when nothing was found."""
        return self.sheets.get(name) or Sheet()


def look(path: str, kind: str) -> Book:
    """Look through a workbook of kind ``xlsx``, ``xls`` or ``ods``. Raises Protected, and whatever a damaged file causes."""
    if kind == "xls":
        with open(path, "rb") as stream:
            return _xls(stream.read())
    with zipfile.ZipFile(path) as archive:
        return _xlsx(archive) if kind == "xlsx" else _ods(archive)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _named(element: ElementTree.Element, wanted: str) -> str:
    """An attribute whatever its namespace."""
    return next((value for name, value in element.attrib.items() if _local(name) == wanted), "")


# xlsx


def _xlsx(archive: zipfile.ZipFile) -> Book:
    book = Book()
    names = archive.namelist()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        book.marks.append("macros")
    if any(name.startswith("xl/externalLinks/") for name in names):
        book.marks.append("links")
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - see above
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314 - see above
        if _local(element.tag) == "workbookPr":
            book.base_1904 = element.get("date1904", "").lower() in ("1", "true", "on")
        if _local(element.tag) == "sheet":
            target = targets.get(_named(element, "id"), "")
            entry = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if entry in names:
                book.sheets[element.get("name", "")] = _xlsx_sheet(archive.read(entry))
    return book


def _xlsx_sheet(content: bytes) -> Sheet:
    sheet = Sheet()
    if not any(hint in content for hint in _HINTS) or not _WORTH_A_LOOK.search(content):
        return sheet
    row = column = -1
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314 - see above
        tag = _local(element.tag)
        if event == "start":
            if tag == "row":
                row, column = int(element.get("r") or row + 2) - 1, -1
                sheet.n_hidden += element.get("hidden", "") in ("1", "true")
            continue
        if tag == "c":
            place = _PLACE.fullmatch(element.get("r") or "")
            row, column = (int(place[2]) - 1, _column(place[1])) if place else (row, column + 1)
            text = _xlsx_fault(element)
            if text == _FORMULA:
                sheet.formula(row, column)
            elif text:
                sheet.faults.append((row, column, text))
        if tag in ("c", "row"):
            element.clear()
    return sheet


def _xlsx_fault(cell: ElementTree.Element) -> str:
    parts = {_local(part.tag): part.text or "" for part in cell}
    kind = cell.get("t", "n")
    if kind == "e":
        return parts.get("v") or "#ERROR"
    if "f" not in parts:
        return ""
    return _FORMULA if parts.get("v") or kind == "str" else "="


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


# ods


def _ods(archive: zipfile.ZipFile) -> Book:
    book = Book()
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in archive.namelist()):
        book.marks.append("macros")
    content = archive.read("content.xml")
    if b":formula" not in content and b":visibility" not in content and b":cell-range-source" not in content:
        return book
    sheet, row, column = Sheet(), 0, 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314 - see above
        tag = _local(element.tag)
        if event == "start":
            if tag == "table":
                sheet, row = book.sheets.setdefault(_named(element, "name"), Sheet()), 0
            elif tag == "table-row":
                column = 0
            elif tag == "cell-range-source" and "links" not in book.marks:
                book.marks.append("links")
            continue
        if tag in ("table-cell", "covered-table-cell"):
            text = _ods_fault(element)
            if text == _FORMULA:
                sheet.formula(row, column)
                text = ""
            n = min(int(_named(element, "number-columns-repeated") or 1), 1 << 14)
            sheet.faults += [(row, column + each, text) for each in range(n if text else 0)]
            column += n
            element.clear()
        elif tag == "table-row":
            n = int(_named(element, "number-rows-repeated") or 1)
            sheet.n_hidden += n if _named(element, "visibility") in ("collapse", "filter") and len(element) else 0
            row += n
            element.clear()
    return book


def _ods_fault(cell: ElementTree.Element) -> str:
    if not _named(cell, "formula"):
        return ""
    kinds = {value for name, value in cell.attrib.items() if _local(name) == "value-type"}
    shown = "".join(cell.itertext()).strip()
    if "error" in kinds or shown.startswith(("#", "Err:")):
        return shown or "#ERROR"
    return _FORMULA if kinds else "="


# xls


def _xls(content: bytes) -> Book:
    book = Book()
    streams = _streams(content)
    if any(name in streams for name in ("_VBA_PROJECT_CUR", "_VBA_PROJECT")):
        book.marks.append("macros")
    workbook = streams.get("Workbook") or streams.get("Book") or b""
    places: dict[int, Sheet] = {}
    sheet: Sheet | None = None
    for at, kind, body in _records(workbook):
        if kind == 0x2F:
            raise Protected
        if kind in (0x0809, 0x0409, 0x0209, 0x0009):
            sheet = places.get(at)
        elif kind == 0x22:
            book.base_1904 = body[:2] == b"\1\0"
        elif kind == 0x85:
            (start,) = struct.unpack_from("<I", body)
            places[start] = book.sheets.setdefault(_xls_name(body[6:], unicode=workbook[:2] == b"\x09\x08"), Sheet())
        elif kind == 0x01AE and len(body) > 3 and body[2:4] not in (b"\1\4", b"\1\x3a") and "links" not in book.marks:
            book.marks.append("links")
        elif sheet is not None:
            _xls_cell(sheet, kind, body)
    for each in book.sheets.values():
        # An empty text is a formula's own blank; where no formula has anything else, the file was never calculated.
        if each.n_formulas:
            each.n_formulas += len(each.empty)
        else:
            each.faults += each.empty
    return book


def _xls_cell(sheet: Sheet, kind: int, body: bytes) -> None:
    if kind == 0x0208 and len(body) >= 14:
        sheet.n_hidden += body[12] >> 5 & 1
    if kind == 0x0205 and len(body) >= 8 and body[7]:
        sheet.faults.append((*struct.unpack_from("<HH", body), _ERRORS.get(body[6], "#ERROR")))
    if kind in (0x0006, 0x0206, 0x0406) and len(body) >= 16:
        row, column = struct.unpack_from("<HH", body)
        result = body[6] if body[12:14] == b"\xff\xff" else -1
        if result == 2:
            sheet.faults.append((row, column, _ERRORS.get(body[8], "#ERROR")))
        elif result == 3:
            sheet.empty.append((row, column, "="))
        else:
            sheet.formula(row, column)


def _xls_name(body: bytes, *, unicode: bool) -> str:
    if not unicode:
        return body[1 : 1 + body[0]].decode("gb18030", "replace")
    length, wide = body[0], body[1] & 1
    return body[2 : 2 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _streams(content: bytes) -> dict[str, bytes]:
    """The streams of a compound file by name; storages stand there without content."""
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    n_fat, first_directory, _, cutoff, first_mini, _, next_difat, _ = struct.unpack_from("<8I", content, 44)

    def sector(number: int) -> bytes:
        return content[number + 1 << shift : number + 2 << shift]

    def numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))

    places = numbers(content[76:512])
    for _ in range(len(content) >> shift):
        if next_difat >= _CHAIN_END:
            break
        *more, next_difat = numbers(sector(next_difat)) or [_CHAIN_END]
        places += more
    fat = [number for place in places[:n_fat] if place < _CHAIN_END for number in numbers(sector(place))]

    def chain(start: int, table: list[int]) -> Iterator[int]:
        for _ in range(len(table)):
            if start >= len(table):
                return
            yield start
            start = table[start]

    def read(start: int) -> bytes:
        return b"".join(map(sector, chain(start, fat)))

    mini_fat = numbers(read(first_mini))
    directory = read(first_directory)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    mini = b""
    found: dict[str, bytes] = {}
    for entry in entries:
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, size = struct.unpack_from("<II", entry, 116)
        name = entry[: max(0, length - 2)].decode("utf-16-le", "replace")
        if kind == 5:
            mini = read(start)
        elif kind == 2 and size < cutoff:
            parts = (mini[number << mini_shift : number + 1 << mini_shift] for number in chain(start, mini_fat))
            found[name] = b"".join(parts)[:size]
        elif kind == 2:
            found[name] = read(start)[:size]
        elif kind == 1:
            found[name] = b""
    return found
