"""A report as plain text: what it says without how it looks. For tests that a person can read, and for the terminal."""

from __future__ import annotations

import unicodedata

from desktop.ledger import money
from desktop.reports import long_lists
from desktop.reports.content import (
    Bars,
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
from desktop.reports.visible import shown
from desktop.words import tr

_PLAIN = Column("")


def text(content: Content) -> str:
    """What the pages say, one line per row, cells separated by `` | ``."""
    content = long_lists.on_page(content)
    head = content.letterhead
    lines = [content.title, content.subtitle, f"{head.institution} · {content.period} · {head.as_of.isoformat()}"]
    if content.mark:
        lines.append(f"!! {content.mark}")
    for block in content.blocks:
        lines.append("")
        match block:
            case Heading():
                lines.append(f"## {block.text}")
            case Paragraph():
                lines.append(f"** {block.text}" if block.strong else block.text)
            case KeyValues():
                lines.extend(f"{name}: {value}" for name, value in block.pairs)
            case Table():
                lines.extend(_table(block))
            case Waterfall():
                lines.extend([f"[{block.caption}]"] if block.caption else [])
                lines.extend(f"{s.sign or ' '} {s.label}: {money.text(s.fen)}  {s.note}".rstrip() for s in block.steps)
            case Pictures():
                lines.extend(tr("〔图〕{caption}", caption=picture.caption) for picture in block.items)
            case Bars():
                lines.extend([f"[{block.caption}]"] if block.caption else [])
                lines.extend(f"= {bar.label}: {bar.said if bar.value is not None else written(None, _PLAIN)}" for bar in block.bars)
                lines.extend([f"| {block.mark_said}"] if block.mark is not None and block.mark_said else [])
            case DayLanes():
                lines.extend([f"[{block.caption}]"] if block.caption else [])
                lines.extend(f"~ {lane.label}: {lane.said}" for lane in block.lanes)
            case Signatures():
                lines.append("   ".join(f"{box}: ________" for box in block.boxes))
    lines.append("")
    lines.extend(f"{number}. {note}" for number, note in enumerate(content.closing_notes(), 1))
    return "\n".join(shown(line) for line in lines) + "\n"


def _table(table: Table) -> list[str]:
    rows = [tuple(column.head for column in table.columns)]
    rows += [_row(table, row) for row in table.rows]
    if table.total:
        rows.append(_row(table, table.total))
    widths = [max(_cells(row[i]) for row in rows) for i in range(len(table.columns))]
    lines = [f"[{table.caption}]"] if table.caption else []
    for row in rows:
        padded = (cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True))
        lines.append(" | ".join(padded).rstrip())
    if not table.rows and table.empty:
        lines.append(table.empty)
    return lines


def _row(table: Table, row: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(shown(written(cell, column)).replace("\n", " ") for cell, column in zip(row, table.columns, strict=True))


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
