"""Content into cells: an XLSX workbook with typed cells, heads that stay and a print set-up, the same bytes for the same input.

Text is written as text: a cell that a spreadsheet could take for a formula gets an apostrophe. Each table has a worksheet of its
own with the blocks that lead to it; the notes have the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any

from desktop.ledger import money
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
    Picture,
    Pictures,
    Signatures,
    Step,
    Table,
    Waterfall,
    check,
    hours,
    written,
)
from desktop.reports.pdf import HASH_SHOWN
from desktop.reports.visible import shown
from desktop.words import tr

_LEADERS = frozenset("=+-@＝＋－＠")
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_SHEET_NAME = 31
_CELL_TEXT = 32_767
_EXACT_DIGITS = 15
_CHUNK = 500
_PICTURE = 320
_LEAD = {1: 16}
_FORMATS = {"money": "#,##0.00", "minutes": "#,##0.00", "ratio": "0.00%", "date": "yyyy-mm-dd"}


@dataclass(slots=True)
class _Part:
    """One worksheet: what leads to the table, the table, what follows it."""

    name: str
    lead: list[Block] = field(default_factory=list)
    table: Table | None = None
    tail: list[Block] = field(default_factory=list)


def render(content: Content, printed_on: date, tick: Callable[[int, int], None] | None = None) -> bytes:
    """The workbook. ``tick(done, total)`` is called every few hundred rows and may raise to stop the work.

    Raises Problem ``report.sums_differ`` when an amount is not what its rows come to.
    """
    import xlsxwriter

    check(content)
    total = sum(len(block.rows) for block in content.blocks if isinstance(block, Table))
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if tick:
            tick(done, total)

    stream = BytesIO()
    # Rows wait in files while the workbook is written: in a folder that only this user reads and that is gone afterwards.
    with TemporaryDirectory(prefix="yixiang-") as folder:
        book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False})
        try:
            book.set_properties(
                {
                    "title": neutral(content.title),
                    "subject": neutral(content.period),
                    "author": neutral(content.letterhead.institution),
                    "created": datetime(printed_on.year, printed_on.month, printed_on.day),  # noqa: DTZ001 - a day, without a zone
                }
            )
            styles = _Styles(book)
            for part in _parts(content):
                _Worksheet(book, styles, content, part, printed_on).write(advance)
        finally:
            book.close()
    return stream.getvalue()


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula, with hidden characters visible; an apostrophe marks what was changed.

    A text longer than a cell can hold is cut with a mark: the paper carries it in full.
    """
    text = shown(text)
    if len(text) > 1 and text[0] in _LEADERS:
        text = "'" + text
    return text if len(text) <= _CELL_TEXT else text[: _CELL_TEXT - 1] + "…"


def _parts(content: Content) -> list[_Part]:
    """The blocks by worksheet: one for each table, with the blocks before it; names are unique and short enough."""
    parts: list[_Part] = []
    waiting: list[Block] = []
    heading = ""
    for block in content.blocks:
        if isinstance(block, Heading):
            if block.new_page and parts:
                parts[-1].tail += waiting
                waiting = []
            heading = block.text
        if isinstance(block, Table):
            parts.append(_Part(block.caption or heading or content.title, waiting, block))
            waiting = []
            heading = ""
        else:
            waiting.append(block)
    if parts:
        parts[-1].tail += waiting
    else:
        parts.append(_Part(content.title, waiting))
    parts.append(_Part(tr("说明"), [Paragraph(f"{number}. {note}") for number, note in enumerate(content.closing_notes(), 1)]))
    taken: set[str] = set()
    for part in parts:
        part.name = _free(part.name, taken)
    return parts


def _free(name: str, taken: set[str]) -> str:
    base = " ".join(shown(name).translate(_FORBIDDEN).split()) or "1"
    candidate, number = base[:_SHEET_NAME], 1
    while candidate.lower() in taken or candidate.lower() == "history":
        number += 1
        candidate = base[: _SHEET_NAME - len(str(number)) - 1] + f" {number}"
    taken.add(candidate.lower())
    return candidate


class _Styles:
    """Cell formats, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def style(self, **wanted: object) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": "Noto Sans SC", "font_size": 10, "valign": "vcenter", **wanted})
        return self._made[key]

    def cell(self, column: Column, *, bold: bool = False, text: bool = False) -> Any:
        wanted: dict[str, object] = {
            "align": column.side,
            "bold": bold,
            "border": 4 if not bold else 1,
            "border_color": "#C8CED6",
        }
        if text or column.kind == "text":
            wanted |= {"text_wrap": True, "num_format": "@"}
        elif column.kind == "number":
            wanted["num_format"] = "General" if column.places is None else f"#,##0.{'0' * column.places}".rstrip(".")
        else:
            wanted["num_format"] = _FORMATS[column.kind]
        return self.style(**wanted)


class _Worksheet:
    """One worksheet written from top to bottom, as constant memory demands."""

    def __init__(self, book: Any, styles: _Styles, content: Content, part: _Part, printed_on: date) -> None:
        self.sheet = book.add_worksheet(part.name)
        self.styles = styles
        self.content = content
        self.part = part
        self.printed_on = printed_on
        self.row = 0

    def write(self, advance: Callable[[int], None]) -> None:
        """Title, lead, table, tail, and how it is printed."""
        content, head, table = self.content, self.content.letterhead, self.part.table
        self._set_up(table)
        self._line(content.title, bold=True, font_size=15, height=26)
        if content.mark:
            self._line(content.mark, bold=True, font_size=14, font_color="#B91C1C", height=24)
        if content.subtitle:
            self._line(content.subtitle, font_color="#6B7280")
        self._line(
            tr("{name} · {period} · 数据截至 {day}", name=head.institution, period=content.period, day=head.as_of.isoformat())
        )
        for block in self.part.lead:
            self._block(block)
        if table:
            self._table(table, advance)
        for block in self.part.tail:
            self._block(block)

    def _set_up(self, table: Table | None) -> None:
        """Widths come first: constant memory writes rows once and in order."""
        sheet, content, head = self.sheet, self.content, self.content.letterhead
        columns = table.columns if table else (Column("", weight=6),)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, max(_width(column, table), _LEAD.get(index, 0), self._names() if not index else 0))
        sheet.set_paper(9)
        if table and (content.orientation == "landscape" or (content.orientation == "auto" and len(columns) > 7)):
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        foot = tr(
            "台账链头 {head} · 参数 {parameters} · 打印 {day}",
            head=head.ledger_head[:HASH_SHOWN],
            parameters=head.parameters_hash[:HASH_SHOWN],
            day=self.printed_on.isoformat(),
        )
        place = tr("第 {page} 页 共 {pages} 页", page="&P", pages="&N")
        sheet.set_header(f"&L&9{_code(head.institution)}&R&9{_code(content.title + ' · ' + content.period)}"[:255])
        sheet.set_footer(f"&L&8{_code(foot)}&R&9{place}"[:255])

    def _names(self) -> int:
        """The width of the names that stand in the first column beside their values."""
        names = [name for block in self._texts() if isinstance(block, KeyValues) for name, _ in block.pairs]
        names += [_signed(step) for block in self._texts() if isinstance(block, Waterfall) for step in block.steps]
        names += [bar.label for block in self._texts() if isinstance(block, Bars) for bar in block.bars]
        names += [lane.label for block in self._texts() if isinstance(block, DayLanes) for lane in block.lanes]
        return max((_cells(name) + 2 for name in names), default=0)

    def _texts(self) -> list[Block]:
        return [*self.part.lead, *self.part.tail]

    def _line(self, text: str, *, height: int = 0, **style: object) -> None:
        if height:
            self.sheet.set_row(self.row, height)
        self.sheet.write_string(self.row, 0, neutral(text), self.styles.style(**style))
        self.row += 1

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self.row += 1
                self._line(block.text, bold=True, font_size=12, font_color="#1A5C8C")
            case Paragraph():
                self._line(block.text, bold=block.strong, text_wrap=self.part.table is None)
            case KeyValues():
                for name, value in block.pairs:
                    self.sheet.write_string(self.row, 1, neutral(value), self.styles.style())
                    self._line(name, font_color="#6B7280")
            case Waterfall():
                for step in block.steps:
                    bold = step.sign == "="
                    self._cell(1, step.fen, Column(step.label, "money"), bold=bold)
                    if step.note:
                        self.sheet.write_string(self.row, 2, neutral(step.note), self.styles.style(font_color="#6B7280"))
                    self._line(_signed(step), bold=bold)
            case Pictures():
                for picture in block.items:
                    self._picture(picture)
            case Bars():
                self._bars(block)
            case DayLanes():
                self._day_lanes(block)
            case Signatures():
                self.row += 1
                self._line("　　　　".join(tr("{name}：{value}", name=box, value="＿＿＿＿＿＿") for box in block.boxes))

    def _picture(self, picture: Picture) -> None:
        """A picture over a row as high as it is, its caption under it."""
        scale = min(_PICTURE / max(picture.width, picture.height), 1.0)
        self.sheet.set_row_pixels(self.row, int(picture.height * scale) + 8)
        self.sheet.write_string(self.row, 0, "", self.styles.style())
        more = {"image_data": BytesIO(picture.data), "x_scale": scale, "y_scale": scale, "y_offset": 4, "description": neutral(picture.caption)}
        self.sheet.insert_image(self.row, 0, "picture.jpg", more)
        self.row += 1
        self._line(picture.caption, font_color="#6B7280")

    def _bars(self, block: Bars) -> None:
        """Each value in a cell that draws its own bar."""
        if block.caption:
            self._line(block.caption, bold=True)
        first = self.row
        for bar in block.bars:
            self._cell(1, bar.value, Column(bar.label, "number", places=2 if isinstance(bar.value, Decimal) else 0), bold=False)
            self._line(bar.label)
        if block.bars:
            drawn = {"type": "data_bar", "bar_color": "#5B93BD", "min_type": "num", "min_value": 0}
            self.sheet.conditional_format(first, 1, self.row - 1, 1, drawn)
        if block.mark is not None and block.mark_said:
            self._line(block.mark_said, font_color="#6B7280")

    def _day_lanes(self, block: DayLanes) -> None:
        """The sums of each lane side by side, each in a cell that draws its own bar; a sheet has no room for every day."""
        if block.caption:
            self._line(block.caption, bold=True)
        heads = (block.names.up, block.names.down)
        for place, head in enumerate(heads, 1):
            self.sheet.write_string(self.row, place, neutral(head), self.styles.style(bold=True, align="right", text_wrap=True))
        self._line("")
        first = self.row
        for lane in block.lanes:
            sums = (sum(mark.up for mark in lane.marks), sum(mark.down for mark in lane.marks))
            for place, (head, minutes) in enumerate(zip(heads, sums, strict=True), 1):
                self._cell(place, minutes, Column(head, "minutes"), bold=False)
            self.sheet.write_string(self.row, len(heads) + 1, neutral(lane.said), self.styles.style(font_color="#6B7280"))
            self._line(lane.label)
        for place, colour in enumerate(("#5B93BD", "#D9A860"), 1):
            if block.lanes:
                drawn = {"type": "data_bar", "bar_color": colour, "min_type": "num", "min_value": 0}
                self.sheet.conditional_format(first, place, self.row - 1, place, drawn)

    def _table(self, table: Table, advance: Callable[[int], None]) -> None:
        head = self.styles.style(bold=True, bg_color="#EDF4F9", align="center", text_wrap=True, border=1, border_color="#C8CED6")
        for index, column in enumerate(table.columns):
            self.sheet.write_string(self.row, index, neutral(column.head), head)
        self.sheet.freeze_panes(self.row + 1, 0)
        self.sheet.repeat_rows(self.row)
        first = self.row
        self.row += 1
        for number, row in enumerate(table.rows, 1):
            self._row(row, table, bold=False)
            if not number % _CHUNK:
                advance(_CHUNK)
        advance(len(table.rows) % _CHUNK)
        if table.rows:
            self.sheet.autofilter(first, 0, self.row - 1, len(table.columns) - 1)
        elif table.empty:
            self._line(table.empty)
        if table.total:
            self._row(table.total, table, bold=True)
        self.row += 1

    def _row(self, row: tuple[Cell, ...], table: Table, *, bold: bool) -> None:
        if table.tall:
            self.sheet.set_row(self.row, 28)
        for index, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            self._cell(index, cell, column, bold=bold)
        self.row += 1

    def _cell(self, index: int, cell: Cell, column: Column, *, bold: bool) -> None:
        """Numbers as numbers, days as days, text as text; a number beyond what a spreadsheet holds exactly stays text."""
        if isinstance(cell, date) and column.kind == "date":
            self.sheet.write_datetime(self.row, index, cell, self.styles.cell(column, bold=bold))
            return
        value = None if cell is None or isinstance(cell, str | date) else _number(cell, column)
        if value is not None and len(value.as_tuple().digits) <= _EXACT_DIGITS:
            self.sheet.write_number(self.row, index, value, self.styles.cell(column, bold=bold))
            return
        text = neutral(written(cell, column))
        self.sheet.write_string(self.row, index, text, self.styles.cell(column, bold=bold, text=True))


def _signed(step: Step) -> str:
    """The label of a step with what it does to the amount; the minus is no hyphen, so that nobody computes with it."""
    sign = {"-": "−", "=": "＝", "+": "＋"}.get(step.sign, "")
    return f"　{sign} {step.label}" if sign else f"　　{step.label}"


def _number(cell: int | Decimal, column: Column) -> Decimal | None:
    """What a number cell holds: yuan, hours, the number itself; None for a number in a text column."""
    written(cell, column)  # refuses what the column cannot hold
    if column.kind == "money":
        return Decimal(cell).scaleb(-2)
    if column.kind == "minutes" and isinstance(cell, int):
        return hours(cell)
    if column.kind == "ratio":
        return Decimal(money.half_up(Decimal(cell).scaleb(6))).scaleb(-6)
    return Decimal(cell) if column.kind == "number" else None


def _width(column: Column, table: Table | None) -> int:
    """A width in characters from the head and the first rows, within bounds."""
    texts = [column.head]
    if table:
        index = table.columns.index(column)
        texts += [written(row[index], column) for row in table.rows[:200]]
        if table.total:
            texts.append(written(table.total[index], column))
    widest = max(max((_cells(line) for line in text.split("\n")), default=0) for text in texts)
    return max(9, column.room * 2, min(widest + 3, 26 + 10 * column.weight))


def _cells(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _code(text: str) -> str:
    """Text in a header or footer, where & begins a code."""
    return shown(text).replace("\n", " ").replace("&", "&&")
