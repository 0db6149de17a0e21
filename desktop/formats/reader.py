"""The child process that opens a workbook: the only place where the workbook reader runs.

Started as a script with one argument, a JSON object ``{path, kind, memory, seconds, n_rows, n_columns, n_cells}``; it caps its
own memory and processor time, reads, and writes lines of JSON to standard output:
``{"mark": "macros"}``, ``{"hidden": name}``,
``{"sheet": name, "merged": [[r1, c1, r2, c2], …], "faults": [[row, column, text], …], "base_1904": bool, "formulas": n, "formula_at": "C68",
"hidden_rows": n}``
opens a sheet, then some rows at a time as an array of columns ``[made, cells]``, at last ``{"end": true}`` or ``{"error": code}``. A cell is text,
an integer, true/false or null; where ``made`` also ``[decimal text]`` or ``[ISO text, 0]`` (a day or a moment). It imports nothing of the program, so that
it starts quickly and has nothing to betray.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections.abc import Iterator
from itertools import islice
from math import isfinite
from typing import Any

CHUNK = 500
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
        if not isfinite(value):
            return repr(value)
        if value.is_integer() and -_EXACT < value < _EXACT:
            return int(value)
        return [repr(value)]
    if kind is datetime.datetime:
        return [value.isoformat(), 0]
    if kind is datetime.date:
        return [value.isoformat(), 0]
    if kind is datetime.timedelta:
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    if kind is datetime.time:
        return value.strftime("%H:%M:%S")
    return value


def columns(rows: list[list[Any]]) -> list[Any]:
    """These rows as the wire carries them: by column, for most columns hold text and nothing else."""
    made = []
    for cells in zip(*rows):  # noqa: B905 - the reader's rows are equally wide
        if set(map(type, cells)) == {str}:
            made.append([False, [cell or None for cell in cells]])
        else:
            told = [plain(cell) for cell in cells]
            made.append([list in set(map(type, told)), told])
    return made


def _beside() -> Any:
    """``reader_faults``, which lies beside this file: by its place when this file runs as a script of its own."""
    if __package__:
        from desktop.formats import reader_faults

        return reader_faults
    import os.path
    from importlib import import_module

    sys.path.append(os.path.dirname(__file__))  # at the end: nothing here stands in for a module of another's
    return import_module("reader_faults")


def read(order: dict[str, Any]) -> Iterator[Any]:
    """The frames of one workbook."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    path = order["path"]
    about = _beside().look(path, order["kind"])
    for mark in about.marks:
        yield {"mark": mark}
    if path.lower().endswith("." + order["kind"]):
        book = CalamineWorkbook.from_path(path)
    else:
        # By path the reader believes the ending; here what is inside counts.
        with open(path, "rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
    n_rows = n_cells = 0
    for listed in book.sheets_metadata:
        if listed.typ != SheetTypeEnum.WorkSheet:
            continue
        if listed.visible != SheetVisibleEnum.Visible:
            yield {"hidden": listed.name}
            continue
        sheet = book.get_sheet_by_name(listed.name)
        height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        n_rows += height
        n_cells += height * width
        for what, found in (("n_rows", n_rows), ("n_columns", width), ("n_cells", n_cells)):
            if found > order[what]:
                yield {"error": "too_large", "what": what, "found": found}
                return
        merged = [[*start, *end] for start, end in sheet.merged_cell_ranges or ()]
        beside = about.sheet(listed.name)
        yield {
            "sheet": listed.name, "merged": merged, "faults": beside.faults, "base_1904": about.base_1904,
            "formulas": beside.n_formulas, "formula_at": beside.formula_at, "hidden_rows": beside.n_hidden,
        }  # fmt: skip
        # One piece at a time: all rows at once cost as much memory again as the sheet itself. They begin with the first row, but in its first column.
        rows, before = sheet.iter_rows(), [""] * (sheet.start[1] if sheet.start else 0)
        while piece := list(islice(rows, CHUNK)):
            yield columns([before + row for row in piece] if before else piece)
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
        code = "protected" if re.search("password|protected", f"{type(error).__name__} {error}".lower()) else "damaged"
        out.write(json.dumps({"error": code}).encode() + b"\n")
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
