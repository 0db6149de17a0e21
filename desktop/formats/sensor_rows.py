"""The rows of a file of readings, one at a time: of a text table by line, of a workbook by sheet. No file of a million rows is ever held.

What the rows mean is in ``sensor_readings``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from desktop.formats import delimited, guard, spreadsheet
from desktop.formats.guard import FileKind, Limits
from desktop.formats.spreadsheet import Grid, Value, Workbook
from desktop.ledger.finding import Cell, Finding, finding
from desktop.ledger.problem import Cancelled, Problem, reason_of

_HEAD_BYTES = 1 << 16
_MARKS = {"macros": "import.macros", "links": "import.links"}

Row = tuple[int, Sequence[Value]]
"""The 1-based number of a row (of a text table: its last line) and its cells."""


@dataclass(slots=True)
class Told:
    """What is known of a workbook when its rows are read: ``taken`` and ``passed`` are the sheets with rows that were read and not read."""

    taken: list[Grid] = field(default_factory=list)
    passed: list[Grid] = field(default_factory=list)
    book: Workbook | None = None

    def findings(self) -> Iterator[Finding]:
        """What a person should know of how the file was read."""
        if self.taken and self.passed:
            place = Cell(self.taken[0].name, 0)
            yield finding("import.sheet_read", "note", cell=place, sheet=_names(self.taken), sheets=_names(self.passed))
        if self.book is not None and self.book.hidden:
            yield finding("import.hidden_sheets", "warning", sheets="、".join(self.book.hidden))
        for grid in self.taken:
            place = Cell(grid.name, 0)
            if grid.n_hidden:
                yield finding("import.hidden_rows", "warning", cell=place, n=grid.n_hidden)
            if grid.n_formulas:
                yield finding("import.formulas", "note", cell=place, n=grid.n_formulas, at=grid.formula_at)
        for mark in self.book.marks if self.book is not None else ():
            yield finding(_MARKS[mark], "note")


def read(path: Path, limits: Limits, cancelled: Callable[[], bool] | None = None) -> Generator[Grid | Row | Workbook]:
    """A Grid without rows opens a sheet, its rows follow; at last the Workbook. A text table is one sheet without a name.

    Raises Problem (``file.*``), also for more rows than the limit, and Cancelled.
    """
    kind = guard.check(path, limits)
    n_rows = 0
    source = _of_text(path) if kind == "csv" else _of_book(path, kind, limits, cancelled)
    with closing(source):
        for piece in source:
            if type(piece) is tuple:
                n_rows += 1
                if n_rows > limits.n_rows:
                    raise guard.too_many(path, "n_rows", n_rows, limits)
                if cancelled is not None and not n_rows % 5_000 and cancelled():
                    raise Cancelled
            yield piece


def _of_book(path: Path, kind: FileKind, limits: Limits, cancelled: Callable[[], bool] | None) -> Generator[Grid | Row | Workbook]:
    number = 0
    with closing(spreadsheet.stream(path, kind, limits=limits, cancelled=cancelled)) as pieces:
        for piece in pieces:
            if isinstance(piece, list):
                for row in piece:
                    number += 1
                    yield number, row
                continue
            number = 0
            yield piece


def _of_text(path: Path) -> Generator[Grid | Row | Workbook]:
    encoding, delimiter = _looked_at(path)
    n_rows = 0
    try:
        with path.open(encoding=encoding, newline="") as lines:
            rows = csv.reader(lines, delimiter=delimiter)
            yield Grid("", (), delimiter=delimiter)
            for row in rows:
                n_rows += 1
                yield rows.line_num, row
    except UnicodeDecodeError as error:
        raise Problem("file.encoding_broken", name=path.name, row=n_rows + 1) from error
    except csv.Error as error:
        raise Problem("file.damaged", name=path.name) from error
    except OSError as error:
        raise Problem("file.unreadable", name=path.name, reason=reason_of(error)) from error


def _looked_at(path: Path) -> tuple[str, str]:
    """Codec and delimiter, by the first lines. Raises Problem ``file.encoding*``."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    wide = guard.wide(head)
    if wide:
        head = head[: len(head) // 2 * 2]
    elif len(head) == _HEAD_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    text, encoding = delimited.decode(head, path.name)
    return {"UTF-8": "utf-8-sig", "GB18030": "gb18030"}.get(encoding, wide), delimited.sniff(text)


def _names(grids: Sequence[Grid]) -> str:
    return "、".join(grid.name for grid in grids)
