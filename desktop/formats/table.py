"""Finds the table inside a workbook: which sheet, which row heads it, which column is which field, which rows are data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.formats.fields import Field
from desktop.formats.headers import Heading, Match, Names, heading, letters, normal, position
from desktop.formats.spreadsheet import Grid, Value, Workbook
from desktop.ledger.finding import Cell, Finding, finding
from desktop.ledger.problem import Problem

HEADER_ROWS = 20
PROBLEM_COLUMN = "问题"
_DELIMITERS = {",": "import.delimiter.comma", "\t": "import.delimiter.tab", ";": "import.delimiter.semicolon"}
_MARKS = {"macros": "import.macros", "links": "import.links"}
_TOTALS = re.compile(r"(?:合计|总计|小计|共计|累计|本页(?:合计|小计)|总合计)(?:[:：（(].*)?")
_ASIDE = frozenset("合总小共累本注说填制审单 \t\n\r\u3000\xa0")
_REMARK = re.compile(r"(?:注|说明|填表说明|填表人|制表人|填报人|审核人|单位负责人|制表日期|填表日期)[:：].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """A matched column: 0-based ``index``, the header as it stands, and the unit of its amounts."""

    field: Field
    index: int
    header: str
    unit: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a sheet.

    ``first_row`` and ``last_row`` bound the header (1-based, two rows when headers are merged); ``preamble`` is the text above;
    ``extra`` are headers nobody asked for, ``missing`` the fields without a column; ``headers`` one text a column;
    ``filled`` what cells merged downwards mean for the rows below (1-based row -> 0-based column and value).
    """

    grid: Grid
    first_row: int
    last_row: int
    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    extra: tuple[str, ...]
    missing: tuple[Field, ...]
    preamble: tuple[str, ...]
    findings: tuple[Finding, ...]
    filled: Mapping[int, list[tuple[int, Value]]]

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.grid.name

    def column(self, name: str) -> Column | None:
        """The column of a field, None when the file has none."""
        return next((column for column in self.columns if column.field.name == name), None)

    def cells(self, row: int) -> list[Value]:
        """The original cells of a 1-based row; a cell merged downwards stands in each of its rows."""
        cells = self.grid.rows[row - 1]
        if row not in self.filled:
            return cells
        cells = cells + [None] * (len(self.headers) - len(cells))
        for index, value in self.filled[row]:
            if cells[index] is None:
                cells[index] = value
        return cells

    def lines(self) -> Iterator[tuple[int, list[Value]]]:
        """Data rows with their 1-based row number, without blank rows, totals, remarks below the table and repeated headers."""
        width = len(self.headers)
        heads = {normal(column.header): column.index for column in self.columns}
        for number, row in enumerate(self.grid.rows[self.last_row :], self.last_row + 1):
            if len(row) < width:
                row = row + [None] * (width - len(row))
            first = row[0]
            if first is None or first == "":
                first = next((value for value in row if value is not None and value != ""), None)
                if first is None:
                    continue
            if isinstance(first, str) and (first[0] in _ASIDE or normal(first) in heads) and self._aside(first, row, heads):
                continue
            yield number, self.cells(number) if number in self.filled else row

    def _aside(self, first: str, row: Sequence[Value], heads: Mapping[str, int]) -> bool:
        if first.isspace() and all(value is None or (isinstance(value, str) and not value.strip()) for value in row):
            return True
        text = "".join(first.split())
        if _TOTALS.fullmatch(text) or _REMARK.fullmatch(text):
            # A remark may stand in the first column of a row that has everything else.
            needed = [row[column.index] for column in self.columns if column.field.required and row[column.index] != first]
            return sum(value is not None for value in needed) * 2 < len(needed) + 1
        return all(normal(str(row[index] or "")) == head for head, index in heads.items())


def find(workbook: Workbook, fields: Sequence[Field], mapping: Mapping[str, str] | None = None) -> Table:
    """The best table of a workbook for these fields.

    ``mapping`` is field (header, other name or attribute) -> column (header or letters) and overrides; an empty column leaves the
    field out. Of all sheets and of the first 20 rows of each, the row that names the most required columns, then the most
    columns, is the header.
    Raises Problem: ``file.no_header``, ``import.map_name``, ``import.map_column``. A required column that is missing or double is
    an error finding of the table (``complete`` raises it).
    """
    names = Names(fields)
    wanted = {names.field(name).name: column for name, column in (mapping or {}).items()}
    asked = {name: column for name, column in wanted.items() if column.strip()}
    left_out = wanted.keys() - asked.keys()
    best: tuple[tuple[int, int, int], Grid, int, int, list[Heading], Match] | None = None
    full: dict[str, bool] = {}
    n_required = sum(field.required for field in fields)
    for grid in workbook.sheets:
        for first, last, headings in _candidates(grid):
            chosen = {name: at for name, column in asked.items() if (at := position(column, headings)) is not None}
            match = names.match(headings, chosen).without(left_out)
            hits = {*match.columns, *match.ambiguous}
            required = sum(field.required for field in fields if field.name in hits)
            by_letters = sum(normal(asked[name]) not in (headings[at].full, headings[at].bare) for name, at in chosen.items())
            # A row of data can carry one word that is a column's name; a header carries several.
            if len(hits) - by_letters < min(2, len(fields)):
                continue
            if required == n_required:
                full[grid.name] = last + 1 < len(grid.rows)
            score = (required, len(hits), first - last)
            if best is None or score > best[0]:
                best = (score, grid, first, last, headings, match)
    if best is None:
        required_headers = "、".join(field.header for field in fields if field.required)
        raise Problem("file.no_header", name=workbook.name, wanted=required_headers)
    _, grid, first, last, headings, match = best
    for name, column in asked.items():
        if name not in match.columns or position(column, headings) is None:
            known = "、".join(head.shown for head in headings if head.shown)
            raise Problem("import.map_column", asked=column, known=known)
    others = tuple(name for name, has_rows in full.items() if has_rows and name != grid.name)
    found = _table(grid, first, last, headings, match, fields)
    return replace(found, findings=(*_of_file(workbook, grid, others), *found.findings))


def complete(table: Table) -> Table:
    """The table, when every required column is there. Raises Problem ``import.columns`` with the findings otherwise."""
    errors = tuple(found for found in table.findings if found.severity == "error")
    if errors:
        columns = "、".join(value for found in errors for key, value in found.params if key == "column")
        raise Problem("import.columns", sheet=table.sheet, columns=columns, findings=errors)
    return table


def _candidates(grid: Grid) -> Iterator[tuple[int, int, list[Heading]]]:
    """Possible headers: each of the first rows alone, and each with the row below it when the two are merged into one header."""
    for index, row in enumerate(grid.rows[:HEADER_ROWS]):
        if sum(isinstance(value, str) for value in row) < 1:
            continue
        yield index, index, [heading(value) for value in row]
        # Two header rows are worth trying only where a merged cell says so.
        merged = any(top <= index < bottom or (top == index and left < right) for top, left, bottom, right in grid.merged)
        if merged and index + 1 < len(grid.rows):
            yield index, index + 1, _two_rows(grid, index)


def _two_rows(grid: Grid, index: int) -> list[Heading]:
    upper = list(grid.rows[index])
    for top, left, _, right in grid.merged:
        if top == index:
            for column in range(left, min(right + 1, len(upper))):
                upper[column] = grid.rows[top][left]
    lower = grid.rows[index + 1]
    headings = []
    for above, below in zip(upper, lower, strict=False):
        head = heading(below if isinstance(below, str) and below.strip() else above)
        over = heading(above)
        # "收费标准（元）" over "校内" and "校外": the unit stands in the group.
        headings.append(Heading(head.shown, head.full, head.bare, head.unit or over.unit, head.foreign or over.foreign))
    return headings


def _of_file(workbook: Workbook, grid: Grid, others: Sequence[str]) -> Iterator[Finding]:
    """How the file was read, and what in it was not. ``others``: sheets with the same header."""
    place = Cell(grid.name, 0)
    if workbook.encoding:
        between = _DELIMITERS[workbook.delimiter]
        yield finding("import.read_as", "note", cell=place, encoding=workbook.encoding, delimiter=between)
    if others:
        yield finding("import.other_sheets", "warning", cell=place, sheet=grid.name, sheets="、".join(others))
    unread = [each.name for each in workbook.sheets if each.rows and each.name not in (grid.name, *others)]
    if unread:
        yield finding("import.sheet_read", "note", cell=place, sheet=grid.name, sheets="、".join(unread))
    if workbook.hidden:
        yield finding("import.hidden_sheets", "warning", cell=place, sheets="、".join(workbook.hidden))
    if grid.n_hidden:
        yield finding("import.hidden_rows", "warning", cell=place, n=grid.n_hidden)
    if grid.n_formulas:
        yield finding("import.formulas", "note", cell=place, n=grid.n_formulas, at=grid.formula_at)
    for mark in workbook.marks:
        yield finding(_MARKS[mark], "note", cell=place)


def _table(
    grid: Grid,
    first: int,
    last: int,
    headings: Sequence[Heading],
    match: Match,
    fields: Sequence[Field],
) -> Table:
    columns: list[Column] = []
    missing: list[Field] = []
    findings: list[Finding] = []
    for field in fields:
        at = match.columns.get(field.name)
        if at is not None:
            head = headings[at]
            columns.append(Column(field, at, head.shown or letters(at), head.unit or field.kind.unit))
            if head.foreign and (field.kind.unit or "元" in field.header):
                place = Cell(grid.name, last + 1, head.shown)
                findings.append(finding("import.foreign_money", cell=place, column=field.header, header=head.shown))
            continue
        doubles = match.ambiguous.get(field.name, ())
        if doubles:
            where = "、".join(letters(index) for index in doubles)
            place = Cell(grid.name, last + 1, headings[doubles[0]].shown)
            needed = field.required or field.single
            code = "import.column_twice" if needed else "import.column_twice_left_out"
            findings.append(finding(code, "error" if needed else "warning", cell=place, column=field.header, where=where))
        elif field.required:
            findings.append(finding("import.column_missing", cell=Cell(grid.name, last + 1, field.header), column=field.header))
        if not doubles:
            missing.append(field)
    used = {column.index for column in columns} | {index for group in match.ambiguous.values() for index in group}
    extra = tuple(h.shown for i, h in enumerate(headings) if h.shown and i not in used and h.shown != PROBLEM_COLUMN)
    if extra:
        place = Cell(grid.name, last + 1, extra[0])
        findings.append(finding("import.columns_extra", "note", cell=place, columns="、".join(extra)))
    headless = _headless(grid, last + 1, headings, used)
    if headless:
        place = Cell(grid.name, last + 1)
        findings.append(finding("import.columns_headless", "note", cell=place, columns="、".join(letters(at) for at in headless)))
    preamble = tuple(str(value).strip() for row in grid.rows[:first] for value in row if isinstance(value, str) and value.strip())
    headers = tuple(head.shown for head in headings)
    filled = _filled(grid, last + 1, columns)
    return Table(grid, first + 1, last + 1, headers, tuple(columns), extra, tuple(missing), preamble, tuple(findings), filled)


def _headless(grid: Grid, last_row: int, headings: Sequence[Heading], used: Collection[int]) -> list[int]:
    """Columns that have cells below the header and no header of their own, and are no field's."""
    width = len(headings)
    bare = [at for at, head in enumerate(headings) if not head.shown and at not in used]
    found: set[int] = set()
    for row in grid.rows[last_row:]:
        places = [*(at for at in bare if at < len(row)), *range(width, len(row))] if bare or len(row) > width else ()
        found.update(at for at in places if row[at] is not None and not (isinstance(row[at], str) and not str(row[at]).strip()))
    return sorted(found)


def _filled(grid: Grid, last_row: int, columns: Sequence[Column]) -> dict[int, list[tuple[int, Value]]]:
    """Cells merged downwards, for the columns where that means "the same for each row": an amount is not given to each."""
    fills = {column.index for column in columns if column.field.kind.fills}
    filled: dict[int, list[tuple[int, Value]]] = {}
    rows = grid.rows
    for top, left, bottom, right in grid.merged:
        if top < last_row or bottom == top or left not in fills or left != right or bottom >= len(rows):
            continue
        value = rows[top][left] if left < len(rows[top]) else None
        for row in range(top + 1, bottom + 1):
            filled.setdefault(row + 1, []).append((left, value))
    return filled
