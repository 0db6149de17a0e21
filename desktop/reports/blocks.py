"""How each kind of block goes onto the sheet: title, text, pairs, tables with repeated heads, waterfalls, boxes to sign in."""

from __future__ import annotations

from collections.abc import Callable

from desktop.ledger import money
from desktop.reports import bars, day_lanes, layout
from desktop.reports.content import (
    Bars,
    Block,
    Cell,
    Column,
    Content,
    DayLanes,
    Heading,
    KeyValues,
    Paragraph,
    Pictures,
    Signatures,
    Table,
    Waterfall,
    written,
)
from desktop.reports.page import ACCENT, ALARM, HAIR, INK, QUIET, TINT, Sheet
from desktop.words import tr

BODY = 9.5
CELL = 8.5
PADDING = 4.5
CHUNK = 500
LEADING = 1.42
_ACROSS = 3
# A table of so few rows that take no more than this part of a page is not parted.
FEW, FEW_PART = 4, 0.5
_BEGINNING = 60.0
_BARS_BEGIN = 90.0
_LAST_LINES = 3
# The closing notes: how far a line and what is between two notes go down, and how far below the body they may end, as they are read best and as
# they are set to spare a page of a few lines.
_NOTES, _NOTES_CLOSE = (12.0, 2.0, 0.0), (10.2, 0.4, 8.0)
_NOTES_HEAD = 22.0

Tick = Callable[[int], None]
Spans = dict[int, list[tuple[float, float]]]
Tail = tuple[float, float]


def title(sheet: Sheet, content: Content) -> None:
    """The head of the first page: title, subtitle, and one line with who, what period and as of when."""
    fit = sheet.lettering.fit
    middle = (sheet.left + sheet.right) / 2
    for line in _lines(sheet, fit(content.title), sheet.breadth, 17, bold=True):
        sheet.text(middle, sheet.y - 17, line, 17, bold=True, side="center")
        sheet.y -= 25
    if content.subtitle:
        for line in _lines(sheet, fit(content.subtitle), sheet.breadth, BODY):
            sheet.text(middle, sheet.y - 9, line, BODY, colour=QUIET, side="center")
            sheet.y -= 15
    if content.mark:
        for line in _lines(sheet, fit(content.mark), sheet.breadth, 12, bold=True):
            sheet.text(middle, sheet.y - 12, line, 12, bold=True, colour=ALARM, side="center")
            sheet.y -= 19
    sheet.y -= 8
    sheet.rule(sheet.left, sheet.right, sheet.y, ACCENT, 1.2)
    head = content.letterhead
    facts = [
        tr("单位：{name}", name=head.institution),
        tr("期间：{period}", period=content.period),
        tr("数据截至：{day}", day=head.as_of.isoformat()),
    ]
    row = [fit(fact) for fact in facts]
    if sum(sheet.lettering.width(fact, 9) for fact in row) + 30 <= sheet.breadth:
        sheet.text(sheet.left, sheet.y - 14, row[0], 9)
        sheet.text(middle, sheet.y - 14, row[1], 9, side="center")
        sheet.text(sheet.right, sheet.y - 14, row[2], 9, side="right")
        sheet.y -= 20
    else:
        for fact in row:
            for line in _lines(sheet, fact, sheet.breadth, 9):
                sheet.text(sheet.left, sheet.y - 14, line, 9)
                sheet.y -= 14
        sheet.y -= 6
    sheet.y -= 8


def draw(sheet: Sheet, block: Block, spans: list[tuple[float, float]] | None, tick: Tick, tail: Tail = (0, 0)) -> None:
    """Put one block on the sheet, turning pages as needed; ``spans`` are the measured columns of a table.

    ``tail`` is the height of what follows and must stand on the page where this block ends: with the closing notes, and without them.
    """
    match block:
        case Heading():
            _heading(sheet, block, tail)
        case Table():
            _Rows(sheet, block, spans or []).draw(tick, tail)
        case Waterfall():
            _waterfall(sheet, block, tail)
        case _:
            if tail[0]:
                own = height(sheet, block)
                sheet.keep(own + tail[0], own + tail[1])
            elif isinstance(block, Bars):
                sheet.need(_picture(sheet, block))
            _small(sheet, block)


def _small(sheet: Sheet, block: Block) -> None:
    match block:
        case Paragraph():
            _paragraph(sheet, block)
        case KeyValues():
            _pairs(sheet, block)
        case Signatures():
            _signatures(sheet, block)
        case Pictures():
            _pictures(sheet, block)
        case Bars():
            bars.draw(sheet, block)
        case DayLanes():
            day_lanes.draw(sheet, block)


def height(sheet: Sheet, block: Block) -> float:
    """How high a paragraph, pairs or boxes are on an empty page; more than a page counts as one."""
    return _height_of(sheet, lambda dry: _small(dry, block))


def _picture(sheet: Sheet, block: Bars) -> float:
    """The least of bars that stands together: all of them, for bars compare with each other; of a picture above half a page its beginning."""
    whole = height(sheet, block)
    return whole if whole <= sheet.body / 2 else _BARS_BEGIN


def notes_height(sheet: Sheet, texts: tuple[str, ...]) -> float:
    """How high the closing notes are; of notes longer than half a page only the beginning has to stand with what they explain."""
    whole = _noted(_told(sheet, texts), _NOTES_CLOSE)
    return whole if whole <= sheet.body / 2 else _BEGINNING


def _height_of(sheet: Sheet, fill: Callable[[Sheet], None]) -> float:
    dry = sheet.empty()
    before = dry.y
    fill(dry)
    return before - dry.y if dry.page == 1 else dry.body


def opening(sheet: Sheet, block: Block, spans: list[tuple[float, float]] | None, tail: float) -> float:
    """The least of a block that may stand under its heading: of a table the head and a row, of steps the first two."""
    match block:
        case Table():
            return _Rows(sheet, block, spans or []).opening(tail)
        case Heading():
            return 27.0 + tail
        case Waterfall():
            return 44.0
        case _ if tail:  # it is drawn whole with what must follow it
            return height(sheet, block) + tail
        case Signatures():
            return height(sheet, block)
        case Bars():
            return _picture(sheet, block)
        case DayLanes():
            return min(height(sheet, block), day_lanes.OPENING)
        case _:
            return min(height(sheet, block), 44.0)


def notes(sheet: Sheet, texts: tuple[str, ...]) -> None:
    """The numbered notes that close a report; set closer where that spares a page of a few lines."""
    sheet.need(_BEGINNING)
    told = _told(sheet, texts)
    line, between, below = _NOTES_CLOSE if _noted(told, _NOTES_CLOSE) <= sheet.room < _noted(told, _NOTES) else _NOTES
    sheet.y -= 6
    sheet.text(sheet.left, sheet.y - 9, sheet.lettering.fit(tr("说明")), 9, bold=True, colour=ACCENT)
    sheet.y -= 16
    left = sum(map(len, told))
    for number, lines in enumerate(told, 1):
        for index, words in enumerate(lines):
            # A page of notes that go on is of some lines, not of one.
            sheet.need((line if left != _LAST_LINES else (line + between) * _LAST_LINES) - below)
            left -= 1
            if not index:
                sheet.text(sheet.left, sheet.y - 8, f"{number}.", 8, colour=QUIET)
            sheet.text(sheet.left + 16, sheet.y - 8, words, 8, colour=QUIET)
            sheet.y -= line
        sheet.y -= between


def _told(sheet: Sheet, texts: tuple[str, ...]) -> list[list[str]]:
    return [_lines(sheet, sheet.lettering.fit(text), sheet.breadth - 16, 8) for text in texts]


def _noted(told: list[list[str]], step: tuple[float, float, float]) -> float:
    """How much of the body notes of these lines take with their head."""
    line, between, below = step
    return _NOTES_HEAD + sum(map(len, told)) * line + len(told) * between - below


def measure(sheet: Sheet, table: Table) -> list[tuple[float, float]]:
    """The least and wished widths of a table's columns at cell size."""
    lettering = sheet.lettering
    return layout.natural(table, lettering.fit, lambda text, bold: lettering.width(text, CELL, bold))


def _lines(sheet: Sheet, text: str, limit: float, size: float, *, bold: bool = False) -> list[str]:
    return layout.wrap(text, limit, lambda part: sheet.lettering.width(part, size, bold))


def _heading(sheet: Sheet, block: Heading, tail: Tail) -> None:
    if block.new_page:
        if sheet.room < sheet.body:
            sheet.turn()
    else:
        sheet.keep(27 + max(*tail, 43), 27 + max(tail[1], 43))
        sheet.y -= 6
    text = sheet.lettering.fit(block.text)
    sheet.mark(text)
    for line in _lines(sheet, text, sheet.breadth - 8, 11.5, bold=True):
        sheet.fill(sheet.left, sheet.y - 13.5, 2.4, 13, ACCENT)
        sheet.text(sheet.left + 8, sheet.y - 11, line, 11.5, bold=True)
        sheet.y -= 18
    sheet.y -= 3


def _paragraph(sheet: Sheet, block: Paragraph) -> None:
    for line in _lines(sheet, sheet.lettering.fit(block.text), sheet.breadth, BODY, bold=block.strong):
        sheet.need(BODY * LEADING)
        sheet.text(sheet.left, sheet.y - BODY, line, BODY, bold=block.strong)
        sheet.y -= BODY * LEADING + 1
    sheet.y -= 5


def _pairs(sheet: Sheet, block: KeyValues) -> None:
    """Two columns of name and value; a value too long for its half takes the whole breadth."""
    fit = sheet.lettering.fit
    width = sheet.lettering.width
    pairs = [(fit(name), fit(value)) for name, value in block.pairs]
    names = min(max((width(name, 9) for name, _ in pairs), default=0) + 12, sheet.breadth / 3)
    half = (sheet.breadth - 16) / 2
    column = 0
    for name, value in pairs:
        long = width(value, 9) > half - names or "\n" in value
        if long and column:
            sheet.y -= 15
            column = 0
        lines = _lines(sheet, value, (sheet.breadth if long else half) - names, 9)
        if not column:
            sheet.need(15 * min(len(lines), 3))
        x = sheet.left + column * (half + 16)
        sheet.text(x, sheet.y - 10, name, 9, colour=QUIET)
        for index, line in enumerate(lines):
            if index:
                sheet.y -= 13
                sheet.need(13)
            sheet.text(x + names, sheet.y - 10, line, 9)
        if long or column:
            sheet.y -= 15
            column = 0
        else:
            column = 1
    if column:
        sheet.y -= 15
    sheet.y -= 6


def _waterfall(sheet: Sheet, block: Waterfall, tail: Tail) -> None:
    fit = sheet.lettering.fit
    amounts = [money.text(step.fen) for step in block.steps]
    widest = max((sheet.lettering.width(amount, 10, True) for amount in amounts), default=0)
    label = sheet.breadth * 0.40
    end = sheet.left + 16 + label + max(widest + 8, 90)
    if block.caption:
        sheet.need(60)
        _caption(sheet, block.caption)
    for place, (step, amount) in enumerate(zip(block.steps, amounts, strict=True), 1):
        strong = step.sign == "="
        labels = _lines(sheet, fit(step.label), label, 9, bold=strong)
        told = _lines(sheet, fit(step.note), sheet.right - end - 16, 8)
        height = max(len(labels) * 13, len(told) * 11.5, 13) + 6
        last = place == len(block.steps)
        sheet.keep(height + (10 + tail[0] if last else 0), height + (10 + tail[1] if last else 0))
        if strong:
            sheet.fill(sheet.left, sheet.y - height, sheet.breadth, height)
        sheet.text(sheet.left + 4, sheet.y - 12.5, fit({"-": "−"}.get(step.sign, step.sign)), 9, colour=ACCENT, bold=True)
        for index, line in enumerate(labels):
            sheet.text(sheet.left + 16, sheet.y - 12.5 - 13 * index, line, 9, bold=strong)
        sheet.text(end, sheet.y - 12.5, amount, 10 if strong else 9, bold=strong, side="right")
        for index, line in enumerate(told):
            sheet.text(end + 12, sheet.y - 12.5 - 11.5 * index, line, 8, colour=QUIET)
        sheet.y -= height
        sheet.rule(sheet.left, sheet.right, sheet.y)
    sheet.y -= 10


def _signatures(sheet: Sheet, block: Signatures) -> None:
    height, gap = 58.0, 10.0
    per_row = min(len(block.boxes), 4)
    across = max(per_row, 3)
    width = (sheet.breadth - gap * (across - 1)) / across
    day = sheet.lettering.fit(tr("年　　月　　日"))
    for first in range(0, len(block.boxes), per_row):
        sheet.need(height + 10)
        sheet.y -= 6
        for index, box in enumerate(block.boxes[first : first + per_row]):
            x = sheet.left + index * (width + gap)
            sheet.frame(x, sheet.y - height, width, height)
            sheet.text(x + 7, sheet.y - 15, sheet.lettering.fit(box), 9, bold=True)
            sheet.text(x + width - 7, sheet.y - height + 8, day, 8, colour=QUIET, side="right")
        sheet.y -= height + 6
    sheet.y -= 4


def _pictures(sheet: Sheet, block: Pictures) -> None:
    """Three in a row, each as large as its place allows and no larger than it is; a row stays whole with what is said under it."""
    gap, highest = 12.0, 150.0
    width = (sheet.breadth - gap * (_ACROSS - 1)) / _ACROSS
    for first in range(0, len(block.items), _ACROSS):
        row = block.items[first : first + _ACROSS]
        scales = [min(width / picture.width, highest / picture.height, 1.0) for picture in row]
        told = [_lines(sheet, sheet.lettering.fit(picture.caption), width, 8) for picture in row]
        high = max(picture.height * scale for picture, scale in zip(row, scales, strict=True))
        sheet.need(high + 12 * max(map(len, told)) + 12)
        for place, (picture, scale, lines) in enumerate(zip(row, scales, told, strict=True)):
            x = sheet.left + place * (width + gap)
            sheet.picture(x, sheet.y - high, picture.width * scale, picture.height * scale, picture.data)
            for index, line in enumerate(lines):
                sheet.text(x, sheet.y - high - 10 - 12 * index, line, 8, colour=QUIET)
        sheet.y -= high + 12 * max(map(len, told)) + 12


def _caption(sheet: Sheet, text: str) -> None:
    for line in _lines(sheet, sheet.lettering.fit(text), sheet.breadth, BODY, bold=True):
        sheet.text(sheet.left, sheet.y - BODY, line, BODY, bold=True, colour=ACCENT)
        sheet.y -= 15
    sheet.y -= 2


class _Rows:
    """A table on its way down the pages: the head is drawn again on each, a row stays whole unless it is taller than a page."""

    def __init__(self, sheet: Sheet, table: Table, spans: list[tuple[float, float]]) -> None:
        self.sheet = sheet
        self.table = table
        grid = layout.grid(spans, table, sheet.breadth, CELL, PADDING)
        self.size = grid.size
        self.leading = grid.size * LEADING
        self.widths = grid.widths
        self.lefts = [sheet.left + sum(grid.widths[:index]) for index in range(len(grid.widths))]
        self.heads = [self._cell(sheet.lettering.fit(column.head), index, True) for index, column in enumerate(table.columns)]

    def opening(self, tail: float) -> float:
        """The head and the first row; of a table without a second row everything, with what must follow it, and so of one of a few rows."""
        table = self.table
        above = (20 if table.caption else 0) + self._height(self.heads)
        if 2 <= len(table.rows) <= FEW:
            whole = above + sum(self._height(self._split(row, False)) for row in table.rows) + self._closing(tail)
            if whole <= self.sheet.body * FEW_PART:
                return whole
        first = self._height(self._split(table.rows[0], False)) if table.rows else 20
        closing = self._closing(tail) if len(table.rows) < 2 else 14
        return above + min(first, 60) + closing

    def _closing(self, tail: float) -> float:
        """What stands under the last row on its page: the total and what must follow the table."""
        total = self._height(self._split(self.table.total, True)) if self.table.total else 0
        return total + 12 + tail

    def draw(self, tick: Tick, tail: Tail = (0, 0)) -> None:
        """The caption, the head, every row, the total; the last row keeps company with the total and ``tail``."""
        sheet, table = self.sheet, self.table
        whole, least = self.opening(tail[0]), self.opening(tail[1])
        # A few rows that are too much to keep together with the notes still stand with what signs them.
        sheet.notes_parted = sheet.notes_parted or least > whole
        sheet.keep(max(whole, least), least)
        closing = min(self._closing(tail[0]), sheet.body * 0.75), min(self._closing(tail[1]), sheet.body * 0.75)
        last = len(table.rows) - 1
        if table.caption:
            _caption(sheet, table.caption)
        self._head()
        for start in range(0, len(table.rows), CHUNK):
            chunk = table.rows[start : start + CHUNK]
            for place, row in enumerate(chunk, start):
                self._row(self._split(row, False), below=closing if place == last else (0, 0))
            tick(len(chunk))
        if not table.rows and table.empty:
            text = sheet.lettering.fit(table.empty)
            sheet.text(sheet.left + PADDING, sheet.y - 14, text, CELL, colour=QUIET)
            sheet.y -= 20
            sheet.rule(sheet.left, sheet.right, sheet.y)
        if table.total:
            self._row(self._split(table.total, True), total=True)
        sheet.y -= 12

    def _cell(self, text: str, index: int, bold: bool) -> list[str]:
        limit = self.widths[index] - 2 * PADDING + 0.05
        return _lines(self.sheet, text, limit, self.size, bold=bold)

    def _split(self, row: tuple[Cell, ...], bold: bool) -> list[list[str]]:
        fit = self.sheet.lettering.fit
        return [
            self._cell(fit(written(cell, column)), index, bold)
            for index, (cell, column) in enumerate(zip(row, self.table.columns, strict=True))
        ]

    def _height(self, cells: list[list[str]]) -> float:
        height = max(map(len, cells)) * self.leading + 5
        return max(height, 26.0) if self.table.tall else height

    def _head(self) -> None:
        sheet = self.sheet
        height = max(map(len, self.heads)) * self.leading + 6
        sheet.fill(sheet.left, sheet.y - height, sheet.breadth, height, TINT)
        self._print(self.heads, bold=True)
        sheet.y -= height
        sheet.rule(sheet.left, sheet.right, sheet.y, ACCENT, 0.8)

    def _row(self, cells: list[list[str]], *, total: bool = False, below: Tail = (0, 0)) -> None:
        sheet = self.sheet
        height = self._height(cells)
        endless = height > sheet.body - self._height(self.heads) - 2
        if sheet.need(3 * self.leading) if endless else sheet.keep(height + below[0], height + below[1]):
            self._head()
        while height > sheet.room:
            fits = max(1, int((sheet.room - 5) / self.leading))
            self._print([lines[:fits] for lines in cells], bold=total)
            sheet.turn()
            self._head()
            cells = [lines[fits:] or [""] for lines in cells]
            height = self._height(cells)
        if total:
            sheet.rule(sheet.left, sheet.right, sheet.y, ACCENT, 0.8)
        self._print(cells, bold=total, height=height)
        sheet.y -= height
        sheet.rule(sheet.left, sheet.right, sheet.y, ACCENT if total else HAIR, 0.8 if total else 0.4)

    def _print(self, cells: list[list[str]], *, bold: bool, height: float = 0) -> None:
        sheet, size = self.sheet, self.size
        if sheet.canvas is None:
            return
        drop = max(0.0, (height - max(map(len, cells)) * self.leading - 5) / 2) if self.table.tall else 0.0
        for left, width, column, lines in zip(self.lefts, self.widths, self.table.columns, cells, strict=True):
            x = _anchor(column, left, width)
            y = sheet.y - 2.5 - drop - size * 1.06
            for line in lines:
                sheet.text(x, y, line, size, bold=bold, colour=INK, side=column.side)
                y -= self.leading


def _anchor(column: Column, left: float, width: float) -> float:
    if column.side == "right":
        return left + width - PADDING
    return left + width / 2 if column.side == "center" else left + PADDING
