"""What a report keeps of its counts and sums whose making is plain: each value under the words it has on the paper, row by row.

The tree that says why stands beside it where there is one; a row of many sets keeps its values alone, so that a large institution's
report stays small (docs/decisions/0060).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from desktop.reports.content import Block, Cell, Column, Heading, Kind, Table
from desktop.rules.figure import Figure, Rows, Value

_UNITS: dict[Kind, str] = {"money": "fen", "minutes": "minutes", "ratio": "ratio", "number": "count"}
_NAMING = 3
"""A row is named by the texts among so many of its first cells, two at most."""


def line(said: str, value: Value, *inputs: Figure, unit: str = "count", how: str = "count", rows: Rows | None = None) -> Figure:
    """One value with what it was made from; ``said`` stays as it is on the paper, in its language."""
    return Figure("report.line", value, unit, how, inputs=inputs, rows=rows, params=(("said", said),))


def counted(said: str, trees: Iterable[Figure | None], n: int | None = None) -> Figure:
    """How many there are, with the tree of each that has one; ``n`` where not every one of them is given."""
    every = tuple(trees)
    return line(said, len(every) if n is None else n, *(one for one in every if one is not None))


def under(blocks: Sequence[Block], headings: Collection[str], entered: Collection[str] = ()) -> tuple[Figure, ...]:
    """The tables under these headings: each the number of its rows, and every row (the sum last) with its amounts, counts, shares and minutes.

    Columns headed by ``entered`` hold what was entered and are left out.
    """
    told, heading = [], ""
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table) and heading in headings:
            told.append(table(heading, block, entered))
    return tuple(told)


def table(said: str, block: Table, entered: Collection[str] = ()) -> Figure:
    """One table under words of its own, as ``under`` keeps it."""
    whole = (*block.rows, *((block.total,) if block.total else ()))
    return line(said, len(block.rows), *(_row(row, block.columns, entered) for row in whole), how="collected")


def _row(row: Sequence[Cell], columns: Sequence[Column], entered: Collection[str]) -> Figure:
    name = " ".join([cell for cell in row[:_NAMING] if isinstance(cell, str) and cell][:2])
    cells = tuple(
        line(column.head, cell, unit=_UNITS[column.kind], how="")
        for cell, column in zip(row, columns, strict=True)
        if column.kind in _UNITS and column.head not in entered and isinstance(cell, int | Decimal)
    )
    return Figure("report.row", name, "text", "", inputs=cells)
