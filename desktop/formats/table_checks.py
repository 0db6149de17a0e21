"""What makes a whole table doubtful: text cut in the wrong places, codes that a sheet took for numbers."""

from __future__ import annotations

from collections import Counter

from desktop.formats.cells import shown
from desktop.formats.fields import CODE
from desktop.formats.table import Table
from desktop.formats.teller import Teller
from desktop.ledger.finding import Cell, Finding, finding

# Shorter codes are counted up from 1, and differ in length by nature.
_FEW_DIGITS = 4


class Cut:
    """Rows of a text table that were cut in the wrong places: by a comma that is no separator, by a quote that swallowed lines."""

    def __init__(self, table: Table) -> None:
        self._rows = table.grid.rows
        self._delimiter = table.grid.delimiter
        # Rows may all end with a separator that the header lacks; whatever stands behind it is not the header's.
        self._width = len(table.headers)
        lengths = Counter(map(len, self._rows[table.last_row :]))
        self._usual = max(self._width, lengths.most_common(1)[0][0] if lengths else 0)

    def check(self, number: int, teller: Teller) -> None:
        row = self._rows[number - 1]
        if len(row) > self._usual or any(cell is not None and str(cell).strip() for cell in row[self._width :]):
            teller.tell("", "import.cells_shifted", found=len(row), usual=self._width)
        for cell in row:
            if isinstance(cell, str) and "\n" in cell and cell.count(self._delimiter) >= self._usual - 1 > 0:
                teller.tell("", "import.lines_swallowed", shown=shown(cell))


def short_numbers(table: Table) -> list[Finding]:
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
