"""The child process that opens a workbook: the only place where the workbook reader runs.

Started as a script with one argument, a JSON object ``{path, kind, memory, seconds, n_rows, n_columns, n_cells}``; it caps its
own memory and processor time, reads, and writes lines of JSON to standard output:
``{"sheet": name, "merged": [[r1, c1, r2, c2], …], "faults": [[row, column, text], …], "base_1904": bool}`` opens a sheet, then arrays of rows,
at last ``{"end": true}`` or ``{"error": code}``. A cell is text, an integer, true/false, null, ``[decimal text]``,
``[day ordinal, -1]`` (a day) or ``[day ordinal, microseconds]`` (a moment). It imports nothing of the program, so that it starts
quickly and has nothing to betray.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

CHUNK = 500
_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"<v(?: [^>]*)?>([^<]+)</v>")
_EXACT = 10**15


def limit(memory: int, seconds: int) -> None:
    """Cap this process. Where the system has no such caps the parent's clock is the only guard."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 5, seconds + 6))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(value: Any) -> Any:
    """One cell as the wire carries it; the workbook's binary fractions become the shortest decimal text that names them."""
    kind = type(value)
    if kind is str:
        return value or None
    if kind is float:
        if value.is_integer() and -_EXACT < value < _EXACT:
            return int(value)
        return [repr(value)]
    if kind is datetime.datetime:
        micro = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
        return [value.toordinal(), micro]
    if kind is datetime.date:
        return [value.toordinal(), -1]
    if kind is datetime.timedelta:
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    if kind is datetime.time:
        return value.strftime("%H:%M:%S")
    return value


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def faults(sheet: bytes) -> Iterator[tuple[int, int, str]]:
    """Cells the reader would show as blank though they are not: error values, and formulas that carry no result.

    Yields 0-based row and column and ``#N/A`` or ``=``.
    """
    if b"<f" not in sheet and b't="e"' not in sheet:
        return
    for cell in _CELL.finditer(sheet):
        attributes, body = cell[1], cell[2] or b""
        place = _PLACE.search(attributes)
        if place is None:
            continue
        found = _VALUE.search(body)
        text = ""
        if b't="e"' in attributes:
            text = found[1].decode("utf-8", "replace") if found else "#ERROR"
        elif b"<f" in body and not found and b't="str"' not in attributes:
            text = "="
        if text:
            yield int(place[2]) - 1, _column(place[1]), text


def sheet_entries(path: str) -> tuple[dict[str, str], bool]:
    """Sheet name -> entry of the zip, from the workbook's own table, and whether its days count from 1904."""
    # The parser has its own guard against swelling entities, and this process its cap of memory and time.
    from xml.etree import ElementTree

    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - see above
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - see above
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    entries = {}
    base_1904 = False
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "workbookPr":
            base_1904 = element.get("date1904", "").lower() in ("1", "true", "on")
        if element.tag.rpartition("}")[2] == "sheet":
            relation = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            target = targets.get(relation, "")
            entries[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return entries, base_1904


def read(order: dict[str, Any]) -> Iterator[Any]:
    """The frames of one workbook."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    path = order["path"]
    entries, base_1904 = sheet_entries(path) if order["kind"] == "xlsx" else ({}, False)
    if path.lower().endswith("." + order["kind"]):
        book = CalamineWorkbook.from_path(path)
    else:
        # By path the reader believes the ending; here what is inside counts.
        with open(path, "rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
    n_rows = n_cells = 0
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        broken: list[tuple[int, int, str]] = []
        if about.name in entries:
            with zipfile.ZipFile(path) as archive:
                broken = list(faults(archive.read(entries[about.name])))
        sheet = book.get_sheet_by_name(about.name)
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        n_rows += height
        n_cells += height * width
        for what, found in (("n_rows", n_rows), ("n_columns", width), ("n_cells", n_cells)):
            if found > order[what]:
                yield {"error": "too_large", "what": what, "found": found}
                return
        merged = [[*start, *end] for start, end in sheet.merged_cell_ranges or ()]
        yield {"sheet": about.name, "merged": merged, "faults": broken, "base_1904": base_1904}
        rows = sheet.to_python(skip_empty_area=False)
        for first in range(0, len(rows), CHUNK):
            yield [[plain(value) for value in row] for row in rows[first : first + CHUNK]]
    yield {"end": True}


def main(order_text: str) -> int:
    """Read the workbook the order names; the exit code is 0 when the last frame says how it went."""
    order = json.loads(order_text)
    import python_calamine  # noqa: F401 - a missing reader is a fault of the program, not of the file

    limit(order["memory"], order["seconds"])
    out = sys.stdout.buffer
    try:
        for frame in read(order):
            out.write(json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n")
            out.flush()
    except MemoryError:
        out.write(b'{"error":"too_large","what":"memory","found":0}\n')
    except BrokenPipeError:
        return 1
    except (KeyboardInterrupt, SystemExit):
        return 1
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is no Exception; the file's family of fault is told
        code = "protected" if "password" in f"{type(error).__name__} {error}".lower() else "damaged"
        out.write(json.dumps({"error": code}).encode() + b"\n")
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
